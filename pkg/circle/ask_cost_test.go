//go:build !race

package circle

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The race detector makes pools forget, so this is measured without it.
func TestAQuestionCostsItsAnswerOnly(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(all(800))
	allocs := testing.AllocsPerRun(200, func() {
		_, _ = atlas.Ask(q, calm{})
	})
	require.LessOrEqual(t, allocs, 3.0, "the two lists of the answer, and now and then a refilled pool")
}
