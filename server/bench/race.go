package bench

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// side is one of the contenders of a comparison. It works until the deadline
// and returns how long each of its pieces took.
type side struct {
	name string
	run  func(ctx context.Context, until time.Time) ([]time.Duration, error)
}

// score is what a side reached.
type score struct {
	rates []float64       // pieces a second, by round
	each  []time.Duration // of all rounds, ascending
}

// rounds of a race: many short ones, so that a burst of other work spoils few of
// them.
const rounds = 25

// race lets the sides work by turns, so that what else the machine does
// falls on all of them alike. Each works for r.Length in all.
func race(ctx context.Context, r *Report, sides ...side) ([]score, error) {
	slice := r.Length / rounds
	for _, s := range sides { // warm: caches filled, connections open
		if _, err := s.run(ctx, time.Now().Add(slice/4)); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	scores := make([]score, len(sides))
	for range rounds {
		for i, s := range sides {
			start := time.Now()
			each, err := s.run(ctx, start.Add(slice))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			took := time.Since(start).Seconds()
			scores[i].rates = append(scores[i].rates, float64(len(each))/took)
			scores[i].each = append(scores[i].each, each...)
		}
	}
	for _, s := range scores {
		slices.Sort(s.each)
	}
	return scores, nil
}

// rate is pieces a second in the upper quartile of the rounds: other work on the
// machine only slows a round down, and the very best may be luck.
func (s score) rate() float64 {
	sorted := slices.Sorted(slices.Values(s.rates))
	return sorted[len(sorted)*3/4]
}

// ms is the time in milliseconds that a share of the pieces took at most.
func (s score) ms(share float64) float64 { return milliseconds(percentile(s.each, share)) }

// to is how s compares with other.
func (s score) to(other score) float64 { return s.rate() / other.rate() }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile of sorted times; 0 where there are none.
func percentile(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
