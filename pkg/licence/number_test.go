package licence

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestANumberTellsTheCitysYear(t *testing.T) {
	cases := map[string]string{
		"2026-11-23T09:00:00+08:00": "FS2026-HJ-0001-00000042",
		"2026-12-31T15:59:59Z":      "FS2026-HJ-0001-00000042",
		"2026-12-31T16:00:00Z":      "FS2027-HJ-0001-00000042", // New Year in the city
		"2026-12-31T23:30:00-08:00": "FS2027-HJ-0001-00000042",
		"2027-01-01T00:30:00+09:00": "FS2026-HJ-0001-00000042", // not yet
	}
	for at, want := range cases {
		moment, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		require.Equal(t, want, number(series("FS", "HJ-0001", moment), 42), at)
	}
}

func TestANumberOutgrowsItsDigitsWithoutDoubles(t *testing.T) {
	require.Equal(t, "S-99999999", number("S", 99_999_999))
	require.Equal(t, "S-100000000", number("S", 100_000_000))
}

func TestACodeIsReadAsItIsTyped(t *testing.T) {
	const code = "ABCDEFGHIJKLOB27"
	for _, typed := range []string{code, "abcdefghijklob27", "ABCD-EFGH-IJKL-OB27", " abcd efgh ijkl ob27 ", "ABCDEFGH\nIJKLOB27\r\n", "ABCDEFGH1JKL0827"} {
		got, err := ReadCode(typed)
		require.NoError(t, err, typed)
		require.Equal(t, code, got)
	}
	for _, typed := range []string{"", "ABCDEFGHIJKLOB2", code + "A", "ABCDEFGHIJKLOB29", "核验码核验码核验码核验码核验码核", "ABCDEFGHIJKLOB2=", strings.Repeat("-", 65)} {
		_, err := ReadCode(typed)
		require.ErrorIs(t, err, ErrWrongCode, typed)
	}
}

func TestEachCodeIsNewAndReadable(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		code, err := NewCode(rand.Reader)
		require.NoError(t, err)
		require.Len(t, code, codeSigns)
		require.False(t, seen[code])
		seen[code] = true
		read, err := ReadCode(code)
		require.NoError(t, err)
		require.Equal(t, code, read)
	}
	_, err := NewCode(bytes.NewReader(make([]byte, codeBytes-1)))
	require.Error(t, err)
}

func FuzzReadCode(f *testing.F) {
	f.Add("ABCD-EFGH-IJKL-MN27")
	f.Add("\n\r0=8")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := ReadCode(text)
		if err != nil {
			require.ErrorIs(t, err, ErrWrongCode)
			return
		}
		again, err := ReadCode(code)
		require.NoError(t, err)
		require.Equal(t, code, again)
		require.Regexp(t, `^[A-Z2-7]{16}$`, code)
	})
}
