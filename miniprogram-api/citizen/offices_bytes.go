package citizen

import (
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/place"
)

// officePages keeps the offices of an edition encoded: of an answer about where
// to go they are the larger part, and the same for everybody.
type officePages struct {
	ready atomic.Pointer[editionOffices]
}

type editionOffices struct {
	edition *city.Edition
	offices sync.Map // *place.Office → []byte
}

// of gives the pages of an edition.
func (p *officePages) of(e *city.Edition) *editionOffices {
	if ready := p.ready.Load(); ready != nil && ready.edition == e {
		return ready
	}
	ready := &editionOffices{edition: e}
	p.ready.Store(ready)
	return ready
}

// nearbyBytes is an answer that is encoded already; the description sees
// nearbyOut, and a test holds the bytes to it.
type nearbyBytes struct{ json []byte }

// JSON gives the ready bytes to the edge.
func (n *nearbyBytes) JSON() []byte { return n.json }

// Schema describes the bytes.
func (nearbyBytes) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[nearbyOut](), true, "Nearby")
}

// usual is the room of an offer in bytes.
const usual = 704

func (p *editionOffices) answer(a *nearby.Answer, skipped int) *nearbyBytes {
	b := make([]byte, 0, usual*(1+len(a.Offers)+len(a.SelfService)+3*len(a.Each)))
	b = p.offers(append(b, `{"items":`...), a.Offers)
	if a.More {
		b = strconv.AppendInt(append(b, `,"next_cursor":"`...), int64(skipped+len(a.Offers)), 10)
		b = append(b, '"')
	}
	b = p.offers(append(b, `,"self_service":`...), a.SelfService)
	b = strconv.AppendBool(append(b, `,"online":`...), a.Online)
	b = text(append(b, `,"model":`...), a.Model)
	if a.Attribution != "" {
		b = text(append(b, `,"attribution":`...), a.Attribution)
	}
	if len(a.Each) > 0 {
		b = p.each(append(b, `,"each":`...), a.Each)
	}
	return &nearbyBytes{append(b, '}')}
}

func (p *editionOffices) each(b []byte, items []nearby.ForItem) []byte {
	mark := byte('[')
	for _, f := range items {
		b = text(append(append(b, mark), `{"item":`...), string(f.Item.Code))
		b = text(append(b, `,"name":`...), f.Item.Name)
		b = strconv.AppendBool(append(b, `,"online":`...), f.Online)
		b = append(p.offers(append(b, `,"items":`...), f.Offers), '}')
		mark = ','
	}
	return append(b, ']')
}

func (p *editionOffices) offers(b []byte, offers []nearby.Offer) []byte {
	b = append(b, '[')
	for i := range offers {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.offer(b, &offers[i])
	}
	return append(b, ']')
}

var placeNames = [...]string{circle.Inside: "inside", circle.Closed: "closed", circle.Outside: "outside"}

func (p *editionOffices) offer(b []byte, o *nearby.Offer) []byte {
	b = append(append(b, `{"office":`...), p.office(o.Office)...)
	b = strconv.AppendInt(append(b, `,"seconds":`...), int64(o.Travel.Seconds), 10)
	b = strconv.AppendInt(append(b, `,"meters":`...), int64(o.Travel.Meters), 10)
	b = append(append(append(b, `,"model":"`...), o.Travel.Model...), '"')
	b = append(append(append(b, `,"place":"`...), placeNames[o.Place]...), '"')
	b = moment(b, `,"open_until":"`, o.OpenUntil)
	b = moment(b, `,"opens_at":"`, o.OpensAt)
	b = moment(b, `,"first_slot":"`, o.FirstSlot)
	if o.Wait >= 0 {
		b = strconv.AppendInt(append(b, `,"wait_seconds":`...), int64(o.Wait/time.Second), 10)
	}
	b = o.AppendWhy(append(b, `,"why":"`...)) // our own words, which need no escapes
	return append(b, `"}`...)
}

// office gives an office's bytes, encoded when it is offered first.
func (p *editionOffices) office(o *place.Office) []byte {
	if b, ok := p.offices.Load(o); ok {
		return b.([]byte)
	}
	b := encoded(officeFrom(o))
	p.offices.Store(o, b)
	return b
}

// moment appends a time that is known.
func moment(b []byte, name string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return append(t.AppendFormat(append(b, name...), time.RFC3339), '"')
}

// text appends a string with its escapes.
func text(b []byte, s string) []byte { return append(b, encoded(s)...) }
