package terminal

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTimeEndsAVisit: the last moment of each state, and the first after it.
func TestTimeEndsAVisit(t *testing.T) {
	at := time.Date(2026, 11, 24, 23, 59, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		visit Visit
		after time.Duration
		want  State
	}{
		"a code for a minute":            {Visit{State: Shown, DueAt: at.Add(codeLife)}, codeLife - 1, Shown},
		"and no longer":                  {Visit{State: Shown, DueAt: at.Add(codeLife)}, codeLife, Lapsed},
		"confirmed and not collected":    {Visit{State: Confirmed, DueAt: at.Add(collectLife)}, collectLife, Lapsed},
		"touched a moment ago":           {Visit{State: InUse, DueAt: at.Add(VisitLife), SeenAt: at}, time.Minute - 1, InUse},
		"walked away":                    {Visit{State: InUse, DueAt: at.Add(VisitLife), SeenAt: at}, time.Minute, Left},
		"touched all the time":           {Visit{State: InUse, DueAt: at.Add(VisitLife), SeenAt: at.Add(VisitLife)}, VisitLife, Left},
		"ended from the phone":           {Visit{State: InUse, DueAt: at.Add(VisitLife)}, 0, Ended},
		"what is over stays as it ended": {Visit{State: Revoked, DueAt: at}, time.Hour, Revoked},
	} {
		require.Equal(t, c.want, c.visit.now(at.Add(c.after)).State, name)
	}
}

// TestWhatIsOverStaysOver: no act moves a visit that has ended.
func TestWhatIsOverStaysOver(t *testing.T) {
	for _, s := range []State{Lapsed, Replaced, Finished, Left, Ended, Revoked} {
		require.True(t, s.Over())
		for _, act := range []Act{Confirm, Collect, Lapse, Replace, Finish, Leave, End, Revoke} {
			_, err := Visit{State: s}.turned(act)
			require.ErrorIs(t, err, ErrVisitOver, "%s %s", s, act)
		}
	}
}
