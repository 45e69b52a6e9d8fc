package dossier

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatIsUnfinishedIsNamedOneAfterTheOther(t *testing.T) {
	for _, c := range []struct {
		open Unfinished
		want error
	}{
		{Unfinished{}, nil},
		{Unfinished{Cases: 1, Appointments: 1, Posts: 1}, ErrOpenCase},
		{Unfinished{Appointments: 2, Posts: 1}, ErrOpenAppointment},
		{Unfinished{Posts: 1}, ErrHoldsPost},
	} {
		require.ErrorIs(t, c.open.check(), c.want)
	}
}

func TestEverythingThatStaysHasAReasonAndADate(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	require.Len(t, Remains{}.kept(at), 1, "the identity alone, by which an archive is found")
	list := Remains{1, 2, 3, 4, 5, 6}.kept(at)
	require.Len(t, list, 7)
	for _, k := range list {
		require.Positive(t, k.Count, k.What)
		require.NotEmpty(t, k.Reason, k.What)
		require.True(t, k.Until.Equal(at.AddDate(10, 0, 0)) || k.Until.Equal(at.AddDate(3, 0, 0)), k.What)
	}
}
