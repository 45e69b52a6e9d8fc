package stage

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

func TestTheBereavedAreToldWithoutCheerAndWithoutHaste(t *testing.T) {
	text := words(Event{Deceased: "440604194001010000"}, []string{"甲", "乙", "丙", "丁"})
	require.Contains(t, text, "节哀")
	require.Contains(t, text, "甲、乙、丙等4项")
	require.NotContains(t, text, "440604")
	require.NotContains(t, words(Event{}, []string{"甲"}), "节哀")
}

func TestAnOfferSuitsWhoGetsIt(t *testing.T) {
	require.True(t, suits(catalog.Both, citizen.Natural))
	require.True(t, suits(catalog.Natural, citizen.Natural))
	require.True(t, suits(catalog.Legal, citizen.Legal))
	require.False(t, suits(catalog.Legal, citizen.Natural))
	require.False(t, suits(catalog.Natural, citizen.Legal))
}
