package circle

import (
	"context"
	"time"
)

// engineMost is how many offices an engine is asked about: each costs quota.
const engineMost = 60

// AskEngine answers a question with the travel times of an engine that is asked
// each time, for the offices that are nearest by straight line. Errors: those
// of Ask, and those of the engine.
func (a *Atlas) AskEngine(ctx context.Context, q Question, p Prospects, engine TravelTime) (Answer, error) {
	if err := a.check(q); err != nil {
		return Answer{}, err
	}
	near, err := a.field.Nearest(nil, q.From, q.By, engineMost, q.Among)
	if err != nil {
		return Answer{}, err
	}
	all, err := a.timed(ctx, near, q, p, engine)
	if err != nil {
		return Answer{}, err
	}
	ranked := Rank(q.At, time.Duration(q.Minutes)*time.Minute, a.weights, all)
	from, to := q.page(len(ranked))
	answer := Answer{Offers: ranked[from:to], More: to < len(ranked), Model: a.Model()}
	if len(ranked) > 0 {
		answer.Model = ranked[0].Travel.Model
		a.sendFirst(ranked[0], near, q)
	}
	answer.SelfService, err = a.zones(q)
	return answer, err
}

// timed asks the engine and makes candidates of what it reaches.
func (a *Atlas) timed(ctx context.Context, near []Reached, q Question, p Prospects, engine TravelTime) ([]Candidate, error) {
	stops := make([]Stop, len(near))
	for i, r := range near {
		stops[i] = a.offices[r.Office].Stop
	}
	times, err := engine.Times(ctx, q.From, q.By, stops)
	if err != nil {
		return nil, err
	}
	var all []Candidate
	for i, r := range near {
		if times[i].Seconds != Unreachable {
			r.Seconds, r.Meters = int32(times[i].Seconds), int32(times[i].Meters)
			all = append(all, a.candidate(r, times[i].Model, q, p))
		}
	}
	return all, nil
}

// sendFirst counts whoever asked as sent to the first offer, if it is inside.
func (a *Atlas) sendFirst(first Ranked, near []Reached, q Question) {
	for _, r := range near {
		if first.Place == Inside && a.offices[r.Office].Code == first.Office {
			a.send(r.Office, q)
		}
	}
}

// zones looks the self-service zones up by itself.
func (a *Atlas) zones(q Question) ([]Ranked, error) {
	s := a.pool.Get().(*scratch)
	defer a.pool.Put(s)
	if err := a.reach(s, q, q.Minutes*60, a.self); err != nil {
		return nil, err
	}
	s.zones = append(s.zones[:0], s.reached...)
	return a.selfService(s, q), nil
}
