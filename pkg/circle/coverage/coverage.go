// Package coverage (服务圈覆盖) tells planners who lives outside the circle: what
// share of a city's ground and people is within so many minutes of an office,
// where the farthest places are, and what one more office would gain.
//
// No boundaries of towns are openly licensed, so a place belongs to the town of
// the office that is nearest by straight line, and the ground ends where no
// office is near. Who has better data gives a population grid: then people
// count, and the ground's edge hardly matters.
package coverage

import "github.com/yimen-gov/yimen/pkg/circle"

// Minutes are the bands that are told.
var Minutes = [...]int{5, 10, 15, 20}

// goal is the circle that gains are measured by, in seconds.
const goal = circle.DefaultMinutes * 60

// Area is a district or town, with its code and name.
type Area struct{ Code, Name string }

// Post is an office with the areas that it stands in. An office without a town,
// such as the city's own, gives no place its town.
type Post struct {
	circle.Stop
	Name           string
	Number         int32 // in the masks
	District, Town Area
}
