// Package road (路网) decides how long a journey on the roads of a city takes.
// A Network (what a map says) becomes a Graph (what one mode may use), a Graph
// with offices becomes a Block of an index (what every office is from
// everywhere), and a Map answers from it in microseconds what a search on the
// graph would answer in milliseconds: the same offices, the same seconds.
//
// Everything here is pure. An index is bytes, laid out so that they can be used
// where they lie, in a file mapped into memory.
package road

import "github.com/yimen-gov/yimen/pkg/circle"

// Attribution must stand wherever a result made from OpenStreetMap is shown
// (Open Database Licence 1.0, section 4.3).
const Attribution = "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright"

// limit is how far the index looks: no journey in it is longer.
var limit = within(circle.MaxMinutes * 60)
