package workday

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSilenceIsAcceptance(t *testing.T) {
	for receipt, want := range map[string][2]string{
		"2026-03-02": {"2026-03-09", "2026-03-10"}, // Monday: told by the next Monday, else accepted on Tuesday
		"2026-03-06": {"2026-03-13", "2026-03-14"}, // Friday: accepted from Saturday on
		"2026-03-07": {"2026-03-13", "2026-03-14"}, // received on a Saturday
		"2026-09-28": {"2026-10-10", "2026-10-11"}, // over 国庆, with a worked Saturday
		"2025-12-31": {"2026-01-08", "2026-01-09"},
	} {
		require.Equal(t, want[0], NoticeDue(on(receipt), cal).String(), receipt)
		require.Equal(t, want[1], DeemedAccepted(on(receipt), cal).String(), receipt)
	}
}
