package appointment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

var (
	allStates = []State{Held, Booked, CheckedIn, Served, Cancelled, Lapsed, NoShow}
	allActs   = []Act{Confirm, Release, Lapse, Cancel, Move, CheckIn, Serve, Miss, Void}
)

func TestNothingHappensButWhatIsDrawn(t *testing.T) {
	drawn := map[State]map[Act]State{
		Held:      {Confirm: Booked, Release: Lapsed, Lapse: Lapsed},
		Booked:    {Move: Booked, Cancel: Cancelled, CheckIn: CheckedIn, Miss: NoShow, Void: Cancelled},
		CheckedIn: {Serve: Served},
	}
	for _, from := range allStates {
		for _, act := range allActs {
			a, err := Appointment{State: from}.turned(act)
			to, ok := drawn[from][act]
			if !ok {
				require.ErrorIs(t, err, ErrWrongState, "%s when %s", act, from)
				require.Equal(t, from, a.State)
				continue
			}
			require.NoError(t, err, "%s when %s", act, from)
			require.Equal(t, to, a.State)
		}
	}
}

func TestARefusalSaysWhatIsAllowed(t *testing.T) {
	for state, want := range map[State]string{
		Held:      "这个预约的状态是“占号中”，可以确认、放弃占号",
		Booked:    "这个预约的状态是“已预约”，可以改期、取消、到场签到",
		CheckedIn: "这个预约的状态是“已签到”，不能再更改；如需办理，请重新预约",
		Cancelled: "这个预约的状态是“已取消”，不能再更改；如需办理，请重新预约",
		NoShow:    "这个预约的状态是“已爽约”，不能再更改；如需办理，请重新预约",
	} {
		_, err := Appointment{State: state}.turned("no such act")
		require.Equal(t, want, fault.From(err).Text)
	}
	for _, s := range allStates {
		require.NotEmpty(t, s.Words(), s)
	}
}

func TestAHoldCanBeConfirmedUntilItsLastMoment(t *testing.T) {
	end := instant(t, "2026-11-23T09:05:00+08:00")
	hold := Appointment{State: Held, LapsesAt: end, StartsAt: end.Add(time.Hour), EndsAt: end.Add(2 * time.Hour)}

	a, err := hold.confirm(end.Add(-time.Millisecond))
	require.NoError(t, err)
	require.Equal(t, Booked, a.State)
	require.Equal(t, "2026-11-24T00:00:00+08:00", a.LapsesAt.Format(time.RFC3339), "an appointment lasts as long as its day")

	_, err = hold.confirm(end)
	require.ErrorIs(t, err, ErrHoldExpired)
	require.Equal(t, Held, hold.by(end.Add(-1)).State)
	require.Equal(t, Lapsed, hold.by(end).State)

	hold.StartsAt = end.Add(-time.Minute)
	_, err = hold.confirm(hold.StartsAt)
	require.ErrorIs(t, err, ErrBegun)
}

func TestWhatHasBegunCannotBeChanged(t *testing.T) {
	start := instant(t, "2026-11-23T09:00:00+08:00")
	a := Appointment{State: Booked, StartsAt: start}
	for _, act := range []Act{Cancel, Move} {
		_, err := a.unbegun(act, start.Add(-time.Second))
		require.NoError(t, err)
		_, err = a.unbegun(act, start)
		require.ErrorIs(t, err, ErrBegun)
	}
}

func TestReleasingALapsedHoldSaysThatItIsGone(t *testing.T) {
	end := instant(t, "2026-11-23T09:05:00+08:00")
	for state, want := range map[State]error{Lapsed: ErrHoldExpired, Held: ErrHoldExpired, Booked: ErrWrongState} {
		_, err := Appointment{State: state, LapsesAt: end}.release(end)
		require.ErrorIs(t, err, want, "%s; swept or not makes no difference", state)
	}
	a, err := Appointment{State: Held, LapsesAt: end}.release(end.Add(-1))
	require.NoError(t, err)
	require.Equal(t, Lapsed, a.State)
}
