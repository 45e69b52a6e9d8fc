package sheet

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Table is one sheet: its rows in the order of the file.
type Table struct {
	File  string
	Found bool // the file is there and its header could be read
	Rows  []*Row

	book    *Book
	lacking bool           // the header lacks a column
	columns []string       // the header as written
	at      map[string]int // column name to position
	keys    map[string]int // keys seen, to the line of the first
}

// Table reads file, which must have exactly these columns, in any order.
// What is wrong is noted in the book; the rows that can be told apart are given
// all the same, so that a caller goes on checking them.
func (b *Book) Table(file string, columns ...string) *Table {
	t := &Table{File: file, book: b, at: map[string]int{}, keys: map[string]int{}}
	data, ok := b.load(file)
	if !ok {
		return t
	}
	records := split(bytes.TrimPrefix(data, []byte("\ufeff")))
	if !t.header(records, columns) {
		return t
	}
	t.Found = true
	for _, rec := range records[1:] {
		if !rec.blank() {
			t.Rows = append(t.Rows, t.row(rec))
		}
	}
	return t
}

// header checks the first record; false means that nothing can be read.
func (t *Table) header(records []record, want []string) bool {
	if len(records) == 0 {
		t.book.Fault(t.File, 1, "", "文件是空的，第一行应为表头：%s", strings.Join(want, ","))
		return false
	}
	head := records[0]
	if head.fault != "" {
		t.book.Fault(t.File, head.line, "", head.fault)
		return false
	}
	if !utf8.ValidString(strings.Join(head.cells, "")) {
		t.book.Fault(t.File, head.line, "", "文件不是 UTF-8 编码，请另存为 UTF-8 的 CSV")
		return false
	}
	if badText(strings.Join(head.cells, "")) != "" {
		t.book.Fault(t.File, head.line, "", "表头含有不可见字符或乱码")
		return false
	}
	for i, name := range head.cells {
		t.column(head.line, i, strings.TrimSpace(name), want)
	}
	for _, name := range want {
		if _, ok := t.at[name]; !ok {
			t.book.Fault(t.File, head.line, name, "缺少这一列")
			t.lacking = true
		}
	}
	return true
}

func (t *Table) column(line, i int, name string, want []string) {
	t.columns = append(t.columns, name)
	switch _, twice := t.at[name]; {
	case name == "":
		t.book.Fault(t.File, line, "", "表头第 %d 列没有名字", i+1)
	case twice:
		t.book.Fault(t.File, line, name, "这一列出现了两次")
	case !slices.Contains(want, name):
		t.book.Fault(t.File, line, name, "不认识这一列")
	default:
		t.at[name] = i
	}
}

// row makes a row of a record and checks what holds for every cell.
func (t *Table) row(rec record) *Row {
	r := &Row{Line: rec.line, table: t, cells: rec.cells}
	if rec.fault != "" {
		r.spoil("", rec.fault)
		return r
	}
	if len(rec.cells) != len(t.columns) {
		r.spoil("", "这一行有 %d 格，表头有 %d 列", len(rec.cells), len(t.columns))
		return r
	}
	for i, cell := range rec.cells {
		if reason := badText(cell); reason != "" {
			r.spoil(t.columns[i], reason)
			return r
		}
	}
	return r
}
