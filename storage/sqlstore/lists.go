package sqlstore

import (
	"regexp"
	"strings"
)

// literals is a list of three texts or more; of fewer, SQLite makes the same
// as of OR.
var literals = regexp.MustCompile(`(\w+(?:\.\w+)?)( NOT)? IN \(('[^']*'(?:,\s*'[^']*'){2,})\)`)

// spelled writes lists of texts as comparisons joined by OR. For a list SQLite
// builds a table of its own each time a statement runs, and it does so for
// every CHECK and every partial index that has one: for a change of state that
// costs more than the change. Schema and queries are spelled alike, so that a
// partial index is still recognised.
func spelled(query string) string {
	return literals.ReplaceAllStringFunc(query, func(list string) string {
		part := literals.FindStringSubmatch(list)
		var b strings.Builder
		b.WriteString(strings.TrimSpace(part[2]) + "(")
		for i, text := range strings.Split(part[3], ",") {
			if i > 0 {
				b.WriteString(" OR ")
			}
			b.WriteString(part[1] + " = " + strings.TrimSpace(text))
		}
		return b.String() + ")"
	})
}
