package rating

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestARatingNamesEverythingThatIsWrong(t *testing.T) {
	cases := []struct {
		name  string
		r     Rating
		wrong []string
	}{
		{"the best", Rating{Grade: 5, Reasons: []Reason{Quick, Friendly}}, nil},
		{"the worst, with words", Rating{Grade: 1, Reasons: []Reason{ExtraPapers}, Text: "要了两份复印件\n清单上没有"}, nil},
		{"every reason", Rating{Grade: 3, Reasons: Reasons}, nil},
		{"as long as may be", Rating{Grade: 4, Text: strings.Repeat("好", 500)}, nil},
		{"no grade", Rating{}, []string{"body.grade"}},
		{"above", Rating{Grade: 6}, []string{"body.grade"}},
		{"below", Rating{Grade: -1}, []string{"body.grade"}},
		{"unknown reason", Rating{Grade: 2, Reasons: []Reason{"weather"}}, []string{"body.reasons"}},
		{"twice the same", Rating{Grade: 2, Reasons: []Reason{Slow, Rude, Slow}}, []string{"body.reasons"}},
		{"a separator in a reason", Rating{Grade: 2, Reasons: []Reason{"slow,rude"}}, []string{"body.reasons"}},
		{"too long", Rating{Grade: 4, Text: strings.Repeat("好", 501)}, []string{"body.text"}},
		{"invisible signs", Rating{Grade: 4, Text: "好\x1b[31m"}, []string{"body.text"}},
		{"all of it", Rating{Grade: 9, Reasons: []Reason{""}, Text: "\x00"}, []string{"body.grade", "body.reasons", "body.text"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := c.r.check()
			if c.wrong == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ErrInvalid)
			var paths []string
			for _, f := range fault.From(err).Fields {
				paths = append(paths, f.Path)
			}
			require.Equal(t, c.wrong, paths)
		})
	}
}
