package maps

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// OSRM asks the table service of an OSRM server. Positions are WGS-84. See
// https://project-osrm.org/docs/v5.24.0/api/#table-service
type OSRM struct {
	engine
	base     string
	profiles map[circle.Mode]string
	batch    int
}

var _ circle.TravelTime = (*OSRM)(nil)

// osrmBatch leaves room for the start among the 100 places that osrm-routed
// takes unless told otherwise (--max-table-size).
const osrmBatch = 99

// NewOSRM speaks to the server at base, such as "http://osrm:5000". Profiles
// names the profile of each mode; a mode without one cannot be asked.
func NewOSRM(base string, profiles map[circle.Mode]string, client *http.Client, l Limits) *OSRM {
	o := &OSRM{engine: newEngine(circle.ModelOSRM, client, l), base: strings.TrimSuffix(base, "/"), profiles: profiles, batch: l.Batch}
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
	profile, ok := o.profiles[by]
	if !ok {
		return nil, circle.ErrTravel.Because(fmt.Errorf("osrm: no profile for %s", by))
	}
	return o.batches(ctx, to, o.batch, func(ctx context.Context, to []circle.Stop) ([]circle.Estimate, error) {
		return o.table(ctx, profile, from, to)
	})
}

// osrmTable is the answer. A pair without a way between them has null.
type osrmTable struct {
	Code      string       `json:"code"`
	Message   string       `json:"message"`
	Durations [][]*float64 `json:"durations"`
	Distances [][]*float64 `json:"distances"`
}

func (o *OSRM) table(ctx context.Context, profile string, from place.Position, to []circle.Stop) ([]circle.Estimate, error) {
	var answer osrmTable
	if err := o.get(ctx, o.address(profile, from, to), &answer); err != nil {
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

func (o *OSRM) address(profile string, from place.Position, to []circle.Stop) string {
	places := []string{lngLat(from)}
	for _, stop := range to {
		places = append(places, lngLat(stop.At))
	}
	return o.base + "/table/v1/" + url.PathEscape(profile) + "/" + strings.Join(places, ";") +
		"?sources=0&annotations=duration,distance"
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
