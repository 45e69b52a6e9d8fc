package circulation

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var arrow = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+): (.+)$`)

// The picture in docs/states.md shows what the table does, all of it and no
// more.
func TestThePictureIsTheTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/states.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(page), "## Bag ")
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
}

func TestEveryStateAndActHasItsWord(t *testing.T) {
	for _, s := range States {
		require.NotEmpty(t, stateWords[s], s)
	}
	for _, a := range acts {
		require.NotEmpty(t, actWords[a], a)
	}
	_, err := OnTheWay.After(Pack)
	require.ErrorIs(t, err, ErrNotNow)
	_, err = Received.After(Receive)
	require.ErrorIs(t, err, ErrNotNow, "twice received")
}
