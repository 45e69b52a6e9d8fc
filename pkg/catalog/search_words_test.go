package catalog_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

//go:embed testdata/words.txt
var wordsFile string

// words are queries, each with the codes of what people mean by it.
func words() map[string][]string {
	meant := map[string][]string{}
	for line := range strings.Lines(wordsFile) {
		query, want, ok := strings.Cut(line, " = ")
		if ok && !strings.HasPrefix(line, "#") {
			meant[query] = strings.Fields(want)
		}
	}
	return meant
}

func codes(hits []catalog.Hit) (got []string) {
	for _, h := range hits {
		got = append(got, h.Code())
	}
	return got
}

func TestPeopleFindWhatTheyMeanInTheFirstThree(t *testing.T) {
	c := sample(t)
	require.Greater(t, len(words()), 300)
	for query, want := range words() {
		got := codes(c.Search(query, 3))
		require.True(t, slices.ContainsFunc(got, func(code string) bool { return slices.Contains(want, code) }),
			"%s: want one of %v, got %v", query, want, got)
	}
}
