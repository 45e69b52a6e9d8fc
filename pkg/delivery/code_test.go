package delivery

import (
	"bytes"
	"crypto/rand"
	"io"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACodeIsSixDigitsEachAsLikely(t *testing.T) {
	var first [10]int
	for range 20_000 {
		c, err := newCode(rand.Reader)
		require.NoError(t, err)
		require.Regexp(t, `^[0-9]{6}$`, string(c))
		first[c[0]-'0']++
	}
	for digit, n := range first {
		require.InDelta(t, 2000, n, 250, "first digit %d", digit) // 6 standard deviations
	}
}

// 2^24 is no multiple of a million: what is over is drawn again.
func TestACodeIsDrawnAgainRatherThanUneven(t *testing.T) {
	c, err := newCode(bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xf4, 0x24, 0x00, 0x00, 0x00, 0x07}))
	require.NoError(t, err)
	require.Equal(t, Code("000007"), c) // 0xf42400 is 16,000,000
}

func TestWithoutRandomnessThereIsNoCode(t *testing.T) {
	_, err := newCode(bytes.NewReader([]byte{1}))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestACodeStaysOutOfLogs(t *testing.T) {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "code", Code("012345"))
	require.NotContains(t, out.String(), "012345")
	require.Contains(t, out.String(), "******")
}
