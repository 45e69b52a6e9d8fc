package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/soak"
)

// TestBookingsAreTrueThroughKillsAndClockJumps: a short soak; server soak
// appointments runs as long as one likes.
func TestBookingsAreTrueThroughKillsAndClockJumps(t *testing.T) {
	var told strings.Builder
	r, err := soak.Appointments{
		Length: 6 * time.Second, Visitors: 16, KillEach: 2500 * time.Millisecond, Dir: t.TempDir(), Out: &told,
		Serve: func(ctx context.Context, addr, play, dir string, ahead time.Duration) *exec.Cmd {
			c := soakServer(ctx, addr, play, dir, ahead)
			c.Path, c.Args[0] = os.Args[0], os.Args[0]
			c.Env = append(os.Environ(), asCommand+"=1")
			return c
		},
	}.Run(t.Context())
	require.NoError(t, err, told.String())
	require.Empty(t, r.Problems)
	require.Positive(t, r.Kills)
	require.Positive(t, r.Seats)
	require.Greater(t, r.Acts, 100)
}
