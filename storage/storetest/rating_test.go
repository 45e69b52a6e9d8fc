package storetest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestADecidedCaseOfOnesOwnIsRatedOnce(t *testing.T) {
	h := openHandout(t)
	decided := map[casework.State]bool{casework.Granted: true, casework.Refused: true, casework.Closed: true}
	for _, state := range caseStates {
		r := rating.Rating{Kind: rating.OfCase, Subject: h.caseIn(state, sent), Person: h.me(), Grade: 1, Reasons: []rating.Reason{rating.Slow, rating.Rude}, Text: "等了三次"}

		foreign := r
		foreign.Person = h.people[1].Person
		_, err := h.box.Rate(t.Context(), foreign)
		require.ErrorIs(t, err, casework.ErrNoCase)
		foreign.Person = ""
		_, err = h.box.Rate(t.Context(), foreign)
		require.ErrorIs(t, err, casework.ErrNoCase)

		got := together(4, func(_ int) error {
			_, err := h.box.Rate(t.Context(), r)
			return err
		})
		want := map[string]int{"rating.too_early": 4}
		if decided[state] {
			want = map[string]int{"": 1, "rating.rated": 3}
		}
		require.Equal(t, want, got, state)
	}
	_, err := h.box.Rate(t.Context(), rating.Rating{Kind: rating.OfCase, Subject: storetest.NewID(), Person: h.me(), Grade: 5})
	require.ErrorIs(t, err, casework.ErrNoCase)
}
