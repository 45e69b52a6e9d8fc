package circle

import (
	"cmp"
	"slices"
	"time"
)

// scratch is the working room of one question, kept between questions.
type scratch struct {
	reached []Reached
	scored  []scored
	zones   []Reached
	asked   Mask
}

// scored is an office in the circle with its score.
type scored struct {
	Reached
	score float64
}

func (s scored) compare(o scored) int {
	return cmp.Or(cmp.Compare(s.score, o.score), cmp.Compare(s.Seconds, o.Seconds), cmp.Compare(s.Office, o.Office))
}

// Ask answers a question. Errors: ErrUnknownMode, ErrMinutes, ErrPosition,
// ErrSwapped, ErrOutside, ErrWhen, ErrNoRoad.
func (a *Atlas) Ask(q Question, p Prospects) (Answer, error) {
	if err := a.check(q); err != nil {
		return Answer{}, err
	}
	s := a.pool.Get().(*scratch)
	defer a.pool.Put(s)
	var err error
	s.asked = join(s.asked, q.Among, a.self)
	if s.reached, err = a.roads.Within(s.reached[:0], q.From, q.By, q.Minutes*60, s.asked); err != nil {
		return Answer{}, err
	}
	answer := Answer{Model: a.roads.Model()}
	a.score(s, q, p)
	answer.SelfService = a.selfService(s, q)
	if len(s.scored) > 0 {
		answer.Offers = a.best(s, q, p)
		return answer, nil
	}
	answer.Offers, err = a.others(s, q, p)
	return answer, err
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
		wait := a.wait(r.Office, q.At, p)
		s.scored = append(s.scored, scored{r, a.weights.weigh(seconds(int64(r.Seconds)), wait, slot, 0)})
	}
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// wait is the queue as it is, and those who were just sent to it.
func (a *Atlas) wait(office int32, now time.Time, p Prospects) time.Duration {
	wait := p.Wait(office)
	if sent := a.crowd.Wait(int(office), now); sent > 0 {
		wait = max(0, wait) + sent
	}
	return wait
}

// best takes the best of the scored, in order, and counts whoever asked as
// sent to the first.
func (a *Atlas) best(s *scratch, q Question, p Prospects) []Ranked {
	top := s.scored[:a.most(q, len(s.scored))]
	pick(s.scored, len(top))
	slices.SortFunc(top, scored.compare)
	offers := make([]Ranked, len(top))
	for i, t := range top {
		offers[i] = Ranked{a.candidate(t.Reached, a.roads.Model(), q, p), Inside, t.score}
	}
	a.crowd.Send(int(top[0].Office), q.At, q.Takes)
	return offers
}

func (a *Atlas) most(q Question, found int) int {
	return min(cmp.Or(q.Most, DefaultOffers), found)
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
		Wait:   a.wait(r.Office, q.At, p),
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

// others are offered when none is inside: those in the circle that are closed
// on arrival, those a little farther by road, and the nearest by straight line.
func (a *Atlas) others(s *scratch, q Question, p Prospects) ([]Ranked, error) {
	found, err := a.roads.Within(s.reached[:0], q.From, q.By, MaxMinutes*60, q.Among)
	if err != nil {
		return nil, err
	}
	byRoad := len(found)
	known := NewMask(len(a.offices))
	for _, r := range found {
		known.Set(int(r.Office))
	}
	if found, err = a.field.Nearest(found, q.From, q.By, DefaultOffers, q.Among); err != nil {
		return nil, err
	}
	s.reached = found
	var all []Candidate
	for i, r := range found {
		switch {
		case i < byRoad:
			all = append(all, a.candidate(r, a.roads.Model(), q, p))
		case !known.Has(int(r.Office)):
			// The roads know of no way in half an hour; the straight line may
			// flatter, but must not contradict them.
			r.Seconds = max(r.Seconds, MaxMinutes*60+1)
			all = append(all, a.candidate(r, ModelStraight, q, p))
		}
	}
	ranked := Rank(q.At, time.Duration(q.Minutes)*time.Minute, a.weights, all)
	return ranked[:a.most(q, len(ranked))], nil
}

// zonesMost is how many self-service zones stand beside the offices.
const zonesMost = 3

// selfService lists the nearest zones in the circle. They are open whenever
// one comes.
func (a *Atlas) selfService(s *scratch, q Question) []Ranked {
	slices.SortFunc(s.zones, func(x, y Reached) int {
		return cmp.Or(cmp.Compare(x.Seconds, y.Seconds), cmp.Compare(x.Office, y.Office))
	})
	found := s.zones[:min(zonesMost, len(s.zones))]
	zones := make([]Ranked, len(found))
	for i, r := range found {
		zones[i] = Ranked{Candidate: Candidate{
			Office: a.offices[r.Office].Code, By: q.By, Open: true, Wait: -1,
			Travel: Estimate{int(r.Seconds), int(r.Meters), a.roads.Model()},
		}}
	}
	return zones
}
