package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var monday = workday.Date{Year: 2026, Month: 11, Day: 23}

// hour leaves the office one hour on Monday, for one visit at a time, and
// books it out.
func (h *reception) hour(who []citizen.Account) (list []appointment.Appointment) {
	h.t.Helper()
	h.capacity(1)
	sessions, err := place.ParseSessions("10:00-10:30")
	require.NoError(h.t, err)
	h.enter(place.Entry{Kind: place.Exception, From: monday.Time(), To: monday.AddDays(1).Time(), Sessions: sessions})
	for i, w := range who {
		list = append(list, h.book(w, birth, on("2026-11-23", "10:00").Add(time.Duration(i)*appointment.Cell)))
	}
	return list
}

func (h *reception) wait(who citizen.Account) appointment.Waiting {
	h.t.Helper()
	w, err := h.Wait(h.t.Context(), who, appointment.Wish{Office: town, Item: birth, People: 1}, monday, monday)
	require.NoError(h.t, err)
	return w
}

func (h *reception) offers() int {
	h.t.Helper()
	_, err := h.Sweep(h.t.Context())
	require.NoError(h.t, err)
	n, err := h.OfferFreed(h.t.Context())
	require.NoError(h.t, err)
	return n
}

func TestAFreedSeatIsOfferedInOrderAndToTheNextWhenItLapses(t *testing.T) {
	h := newReception(t)
	who := h.citizens(6)
	list := h.hour(who[:2])
	first := h.wait(who[2])
	h.clock.Pass(time.Second)
	second := h.wait(who[3])
	_, err := h.Wait(t.Context(), who[2], appointment.Wish{Office: town, Item: birth, People: 1}, monday, monday)
	require.ErrorIs(t, err, appointment.ErrWaitsTwice)
	require.Zero(t, h.offers(), "nothing is free")

	_, err = h.Cancel(t.Context(), who[0].Person, list[0].ID)
	require.NoError(t, err)
	_, err = h.Hold(t.Context(), who[4], ask(birth, list[0].StartsAt, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull, "it is kept for those who wait")
	require.Equal(t, 1, h.offers())
	require.Zero(t, h.offers(), "one seat, one offer")
	require.Contains(t, h.told(who[2]), "候补有号")
	_, err = h.Accept(t.Context(), who[3].Person, second.ID)
	require.ErrorIs(t, err, appointment.ErrNoOffer)
	_, err = h.Accept(t.Context(), who[3].Person, first.ID)
	require.ErrorIs(t, err, appointment.ErrNoWaiting, "it is not theirs")

	h.clock.Pass(15 * time.Minute)
	_, err = h.Accept(t.Context(), who[2].Person, first.ID)
	require.ErrorIs(t, err, appointment.ErrHoldExpired)
	_, err = h.Hold(t.Context(), who[4], ask(birth, list[0].StartsAt, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull, "the next one is asked before everybody")
	require.Equal(t, 1, h.offers())
	a, err := h.Accept(t.Context(), who[3].Person, second.ID)
	require.NoError(t, err)
	require.Equal(t, appointment.Booked, a.State)
	require.True(t, a.StartsAt.Equal(list[0].StartsAt))
	mine, err := h.MyWaiting(t.Context(), who[3].Person, "", 10)
	require.NoError(t, err)
	require.Equal(t, appointment.Accepted, mine[0].State)
	require.Equal(t, 1, h.taken(list[0].StartsAt))
}

func TestWhoLeavesPassesTheOfferOn(t *testing.T) {
	h := newReception(t)
	who := h.citizens(4)
	list := h.hour(who[:1])
	h.book(who[3], birth, list[0].StartsAt.Add(appointment.Cell))
	first := h.wait(who[1])
	h.clock.Pass(time.Second)
	h.wait(who[2])
	_, err := h.Cancel(t.Context(), who[0].Person, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, 1, h.offers())
	left, err := h.Leave(t.Context(), who[1].Person, first.ID)
	require.NoError(t, err)
	require.Equal(t, appointment.Declined, left.State)
	require.Equal(t, 1, h.offers())
	require.Contains(t, h.told(who[2]), "候补有号")
}

func TestASeatGivenUpIsQuietForATimeNobodyKnows(t *testing.T) {
	h := newReception(t)
	h.capacity(1)
	h.rule(func(r *appointment.Rule) { r.Quiet = 20 })
	who := h.citizens(2)
	at := on("2026-11-23", "16:00")
	a := h.book(who[0], birth, at)
	_, err := h.Cancel(t.Context(), who[0].Person, a.ID)
	require.NoError(t, err)
	h.clock.Pass(10*time.Minute - time.Second)
	_, err = h.Hold(t.Context(), who[1], ask(birth, at, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	require.Equal(t, 0, h.free(at))
	h.clock.Pass(20 * time.Minute)
	require.Equal(t, 1, h.free(at), "nobody has swept, but it is free")
	h.hold(who[1], birth, at)
	require.Equal(t, 1, h.taken(at))
}

func TestPeopleAreRemindedOnceOfWhatStands(t *testing.T) {
	h := newReception(t)
	who := h.citizens(3)
	at := on("2026-11-25", "10:00")
	stays, gone, moved := h.book(who[0], birth, at), h.book(who[1], birth, at), h.book(who[2], birth, at)
	_, err := h.Cancel(t.Context(), who[1].Person, gone.ID)
	require.NoError(t, err)
	_, err = h.Move(t.Context(), who[2].Person, moved.ID, at.AddDate(0, 0, 1), "")
	require.NoError(t, err)
	remind := func() int {
		n, err := h.Remind(t.Context())
		require.NoError(t, err)
		return n
	}
	h.clock.Set(on("2026-11-24", "07:59"))
	require.Zero(t, remind())
	h.clock.Set(on("2026-11-24", "08:00"))
	require.Equal(t, 1, remind())
	require.Zero(t, remind(), "once")
	require.Contains(t, h.told(who[0]), "预约提醒：11月25日")
	require.Contains(t, h.told(who[1]), "已取消")
	h.clock.Set(on("2026-11-25", "09:00"))
	require.Equal(t, 2, remind(), "an hour before one, the day before the other")
	require.Contains(t, h.told(who[2]), "预约提醒：11月26日")
	require.Equal(t, appointment.Booked, h.state(stays.ID))
}

func TestWhoMissesTooOftenWaitsAndMayAppeal(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	var last appointment.Appointment
	for range 3 {
		last = h.book(who, birth, workday.DateOf(h.Now()).Time().Add(10*time.Hour))
		h.clock.Set(workday.DateOf(h.Now()).AddDays(1).Time().Add(8 * time.Hour))
		_, err := h.Sweep(t.Context())
		require.NoError(t, err)
	}
	_, err := h.Hold(t.Context(), who, ask(birth, on("2026-11-26", "10:00"), 1))
	require.ErrorIs(t, err, appointment.ErrSuspended)
	p, err := h.Appeal(t.Context(), who.Person, last.ID, "当天住院，有证明")
	require.NoError(t, err)
	_, err = h.Appeal(t.Context(), who.Person, last.ID, "当天住院，有证明")
	require.ErrorIs(t, err, appointment.ErrAppealed)
	open, err := h.Appeals(t.Context(), manager, "", 10)
	require.NoError(t, err)
	require.Equal(t, "当天住院，有证明", open[0].Why)
	other := manager
	other.Office = "440604011000-A"
	_, err = h.DecideAppeal(t.Context(), other, p.ID, true, "属实")
	require.ErrorIs(t, err, appointment.ErrNoAppeal)
	_, err = h.DecideAppeal(t.Context(), manager, p.ID, true, "属实")
	require.NoError(t, err)
	_, err = h.DecideAppeal(t.Context(), manager, p.ID, false, "不属实")
	require.ErrorIs(t, err, appointment.ErrAppealDecided)
	h.hold(who, birth, on("2026-11-26", "10:00"))
}

func TestAnArrangementOfHolidaysListsWhomItHits(t *testing.T) {
	h := newReception(t)
	h.rule(func(r *appointment.Rule) { r.Horizon = 366 })
	h.clock.Set(on("2027-01-25", "08:00"))
	who := h.citizens(3)
	eve, plain := on("2027-02-10", "10:00"), on("2027-02-03", "10:00") // a Wednesday in the week of the Spring Festival
	a, b := h.book(who[0], birth, eve), h.book(who[1], birth, plain)
	entry := func(d string, k workday.Kind) workday.Entry {
		date, err := workday.ParseDate(d)
		require.NoError(t, err)
		return workday.Entry{Date: date, Kind: k, Name: "春节"}
	}
	hit, err := h.Arrange(t.Context(), []workday.Entry{
		entry("2027-02-10", workday.Holiday), entry("2027-02-14", workday.Makeup), entry("2027-10-01", workday.Holiday),
	})
	require.NoError(t, err)
	require.Len(t, hit, 1)
	require.Equal(t, a.ID, hit[0].ID)
	require.False(t, h.find(b.ID).Displaced())
	require.Contains(t, h.told(who[0]), "请在“我的预约”改到其他时间")
	_, err = h.Hold(t.Context(), who[2], ask(birth, eve, 1))
	require.ErrorIs(t, err, appointment.ErrClosed)
	h.hold(who[2], birth, on("2027-02-14", "10:00")) // a Sunday that works
	require.Empty(t, h.Calendar.Warnings(workday.DateOf(eve), workday.DateOf(eve)), "the year is arranged")
}
