package circle

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// The models that an estimate may come from; every answer names its own.
const (
	ModelStraight = "straight" // straight line × detour
	ModelRoad     = "road"     // the city's own road index
	ModelOSRM     = "osrm"
	ModelTencent  = "tencent"
)

// ErrTravel: an engine for travel times did not answer.
var ErrTravel = fault.New(fault.Unavailable, "circle.travel_engine", "路程暂时无法计算，请稍后再试")

// Stop is where a journey ends: an office and its WGS-84 position.
type Stop struct {
	Code string
	At   place.Position
}

// Estimate is how long and how far a journey is. Seconds is Unreachable when
// the engine knows of no way.
type Estimate struct {
	Seconds, Meters int
	Model           string
}

// Unreachable stands in Estimate.Seconds for "there is no way".
const Unreachable = -1

// TravelTime is an engine for travel times (路程引擎).
type TravelTime interface {
	// Times gives one estimate per stop, in their order, for journeys from a
	// WGS-84 position by one mode. Safe for concurrent use. Errors:
	// ErrUnknownMode; ErrTravel when the engine cannot be asked now.
	Times(ctx context.Context, from place.Position, by Mode, to []Stop) ([]Estimate, error)
}

// Reached is an office that can be reached, by its number in the Roster.
type Reached struct {
	Office          int32
	Seconds, Meters int32
}

// Reacher answers which offices lie in the circle. It is the fast question:
// many offices, few of them near.
type Reacher interface {
	// Within appends to dst the offices of among that can be reached in at
	// most the given seconds, in no promised order. Safe for concurrent use.
	// Errors: ErrUnknownMode, ErrNoRoad.
	Within(dst []Reached, from place.Position, by Mode, seconds int, among Mask) ([]Reached, error)
	// Model names the model behind the answer.
	Model() string
}

// ErrNoRoad: nothing can be reached from the position, such as one at sea.
var ErrNoRoad = fault.New(fault.Invalid, "circle.no_road", "该位置附近没有道路，请在地图上选择陆地上靠近道路的位置")
