package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
)

// scene gathers what an estimate of an office rests on. Where no window is
// open because the office is not, it counts with those that it has, from its
// next opening.
func (h *Hall) scene(ctx context.Context, r Reader, o *place.Office, p Page, now time.Time) (s scene, err error) {
	s = scene{rules: h.Rules, page: p, closes: now}
	if s.tickets, err = r.Live(ctx, o.Code, p.Day); err != nil {
		return s, err
	}
	all, err := r.Windows(ctx, o.Code)
	if err != nil {
		return s, err
	}
	if s.pace, err = r.Pace(ctx, o.Code, p.Day); err != nil {
		return s, err
	}
	spans, _, err := h.opening(ctx, o, p.Day)
	if err != nil {
		return s, err
	}
	for i, span := range spans {
		if i > 0 {
			s.gaps = append(s.gaps, gap{spans[i-1].to, span.from})
		}
		s.closes = span.to
	}
	s.windows = opened(all, now)
	if from, closed := reopens(spans, now); closed && len(s.windows) == 0 {
		s.windows, s.from = planned(o, all), from
	}
	return s, nil
}

// reopens is when an office opens next on its day, if it is closed now.
func reopens(spans []gap, now time.Time) (from time.Time, closed bool) {
	for _, span := range spans {
		if now.Before(span.from) {
			return span.from, true
		}
		if now.Before(span.to) {
			break
		}
	}
	return from, false
}

// planned are all windows of an office, set as they were set.
func planned(o *place.Office, set []Window) []Window {
	list := make([]Window, o.Windows)
	for i := range list {
		list[i] = Window{Office: o.Code, Number: i + 1}
		for _, w := range set {
			if w.Number == i+1 {
				list[i] = w
			}
		}
	}
	return list
}
