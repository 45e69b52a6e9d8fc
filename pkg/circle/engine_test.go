package circle

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
)

// slower is an engine that knows every way to be twice as long as the straight
// line says, and none to the office "7".
type slower struct{ asked *int }

func (s slower) Times(ctx context.Context, from place.Position, by Mode, to []Stop) ([]Estimate, error) {
	*s.asked = len(to)
	times, err := Straight{}.Times(ctx, from, by, to)
	for i := range times {
		times[i].Seconds, times[i].Model = 2*times[i].Seconds, ModelOSRM
		if to[i].Code == "7" {
			times[i].Seconds = Unreachable
		}
	}
	return times, err
}

func TestAnEngineIsAskedAboutTheNearestOnly(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(all(800))
	var asked int
	got, err := atlas.AskEngine(context.Background(), q, calm{}, slower{&asked})
	require.NoError(t, err)
	require.Equal(t, engineMost, asked)
	require.Len(t, got.Offers, DefaultOffers)
	require.Equal(t, ModelOSRM, got.Model)
	require.NotEmpty(t, got.SelfService)

	plain, err := NewAtlas(manyOffices(800), nil, nil, DefaultWeights).Ask(q, calm{})
	require.NoError(t, err)
	require.Equal(t, plain.Offers[0].Office, got.Offers[0].Office)
	require.Greater(t, got.Offers[0].Travel.Seconds, plain.Offers[0].Travel.Seconds)
}

func TestAnEnginesRushIsSpreadToo(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q, asked, first := question(all(800)), 0, map[string]int{}
	for range 1000 {
		got, err := atlas.AskEngine(context.Background(), q, calm{}, slower{&asked})
		require.NoError(t, err)
		first[got.Offers[0].Office]++
	}
	require.Greater(t, len(first), 10)
}

func TestMoreWindowsTakeMorePeople(t *testing.T) {
	offices := manyOffices(800)[:2]
	offices[1].At = offices[0].At
	offices[0].Windows, offices[1].Windows = 1, 4
	atlas := NewAtlas(offices, nil, nil, DefaultWeights)
	q := question(all(2))
	q.From, q.Takes = offices[0].At, 10*time.Minute
	first := map[string]int{}
	for range 1000 {
		got, err := atlas.Ask(q, calm{})
		require.NoError(t, err)
		first[got.Offers[0].Office]++
	}
	require.InDelta(t, 200, first["0"], 10)
	require.InDelta(t, 800, first["1"], 10)
}

func TestWhatAnEngineCannotReachIsNotOffered(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(atlas.Mask(func(code string) bool { return code == "7" }))
	var asked int
	got, err := atlas.AskEngine(context.Background(), q, calm{}, slower{&asked})
	require.NoError(t, err)
	require.Empty(t, got.Offers)

	_, err = atlas.AskEngine(context.Background(), question(all(800)), calm{}, says{nil, ErrTravel})
	require.ErrorIs(t, err, ErrTravel)
	q.Minutes = 0
	_, err = atlas.AskEngine(context.Background(), q, calm{}, says{nil, ErrTravel})
	require.ErrorIs(t, err, ErrMinutes)
}
