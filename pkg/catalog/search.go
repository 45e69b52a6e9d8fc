package catalog

import "slices"

// Hit is an item or a theme that was found; the other is nil.
type Hit struct {
	Item  *Item
	Theme *Theme
	Score int // higher is better; only good for comparing hits of one search
}

// Code gives the code of the item or theme.
func (h Hit) Code() string {
	if h.Item != nil {
		return string(h.Item.Code)
	}
	return string(h.Theme.Code)
}

// maxHits bounds a list of hits, whatever the caller asks for.
const maxHits = 100

// Search finds items and themes by the words people use: names, keywords,
// scenarios, results, materials, departments, codes, and the pinyin of names and
// keywords, in full or by initials. The best hit comes first; the same query
// always gives the same hits. At most limit hits (and 100) are given.
func (c *Catalogue) Search(query string, limit int) []Hit {
	limit = min(limit, maxHits)
	q := newQuery(query)
	if limit <= 0 || q.text == "" {
		return nil
	}
	s := c.index.scratch.Get().(*scratch)
	defer c.index.scratch.Put(s)
	defer s.reset()

	c.index.text.search(&q, s)
	if q.letters != "" {
		c.index.pinyin.search(q, s)
	}
	return c.index.best(s, limit)
}

// best gives the hits of the highest score, of equals the one that stands
// first in the catalogue.
func (x *index) best(s *scratch, limit int) []Hit {
	found := s.top(s.found, s.score, limit)
	hits := make([]Hit, len(found))
	for i, d := range found {
		hits[i] = x.docs[d]
		hits[i].Score = int(s.score[d])
	}
	return hits
}

// doc is the place of a hit in the index.
type doc uint32

// scratch is the working memory of one search, kept for the next.
type scratch struct {
	overlap []int32 // by doc: how much of the query it shares
	shared  []doc   // docs with an overlap
	score   []int32 // by doc: the best score so far
	found   []doc   // docs with a score
	grams   []rare
	keys    []uint64 // of top
	best    []doc    // what top gave
}

func newScratch(docs int) *scratch {
	return &scratch{overlap: make([]int32, docs), score: make([]int32, docs)}
}

func (s *scratch) share(d doc, amount int32) {
	if s.overlap[d] == 0 {
		s.shared = append(s.shared, d)
	}
	s.overlap[d] += amount
}

func (s *scratch) raise(d doc, score int32) {
	if score <= 0 {
		return
	}
	if s.score[d] == 0 {
		s.found = append(s.found, d)
	}
	s.score[d] = max(s.score[d], score)
}

func (s *scratch) reset() {
	for _, d := range s.shared {
		s.overlap[d] = 0
	}
	for _, d := range s.found {
		s.score[d] = 0
	}
	s.shared, s.found = s.shared[:0], s.found[:0]
}

// top gives the n docs with the highest values, best first, of equals the one
// that stands first. It keeps only n at a time: thousands may share a word. What
// it gives is good until it is called again.
func (s *scratch) top(docs []doc, value []int32, n int) []doc {
	keys := s.keys[:0] // value, then the doc inverted; ascending
	for _, d := range docs {
		key := uint64(value[d])<<32 | uint64(^uint32(d))
		if len(keys) == n && key < keys[0] {
			continue
		}
		at, _ := slices.BinarySearch(keys, key)
		if len(keys) < n {
			keys = slices.Insert(keys, at, key)
			continue
		}
		copy(keys, keys[1:at])
		keys[at-1] = key
	}
	s.keys, s.best = keys, s.best[:0]
	for _, key := range slices.Backward(keys) {
		s.best = append(s.best, doc(^uint32(key)))
	}
	return s.best
}
