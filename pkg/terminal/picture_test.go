package terminal

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var arrow = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+): (.+)$`)

// TestThePicturesAreTheTables: docs/states.md shows what the tables do, all of
// it and no more.
func TestThePicturesAreTheTables(t *testing.T) {
	page, err := os.ReadFile("../../docs/states.md")
	require.NoError(t, err)
	requireDrawn(t, string(page), "## Visit at a terminal ", table)
	requireDrawn(t, string(page), "## Print at a terminal ", printTable)
}

func requireDrawn[S, A ~string](t *testing.T, page, title string, table map[S]map[A]S) {
	t.Helper()
	_, section, ok := strings.Cut(page, title)
	require.True(t, ok, title)
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
}
