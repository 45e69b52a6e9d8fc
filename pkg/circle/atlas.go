package circle

import (
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Office is what the circle knows of an office. Doors is never nil.
type Office struct {
	Stop
	Doors       *Schedule
	Windows     int  // that serve at once; 0 counts as 1
	SelfService bool // a zone open round the clock
}

// Prospects tells how soon one is served. Offices are named by number. It is
// asked for every office in the circle, on every question: it must answer from
// memory. Safe for concurrent use.
type Prospects interface {
	// FirstSlot is the first free slot at or after a unix second, as a unix
	// second; 0 = none.
	FirstSlot(office int32, after int64) int64
	// Wait is what somebody who comes now without an appointment is expected
	// to wait; negative = not known.
	Wait(office int32) time.Duration
}

// Atlas is a city's offices with everything that a question is answered from.
// It does not change, but for the Crowd: when offices, hours or roads change, a
// new one takes its place. Safe for concurrent use.
type Atlas struct {
	roads    Reacher
	field    *Field
	offices  []Office // by number; some numbers are nobody's
	box      Box
	everyone Mask
	self     Mask
	days     *Schedule // any office's: all are of the same days
	crowd    *Crowd
	weights  Weights
	pool     sync.Pool
}

// Rim is how far outside the outermost office a question may be asked, in
// metres.
const Rim = 20_000

// NewAtlas makes the atlas of a city, of at least one office. Numbers are the offices' own in roads,
// and roads may be nil: then both are left out, and straight lines serve.
func NewAtlas(offices []Office, roads Reacher, numbers []int32, weights Weights) *Atlas {
	a := &Atlas{roads: roads, weights: weights}
	at := make([]place.Position, len(offices))
	for i, o := range offices {
		at[i] = o.At
		a.box, a.days = a.box.With(o.At), o.Doors
	}
	a.field = NewField(at, numbers)
	if roads == nil {
		a.roads = a.field
	}
	a.number(offices, numbers)
	a.box = a.box.Widen(Rim)
	a.crowd = NewCrowd(len(a.offices))
	a.pool.New = func() any { return &scratch{} }
	return a
}

func (a *Atlas) number(offices []Office, numbers []int32) {
	size := len(offices)
	for _, n := range numbers {
		size = max(size, int(n)+1)
	}
	a.offices, a.everyone, a.self = make([]Office, size), NewMask(size), NewMask(size)
	for i, o := range offices {
		n := i
		if numbers != nil {
			n = int(numbers[i])
		}
		a.offices[n] = o
		a.everyone.Set(n)
		if o.SelfService {
			a.self.Set(n)
		}
	}
}

// Box is where questions may be asked from.
func (a *Atlas) Box() Box { return a.box }

// Size is one more than the greatest number of an office.
func (a *Atlas) Size() int { return len(a.offices) }

// Model names the model of the travel times.
func (a *Atlas) Model() string { return a.roads.Model() }

// Reacher is what the atlas asks for travel times.
func (a *Atlas) Reacher() Reacher { return a.roads }

// Mask is the set of the offices that take says yes to.
func (a *Atlas) Mask(take func(code string) bool) Mask {
	m := NewMask(len(a.offices))
	for i, o := range a.offices {
		if o.Code != "" && take(o.Code) {
			m.Set(i)
		}
	}
	return m
}

// Office gives an office by its number.
func (a *Atlas) Office(number int32) Office { return a.offices[number] }

// Offices calls visit for each office with its number.
func (a *Atlas) Offices(visit func(number int32, o Office)) {
	for i, o := range a.offices {
		if o.Code != "" {
			visit(int32(i), o)
		}
	}
}

// Question asks for offices. From is WGS-84.
type Question struct {
	From    place.Position
	By      Mode
	Minutes int
	At      time.Time     // when one sets out
	Later   bool          // At is not now: the queues of now do not matter, and nobody joins them
	Among   Mask          // the offices that may take the item from this person
	Takes   time.Duration // what one person takes a window; 0 = not known
	Most    int           // offers wanted; 0 = DefaultOffers
	Skip    int           // offers before those wanted
	Unsent  bool          // whoever asks is not counted as sent to the first offer
}

// DefaultOffers is how many offices are offered at most.
const DefaultOffers = 20

// ErrWhen: the time of a question is past, or later than opening hours are known.
var ErrWhen = fault.New(fault.Invalid, "circle.when", "只能查询现在至未来 30 天内的时间，请重新选择")

// Answer is what a question gets. Offers are in order; unless all of them are
// Inside, there is none inside.
type Answer struct {
	Offers      []Ranked
	More        bool     // there are offers behind these
	SelfService []Ranked // zones in the circle that are open round the clock, the nearest first
	Model       string
}
