package exchange

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTwoSidesThatBelieveDifferentThingsAreToldApart(t *testing.T) {
	ours := []Belief{{"a", "open"}, {"b", "granted"}, {"c", "open"}}
	require.Empty(t, Differ(ours, ours))
	require.Equal(t, []Difference{
		{Case: "b", Ours: "granted", Theirs: "refused"}, {Case: "c", Ours: "open"}, {Case: "d", Theirs: "open"},
	}, Differ(ours, []Belief{{"d", "open"}, {"a", "open"}, {"b", "refused"}}))
}
