package worker

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestASweepThatPanicsIsTriedAgain and takes nothing else along.
func TestASweepThatPanicsIsTriedAgain(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	tries := 0
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	(&Sweeper{Lease: &lease{leads: true}, Log: log, List: []Sweep{{Name: "broken", Every: time.Millisecond, Do: func(context.Context) error {
		if tries++; tries == 3 {
			stop()
		}
		panic("broken")
	}}}}).Run(ctx)
	require.ErrorIs(t, ctx.Err(), context.Canceled)
}

// lease has one leader for good.
type lease struct{ leads, resigned bool }

func (l *lease) Lead(context.Context, string, string, time.Duration) (bool, error) {
	return l.leads, nil
}
func (l *lease) Resign(context.Context, string, string) error { l.resigned = true; return nil }

func TestWhoDoesNotLeadDoesOnlyItsOwn(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	var ours int
	other := &lease{}
	(&Sweeper{Lease: other, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), List: []Sweep{
		{Name: "leader's", Every: time.Millisecond, Do: func(context.Context) error { t.Error("not ours"); return nil }},
		{Name: "own", Every: 2 * time.Millisecond, Own: true, Do: func(context.Context) error {
			if ours++; ours == 5 {
				stop()
			}
			return nil
		}},
	}}).Run(ctx)
	require.GreaterOrEqual(t, ours, 5)
	require.True(t, other.resigned, "whoever ends lets others lead at once")
}
