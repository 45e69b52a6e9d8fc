package circle

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Fallback asks one engine, and another one when the first cannot be asked
// now. Each estimate names the model that it came from.
type Fallback struct{ First, Then TravelTime }

var _ TravelTime = Fallback{}

// Times implements TravelTime. A cancelled question is not asked again.
func (f Fallback) Times(ctx context.Context, from place.Position, by Mode, to []Stop) ([]Estimate, error) {
	times, err := f.First.Times(ctx, from, by, to)
	if errors.Is(err, ErrTravel) && ctx.Err() == nil || errors.Is(err, ErrNoRoad) {
		return f.Then.Times(ctx, from, by, to)
	}
	return times, err
}
