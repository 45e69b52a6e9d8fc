package scan

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestALinkOpensForWhatItWasSignedForAndNoLonger(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	links := Links{
		Sign: func(text string) []byte {
			h := hmac.New(sha256.New, []byte("key"))
			h.Write([]byte(text))
			return h.Sum(nil)
		},
		Now: func() time.Time { return now },
	}
	want := Link{File: "f", Case: "c", Who: "w", Staff: true, Small: true}
	token, until := links.Token(want)
	got, err := links.Open("f", token)
	require.NoError(t, err)
	require.Equal(t, want, got)
	for _, bad := range []string{
		"", "~", "~~~~", "a~b~c~d~e", token[:len(token)-1], token + "A", strings.Replace(token, "~w~", "~v~", 1),
		strings.Replace(token, "~11~", "~01~", 1), "x" + token,
	} {
		_, err := links.Open("f", bad)
		require.ErrorIs(t, err, ErrLink, bad)
	}
	_, err = links.Open("g", token)
	require.ErrorIs(t, err, ErrLink, "another file")
	now = until
	_, err = links.Open("f", token)
	require.NoError(t, err)
	now = until.Add(time.Second)
	_, err = links.Open("f", token)
	require.ErrorIs(t, err, ErrLink)
}
