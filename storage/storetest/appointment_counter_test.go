package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

func TestCheckInIsForItsOfficeItsDayAndItsTime(t *testing.T) {
	h := newReception(t)
	who := h.citizens(3)
	at := on("2026-11-24", "10:00")
	a, held := h.book(who[0], birth, at), h.hold(who[2], birth, at)
	for _, c := range []struct {
		date, clock string
		office      place.OfficeCode
		code        appointment.Code
		want        string
	}{
		{"2026-11-24", "09:30", town, "22222222", "appointment.no_code"},
		{"2026-11-24", "09:30", "440604011000-A", a.Code, "staff.other_office"},
		{"2026-11-24", "09:30", "", a.Code, "staff.other_office"},
		{"2026-11-24", "09:30", town, held.Code, "appointment.wrong_state"},
		{"2026-11-23", "10:00", town, a.Code, "appointment.other_day"},
		{"2026-11-25", "10:00", town, a.Code, "appointment.other_day"},
		{"2026-11-24", "08:59", town, a.Code, "appointment.too_early"},
		{"2026-11-24", "17:30", town, a.Code, "appointment.too_late"},
	} {
		h.clock.Set(on(c.date, c.clock))
		_, err := h.CheckIn(t.Context(), clerk(c.office), c.code)
		require.Equal(t, c.want, codeOf(err), "%+v", c)
		require.Equal(t, appointment.Booked, h.state(a.ID))
	}
	h.clock.Set(on("2026-11-24", "09:00"))
	done, err := h.CheckIn(t.Context(), clerk(town), a.Code)
	require.NoError(t, err)
	require.Equal(t, appointment.CheckedIn, done.State)
	require.Equal(t, h.Now(), done.CheckedAt)
	_, err = h.CheckIn(t.Context(), clerk(town), a.Code)
	require.ErrorIs(t, err, appointment.ErrWrongState)
	_, err = h.Cancel(t.Context(), who[0].Person, a.ID)
	require.ErrorIs(t, err, appointment.ErrWrongState)
}

func TestLateComersAreCheckedInUntilTheOfficeCloses(t *testing.T) {
	h := newReception(t)
	who := h.citizens(2)
	a, b := h.book(who[0], birth, on("2026-11-23", "10:00")), h.book(who[1], birth, on("2026-11-23", "17:15"))
	h.clock.Set(on("2026-11-23", "17:29"))
	_, err := h.CheckIn(t.Context(), clerk(town), a.Code)
	require.NoError(t, err)

	var none place.Hours
	h.office(town).Hours = none
	h.clock.Set(on("2026-11-23", "18:00"))
	_, err = h.CheckIn(t.Context(), clerk(town), b.Code)
	require.NoError(t, err, "it is no fault of theirs that the hours were taken away")
}

func TestTodayShowsAnOfficeItsOwnPeople(t *testing.T) {
	h := newReception(t)
	who := h.citizens(6)
	var want []appointment.ID
	for i, clock := range []string{"09:00", "10:00", "16:00"} {
		want = append(want, h.book(who[i], birth, on("2026-11-23", clock)).ID)
	}
	h.hold(who[3], birth, on("2026-11-23", "10:00"))
	cancelled := h.book(who[4], birth, on("2026-11-23", "10:00"))
	_, err := h.Cancel(t.Context(), who[4].Person, cancelled.ID)
	require.NoError(t, err)
	tomorrow := h.book(who[5], birth, on("2026-11-24", "10:00"))

	ids := func(m staff.Member, date workday.Date, cursor appointment.ID, most int) (ids []appointment.ID) {
		list, err := h.Today(t.Context(), m, date, cursor, most)
		require.NoError(t, err)
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		return ids
	}
	require.Equal(t, want, ids(clerk(town), workday.Date{}, "", 10))
	require.Equal(t, want[:2], ids(clerk(town), workday.Date{}, "", 2))
	require.Equal(t, want[2:], ids(clerk(town), workday.Date{}, want[1], 2))
	require.Equal(t, []appointment.ID{tomorrow.ID}, ids(clerk(town), workday.DateOf(tomorrow.StartsAt), "", 10))
	require.Empty(t, ids(clerk("440604011000-A"), workday.Date{}, "", 10))
	for _, bad := range []appointment.ID{"nonsense", tomorrow.ID} {
		_, err := h.Today(t.Context(), clerk(town), workday.Date{}, bad, 10)
		require.ErrorIs(t, err, appointment.ErrCursor)
	}
	_, err = h.Today(t.Context(), clerk("440604011000-A"), workday.Date{}, want[0], 10)
	require.ErrorIs(t, err, appointment.ErrCursor)
}

func TestTheSweepEndsWhatTimeHasEnded(t *testing.T) {
	h := newReception(t)
	h.capacity(200)
	who := h.citizens(153)
	ten := on("2026-11-23", "10:00")
	for _, w := range who[:150] { // more than one transaction takes
		h.hold(w, guoji, ten)
	}
	came, missed, ahead := h.book(who[150], birth, ten), h.book(who[151], birth, ten), h.book(who[152], birth, ten.AddDate(0, 0, 1))

	n, err := h.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	h.clock.Pass(5 * time.Minute)
	n, err = h.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 150, n)
	require.Equal(t, 2, h.taken(ten))

	h.clock.Set(ten)
	_, err = h.CheckIn(t.Context(), clerk(town), came.Code)
	require.NoError(t, err)
	h.clock.Set(on("2026-11-23", "23:59"))
	n, err = h.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "the day is not over")
	h.clock.Set(on("2026-11-24", "00:00"))
	n, err = h.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, appointment.Served, h.state(came.ID))
	require.Equal(t, appointment.NoShow, h.state(missed.ID))
	require.Equal(t, appointment.Booked, h.state(ahead.ID))
	require.Equal(t, 2, h.taken(ten), "what is past stays taken")
}
