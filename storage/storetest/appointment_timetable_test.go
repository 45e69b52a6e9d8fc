package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// manager leads the town's office.
var manager = staff.Member{ID: "m-1", Role: staff.OfficeManager, Office: town}

// enter makes an entry and returns whom it hit.
func (h *reception) enter(e place.Entry) (place.Entry, []appointment.ID) {
	h.t.Helper()
	e.Reason = "停电检修"
	made, hit, err := h.Enter(h.t.Context(), manager, e)
	require.NoError(h.t, err)
	var ids []appointment.ID
	for _, a := range hit {
		ids = append(ids, a.ID)
	}
	return made, ids
}

func closure(from, to time.Time) place.Entry {
	return place.Entry{Kind: place.Closure, From: from, To: to}
}

// told is the latest notice of a person.
func (h *reception) told(who citizen.Account) string {
	h.t.Helper()
	list, err := h.db.Notices(h.t.Context(), who.Person, "", 1)
	require.NoError(h.t, err)
	require.NotEmpty(h.t, list)
	return list[0].Text
}

func (h *reception) find(id appointment.ID) appointment.Appointment {
	h.t.Helper()
	a, err := h.Store.Appointment(h.t.Context(), id)
	require.NoError(h.t, err)
	return a
}

func TestAClosureHoldsAtOnceAndNamesWhomItHits(t *testing.T) {
	h := newReception(t)
	h.capacity(5)
	who := h.citizens(4)
	ten, eleven := on("2026-11-23", "10:00"), on("2026-11-23", "11:00")
	first, before, held := h.book(who[0], guoji, ten), h.book(who[1], birth, eleven), h.hold(who[2], birth, ten)

	e, hit := h.enter(closure(ten, ten.Add(time.Hour)))
	require.ElementsMatch(t, []appointment.ID{first.ID, held.ID}, hit)
	require.Contains(t, h.told(who[0]), "受停办影响")
	require.True(t, h.find(first.ID).Displaced())
	require.Equal(t, first.StartsAt, h.find(first.ID).StartsAt, "it keeps its time until somebody moves it")
	require.Equal(t, appointment.Lapsed, h.state(held.ID))
	require.False(t, h.find(before.ID).Displaced())

	_, err := h.Book(t.Context(), who[2].Person, held.ID)
	require.Error(t, err)
	_, err = h.Hold(t.Context(), who[3], ask(birth, ten.Add(30*time.Minute), 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered)
	require.Equal(t, -1, h.free(ten), "it is not offered")
	_, err = h.Hold(t.Context(), who[3], ask(guoji, ten.Add(-appointment.Cell), 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered, "nobody is served across the closure")

	_, again, err := h.Undo(t.Context(), manager, e.ID)
	require.NoError(t, err)
	require.Len(t, again, 1)
	require.Contains(t, h.told(who[0]), "恢复正常")
	require.False(t, h.find(first.ID).Displaced())
	require.Equal(t, 4, h.free(ten))
	_, _, err = h.Undo(t.Context(), manager, e.ID)
	require.ErrorIs(t, err, appointment.ErrUndone)
	other := manager
	other.Office = "440604011000-A"
	_, _, err = h.Undo(t.Context(), other, e.ID)
	require.ErrorIs(t, err, appointment.ErrNoEntry)
}

func TestWhatIsClosedMayBeMovedOutsideTheUsualLimits(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten, friday := on("2026-11-23", "10:00"), on("2026-11-27", "10:00")
	a := h.book(who, birth, ten)
	same := h.book(who, birth, friday)
	h.enter(closure(ten.Add(-2*time.Hour), ten.Add(8*time.Hour)))

	h.clock.Set(ten.Add(time.Hour))
	moved, err := h.Move(t.Context(), who.Person, a.ID, friday.Add(2*time.Hour-appointment.Cell), "")
	require.NoError(t, err, "after its hour, and on a day that has the same item already")
	require.False(t, moved.Displaced())
	_, err = h.Move(t.Context(), who.Person, same.ID, moved.StartsAt.Add(-time.Hour), "")
	require.ErrorIs(t, err, appointment.ErrSameDay, "the other one has no such leave")
	require.Zero(t, h.taken(ten))
	require.Equal(t, 1, h.taken(moved.StartsAt))

	far := on("2026-12-15", "10:00")
	_, err = h.Move(t.Context(), who.Person, moved.ID, far, "")
	require.ErrorIs(t, err, appointment.ErrNotReleased, "once only")
}

func TestWhatIsClosedAndNotMovedEndsWithoutBlame(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten := on("2026-11-23", "10:00")
	a := h.book(who, birth, ten)
	h.enter(closure(ten, ten.Add(time.Hour)))
	h.clock.Set(on("2026-11-30", "23:59"))
	_, err := h.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, appointment.Booked, h.state(a.ID))
	h.clock.Set(on("2026-12-01", "00:00"))
	_, err = h.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, appointment.Cancelled, h.state(a.ID))
}

func TestAClosedWindowHitsOnlyThoseThatFindNoOther(t *testing.T) {
	h := newReception(t)
	h.capacity(3)
	who := h.citizens(6)
	ten := on("2026-11-23", "10:00")
	var list []appointment.Appointment
	for i, w := range who[:3] {
		h.clock.Set(on("2026-11-23", "08:00").Add(time.Duration(i) * time.Second))
		list = append(list, h.book(w, guoji, ten))
	}
	early := h.book(who[3], birth, on("2026-11-23", "09:00"))
	e := closure(ten.Add(appointment.Cell), ten.Add(time.Hour))
	e.Window = 2
	_, hit := h.enter(e)
	require.Equal(t, []appointment.ID{list[2].ID}, hit, "the latest made gives way")
	require.False(t, h.find(early.ID).Displaced())
	require.Equal(t, 1, h.free(on("2026-11-23", "09:00")), "that morning two windows stay open throughout")
	require.Equal(t, 3, h.free(on("2026-11-23", "15:00")))

	again, hit := h.enter(e)
	require.Empty(t, hit, "closed twice is closed once")
	_, _, err := h.Undo(t.Context(), manager, again.ID)
	require.NoError(t, err)
	require.True(t, h.find(list[2].ID).Displaced(), "the other closure still holds")
}

func TestAnItemIsClosedAlone(t *testing.T) {
	h := newReception(t)
	who := h.citizens(2)
	ten := on("2026-11-23", "10:00")
	a, b := h.book(who[0], guoji, ten), h.book(who[1], birth, ten)
	e := closure(ten, ten.Add(24*time.Hour))
	e.Item = string(guoji)
	_, hit := h.enter(e)
	require.Equal(t, []appointment.ID{a.ID}, hit)
	require.False(t, h.find(b.ID).Displaced())
	_, err := h.Hold(t.Context(), who[1], ask(guoji, ten.Add(time.Hour), 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered)
	require.Positive(t, h.free(ten))
}

func TestAnExceptionOpensASundayAndShortensAMonday(t *testing.T) {
	h := newReception(t)
	who := h.citizens(3)
	sunday, late := on("2026-11-29", "09:00"), h.book(h.citizensFrom(50, 1)[0], birth, on("2026-11-30", "16:00"))
	sessions, err := place.ParseSessions("09:00-11:00")
	require.NoError(t, err)
	_, hit := h.enter(place.Entry{Kind: place.Exception, From: on("2026-11-29", "00:00"), To: on("2026-12-01", "00:00"), Sessions: sessions})
	require.Equal(t, []appointment.ID{late.ID}, hit)
	h.book(who[0], birth, sunday)
	_, err = h.Hold(t.Context(), who[1], ask(birth, on("2026-11-30", "14:00"), 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered)
}

func TestASeriesChangesTheWeekAndNobodysTime(t *testing.T) {
	h := newReception(t)
	who := h.citizens(2)
	a := h.book(who[0], birth, on("2026-11-24", "16:00"))
	hours, err := place.ParseHours("Mon-Fri 09:00-12:00")
	require.NoError(t, err)
	_, hit := h.enter(place.Entry{Kind: place.Series, From: on("2026-11-24", "00:00"), To: on("2027-03-01", "00:00"), Weekly: hours})
	require.Empty(t, hit)
	require.Equal(t, appointment.Booked, h.state(a.ID))
	_, err = h.Hold(t.Context(), who[1], ask(birth, on("2026-11-24", "15:00"), 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered)
	h.book(who[1], birth, on("2026-11-23", "15:00"))
}

func TestEntriesThatMakeNoSenseAreRefused(t *testing.T) {
	h := newReception(t)
	ten := on("2026-11-23", "10:00")
	day := on("2026-11-24", "00:00")
	for name, c := range map[string]struct {
		e    place.Entry
		want string
	}{
		"backwards":              {closure(ten, ten), "appointment.entry_time"},
		"over":                   {closure(ten.AddDate(0, 0, -2), ten.AddDate(0, 0, -1)), "appointment.entry_time"},
		"for ever":               {closure(ten, ten.AddDate(2, 0, 0)), "appointment.entry_time"},
		"half a day's exception": {place.Entry{Kind: place.Exception, From: ten, To: day}, "appointment.entry_time"},
		"no such window":         {place.Entry{Kind: place.Closure, From: ten, To: day, Window: 1000}, "appointment.entry_window"},
		"no such item":           {place.Entry{Kind: place.Closure, From: ten, To: day, Item: "XX-1"}, "catalog.no_item"},
		"an item's exception":    {place.Entry{Kind: place.Exception, From: day, To: day.AddDate(0, 0, 1), Item: string(birth)}, "appointment.entry_kind"},
	} {
		_, _, err := h.Enter(t.Context(), manager, c.e)
		require.Equal(t, c.want, codeOf(err), name)
	}
	list, err := h.Entries(t.Context(), manager, "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
}
