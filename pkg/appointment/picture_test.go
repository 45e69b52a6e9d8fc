package appointment

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
	_, section, ok := strings.Cut(string(page), "## Appointment ")
	require.True(t, ok)
	section, _, _ = strings.Cut(section, "\n## ")
	var drawn, done []string
	for _, a := range arrow.FindAllStringSubmatch(section, -1) {
		for act := range strings.SplitSeq(a[3], ", ") {
			drawn = append(drawn, a[1]+" "+act+" "+a[2])
		}
	}
	for _, turn := range turns {
		done = append(done, string(turn.from)+" "+string(turn.act)+" "+string(turn.to))
	}
	slices.Sort(drawn)
	slices.Sort(done)
	require.Equal(t, done, drawn)
	require.Contains(t, section, "[*] --> held: hold")
}
