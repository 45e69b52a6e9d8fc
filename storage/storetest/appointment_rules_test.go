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

// silent is a rule of the town's office that says nothing yet.
func silent() appointment.Rule {
	const no = appointment.Unsaid
	return appointment.Rule{Office: town, Lead: no, Horizon: no, Release: no, Quiet: no, WalkIn: no, Priority: no, Agents: no, Online: no}
}

func (h *reception) rule(set func(*appointment.Rule)) {
	h.t.Helper()
	r := silent()
	set(&r)
	require.NoError(h.t, h.SetRule(h.t.Context(), r))
}

func TestRulesOfTheOfficeHoldAtOnce(t *testing.T) {
	h := newReception(t)
	who := h.citizens(4)
	far := on("2026-12-15", "10:00")
	_, err := h.Hold(t.Context(), who[0], ask(birth, far, 1))
	require.ErrorIs(t, err, appointment.ErrNotReleased)
	h.rule(func(r *appointment.Rule) { r.Horizon, r.Lead, r.Release = 30, 24*60, 9*60 })
	h.book(who[0], birth, far)
	_, err = h.Hold(t.Context(), who[1], ask(birth, on("2026-11-23", "15:00"), 1))
	require.ErrorIs(t, err, appointment.ErrTooSoon)
	_, err = h.Hold(t.Context(), who[1], ask(birth, on("2026-12-22", "10:00"), 1))
	require.ErrorIs(t, err, appointment.ErrNotReleased, "before nine")
	h.clock.Set(on("2026-11-23", "09:00"))
	h.hold(who[1], birth, on("2026-12-22", "10:00"))

	one := silent()
	one.Item, one.Lead = guoji, 0
	require.NoError(t, h.SetRule(t.Context(), one))
	h.hold(who[2], guoji, on("2026-11-23", "15:00"))
	require.NoError(t, h.SetRule(t.Context(), silent()), "taken back")
	h.hold(who[3], birth, on("2026-11-23", "15:00"))

	wrong := silent()
	wrong.Horizon = 0
	require.ErrorIs(t, h.SetRule(t.Context(), wrong), appointment.ErrRule)
	wrong.Horizon, wrong.Item = 5, "XX-1"
	require.ErrorIs(t, h.SetRule(t.Context(), wrong), catalog.ErrNoItem)
}

func TestSeatsAreKeptForThoseWithPriority(t *testing.T) {
	h := newReception(t)
	h.capacity(2)
	h.rule(func(r *appointment.Rule) { r.Priority, r.WalkIn = 1, 0 })
	who := h.citizens(4)
	ten := on("2026-11-23", "10:00")
	h.book(who[0], birth, ten)
	_, err := h.Hold(t.Context(), who[1], ask(birth, ten, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	require.Equal(t, 0, h.free(ten))
	r := ask(birth, ten, 1)
	r.Priority = appointment.Veteran
	a, err := h.Hold(t.Context(), who[2], r)
	require.NoError(t, err)
	_, err = h.Hold(t.Context(), who[3], r)
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	_, err = h.Release(t.Context(), who[2].Person, a.ID)
	require.NoError(t, err)
	require.Equal(t, 0, h.free(ten), "it is theirs again")
	_, err = h.Hold(t.Context(), who[3], r)
	require.NoError(t, err)

	r.Priority, r.StartsAt = appointment.Elderly, ten.Add(time.Hour)
	_, err = h.Hold(t.Context(), h.citizensFrom(365*30*1000, 1)[0], r)
	require.ErrorIs(t, err, appointment.ErrNotElderly)
	old := h.citizensFrom(20, 1)[0] // born in 1950
	_, err = h.Hold(t.Context(), old, r)
	require.NoError(t, err)
}

func TestAgentsBookForOthersWithinTheirShare(t *testing.T) {
	h := newReception(t)
	h.rule(func(r *appointment.Rule) { r.Agents = 1 })
	who := h.citizens(3)
	ten := on("2026-11-23", "10:00")
	r := ask(birth, ten, 1)
	r.OnBehalf = who[1].Person
	_, err := h.Hold(t.Context(), who[0], r)
	require.ErrorIs(t, err, citizen.ErrNotAgent)
	require.Zero(t, h.taken(ten))
}

func TestANamedWindowIsSoldOnceAndNeverToBoth(t *testing.T) {
	h := newReception(t)
	h.capacity(3)
	h.rule(func(r *appointment.Rule) { r.WalkIn = 0 })
	who := h.citizens(9)
	ten := on("2026-11-25", "10:00")
	today := h.book(who[8], birth, on("2026-11-24", "10:00"))
	from, err := h.NameWindows(t.Context(), manager, []place.NamedWindow{{Number: 2, Name: "手语服务窗口"}})
	require.NoError(t, err)
	require.Equal(t, "2026-11-25", from.String(), "nobody is booked from that day on")
	require.Equal(t, 2, h.free(today.StartsAt))
	require.Equal(t, 3, h.free(ten))

	asked := ask(guoji, ten, 1)
	asked.Window = 2
	a, err := h.Hold(t.Context(), who[0], asked)
	require.NoError(t, err)
	require.Equal(t, 2, a.Window)
	_, err = h.Hold(t.Context(), who[1], asked)
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	asked.StartsAt = ten.Add(appointment.Cell)
	_, err = h.Hold(t.Context(), who[1], asked)
	require.ErrorIs(t, err, appointment.ErrSlotFull, "it is taken for half an hour")
	asked.Window = 1
	_, err = h.Hold(t.Context(), who[1], asked)
	require.ErrorIs(t, err, appointment.ErrNoWindow)
	for _, w := range who[1:3] {
		require.Zero(t, h.hold(w, guoji, ten).Window)
	}
	_, err = h.Hold(t.Context(), who[3], ask(birth, ten, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	later := ten.Add(2 * time.Hour).Add(-30 * time.Minute)
	for i, w := range who[3:6] {
		b := h.hold(w, birth, later)
		require.Equal(t, []int{0, 0, 2}[i], b.Window, "the named one last")
	}
	_, err = h.Release(t.Context(), who[0].Person, a.ID)
	require.NoError(t, err)
	h.hold(who[6], guoji, ten)
}

func TestWhoIsOnDutyMakesTheCapacity(t *testing.T) {
	h := newReception(t)
	h.capacity(5)
	h.rule(func(r *appointment.Rule) { r.WalkIn = 0 })
	ten, date := on("2026-11-24", "10:00"), workday.Date{Year: 2026, Month: 11, Day: 24}
	booked := h.book(h.citizens(1)[0], birth, ten)
	duty := func(window int, from, to string) place.Duty {
		return place.Duty{Window: window, From: on("2026-11-24", from), To: on("2026-11-24", to), Staff: "s"}
	}
	list := []place.Duty{duty(1, "08:00", "18:00"), duty(2, "08:00", "12:00"), duty(3, "09:00", "11:00")}
	require.NoError(t, h.SetDuty(t.Context(), manager, date, list))
	require.Equal(t, 1, h.free(ten), "two all morning, one of them taken")
	require.Equal(t, 1, h.free(on("2026-11-24", "15:00")))
	require.Equal(t, 5, h.free(on("2026-11-25", "15:00")))
	require.Equal(t, appointment.Booked, h.state(booked.ID))
	require.ErrorIs(t, h.SetDuty(t.Context(), manager, date, []place.Duty{duty(1, "08:00", "12:00"), duty(1, "11:00", "18:00")}), appointment.ErrDuty)
	require.ErrorIs(t, h.SetDuty(t.Context(), manager, date, []place.Duty{duty(6, "08:00", "12:00")}), appointment.ErrDuty)
	require.ErrorIs(t, h.SetDuty(t.Context(), manager, date.AddDays(-2), nil), appointment.ErrDutyPast)
	require.NoError(t, h.SetDuty(t.Context(), manager, date, nil))
	require.Equal(t, 4, h.free(ten))
}

func TestSeveralItemsTakeTheirTimeTogether(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	r := ask(birth, on("2026-11-23", "10:00"), 2)
	r.More = []catalog.ItemCode{guoji}
	a, err := h.Hold(t.Context(), who, r)
	require.NoError(t, err)
	require.Equal(t, 75*time.Minute, a.EndsAt.Sub(a.StartsAt), "(12 + 25) minutes, two people")
	require.Equal(t, []catalog.ItemCode{guoji}, h.find(a.ID).More)
	_, err = h.Hold(t.Context(), who, ask(guoji, on("2026-11-23", "15:00"), 1))
	require.ErrorIs(t, err, appointment.ErrSameDay)
	r.More = []catalog.ItemCode{birth}
	_, err = h.Hold(t.Context(), who, r)
	require.ErrorIs(t, err, appointment.ErrItems)
}

func TestStaffBookForWhoeverCalls(t *testing.T) {
	h := newReception(t)
	h.capacity(1)
	who := h.citizens(2)
	r := ask(birth, on("2026-11-23", "10:00"), 1)
	a, err := h.BookFor(t.Context(), manager, who[0].Person, r)
	require.NoError(t, err)
	require.Equal(t, appointment.Booked, a.State)
	require.Contains(t, h.told(who[0]), "预约成功")
	_, err = h.BookFor(t.Context(), manager, who[1].Person, r)
	require.ErrorIs(t, err, appointment.ErrSlotFull, "staff pass the same guard")
}
