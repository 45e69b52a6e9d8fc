package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	guideCall  = regexp.MustCompile(`call\('(GET|POST|PUT|DELETE)', ('[^)]*?)(?:, \{([^}]*)\})?\)`)
	guideRoute = regexp.MustCompile("`(GET|POST|PUT|DELETE) (/api/v1/[^`?]*)`")
	guidePart  = regexp.MustCompile(`' \+ [a-z.]+ \+ '`)
	guideField = regexp.MustCompile(`(?:^|[{,])\s*([a-z_]+)(?:\s*:|\s*(?:,|$))`)
)

// TestTheGuideNamesWhatThereIs: each call of docs/api.md is an operation, and
// takes what the guide sends.
func TestTheGuideNamesWhatThereIs(t *testing.T) {
	guide, err := os.ReadFile("../docs/api.md")
	require.NoError(t, err)
	known := map[string]operation{}
	blank := regexp.MustCompile(`\{[a-z]+\}`)
	for _, o := range sharedTown(t).operations(t) {
		known[o.method+" "+blank.ReplaceAllString(o.path, "*")] = o
	}
	calls := guideCall.FindAllStringSubmatch(string(guide), -1)
	require.Greater(t, len(calls), 8)
	for _, c := range calls {
		path := strings.Trim(guidePart.ReplaceAllString(c[2], "*"), "'")
		o, ok := known[c[1]+" "+path]
		require.True(t, ok, "%s %s", c[1], path)
		_, properties := o.properties()
		for _, f := range guideField.FindAllStringSubmatch(c[3], -1) {
			require.Contains(t, properties, f[1], "%s takes no %s", o.id, f[1])
		}
	}
	for _, r := range guideRoute.FindAllStringSubmatch(string(guide), -1) {
		require.Contains(t, known, r[1]+" "+blank.ReplaceAllString(r[2], "*"))
	}
}
