package catalog

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// textIndex finds by characters: whole phrases, parts of phrases, and shared
// pairs of neighbouring characters.
type textIndex struct {
	phrases [][]phrase         // by doc
	exact   map[string][]doc   // by whole phrase
	grams   map[gram][]posting // by pair of characters, and by single one
}

type phrase struct {
	text  string
	chars charSet
	kind  kind
}

// charSet holds which characters a text has, as bits that several share: a
// look at it spares most comparisons of texts.
type charSet uint64

func charSetOf(text string) (s charSet) {
	for _, c := range text {
		s |= 1 << (uint64(c) * 0x9e3779b97f4a7c15 >> 58) // 64 bits, well spread
	}
	return s
}

// within says whether all characters of s may be in other; no is certain.
func (s charSet) within(other charSet) bool { return s&^other == 0 }

// gram is one or two neighbouring characters.
type gram uint64

func pair(a, b rune) gram { return gram(a)<<32 | gram(b) }

// posting is a doc that has a gram, and the best kind of phrase it has it in.
type posting uint32

func newPosting(d doc, k kind) posting { return posting(d)<<3 | posting(k) }
func (p posting) doc() doc             { return doc(p >> 3) }
func (p posting) kind() kind           { return kind(p & 7) }

func newTextIndex() *textIndex {
	return &textIndex{exact: map[string][]doc{}, grams: map[gram][]posting{}}
}

// add indexes a phrase. Docs come in order, a doc's phrases from the best kind
// to the least, so the first posting of a doc is its best.
func (t *textIndex) add(d doc, k kind, text string) {
	for g := range gramsOf(text) {
		t.post(g, newPosting(d, k))
	}
	for _, c := range text {
		t.post(gram(c), newPosting(d, k))
	}
	if k == ofDepartment || k == ofMaterial {
		return // too common to be what is meant
	}
	t.phrases[d] = append(t.phrases[d], phrase{text, charSetOf(text), k})
	if docs := t.exact[text]; len(docs) == 0 || docs[len(docs)-1] != d {
		t.exact[text] = append(docs, d)
	}
}

func (t *textIndex) post(g gram, p posting) {
	list := t.grams[g]
	if n := len(list); n == 0 || list[n-1].doc() != p.doc() {
		t.grams[g] = append(list, p)
	}
}

// gramsOf gives the pairs of neighbouring characters.
func gramsOf(text string) iter.Seq[gram] {
	return func(yield func(gram) bool) {
		var last rune
		for _, c := range text {
			if last != 0 && !yield(pair(last, c)) {
				return
			}
			last = c
		}
	}
}

// Bounds on the work of one search, so that a word that every item shares costs
// no more than a rare one.
const (
	mostPostings   = 30_000 // walked for pairs
	mostCandidates = 150    // compared with the query phrase by phrase
	mostSamePhrase = 60     // taken of the docs that have the very same phrase
	shortestInside = 2      // characters of a phrase found inside the query
	longestInside  = 12
)

// search raises the score of every doc that q may mean.
func (t *textIndex) search(q *query, s *scratch) {
	total := t.shareGrams(gramsOf(q.text), s)
	if len(s.shared) == 0 && q.letters == "" {
		total = t.shareGrams(singles(q.text), s)
	}
	candidates := s.shared // in any order
	if len(candidates) > mostCandidates {
		candidates = s.top(candidates, s.overlap, mostCandidates)
	}
	for _, d := range candidates {
		t.rate(d, q, s, total)
	}
	for inside := range insideOf(q.text) {
		docs := t.exact[inside]
		for _, d := range docs[:min(len(docs), mostSamePhrase)] {
			t.rate(d, q, s, total)
		}
	}
}

// singles gives the characters as grams.
func singles(text string) iter.Seq[gram] {
	return func(yield func(gram) bool) {
		for _, c := range text {
			if !yield(gram(c)) {
				return
			}
		}
	}
}

// kindWeight is how much a shared pair counts, in percent, by kind of phrase.
var kindWeight = [kinds]int32{100, 100, 100, 50, 50, 30, 25}

// rare is a gram with the docs that have it.
type rare struct {
	gram gram
	list []posting
}

// shareGrams adds to each doc what it shares with the query, rare grams first,
// and gives what a doc would have that shared everything.
func (t *textIndex) shareGrams(grams iter.Seq[gram], s *scratch) (total int32) {
	s.grams = s.grams[:0]
	for g := range grams {
		s.grams = append(s.grams, rare{g, t.grams[g]})
	}
	slices.SortFunc(s.grams, func(a, b rare) int {
		return cmp.Or(cmp.Compare(len(a.list), len(b.list)), cmp.Compare(a.gram, b.gram))
	})
	walked := 0
	for i, g := range s.grams {
		if i > 0 && g.gram == s.grams[i-1].gram {
			continue
		}
		rarity := t.rarity(len(g.list))
		total += 100 * rarity
		if walked += len(g.list); walked > mostPostings && len(s.shared) > 0 {
			continue
		}
		for _, p := range g.list[:min(len(g.list), mostPostings)] {
			s.share(p.doc(), rarity*kindWeight[p.kind()])
		}
	}
	return total
}

// rarity is the information in a gram that so many docs have, in 64ths of a bit;
// one that is in no phrase counts as much as one that is in one.
func (t *textIndex) rarity(docs int) int32 {
	return int32(64 * math.Log2(1+float64(len(t.phrases))/float64(max(1, docs))))
}

// rate gives doc d its score: the best of its phrases, and what it shares.
func (t *textIndex) rate(d doc, q *query, s *scratch, total int32) {
	if s.score[d] > 0 {
		return
	}
	best := int32(0)
	for i := range t.phrases[d] {
		if p := &t.phrases[d][i]; p.maybe(q) {
			best = max(best, p.likeness(q))
		}
	}
	if best == 0 && q.letters != "" {
		return // letters in common mean nothing
	}
	s.raise(d, best+int32(mostOverlap*int64(s.overlap[d])/int64(max(1, total))))
}

// insideOf gives every part of text that could be a phrase.
func insideOf(text string) iter.Seq[string] {
	var starts []int
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	return func(yield func(string) bool) {
		for from := range starts {
			for to := from + shortestInside; to < len(starts) && to-from <= longestInside; to++ {
				if !yield(text[starts[from]:starts[to]]) {
					return
				}
			}
		}
	}
}

// How good a phrase is for a query, by how it matches and by its kind. Steps are
// wider than what closeness and overlap can add, so an exact keyword beats an
// exact name, that a prefix, that a part, and that mere overlap. A theme's
// scenario names its items, so it counts less than the items themselves.
var (
	whenExact     = [kinds]int32{10000, 9000, 8000, 900, 5000}
	whenPrefix    = [kinds]int32{5700, 5800, 5600, 800, 3500}
	whenPart      = [kinds]int32{4600, 4800, 4600, 700, 2800}
	whenScattered = [kinds]int32{ofKeyword: 2400, ofName: 2300} // every character is somewhere in the phrase
	whenInside    = [kinds]int32{1000, 1000, 1000, 0, 500}      // the phrase is part of the query
)

const (
	mostOverlap = 3000
	mostClose   = 400  // for a phrase hardly longer than the query
	mostInside  = 1500 // for a phrase hardly shorter than the query
)

// maybe says no where likeness is certainly 0.
func (p *phrase) maybe(q *query) bool {
	return p.chars.within(q.chars) || q.chars.within(p.chars) || p.chars == q.rawChars
}

// likeness is how good a phrase is for a query, 0 for not at all.
func (p *phrase) likeness(q *query) int32 {
	switch {
	case p.text == q.text || p.text == q.raw:
		return whenExact[p.kind]
	case len(p.text) < len(q.text):
		if whenInside[p.kind] == 0 || !strings.Contains(q.text, p.text) || utf8.RuneCountInString(p.text) < shortestInside {
			return 0
		}
		return whenInside[p.kind] + ratio(mostInside, p.text, q.text)
	case strings.HasPrefix(p.text, q.text):
		return whenPrefix[p.kind] + ratio(mostClose, q.text, p.text)
	case strings.Contains(p.text, q.text):
		return whenPart[p.kind] + ratio(mostClose, q.text, p.text)
	case whenScattered[p.kind] > 0 && scattered(q.text, p.text):
		return whenScattered[p.kind] + ratio(mostClose, q.text, p.text)
	}
	return 0
}

func scattered(part, whole string) bool {
	for _, c := range part {
		if !strings.ContainsRune(whole, c) {
			return false
		}
	}
	return true
}

// ratio is most times how long the part is in the whole.
func ratio(most int32, part, whole string) int32 {
	return most * int32(len(part)) / int32(len(whole))
}
