package nearby

import (
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// reach asks the way to each office and keeps the nearest.
func (g *Guide) reach(ctx context.Context, from place.Position, by circle.Mode, offices []*place.Office) ([]near, error) {
	stops := make([]circle.Stop, len(offices))
	for i, o := range offices {
		stops[i] = circle.Stop{Code: string(o.Code), At: o.Position}
	}
	times, err := g.Travel.Times(ctx, from, by, stops)
	if err != nil {
		return nil, err
	}
	list := make([]near, len(offices))
	for i, o := range offices {
		list[i] = near{o, times[i]}
	}
	slices.SortFunc(list, func(a, b near) int { return a.travel.Seconds - b.travel.Seconds })
	return list[:min(len(list), offersMost)], nil
}

func (g *Guide) rank(ctx context.Context, item *catalog.Item, list []near, q Question) ([]Offer, error) {
	now := g.Now()
	byCode := map[string]*place.Office{}
	candidates := make([]circle.Candidate, 0, len(list))
	for _, n := range list {
		c, err := g.candidate(ctx, item, n, q.By, now)
		if err != nil {
			return nil, err
		}
		byCode[c.Office] = n.office
		candidates = append(candidates, c)
	}
	ranked := circle.Rank(now, time.Duration(q.Minutes)*time.Minute, circle.DefaultWeights, candidates)
	offers := make([]Offer, len(ranked))
	for i, r := range ranked {
		offers[i] = Offer{Office: byCode[r.Office], Ranked: r, Why: r.Words(now)}
	}
	return offers, nil
}

// candidate says how one would find the office on arrival. The wait in the
// queue is not known before there is a queue to look at.
func (g *Guide) candidate(ctx context.Context, item *catalog.Item, n near, by circle.Mode, now time.Time) (circle.Candidate, error) {
	c := circle.Candidate{Office: string(n.office.Code), By: by, Travel: n.travel, Wait: -1}
	arrival := now.Add(time.Duration(n.travel.Seconds) * time.Second)
	c.Open, c.OpenUntil, c.OpensAt = g.door(n.office, arrival)
	var err error
	c.FirstSlot, err = g.first(ctx, n.office, item, arrival)
	return c, err
}

// slotDays is how far ahead a free slot still makes an office attractive.
const slotDays = 7

// first is the first free slot that can be reached, or the zero time.
func (g *Guide) first(ctx context.Context, o *place.Office, item *catalog.Item, arrival time.Time) (time.Time, error) {
	days, err := g.Slots.Days(ctx, o.Code, item.Code, 1, workday.DateOf(arrival), slotDays)
	if err != nil {
		return time.Time{}, err
	}
	for _, d := range days {
		for _, s := range d.Slots {
			if s.Free > 0 && !s.StartsAt.Before(arrival) {
				return s.StartsAt, nil
			}
		}
	}
	return time.Time{}, nil
}

// doorDays is how far ahead a next opening is looked for: past the longest
// holiday.
const doorDays = 14

// door says whether the office is open at t, until when, or when it next opens.
func (g *Guide) door(o *place.Office, t time.Time) (open bool, until, opens time.Time) {
	today := workday.DateOf(t)
	for i := range doorDays {
		day := today.AddDays(i)
		sessions, _ := o.Hours.Opening(g.Calendar.Day(day))
		for _, s := range sessions {
			from, to := s.At(day)
			if !t.Before(from) && t.Before(to) {
				return true, to, time.Time{}
			}
			if from.After(t) {
				return false, time.Time{}, from
			}
		}
	}
	return false, time.Time{}, time.Time{}
}
