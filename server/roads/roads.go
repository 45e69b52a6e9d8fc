// Package roads (路网文件) reads what OpenStreetMap says about a city's roads and
// decides what it means for each mode: where one may go, and how fast. What it
// makes of a file is an index of package road.
package roads

import "github.com/yimen-gov/yimen/pkg/fault"

// The faults of a road file.
var (
	ErrFile = fault.New(fault.Invalid, "circle.road_file", "道路文件不是完整的 OpenStreetMap PBF 文件，请重新下载；原有索引继续使用")
	ErrCity = fault.New(fault.Invalid, "circle.road_file_elsewhere", "道路文件中没有本市范围内的道路，请换用覆盖本市的文件；原有索引继续使用")
)
