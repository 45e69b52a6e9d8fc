package storetest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
)

func TestOneSeatIsSoldOnce(t *testing.T) {
	h := newReception(t)
	h.capacity(5)
	who := h.citizens(60)
	nine := on("2026-11-23", "09:00")
	got := together(60, func(i int) error {
		a, err := h.Hold(t.Context(), who[i], ask(birth, nine, 1))
		if err != nil {
			return err
		}
		_, err = h.Book(t.Context(), who[i].Person, a.ID)
		return err
	})
	require.Equal(t, map[string]int{"": 5, "appointment.slot_full": 55}, got)
	require.Equal(t, 5, h.taken(nine))
}

// Visits of different lengths that start at different times meet in the cells
// between.
func TestNeighbouringCellsAreSoldOnce(t *testing.T) {
	h := newReception(t)
	h.capacity(3)
	who := h.citizens(60)
	nine := on("2026-11-23", "09:00")
	got := together(60, func(i int) error {
		_, err := h.Hold(t.Context(), who[i], ask(guoji, nine.Add(time.Duration(i%4)*appointment.Cell), 1+i%2))
		return err
	})
	require.Equal(t, 60, got[""]+got["appointment.slot_full"])
	for cell := range 8 {
		require.LessOrEqual(t, h.taken(nine.Add(time.Duration(cell)*appointment.Cell)), 3)
	}
	require.Equal(t, 3, h.taken(nine.Add(3*appointment.Cell)), "every visit but those that start at nine for one has this cell")
}

func TestEndedHoldsAreSoldOnceMore(t *testing.T) {
	h := newReception(t)
	h.capacity(5)
	who := h.citizens(65)
	nine := on("2026-11-23", "09:00")
	for _, w := range who[:5] {
		h.hold(w, birth, nine)
	}
	h.clock.Pass(6 * time.Minute)
	got := together(60, func(i int) error {
		if i%10 == 0 {
			_, err := h.Sweep(t.Context())
			if err != nil {
				return err
			}
		}
		_, err := h.Hold(t.Context(), who[5+i], ask(birth, nine, 1))
		return err
	})
	require.Equal(t, map[string]int{"": 5, "appointment.slot_full": 55}, got)
	require.Equal(t, 5, h.taken(nine))
}

func TestOnePersonCannotHoldTheCity(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	nine := on("2026-11-23", "09:00")
	got := together(20, func(i int) error {
		at := nine.AddDate(0, 0, i%5).Add(time.Duration(i) * appointment.Cell)
		if i%5 == 4 {
			at = nine.AddDate(0, 0, 7).Add(time.Duration(i) * appointment.Cell)
		}
		_, err := h.Hold(t.Context(), who, ask(birth, at, 1))
		return err
	})
	require.Equal(t, 2, got[""], got)
	require.Equal(t, 18, got["appointment.too_many_holds"]+got["appointment.same_day"]+got["appointment.not_offered"], got)
}

func TestAnAppointmentEndsOnce(t *testing.T) {
	h := newReception(t)
	who := h.citizens(1)[0]
	ten := on("2026-11-23", "10:00")
	a := h.hold(who, birth, ten)
	got := together(20, func(int) error { _, err := h.Book(t.Context(), who.Person, a.ID); return err })
	require.Equal(t, map[string]int{"": 1, "appointment.wrong_state": 19}, got)

	got = together(20, func(i int) error {
		var err error
		if i%2 == 0 {
			_, err = h.Cancel(t.Context(), who.Person, a.ID)
		} else {
			_, err = h.Move(t.Context(), who.Person, a.ID, ten.Add(time.Duration(i)*appointment.Cell), "")
		}
		return err
	})
	require.GreaterOrEqual(t, got[""], 1, got)
	require.Equal(t, 20, got[""]+got["appointment.wrong_state"]+got["appointment.changed"]+got["appointment.not_offered"], got)
	require.Equal(t, appointment.Cancelled, h.state(a.ID))
	seats, err := h.Store.Seats(t.Context(), town, ten, ten.AddDate(0, 0, 1))
	require.NoError(t, err)
	require.Empty(t, seats)
}

func TestMovesPassEachOther(t *testing.T) {
	h := newReception(t)
	h.capacity(2)
	who := h.citizens(6)
	nine := on("2026-11-23", "09:00")
	var list []appointment.Appointment
	for i, w := range who {
		list = append(list, h.book(w, birth, nine.Add(time.Duration(i/2)*appointment.Cell)))
	}
	got := together(6, func(i int) error {
		for step := range 20 {
			to := nine.Add(time.Duration((i+step*(i%3+1))%4) * appointment.Cell)
			_, err := h.Move(t.Context(), who[i].Person, list[i].ID, to, "")
			if err != nil && !errors.Is(err, appointment.ErrSlotFull) {
				return err
			}
		}
		return nil
	})
	require.Equal(t, map[string]int{"": 6}, got)
	sum := 0
	for cell := range 4 {
		n := h.taken(nine.Add(time.Duration(cell) * appointment.Cell))
		require.LessOrEqual(t, n, 2)
		sum += n
	}
	require.Equal(t, 6, sum)
}
