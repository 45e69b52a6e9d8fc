// Package circle (15分钟便民服务圈) decides which offices a person can reach in
// time, in which order they are offered and why, and who in the city lives
// outside the circle. Road networks live in package road below it; reading
// maps, files and other people's engines happens elsewhere.
package circle

import "time"

// zone is the one zone of the house. It is fixed, so that neither the
// machine's zone nor its time zone data matter.
var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// The minutes of a circle.
const (
	DefaultMinutes = 15
	MinMinutes     = 1
	MaxMinutes     = 30 // as far as the road index looks
)
