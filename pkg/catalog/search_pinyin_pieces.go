package catalog

import (
	"slices"
	"strings"
)

// Bounds on the work of one search by sound.
const (
	mostReadings     = 24    // ways to part the letters into syllables
	mostHalfReadings = 4     // the same for half a query
	longestHalf      = 20    // letters
	mostSpoken       = 2_500 // phrases compared
)

// syllables gives the ways to part letters into pieces, one a character: whole
// syllables, single initials, zh, ch and sh, and at the end the beginning of a
// syllable. Longer pieces come first; breaks may not be run over. After most
// ways it stops.
func (x *pinyinIndex) syllables(letters string, breaks []bool, most int) (ways [][]string) {
	dead := make([]bool, len(letters)) // no way leads on from here
	var part func(at int, pieces []string)
	part = func(at int, pieces []string) {
		if at == len(letters) {
			ways = append(ways, slices.Clone(pieces))
			return
		}
		before := len(ways)
		for n := min(len("zhuang"), len(letters)-at); n >= 1 && len(ways) < most && !dead[at]; n-- {
			piece := letters[at : at+n]
			if !slices.Contains(breaks[at+1:at+n], true) && x.isPiece(piece, at+n == len(letters)) {
				part(at+n, append(pieces, piece))
			}
		}
		dead[at] = len(ways) == before
	}
	part(0, nil)
	return append(ways, strings.Split(letters, "")) // initials only: longer pieces push it out
}

func (x *pinyinIndex) isPiece(piece string, last bool) bool {
	switch {
	case len(piece) == 1, piece == "zh", piece == "ch", piece == "sh":
		return x.partial[piece]
	case len(x.syllable[piece]) > 0:
		return true
	}
	return last && x.partial[piece]
}
