package catalog

import "strings"

// search raises the score of every doc with a phrase that may sound like q.
func (x *pinyinIndex) search(q query, s *scratch) {
	left := mostSpoken
	for _, pieces := range x.syllables(q.letters, q.breaks, mostReadings) {
		x.match(pieces, &left, s.raise)
	}
	if len(s.found) == 0 {
		x.searchHalves(q, s)
	}
}

// match tells each doc that has a phrase with these pieces, and takes the
// phrases it looks at off left.
func (x *pinyinIndex) match(pieces []string, left *int, tell func(doc, int32)) {
	ids := x.candidates(pieces)
	ids = ids[:min(len(ids), *left)]
	*left -= len(ids)
	for _, id := range ids {
		p := x.phrases[id]
		if score := x.likeness(p, pieces); score > 0 {
			tell(p.doc, score)
		}
	}
}

// searchHalves is for what stands in no phrase as a whole: "gjjtq" finds what
// has both gjj and tq.
func (x *pinyinIndex) searchHalves(q query, s *scratch) {
	left := mostSpoken
	for cut := 2; cut <= len(q.letters)-2 && cut <= longestHalf; cut++ {
		first := x.half(q.letters[:cut], q.breaks[:cut+1], &left)
		if len(first) == 0 {
			continue
		}
		second := x.half(q.letters[cut:], q.breaks[cut:], &left)
		for d, score := range second {
			if other, ok := first[d]; ok {
				s.raise(d, (score+other)/4)
			}
		}
	}
}

func (x *pinyinIndex) half(letters string, breaks []bool, left *int) map[doc]int32 {
	found := map[doc]int32{}
	for _, pieces := range x.syllables(letters, breaks, mostHalfReadings) {
		if len(pieces) < 2 {
			continue
		}
		x.match(pieces, left, func(d doc, score int32) { found[d] = max(found[d], score) })
	}
	return found
}

// candidates gives the shortest list of phrases that must hold every phrase
// with the pieces: that of a whole syllable, or of neighbouring initials.
func (x *pinyinIndex) candidates(pieces []string) []spokenID {
	var best []spokenID
	found := false
	offer := func(ids []spokenID) {
		if !found || len(ids) < len(best) {
			best, found = ids, true
		}
	}
	for i, piece := range pieces {
		if len(piece) > 1 && i < len(pieces)-1 && len(x.syllable[piece]) > 0 {
			offer(x.syllable[piece])
		}
		if i+3 <= len(pieces) {
			offer(x.initials[initialsOf(pieces[i:i+3])])
		}
	}
	switch len(pieces) {
	case 2:
		offer(x.initials[initialsOf(pieces)])
	case 1:
		offer(x.syllable[pieces[0]])
	}
	return best
}

func initialsOf(pieces []string) (l letters) {
	for _, piece := range pieces {
		l = l.with(piece[0])
	}
	return l
}

// How good a phrase is that sounds like the query. Below a phrase that is
// written like it; a beginning of syllables counts less than whole ones.
var (
	soundsWhole  = [kinds]int32{ofKeyword: 7900, ofName: 7800, ofResult: 4000}
	soundsPrefix = [kinds]int32{ofKeyword: 5500, ofName: 5300, ofResult: 3000}
	soundsPart   = [kinds]int32{ofKeyword: 4500, ofName: 4300, ofResult: 2500}
)

const (
	mostSpokenWhole = 300 // for whole syllables instead of initials
	unusualReading  = 40  // off for each character in a rarer reading
)

// likeness compares the pieces with each run of the phrase's characters, and
// gives the score of the best; 0 when there is none.
func (x *pinyinIndex) likeness(p spoken, pieces []string) (best int32) {
	chars := x.rows[p.from:p.to]
	for at := 0; at+len(pieces) <= len(chars); at++ {
		credit, ok := x.sounds(chars[at:], pieces)
		if !ok {
			continue
		}
		base := soundsPart[p.kind]
		switch {
		case len(pieces) == len(chars):
			base = soundsWhole[p.kind]
		case at == 0:
			base = soundsPrefix[p.kind]
		}
		closeness := mostClose * int32(len(pieces)) / int32(len(chars))
		best = max(best, base+credit+closeness)
	}
	return best
}

// sounds says whether the characters begin with a reading of the pieces, and
// how much credit that gives beyond the bare fact.
func (x *pinyinIndex) sounds(chars []charID, pieces []string) (credit int32, ok bool) {
	whole := 0
	for i, piece := range pieces {
		if x.firsts[chars[i]]&letterBit(piece[0]) == 0 {
			return 0, false
		}
		c := &x.chars[chars[i]]
		reading := c.reading(piece)
		if reading < 0 {
			return 0, false
		}
		if reading > 0 {
			credit -= unusualReading
		}
		if c.readings[reading] == piece {
			whole++
		}
	}
	return credit + int32(mostSpokenWhole*whole/len(pieces)), true
}

// reading gives the place of the first reading that begins with piece, a whole
// one before a longer one; -1 when there is none.
func (c *char) reading(piece string) int {
	found := -1
	for i, reading := range c.readings {
		if reading == piece {
			return i
		}
		if found < 0 && strings.HasPrefix(reading, piece) {
			found = i
		}
	}
	return found
}
