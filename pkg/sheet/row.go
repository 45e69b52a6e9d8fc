package sheet

import (
	"fmt"
	"strings"
)

// Row is one row of a table. Its methods read a cell and note what is wrong
// with it; they then give the zero value.
type Row struct {
	Line int // where the row begins in the file

	table  *Table
	cells  []string
	spoilt bool // the cells cannot be trusted: say nothing more about them
}

// Fault notes that the row's cell in column is wrong.
func (r *Row) Fault(column, reason string, args ...any) {
	if !r.spoilt {
		r.table.book.Fault(r.table.File, r.Line, column, reason, args...)
	}
}

// Sound says whether nothing is wrong with the row so far, and no column is
// missing. Checks across rows ask it first, so that one slip is told once and
// not in ten consequences.
func (r *Row) Sound() bool {
	return r.table.book.Sound(r.table.File, r.Line) && !r.table.lacking
}

func (r *Row) spoil(column, reason string, args ...any) {
	r.Fault(column, reason, args...)
	r.spoilt = true
}

// Text gives the cell, which may be empty.
func (r *Row) Text(column string) string {
	i, ok := r.table.at[column]
	if !ok || i >= len(r.cells) || r.spoilt && i > 0 {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// Need gives the cell, which must not be empty.
func (r *Row) Need(column string) string {
	text := r.Text(column)
	if text == "" && r.has(column) {
		r.Fault(column, "不能为空")
	}
	return text
}

// has is false for a column that the header lacks: that is told there, once.
func (r *Row) has(column string) bool {
	_, ok := r.table.at[column]
	return ok
}

// Unique notes a fault when an earlier row has the same cells in these columns.
// It says whether the row is the first.
func (r *Row) Unique(columns ...string) bool {
	key := strings.Join(columns, ",")
	for _, column := range columns {
		text := r.Text(column)
		if text == "" {
			return true // told by Need, or an unreadable row
		}
		key += "\x00" + text
	}
	first, twice := r.table.keys[key]
	if twice {
		r.Fault(columns[len(columns)-1], "与第 %d 行重复：%s", first, strings.Join(r.texts(columns), "、"))
		return false
	}
	r.table.keys[key] = r.Line
	return true
}

func (r *Row) texts(columns []string) []string {
	texts := make([]string, len(columns))
	for i, column := range columns {
		texts[i] = r.Text(column)
	}
	return texts
}

// String tells where the row is, for logs and tests.
func (r *Row) String() string { return fmt.Sprintf("%s:%d", r.table.File, r.Line) }
