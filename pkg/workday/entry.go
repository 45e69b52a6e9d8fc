package workday

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Entry is one day of an arrangement (放假安排): what the State Council, or an
// office for itself, says of it.
type Entry struct {
	Date Date
	Kind Kind
	Name string // of the holiday; may be empty
}

// arranges says whether the entry shows that its year's arrangement is known:
// every arrangement has 1 October. Days of December alone do not, they may
// come from the arrangement of the next year.
func (e Entry) arranges() bool {
	return e.Kind == Holiday && e.Date.Month == time.October && e.Date.Day == 1
}

// ReadEntries reads an arrangement: columns date (2027-10-01), kind and name,
// one row a day. What is wrong is noted in the book, line by line.
func ReadEntries(book *sheet.Book, file string) []Entry {
	var entries []Entry
	for _, row := range book.Table(file, "date", "kind", "name").Rows {
		e := Entry{
			Date: readDate(row),
			Kind: sheet.Enum(row, "kind", Holiday, Makeup, Workday, Weekend),
			Name: row.Text("name"),
		}
		row.Unique("date")
		if row.Sound() && fits(row, e) {
			entries = append(entries, e)
		}
	}
	return entries
}

func readDate(row *sheet.Row) Date {
	text := row.Need("date")
	d, err := ParseDate(text)
	if err != nil && text != "" {
		row.Fault("date", "应为真实存在的日期，如 2027-10-01：%s", text)
	}
	return d
}

// fits refuses a make-up day in the middle of the week and the like: they are
// slips of the pen that would shift every due date.
func fits(row *sheet.Row, e Entry) bool {
	w := e.Date.Weekday()
	free := w == time.Saturday || w == time.Sunday
	switch {
	case free && e.Kind == Workday:
		row.Fault("kind", "%s 是周末，上班应为 makeup", e.Date.String())
	case !free && e.Kind == Makeup:
		row.Fault("kind", "%s 不是周末，不能调休上班", e.Date.String())
	case !free && e.Kind == Weekend:
		row.Fault("kind", "%s 不是周末", e.Date.String())
	default:
		return true
	}
	return false
}
