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
	Sweeps(ctx, slog.New(slog.NewTextHandler(io.Discard, nil)), []Sweep{{Name: "broken", Every: time.Millisecond, Do: func(context.Context) error {
		if tries++; tries == 3 {
			stop()
		}
		panic("broken")
	}}})
	require.ErrorIs(t, ctx.Err(), context.Canceled)
}
