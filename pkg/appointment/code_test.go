package appointment

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCodesHaveNoLookAlikes(t *testing.T) {
	seen := map[Code]bool{}
	var letters [256]bool
	for range 20_000 {
		c, err := newCode(rand.Reader)
		require.NoError(t, err)
		require.Len(t, c, CodeLength)
		require.False(t, strings.ContainsAny(string(c), "01OIL"), c)
		require.Equal(t, c, ReadCode(string(c)))
		seen[c] = true
		for _, b := range []byte(c) {
			letters[b] = true
		}
	}
	require.Len(t, seen, 20_000)
	for _, b := range []byte(codeLetters) {
		require.True(t, letters[b], "%c is never drawn", b)
	}
}

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	for _, text := range []string{"ABCD2345", "abcd2345", " AbCd 2345 ", "ABCD-2345"} {
		require.Equal(t, Code("ABCD2345"), ReadCode(text), text)
	}
}

func TestNoCodeIsDrawnWithoutChance(t *testing.T) {
	_, err := newCode(bytes.NewReader([]byte{1, 2, 3}))
	require.Error(t, err)
}
