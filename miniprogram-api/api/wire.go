package api

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// At is a time as it goes over the wire: RFC 3339 with the offset of
// Asia/Shanghai, "" for none.
func At(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Zone).Format(time.RFC3339)
}

// On is a date as it goes over the wire: YYYY-MM-DD, "" for none.
func On(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Page is embedded in the input of a list.
type Page struct {
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"at most so many entries"`
}

// List is one page of a list.
type List[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty" doc:"absent on the last page"`
}

// Paged turns what was read, one entry more than the page holds if there is
// more, into a page. id gives an entry's cursor.
func Paged[D, T any](p Page, read []D, wire func(D) T, id func(D) string) *List[T] {
	l := &List[T]{Items: []T{}}
	if len(read) > p.Limit {
		read = read[:p.Limit]
		l.NextCursor = id(read[len(read)-1])
	}
	for _, d := range read {
		l.Items = append(l.Items, wire(d))
	}
	return l
}

// Most is how many entries to read for a page.
func (p Page) Most() int { return p.Limit + 1 }

// Done is the answer of an act that has nothing else to say.
type Done struct {
	Done bool `json:"done"`
}

// File is an answer that is a file to be saved, never to be shown inline.
type File struct {
	Name, Media string
	Content     []byte
}
