package citizen

import (
	"encoding/json"
	"hash/maphash"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
)

// pages keeps what the catalogue's answers are made of encoded: an edition does
// not change, and these are the answers most often asked for.
type pages struct{ ready atomic.Pointer[editionPages] }

// editionPages are the bytes of one edition.
type editionPages struct {
	edition *city.Edition
	items   map[*catalog.Item][]byte // as hits
	themes  map[*catalog.Theme][]byte
	guides  sync.Map // item code → *guideBytes
	seed    maphash.Seed
	asked   [512]atomic.Pointer[asked]
}

// asked is a search with its answer. Most people ask for the same few things.
type asked struct {
	q      string
	limit  int
	answer *hitsBytes
}

// of gives the pages of the edition in force.
func (p *pages) of(e *city.Edition) *editionPages {
	if ready := p.ready.Load(); ready != nil && ready.edition == e {
		return ready
	}
	ready := &editionPages{edition: e, items: map[*catalog.Item][]byte{}, themes: map[*catalog.Theme][]byte{}, seed: maphash.MakeSeed()}
	for _, it := range e.Catalogue.Items() {
		ready.items[it] = encoded(briefFrom(it))
	}
	for _, t := range e.Catalogue.Themes() {
		ready.themes[t] = encoded(themeBriefFrom(t))
	}
	p.ready.Store(ready)
	return ready
}

// search answers a search. Each place keeps the answer that was last made for
// it: that bounds the memory, whatever is asked.
func (p *editionPages) search(q string, limit int) *hitsBytes {
	place := &p.asked[maphash.String(p.seed, q)%uint64(len(p.asked))]
	if a := place.Load(); a != nil && a.q == q && a.limit == limit {
		return a.answer
	}
	answer := p.hits(p.edition.Catalogue.Search(q, limit))
	place.Store(&asked{q, limit, answer})
	return answer
}

// hits joins the ready bytes of what was found into a hitsOut.
func (p *editionPages) hits(found []catalog.Hit) *hitsBytes {
	const usual = 176 // bytes of a hit
	b := append(make([]byte, 0, (len(found)+1)*usual), `{"items":[`...)
	for i, h := range found {
		if i > 0 {
			b = append(b, ',')
		}
		if h.Theme != nil {
			b = append(b, p.themes[h.Theme]...)
		} else {
			b = append(b, p.items[h.Item]...)
		}
	}
	return &hitsBytes{append(b, `]}`...)}
}

// guide gives an item's guide, encoded when it is asked for first.
func (p *editionPages) guide(code catalog.ItemCode) (*guideBytes, error) {
	if b, ok := p.guides.Load(code); ok {
		return b.(*guideBytes), nil
	}
	it, err := p.edition.Catalogue.Item(code)
	if err != nil {
		return nil, err
	}
	b := &guideBytes{encoded(guideFrom(it, p.edition.Version))}
	p.guides.Store(it.Code, b)
	return b, nil
}

// hitsBytes are hits that are encoded already; the description sees hitsOut.
type hitsBytes struct{ json []byte }

// JSON gives the ready bytes to the edge.
func (h *hitsBytes) JSON() []byte { return h.json }

// Schema describes the bytes.
func (hitsBytes) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[hitsOut](), true, "Hits")
}

// guideBytes is a guide that is encoded already; the description sees guideOut.
type guideBytes struct{ json []byte }

// JSON gives the ready bytes to the edge.
func (g *guideBytes) JSON() []byte { return g.json }

// Schema describes the bytes.
func (guideBytes) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[guideOut](), true, "Guide")
}

// encoded is v's JSON; v holds strings, numbers and booleans only.
func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
