package delivery

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/staff"
)

var everyNews = []News{Noted, Fetched, Moving, Outgoing, Tried, Signed, Rejected, Back, CalledOf}

// What a company says leads along the table, never past a station, and never to
// a delivery.
func TestTidingsFollowTheTable(t *testing.T) {
	for _, c := range []struct {
		from State
		news News
		want []Act
	}{
		{Made, Fetched, nil}, // the office has handed nothing over
		{HandedOver, Fetched, []Act{PickUp}},
		{HandedOver, Outgoing, []Act{PickUp, SetOut}},
		{HandedOver, Signed, []Act{PickUp, Claim}},
		{HandedOver, Back, []Act{PickUp, Fail, Return}},
		{InTransit, Fetched, nil},
		{InTransit, Outgoing, []Act{SetOut}},
		{OutForDelivery, Moving, nil},
		{OutForDelivery, Tried, []Act{Fail}},
		{OutForDelivery, Signed, []Act{Claim}},
		{AttemptFailed, Outgoing, []Act{PickUp, SetOut}},
		{AttemptFailed, Back, []Act{Return}},
		{AttemptFailed, Moving, nil},
		{Returning, Signed, nil}, // signed for by whom? the office says when it is back
		{Returned, Outgoing, nil},
		{Delivered, Tried, nil},
		{Cancelled, Fetched, nil},
		{Lost, Signed, nil},
	} {
		require.Equal(t, c.want, at(c.from).follow(c.news, true), "%s %s", c.from, c.news)
	}
	require.Empty(t, at(AttemptFailed).follow(Outgoing, false), "it may be the outing that failed")
	claimed := at(OutForDelivery)
	claimed.ClaimedAt = noon
	require.Empty(t, claimed.follow(Signed, true), "claimed once")
}

func TestNoOrderOfTidingsDeliversOrBreaksTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := at(HandedOver)
		w.Ordered = true
		for range rapid.IntRange(1, 40).Draw(t, "tidings") {
			for _, act := range w.follow(rapid.SampledFrom(everyNews).Draw(t, "news"), rapid.Bool().Draw(t, "timed")) {
				by := staff.Member{ID: companyHand, Role: staff.Courier, Company: w.Company}
				is, err := w.After(Step{Act: act, By: by, At: noon.Add(time.Hour), Reason: OtherReason, Fresh: "012345"})
				if err != nil {
					require.ErrorIs(t, err, ErrAttemptsUsed, "%s %s", w.State, act)
					break
				}
				w = is
			}
			require.NotEqual(t, Delivered, w.State)
			require.NotEqual(t, Returned, w.State)
			require.LessOrEqual(t, w.Attempts, AttemptsMost)
		}
	})
}

func TestTheNumberOfWhoMayActForTheHolderProvesAsWell(t *testing.T) {
	w := at(InTransit)
	w.Demand = Demand{Digits: true}
	s := Step{Act: Deliver, By: ann, At: noon, Proof: Proof{Digits: "00001X"}, Holder: "", Agents: []string{"44060419900100001X"}}
	is, err := w.After(s)
	require.NoError(t, err, "an organisation has no number of its own")
	require.Equal(t, "agent", is.event(s).Proof)
	s.Agents = nil
	_, err = w.After(s)
	require.ErrorIs(t, err, ErrWrongProof)
	s.Holder, s.Proof.Digits = "91440604MA4U0DEM0C", "DEM0C"
	_, err = w.After(s)
	require.ErrorIs(t, err, ErrWrongProof)
}
