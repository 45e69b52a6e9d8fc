package api

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func newTimed(parent context.Context, d time.Duration) *timed {
	return &timed{Context: parent, until: time.Now().Add(d)}
}

func TestATimedContextEndsAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, waited := newTimed(t.Context(), time.Second), newTimed(t.Context(), time.Second)
		defer asked.end()
		defer waited.end()
		until, ok := asked.Deadline()
		require.True(t, ok)
		require.Equal(t, time.Second, time.Until(until))
		require.NoError(t, asked.Err())
		child, stop := context.WithCancel(waited)
		defer stop()

		time.Sleep(time.Second)
		require.ErrorIs(t, asked.Err(), context.DeadlineExceeded)
		<-waited.Done()
		require.ErrorIs(t, waited.Err(), context.DeadlineExceeded)
		<-child.Done()
		require.ErrorIs(t, child.Err(), context.DeadlineExceeded)
	})
}

func TestATimedContextEndsWithItsRequest(t *testing.T) {
	waited, idle := newTimed(t.Context(), time.Hour), newTimed(t.Context(), time.Hour)
	done := waited.Done()
	waited.end()
	<-done
	require.ErrorIs(t, waited.Err(), context.Canceled)
	idle.end()
	require.ErrorIs(t, idle.Err(), context.Canceled)
	<-idle.Done()
}

func TestATimedContextEndsWithItsParent(t *testing.T) {
	type key struct{}
	parent, stop := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	waited, idle := newTimed(parent, time.Hour), newTimed(parent, time.Hour)
	defer waited.end()
	defer idle.end()
	require.Equal(t, "kept", waited.Value(key{}))
	done := waited.Done()
	stop()
	<-done
	require.ErrorIs(t, waited.Err(), context.Canceled)
	require.ErrorIs(t, idle.Err(), context.Canceled)
}
