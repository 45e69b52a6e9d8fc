package soak

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func judged(capacity int, tell func(h *history)) []string {
	h := &history{}
	tell(h)
	return h.judge([]slot{{"s", capacity}}).Problems
}

// TestAnswersThatCannotAllBeTrueAreFound, and those that can are not blamed.
func TestAnswersThatCannotAllBeTrueAreFound(t *testing.T) {
	take, full, give := event{kind: takes}, event{kind: takes, full: true}, event{kind: gives}
	for name, c := range map[string]struct {
		fine bool
		tell func(h *history)
	}{
		"sold, given back, sold": {true, func(h *history) {
			h.add("s", 0, take, 0, 1)
			h.add("s", 0, give, 2, 3)
			h.add("s", 1, take, 4, 5)
		}},
		"sold twice": {false, func(h *history) { h.add("s", 0, take, 0, 1); h.add("s", 1, take, 2, 3) }},
		"sold before it was given back": {false, func(h *history) {
			h.add("s", 0, take, 0, 1)
			h.add("s", 1, take, 2, 3)
			h.add("s", 0, give, 4, 5)
		}},
		"sold while it was given back": {true, func(h *history) {
			h.add("s", 0, take, 0, 1)
			h.add("s", 1, take, 2, 5)
			h.add("s", 0, give, 3, 4)
		}},
		"full though nobody had it":    {false, func(h *history) { h.add("s", 0, full, 0, 1) }},
		"shown free though it was not": {false, func(h *history) { h.add("s", 0, take, 0, 1); h.add("s", 1, event{kind: shows, free: 1}, 2, 3) }},
		"a hold that time ended somewhere between": {true, func(h *history) {
			h.add("s", 0, take, 0, 1)
			h.add("s", 1, take, 5, 6)
			h.add("s", 0, event{kind: gives, lapse: true}, 1, 9)
		}},
		"many refusals at once": {true, func(h *history) {
			h.add("s", 0, take, 0, 1)
			for i := range 500 {
				h.add("s", i, full, int64(2+i), int64(2000+i))
			}
		}},
	} {
		require.Equal(t, c.fine, len(judged(1, c.tell)) == 0, name)
	}
}
