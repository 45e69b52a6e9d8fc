package queue

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var arrow = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+): (.+)$`)

// TestThePictureIsTheTable: docs/states.md shows what the table does, all of it
// and no more.
func TestThePictureIsTheTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/states.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(page), "## Ticket ")
	require.True(t, ok)
	section, _, _ = strings.Cut(section, "\n## ")
	var drawn, done []string
	for _, a := range arrow.FindAllStringSubmatch(section, -1) {
		for act := range strings.SplitSeq(a[3], ", ") {
			drawn = append(drawn, a[1]+" "+act+" "+a[2])
		}
	}
	for from, leads := range table {
		for act, to := range leads {
			done = append(done, string(from)+" "+string(act)+" "+string(to))
		}
	}
	slices.Sort(drawn)
	slices.Sort(done)
	require.Equal(t, done, drawn)
	require.Contains(t, section, "[*] --> waiting: take")
}

// TestEveryStateAndActIsNamed: a sentence that lacks a word helps nobody.
func TestEveryStateAndActIsNamed(t *testing.T) {
	for from, leads := range table {
		require.NotEmpty(t, from.Words())
		require.NotContains(t, from.allows(), "可以、")
		for _, to := range leads {
			require.NotEmpty(t, to.Words())
			_, goesOn := table[to]
			require.True(t, goesOn || to.Over(), "%s leads nowhere", to)
		}
	}
}

// FuzzParseLabel: what is read is printed the same way.
func FuzzParseLabel(f *testing.F) {
	for _, s := range []string{"A012", "b7", "P9999", "", "A", "Z1", "A0", "A-1", "A１２", "A00012"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, n, err := ParseLabel(text)
		if err != nil {
			require.ErrorIs(t, err, ErrLabel)
			return
		}
		again, m, err := ParseLabel(Ticket{Series: s, Number: n}.Label())
		require.NoError(t, err)
		require.Equal(t, s, again)
		require.Equal(t, n, m)
	})
}
