package fault

import (
	"cmp"
	"slices"
)

// declared is filled by New while packages initialise, and only read after.
var declared []*Error

// All returns every declared fault, sorted by code.
func All() []*Error {
	all := slices.Clone(declared)
	slices.SortFunc(all, func(a, b *Error) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// TextOf is the sentence of a code, "" where nobody declared it.
func TextOf(code string) string {
	for _, e := range declared {
		if e.Code == code {
			return e.Text
		}
	}
	return ""
}
