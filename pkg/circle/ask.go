package circle

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// scratch is the working room of one question, kept between questions.
type scratch struct {
	roads   Reacher // what answers this question
	reached []Reached
	scored  []scored
	zones   []Reached
	far     []Reached
	asked   Mask
}

// scored is an office in the circle with its score.
type scored struct {
	Reached
	score float64
	place Place
	rough bool // by straight line, whatever answers the rest
}

func (s scored) compare(o scored) int {
	switch { // by score nearly always; ties come from within one building
	case s.place != o.place:
		return int(s.place) - int(o.place)
	case s.score < o.score:
		return -1
	case s.score > o.score:
		return 1
	}
	return cmp.Or(cmp.Compare(s.Seconds, o.Seconds), cmp.Compare(s.Office, o.Office))
}

// Ask answers a question. Errors: ErrUnknownMode, ErrMinutes, ErrPosition,
// ErrSwapped, ErrOutside, ErrWhen, ErrNoRoad.
func (a *Atlas) Ask(q Question, p Prospects) (Answer, error) {
	if err := a.check(q); err != nil {
		return Answer{}, err
	}
	s := a.pool.Get().(*scratch)
	defer a.pool.Put(s)
	s.asked = join(s.asked, q.Among, a.self)
	if err := a.reach(s, q, q.Minutes*60, s.asked); err != nil {
		return Answer{}, err
	}
	a.score(s, q, p)
	answer := Answer{Model: s.roads.Model(), SelfService: a.selfService(s, q)}
	if len(s.scored) > 0 {
		answer.Offers, answer.More = a.best(s, q, p)
		return answer, nil
	}
	var err error
	answer.Offers, answer.More, err = a.others(s, q, p)
	return answer, err
}

// settled is how near an office must stand for a place without roads to be one
// that the map has forgotten, and not the sea, in metres.
const settled = 5000

// reach asks the roads, and straight lines where people live but no road is
// known.
func (a *Atlas) reach(s *scratch, q Question, seconds int, among Mask) (err error) {
	s.roads = a.roads
	s.reached, err = a.roads.Within(s.reached[:0], q.From, q.By, seconds, among)
	if !errors.Is(err, ErrNoRoad) {
		return err
	}
	near, _ := a.field.Nearest(nil, q.From, Walk, 1, a.everyone)
	if len(near) == 0 || float64(near[0].Meters) > settled*paces[Walk].Detour {
		return err
	}
	s.roads = a.field
	s.reached, err = a.field.Within(s.reached[:0], q.From, q.By, seconds, among)
	return err
}

func (a *Atlas) check(q Question) error {
	if !q.By.Valid() {
		return ErrUnknownMode
	}
	if err := CheckMinutes(q.Minutes); err != nil {
		return err
	}
	if err := CheckPosition(q.From, a.box); err != nil {
		return err
	}
	if !a.days.Covers(q.At.Unix()) {
		return ErrWhen
	}
	return nil
}

// score weighs the offices that are in the circle and open on arrival, and
// sets the self-service zones aside.
func (a *Atlas) score(s *scratch, q Question, p Prospects) {
	s.scored, s.zones = s.scored[:0], s.zones[:0]
	now := q.At.Unix()
	for _, r := range s.reached {
		if a.self.Has(int(r.Office)) {
			s.zones = append(s.zones, r)
		}
		arrival := now + int64(r.Seconds)
		if !q.Among.Has(int(r.Office)) || !a.offices[r.Office].Doors.OpenAt(arrival) {
			continue
		}
		slot := farSlot
		if at := p.FirstSlot(r.Office, arrival); at > 0 {
			slot = seconds(at - arrival)
		}
		wait := a.wait(r.Office, &q, p)
		s.scored = append(s.scored, scored{Reached: r, score: a.weights.weigh(seconds(int64(r.Seconds)), wait, slot, 0)})
	}
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// wait is the queue as it is, and those who were just sent to it.
func (a *Atlas) wait(office int32, q *Question, p Prospects) time.Duration {
	if q.Later {
		return -1
	}
	wait := p.Wait(office)
	if sent := a.crowd.Wait(int(office), q.At); sent > 0 {
		wait = max(0, wait) + sent
	}
	return wait
}

// best takes the best of the scored, in order, and counts whoever asked as
// sent to the first.
func (a *Atlas) best(s *scratch, q Question, p Prospects) (offers []Ranked, more bool) {
	from, to := q.page(len(s.scored))
	top := s.scored[:to]
	pick(s.scored, to)
	slices.SortFunc(top, scored.compare)
	offers = make([]Ranked, to-from)
	for i, t := range top[from:] {
		offers[i] = Ranked{a.candidate(t.Reached, s.roads.Model(), q, p), Inside, t.score}
	}
	a.send(top[0].Office, q)
	return offers, to < len(s.scored)
}

// send counts whoever asked as sent to an office, whose windows share the work.
func (a *Atlas) send(office int32, q Question) {
	if q.Later || q.Unsent || q.Skip > 0 {
		return // nobody sets out, or was counted with the first page
	}
	a.crowd.Send(int(office), q.At, q.Takes/time.Duration(max(1, a.offices[office].Windows)))
}

// page is which of so many offers are wanted.
func (q Question) page(found int) (from, to int) {
	most := q.Most
	if most <= 0 {
		most = DefaultOffers
	}
	from = min(max(0, q.Skip), found)
	return from, min(from+most, found)
}

// pick moves the n least to the front, in no order (Hoare's quickselect).
func pick(list []scored, n int) {
	for len(list) > n && n > 0 {
		pivot := list[len(list)/2]
		i, j := 0, len(list)-1
		for i <= j {
			for list[i].compare(pivot) < 0 {
				i++
			}
			for list[j].compare(pivot) > 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			list = list[:j+1]
		case n > i:
			list, n = list[i:], n-i
		default:
			return
		}
	}
}

// candidate tells everything about an office that one sets out for.
func (a *Atlas) candidate(r Reached, model string, q Question, p Prospects) Candidate {
	office := a.offices[r.Office]
	arrival := q.At.Unix() + int64(r.Seconds)
	c := Candidate{
		Office: office.Code, By: q.By,
		Travel: Estimate{int(r.Seconds), int(r.Meters), model},
		Open:   office.Doors.OpenAt(arrival),
		Wait:   a.wait(r.Office, &q, p),
	}
	if at := p.FirstSlot(r.Office, arrival); at > 0 {
		c.FirstSlot = time.Unix(at, 0).In(zone)
	}
	if c.Open {
		c.OpenUntil = office.Doors.ClosesAfter(arrival)
	} else {
		c.OpensAt = office.Doors.OpensAfter(arrival)
	}
	return c
}

// othersMost is how many are weighed when none is inside: the nearest.
const othersMost = 60

// others are offered when none is inside: those in the circle that are closed
// on arrival, those a little farther by road, and, if these are few, the
// nearest by straight line.
func (a *Atlas) others(s *scratch, q Question, p Prospects) (offers []Ranked, more bool, err error) {
	if err := a.reach(s, q, MaxMinutes*60, q.Among); err != nil {
		return nil, false, err
	}
	s.reached = s.nearest(othersMost)
	known := len(s.reached)
	if _, enough := q.page(othersMost); known < enough {
		if err = a.farther(s, q); err != nil {
			return nil, false, err
		}
	}
	s.scored = s.scored[:0]
	for i, r := range s.reached {
		s.scored = append(s.scored, a.other(r, q, p))
		s.scored[i].rough = i >= known
	}
	from, to := q.page(len(s.scored))
	slices.SortFunc(s.scored, scored.compare)
	offers = make([]Ranked, to-from)
	for i, t := range s.scored[from:to] {
		model := s.roads.Model()
		if t.rough {
			model = ModelStraight
		}
		offers[i] = Ranked{a.candidate(t.Reached, model, q, p), t.place, t.score}
	}
	return offers, to < len(s.scored), nil
}

// other weighs an office that is outside, or closed on arrival.
func (a *Atlas) other(r Reached, q Question, p Prospects) scored {
	arrival := q.At.Unix() + int64(r.Seconds)
	doors := a.offices[r.Office].Doors
	t := scored{Reached: r, place: Closed}
	if int(r.Seconds) > q.Minutes*60 {
		t.place = Outside
	}
	var door time.Duration
	if !doors.OpenAt(arrival) {
		door = farDoor
		if opens := doors.OpensAfter(arrival); !opens.IsZero() {
			door = seconds(opens.Unix() - arrival)
		}
	}
	slot := farSlot
	if at := p.FirstSlot(r.Office, arrival); at > 0 {
		slot = seconds(at - arrival)
	}
	t.score = a.weights.weigh(seconds(int64(r.Seconds)), a.wait(r.Office, &q, p), slot, door)
	return t
}

// nearest picks the n nearest of those reached.
func (s *scratch) nearest(n int) []Reached {
	s.scored = s.scored[:0]
	for _, r := range s.reached {
		s.scored = append(s.scored, scored{Reached: r, score: float64(r.Seconds)})
	}
	n = min(n, len(s.scored))
	pick(s.scored, n)
	s.reached = s.reached[:n]
	for i := range s.reached {
		s.reached[i] = s.scored[i].Reached
	}
	return s.reached
}

// farther adds offices that the roads know of no way to in half an hour. The
// straight line may flatter, but must not contradict them.
func (a *Atlas) farther(s *scratch, q Question) (err error) {
	known := len(s.reached)
	if s.far, err = a.field.Nearest(s.far[:0], q.From, q.By, DefaultOffers, q.Among); err != nil {
		return err
	}
	for _, r := range s.far {
		if slices.ContainsFunc(s.reached[:known], func(k Reached) bool { return k.Office == r.Office }) {
			continue
		}
		r.Seconds = max(r.Seconds, MaxMinutes*60+1)
		s.reached = append(s.reached, r)
	}
	return nil
}

// zonesMost is how many self-service zones stand beside the offices.
const zonesMost = 3

// selfService lists the nearest zones in the circle. They are open whenever
// one comes.
func (a *Atlas) selfService(s *scratch, q Question) []Ranked {
	found := s.zones[:min(zonesMost, len(s.zones))]
	for i := range found { // three at most: each is picked from the rest
		for j := i + 1; j < len(s.zones); j++ {
			if z := s.zones[j]; z.Seconds < s.zones[i].Seconds || z.Seconds == s.zones[i].Seconds && z.Office < s.zones[i].Office {
				s.zones[i], s.zones[j] = z, s.zones[i]
			}
		}
	}
	zones := make([]Ranked, len(found))
	for i, r := range found {
		zones[i] = Ranked{Candidate: Candidate{
			Office: a.offices[r.Office].Code, By: q.By, Open: true, Wait: -1,
			Travel: Estimate{int(r.Seconds), int(r.Meters), s.roads.Model()},
		}}
	}
	return zones
}
