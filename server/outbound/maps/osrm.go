package maps

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Servers names the OSRM server of each mode, such as "http://osrm-car:5000":
// one server has the roads of one profile.
type Servers map[circle.Mode]string

// OSRM asks the table service of OSRM servers. Positions are WGS-84. See
// https://project-osrm.org/docs/v5.24.0/api/#table-service
type OSRM struct {
	engine
	servers Servers
	batch   int
}

var _ circle.TravelTime = (*OSRM)(nil)

// osrmBatch leaves room for the start among the 100 places that osrm-routed
// takes unless told otherwise (--max-table-size).
const osrmBatch = 99

// osrmProfiles stand in the address; osrm-routed does not look at them.
var osrmProfiles = map[circle.Mode]string{circle.Walk: "foot", circle.EBike: "bike", circle.Car: "car"}

// NewOSRM speaks to these servers. A mode without one cannot be asked.
func NewOSRM(servers Servers, client *http.Client, l Limits) *OSRM {
	o := &OSRM{engine: newEngine(circle.ModelOSRM, client, l), servers: servers, batch: l.Batch}
	if o.batch <= 0 {
		o.batch = osrmBatch
	}
	return o
}

// Times implements circle.TravelTime.
func (o *OSRM) Times(ctx context.Context, from place.Position, by circle.Mode, to []circle.Stop) ([]circle.Estimate, error) {
	if !by.Valid() {
		return nil, circle.ErrUnknownMode
	}
	server, ok := o.servers[by]
	if !ok {
		return nil, circle.ErrTravel.Because(fmt.Errorf("osrm: no server for %s", by))
	}
	base := strings.TrimSuffix(server, "/") + "/table/v1/" + osrmProfiles[by] + "/"
	return o.batches(ctx, to, o.batch, func(ctx context.Context, to []circle.Stop) ([]circle.Estimate, error) {
		return o.table(ctx, base, from, to)
	})
}

// osrmTable is the answer. A pair without a way between them has null.
type osrmTable struct {
	Code      string       `json:"code"`
	Message   string       `json:"message"`
	Durations [][]*float64 `json:"durations"`
	Distances [][]*float64 `json:"distances"`
}

func (o *OSRM) table(ctx context.Context, base string, from place.Position, to []circle.Stop) ([]circle.Estimate, error) {
	var answer osrmTable
	if err := o.get(ctx, base+places(from, to)+"?sources=0&annotations=duration,distance", &answer); err != nil {
		return nil, err
	}
	switch answer.Code {
	case "Ok":
		return answer.estimates(len(to))
	case "NoTable", "NoSegment":
		// No way at all, or no road near one of the places: an answer, not a
		// failure. Which place it was is not told.
		return unreachable(len(to), circle.ModelOSRM), nil
	}
	return nil, fmt.Errorf("%s: %s", answer.Code, answer.Message)
}

// places lists the start and the stops.
func places(from place.Position, to []circle.Stop) string {
	list := []string{lngLat(from)}
	for _, stop := range to {
		list = append(list, lngLat(stop.At))
	}
	return strings.Join(list, ";")
}

// estimates reads the row of the only source. Its first entry is the start.
func (t *osrmTable) estimates(n int) ([]circle.Estimate, error) {
	if len(t.Durations) != 1 || len(t.Durations[0]) != n+1 || len(t.Distances) != 1 || len(t.Distances[0]) != n+1 {
		return nil, fmt.Errorf("the table is not 1 × %d", n+1)
	}
	times := unreachable(n, circle.ModelOSRM)
	for i := range times {
		seconds, metres := t.Durations[0][i+1], t.Distances[0][i+1]
		if seconds != nil && metres != nil {
			times[i].Seconds, times[i].Meters = int(math.Ceil(*seconds)), int(math.Round(*metres))
		}
	}
	return times, nil
}

func unreachable(n int, model string) []circle.Estimate {
	times := make([]circle.Estimate, n)
	for i := range times {
		times[i] = circle.Estimate{Seconds: circle.Unreachable, Model: model}
	}
	return times
}

func lngLat(p place.Position) string { return degrees(p.Lng) + "," + degrees(p.Lat) }
func latLng(p place.Position) string { return degrees(p.Lat) + "," + degrees(p.Lng) }

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }
