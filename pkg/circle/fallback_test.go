package circle

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
)

// says is an engine with one answer to everything.
type says struct {
	times []Estimate
	err   error
}

func (s says) Times(context.Context, place.Position, Mode, []Stop) ([]Estimate, error) {
	return s.times, s.err
}

func TestAnotherEngineAnswersForOneThatCannot(t *testing.T) {
	mine, theirs := []Estimate{{Seconds: 1, Model: ModelRoad}}, []Estimate{{Seconds: 2, Model: ModelOSRM}}
	other := errors.New("a defect")
	for name, c := range map[string]struct {
		first says
		want  []Estimate
		err   error
	}{
		"it can":         {says{theirs, nil}, theirs, nil},
		"it is down":     {says{nil, ErrTravel.Because(other)}, mine, nil},
		"no road there":  {says{nil, ErrNoRoad}, mine, nil},
		"a bad question": {says{nil, ErrUnknownMode}, nil, ErrUnknownMode},
		"a defect":       {says{nil, other}, nil, other},
	} {
		got, err := Fallback{c.first, says{mine, nil}}.Times(context.Background(), foshan, Walk, nil)
		require.Equal(t, c.want, got, name)
		require.ErrorIs(t, err, c.err, name)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Fallback{says{nil, ErrTravel}, says{mine, nil}}.Times(ctx, foshan, Walk, nil)
	require.ErrorIs(t, err, ErrTravel, "whoever asked has gone")
}
