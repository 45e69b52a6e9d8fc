package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

func TestAHoldBecomesAnAppointmentAndSaysSo(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	nine := on("2026-11-23", "09:00")

	held, err := h.Hold(t.Context(), who, ask(guoji, nine, 2))
	require.NoError(t, err)
	require.Equal(t, appointment.Held, held.State)
	require.Equal(t, "09:00 10:00", held.StartsAt.Format("15:04")+" "+held.EndsAt.Format("15:04"), "2 people, 25 minutes each: 4 cells")
	require.Equal(t, h.Now().Add(5*time.Minute), held.LapsesAt)

	a, err := h.Book(t.Context(), who.Person, held.ID)
	require.NoError(t, err)
	require.Equal(t, appointment.Booked, a.State)
	stored, err := h.Appointment(t.Context(), who.Person, held.ID)
	require.NoError(t, err)
	require.Equal(t, a.Code, stored.Code)
	require.True(t, a.StartsAt.Equal(stored.StartsAt) && a.EndsAt.Equal(stored.EndsAt) && a.LapsesAt.Equal(stored.LapsesAt))

	notices, err := h.db.Notices(t.Context(), who.Person, "", 10)
	require.NoError(t, err)
	require.Len(t, notices, 1)
	require.Equal(t, "预约成功：11月23日（星期一）上午9:00，石湾镇街道行政服务中心，办理“国(境)外出生子女回国入户”，共2人，预约码"+
		string(a.Code)+"。请按时到场签到；不能前来，请提前取消或改期。", notices[0].Text)
	require.Equal(t, string(a.ID), notices[0].Subject)
}

func TestWhatCannotBeBookedIsRefusedByName(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	good := ask(birth, on("2026-11-23", "09:00"), 1)
	stranger := who
	stranger.Person = ""
	for name, c := range map[string]struct {
		who    citizen.Account
		change func(*appointment.Request)
		want   string
	}{
		"without a real name":    {stranger, func(*appointment.Request) {}, "citizen.need_real_name"},
		"no such office":         {who, func(r *appointment.Request) { r.Office = "440604-X" }, "place.no_office"},
		"no such item":           {who, func(r *appointment.Request) { r.Item = "XX-9999" }, "catalog.no_item"},
		"item of other levels":   {who, func(r *appointment.Request) { r.Item = "CZ-0001" }, "appointment.not_here"},
		"office of other levels": {who, func(r *appointment.Request) { r.Office = "440600000000-A" }, "appointment.not_here"},
		"nobody":                 {who, func(r *appointment.Request) { r.People = 0 }, "appointment.people"},
		"fewer than nobody":      {who, func(r *appointment.Request) { r.People = -1 }, "appointment.people"},
		"a crowd":                {who, func(r *appointment.Request) { r.People = 6 }, "appointment.people"},
		"beside the grid":        {who, func(r *appointment.Request) { r.StartsAt = r.StartsAt.Add(time.Minute) }, "appointment.not_offered"},
		"lunch":                  {who, func(r *appointment.Request) { r.StartsAt = on("2026-11-23", "12:30") }, "appointment.not_offered"},
		"closing":                {who, func(r *appointment.Request) { r.StartsAt = on("2026-11-23", "17:30") }, "appointment.not_offered"},
		"across lunch":           {who, func(r *appointment.Request) { r.StartsAt, r.People = on("2026-11-23", "11:45"), 2 }, "appointment.not_offered"},
		"soon":                   {who, func(r *appointment.Request) { r.StartsAt = on("2026-11-23", "08:15") }, "appointment.too_soon"},
		"past":                   {who, func(r *appointment.Request) { r.StartsAt = on("2026-11-20", "09:00") }, "appointment.too_soon"},
		"no time":                {who, func(r *appointment.Request) { r.StartsAt = time.Time{} }, "appointment.too_soon"},
		"far":                    {who, func(r *appointment.Request) { r.StartsAt = on("2026-12-07", "09:00") }, "appointment.not_released"},
		"Sunday":                 {who, func(r *appointment.Request) { r.StartsAt = on("2026-11-29", "09:00") }, "appointment.closed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good
			c.change(&r)
			_, err := h.Hold(t.Context(), c.who, r)
			require.Equal(t, c.want, codeOf(err))
		})
	}
	require.Zero(t, h.taken(on("2026-11-23", "09:00")))
	list, err := h.Mine(t.Context(), who.Person, "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestAHoldEndsByItself(t *testing.T) {
	h := newReception(t)
	h.capacity(1)
	who := h.citizens(3)
	nine := on("2026-11-23", "09:00")
	hold := h.hold(who[0], guoji, nine)
	require.Equal(t, 0, h.free(nine))

	h.clock.Pass(5*time.Minute - time.Millisecond)
	_, err := h.Hold(t.Context(), who[1], ask(guoji, nine, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull)

	h.clock.Pass(time.Millisecond)
	require.Equal(t, 1, h.free(nine), "nobody has swept, but it is free")
	mine, err := h.Appointment(t.Context(), who[0].Person, hold.ID)
	require.NoError(t, err)
	require.Equal(t, appointment.Lapsed, mine.State)
	_, err = h.Book(t.Context(), who[0].Person, hold.ID)
	require.ErrorIs(t, err, appointment.ErrHoldExpired)

	h.hold(who[1], birth, nine.Add(appointment.Cell)) // the second cell of what was held
	require.Equal(t, appointment.Lapsed, h.state(hold.ID))
	require.Equal(t, 0, h.taken(nine), "all cells of the hold came back")
	require.Equal(t, 1, h.taken(nine.Add(appointment.Cell)))
	h.hold(who[2], birth, nine)

	_, err = h.Book(t.Context(), who[0].Person, hold.ID)
	require.ErrorIs(t, err, appointment.ErrHoldExpired)
	_, err = h.Release(t.Context(), who[0].Person, hold.ID)
	require.ErrorIs(t, err, appointment.ErrHoldExpired)
	require.Equal(t, 1, h.taken(nine), "what is gone cannot be given back twice")
}

func TestOnesOwnEndedHoldsDoNotCount(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	nine := on("2026-11-23", "09:00")
	h.hold(who, birth, nine)
	h.hold(who, guoji, nine.Add(time.Hour))
	_, err := h.Hold(t.Context(), who, ask(birth, nine.AddDate(0, 0, 1), 1))
	require.ErrorIs(t, err, appointment.ErrTooManyHolds)

	h.clock.Pass(5 * time.Minute)
	h.hold(who, birth, nine)
	require.Equal(t, 1, h.taken(nine))
	require.Equal(t, 0, h.taken(nine.Add(time.Hour)))
}

func TestOthersHaveNothingToDoWithIt(t *testing.T) {
	h := newReception(t)
	who := h.citizens(2)
	ten := on("2026-11-23", "10:00")
	hold, booked := h.hold(who[0], birth, ten), h.book(who[0], guoji, ten.Add(time.Hour))
	for name, do := range map[string]func(who citizen.ID) error{
		"book":    func(who citizen.ID) error { _, err := h.Book(t.Context(), who, hold.ID); return err },
		"release": func(who citizen.ID) error { _, err := h.Release(t.Context(), who, hold.ID); return err },
		"cancel":  func(who citizen.ID) error { _, err := h.Cancel(t.Context(), who, booked.ID); return err },
		"read":    func(who citizen.ID) error { _, err := h.Appointment(t.Context(), who, booked.ID); return err },
		"move":    func(who citizen.ID) error { _, err := h.Move(t.Context(), who, booked.ID, ten, ""); return err },
		"page":    func(who citizen.ID) error { _, err := h.Mine(t.Context(), who, booked.ID, 10); return err },
		"unknown": func(who citizen.ID) error { _, err := h.Book(t.Context(), who, "no-such-id"); return err },
	} {
		for _, stranger := range []citizen.ID{who[1].Person, ""} {
			require.Contains(t, []string{"appointment.not_found", "appointment.cursor"}, codeOf(do(stranger)), name)
		}
	}
	require.Equal(t, appointment.Held, h.state(hold.ID))
	require.Equal(t, appointment.Booked, h.state(booked.ID))
}

func TestAnActTheStateDoesNotAllowChangesNothing(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten := on("2026-11-23", "10:00")
	a := h.book(who, birth, ten)
	_, err := h.Book(t.Context(), who.Person, a.ID)
	require.ErrorIs(t, err, appointment.ErrWrongState)
	_, err = h.Release(t.Context(), who.Person, a.ID)
	require.ErrorIs(t, err, appointment.ErrWrongState)
	require.Equal(t, 1, h.taken(ten))

	_, err = h.Cancel(t.Context(), who.Person, a.ID)
	require.NoError(t, err)
	require.Equal(t, 0, h.taken(ten))
	for range 2 {
		_, err = h.Cancel(t.Context(), who.Person, a.ID)
		require.ErrorIs(t, err, appointment.ErrWrongState)
		_, err = h.Move(t.Context(), who.Person, a.ID, ten.Add(time.Hour), "")
		require.ErrorIs(t, err, appointment.ErrWrongState)
	}
	require.Equal(t, 0, h.taken(ten))
	require.Equal(t, 0, h.taken(ten.Add(time.Hour)))

	hold := h.hold(who, birth, ten)
	_, err = h.Cancel(t.Context(), who.Person, hold.ID)
	require.ErrorIs(t, err, appointment.ErrWrongState)
	_, err = h.Move(t.Context(), who.Person, hold.ID, ten.Add(time.Hour), "")
	require.ErrorIs(t, err, appointment.ErrWrongState)
	_, err = h.Release(t.Context(), who.Person, hold.ID)
	require.NoError(t, err)
	require.Equal(t, 0, h.taken(ten))
}

func TestAMoveKeepsTheOldSeatUntilTheNewOneIsSure(t *testing.T) {
	h := newReception(t)
	h.capacity(1)
	who := h.citizens(2)
	ten, eleven := on("2026-11-23", "10:00"), on("2026-11-23", "11:00")
	mine, other := h.book(who[0], guoji, ten), h.book(who[1], guoji, eleven)

	for _, at := range []time.Time{eleven, eleven.Add(appointment.Cell), eleven.Add(-appointment.Cell)} {
		_, err := h.Move(t.Context(), who[0].Person, mine.ID, at, "")
		require.ErrorIs(t, err, appointment.ErrSlotFull)
	}
	_, err := h.Move(t.Context(), who[0].Person, mine.ID, on("2026-11-23", "12:00"), "")
	require.ErrorIs(t, err, appointment.ErrNotOffered)
	_, err = h.Move(t.Context(), who[0].Person, mine.ID, ten, "no-office")
	require.ErrorIs(t, err, place.ErrNoOffice)
	require.Equal(t, []int{1, 1, 1, 1}, []int{h.taken(ten), h.taken(ten.Add(appointment.Cell)), h.taken(eleven), h.taken(eleven.Add(appointment.Cell))})
	same, err := h.Appointment(t.Context(), who[0].Person, mine.ID)
	require.NoError(t, err)
	require.True(t, same.StartsAt.Equal(ten))

	moved, err := h.Move(t.Context(), who[0].Person, mine.ID, ten.Add(appointment.Cell), "")
	require.NoError(t, err, "by one cell, in its own way")
	require.Equal(t, mine.Code, moved.Code)
	require.Equal(t, []int{0, 1, 1}, []int{h.taken(ten), h.taken(ten.Add(appointment.Cell)), h.taken(ten.Add(2 * appointment.Cell))})

	far := on("2026-12-04", "16:00")
	moved, err = h.Move(t.Context(), who[0].Person, mine.ID, far, "440604011000-A")
	require.NoError(t, err)
	require.Equal(t, place.OfficeCode("440604011000-A"), moved.Office)
	require.Equal(t, on("2026-12-05", "00:00"), moved.LapsesAt)
	require.Zero(t, h.taken(ten.Add(appointment.Cell)))
	require.Equal(t, appointment.Booked, h.state(other.ID))
	notices, err := h.db.Notices(t.Context(), who[0].Person, "", 1)
	require.NoError(t, err)
	require.Contains(t, notices[0].Text, "预约已改期：12月4日（星期五）下午4:00，张槎街道行政服务中心")
}

func TestAMoveKeepsTheLimits(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten := on("2026-11-23", "10:00")
	a, tomorrow := h.book(who, birth, ten), ten.AddDate(0, 0, 1)
	h.book(who, birth, tomorrow)
	h.book(who, guoji, ten.Add(time.Hour))
	_, err := h.Move(t.Context(), who.Person, a.ID, tomorrow.Add(time.Hour), "")
	require.ErrorIs(t, err, appointment.ErrSameDay)
	_, err = h.Move(t.Context(), who.Person, a.ID, ten.Add(75*time.Minute), "440604011000-A")
	require.ErrorIs(t, err, appointment.ErrOverlap)
	_, err = h.Move(t.Context(), who.Person, a.ID, ten.Add(30*time.Minute), "")
	require.NoError(t, err, "it is not its own rival")
}

func TestWhatHasBegunStays(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten := on("2026-11-23", "10:00")
	a := h.book(who, birth, ten)
	h.clock.Set(ten)
	_, err := h.Cancel(t.Context(), who.Person, a.ID)
	require.ErrorIs(t, err, appointment.ErrBegun)
	_, err = h.Move(t.Context(), who.Person, a.ID, ten.Add(time.Hour), "")
	require.ErrorIs(t, err, appointment.ErrBegun)
	require.Equal(t, 1, h.taken(ten))
}

func TestABookingKeepsItsTimeWhenHoursAndWindowsChange(t *testing.T) {
	h := newReception(t)
	h.capacity(3)
	who := h.citizens(5)
	ten := on("2026-11-23", "10:00")
	var list []appointment.Appointment
	for _, w := range who[:3] {
		list = append(list, h.book(w, guoji, ten))
	}
	h.capacity(1)
	hours, err := place.ParseHours("Mon 13:00-15:00")
	require.NoError(t, err)
	h.office(town).Hours = hours

	kept, err := h.Appointment(t.Context(), who[0].Person, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, 30*time.Minute, kept.EndsAt.Sub(kept.StartsAt))
	_, err = h.Hold(t.Context(), who[3], ask(guoji, ten, 1))
	require.ErrorIs(t, err, appointment.ErrNotOffered)

	h.office(town).Hours, err = place.ParseHours("Mon 09:00-12:00")
	require.NoError(t, err)
	require.Equal(t, 0, h.free(ten), "more are booked than there are windows now")
	for i := range 3 {
		_, err = h.Hold(t.Context(), who[3], ask(birth, ten, 1))
		require.ErrorIs(t, err, appointment.ErrSlotFull, "%d cancelled", i)
		_, err = h.Cancel(t.Context(), who[i].Person, list[i].ID)
		require.NoError(t, err)
	}
	h.hold(who[3], birth, ten)
	h.capacity(2)
	h.hold(who[4], birth, ten)
	require.Equal(t, 2, h.taken(ten))
}

func TestMyListIsPaged(t *testing.T) {
	h := newReception(t)
	h.Rules.OpenMost = 20
	who := h.citizens(2)
	var want []appointment.ID
	for day := range 7 {
		if at := on("2026-11-23", "10:00").AddDate(0, 0, day); day < 5 {
			want = append([]appointment.ID{h.book(who[0], birth, at).ID}, want...)
		}
	}
	gone := h.book(who[0], guoji, on("2026-11-23", "15:00"))
	_, err := h.Cancel(t.Context(), who[0].Person, gone.ID)
	require.NoError(t, err)
	want = append(want[:4:4], gone.ID, want[4])
	released := h.hold(who[0], birth, on("2026-12-01", "10:00"))
	_, err = h.Release(t.Context(), who[0].Person, released.ID)
	require.NoError(t, err)
	other := h.book(who[1], birth, on("2026-11-24", "10:00"))

	var got []appointment.ID
	for cursor := appointment.ID(""); ; cursor = got[len(got)-1] {
		page, err := h.Mine(t.Context(), who[0].Person, cursor, 2)
		require.NoError(t, err)
		for _, a := range page {
			got = append(got, a.ID)
		}
		if len(page) < 2 {
			break
		}
	}
	require.Equal(t, want, got)
	for _, bad := range []appointment.ID{"nonsense", other.ID} {
		_, err := h.Mine(t.Context(), who[0].Person, bad, 2)
		require.ErrorIs(t, err, appointment.ErrCursor)
	}
}

func TestAnItemTooLongForThesePeopleHasNoSlots(t *testing.T) {
	h := newReception(t)
	days, err := h.Days(t.Context(), appointment.Wish{Office: town, Item: catalog.ItemCode("HJ-0002"), People: 5}, workday.Date{}, 3)
	require.NoError(t, err)
	require.True(t, days[0].Open, "2 hours fit")
	h.office(town).Hours, err = place.ParseHours("Mon-Fri 09:00-11:00")
	require.NoError(t, err)
	days, err = h.Days(t.Context(), appointment.Wish{Office: town, Item: guoji, People: 5}, workday.Date{}, 1)
	require.NoError(t, err)
	require.False(t, days[0].Open)
	require.Contains(t, days[0].Why, "135分钟")
}

func TestAskingForDaysIsBounded(t *testing.T) {
	h := newReception(t)
	for _, days := range []int{-1, 0, 32, 1 << 30} {
		_, err := h.Days(t.Context(), appointment.Wish{Office: town, Item: birth, People: 1}, workday.Date{}, days)
		require.ErrorIs(t, err, appointment.ErrDays)
	}
	for _, from := range []workday.Date{{Year: 1, Month: 1, Day: 1}, {Year: 9999, Month: 12, Day: 31}, {Year: 2026, Month: 2, Day: 28}} {
		days, err := h.Days(t.Context(), appointment.Wish{Office: town, Item: birth, People: 1}, from, 31)
		require.NoError(t, err)
		require.Len(t, days, 31)
		for _, d := range days {
			require.False(t, d.Open)
			require.NotEmpty(t, d.Why)
		}
	}
}
