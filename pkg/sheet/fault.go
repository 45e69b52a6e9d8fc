package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing wrong with one file. Line counts lines of the file from
// 1, also where a quoted cell runs over several; a row's faults carry the line
// on which the row begins. Line 0 means the file as a whole. Column is the name
// in the header, empty when the fault is not about one column.
type Fault struct {
	File   string
	Line   int
	Column string
	Reason string // Chinese
}

// Where gives "catalogue/items.csv:12: promise_days".
func (f Fault) Where() string {
	where := f.File
	if f.Line > 0 {
		where += ":" + strconv.Itoa(f.Line)
	}
	if f.Column != "" {
		where += ": " + f.Column
	}
	return where
}

// String gives "catalogue/items.csv:12: promise_days: 应为整数".
func (f Fault) String() string { return f.Where() + ": " + f.Reason }

// Faults are all the things wrong with a set of files.
type Faults []Fault

// Error gives one fault a line, sorted by file, line and column.
func (fs Faults) Error() string {
	lines := make([]string, 0, len(fs))
	for _, f := range fs.sorted() {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func (fs Faults) sorted() Faults {
	sorted := slices.Clone(fs)
	slices.SortStableFunc(sorted, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Reason, b.Reason),
		)
	})
	return slices.Compact(sorted)
}
