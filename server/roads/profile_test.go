package roads

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/osm"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// tagged reads "highway=primary oneway=yes".
func tagged(text string) (tags osm.Tags) {
	for pair := range strings.FieldsSeq(text) {
		key, value, _ := strings.Cut(pair, "=")
		tags = append(tags, osm.Tag{Key: key, Value: value})
	}
	return tags
}

func TestWhoMayGoWhereAndHowFast(t *testing.T) {
	const both, ahead, back, no = "both", "ahead", "back", "no"
	for _, c := range []struct {
		tags             string
		walk, ebike, car string
		kmh              float64 // of a car
	}{
		{"highway=motorway", no, no, ahead, 80},
		{"highway=motorway oneway=no", no, no, both, 80},
		{"highway=trunk", no, both, both, 50},
		{"highway=trunk foot=yes", both, both, both, 50},
		{"highway=trunk motorroad=yes", no, no, both, 50},
		{"highway=primary", both, both, both, 36},
		{"highway=primary oneway=yes", both, ahead, ahead, 36},
		{"highway=primary oneway=-1", both, back, back, 36},
		{"highway=primary oneway=no", both, both, both, 36},
		{"highway=residential oneway=yes oneway:bicycle=no", both, both, ahead, 20},
		{"highway=residential oneway=yes cycleway=opposite_lane", both, both, ahead, 20},
		{"highway=tertiary junction=roundabout", both, ahead, ahead, 28},
		{"highway=tertiary junction=roundabout oneway=no", both, both, both, 28},
		{"highway=secondary maxspeed=20", both, both, both, 20},
		{"highway=secondary maxspeed=120", both, both, both, 32},
		{"highway=secondary maxspeed=10mph", both, both, both, 16.09},
		{"highway=secondary maxspeed=signals", both, both, both, 32},
		{"highway=secondary maxspeed=-5", both, both, both, 32},
		{"highway=secondary maxspeed=NaN", both, both, both, 32},
		{"highway=service access=private", no, no, no, 0},
		{"highway=service access=private foot=yes", both, no, no, 0},
		{"highway=service access=no motor_vehicle=yes", no, no, both, 12},
		{"highway=residential motor_vehicle=no", both, both, no, 0},
		{"highway=residential vehicle=no", both, no, no, 0},
		{"highway=residential vehicle=no bicycle=yes", both, both, no, 0},
		{"highway=residential motor_vehicle=destination", both, both, both, 20},
		{"highway=living_street", both, both, both, 12},
		{"highway=footway", both, no, no, 0},
		{"highway=footway bicycle=designated", both, both, no, 0},
		{"highway=pedestrian", both, no, no, 0},
		{"highway=pedestrian motor_vehicle=yes", both, no, both, 10},
		{"highway=pedestrian vehicle=yes", both, no, no, 0},
		{"highway=pedestrian motorcar=yes", both, no, both, 10},
		{"highway=steps", both, no, no, 0},
		{"highway=cycleway", both, both, no, 0},
		{"highway=cycleway foot=no", no, both, no, 0},
		{"highway=path bicycle=no", both, no, no, 0},
		{"highway=construction", no, no, no, 0},
		{"highway=construction foot=yes", no, no, no, 0},
		{"highway=proposed motorcar=yes", no, no, no, 0},
		{"highway=bus_guideway", no, no, no, 0},
		{"railway=rail", no, no, no, 0},
	} {
		for by, want := range map[circle.Mode]string{circle.Walk: c.walk, circle.EBike: c.ebike, circle.Car: c.car} {
			a, b := profiles[by].speed(tagged(c.tags))
			got := map[[2]bool]string{{true, true}: both, {true, false}: ahead, {false, true}: back, {false, false}: no}[[2]bool{a > 0, b > 0}]
			require.Equal(t, want, got, "%s: %s", by, c.tags)
			if by == circle.Car {
				require.InDelta(t, c.kmh, max(a, b)*3.6, 0.01, c.tags)
			}
		}
	}
}

func TestWhatStandsInTheWay(t *testing.T) {
	for _, c := range []struct {
		tags             string
		walk, ebike, car bool // shut
	}{
		{"barrier=bollard", false, false, true},
		{"barrier=bollard motor_vehicle=yes", false, false, false},
		{"barrier=gate", false, false, false},
		{"barrier=gate access=private", true, true, true},
		{"barrier=gate access=no foot=yes", false, true, true},
		{"barrier=turnstile", false, true, true},
		{"barrier=lift_gate", false, false, false},
		{"highway=crossing", false, false, false},
		{"", false, false, false},
	} {
		tags := tagged(c.tags)
		require.Equal(t, [...]bool{c.walk, c.ebike, c.car}, [...]bool{
			profiles[circle.Walk].shut(tags), profiles[circle.EBike].shut(tags), profiles[circle.Car].shut(tags),
		}, c.tags)
	}
}

func TestLightsCostTime(t *testing.T) {
	require.Equal(t, 15.0, profiles[circle.Walk].delay(tagged("highway=traffic_signals")))
	require.Equal(t, 10.0, profiles[circle.Car].delay(tagged("highway=traffic_signals")))
	require.Equal(t, 5.0, profiles[circle.Car].delay(tagged("highway=crossing crossing=traffic_signals")))
	require.Zero(t, profiles[circle.Car].delay(tagged("highway=crossing crossing=zebra")))
}

func FuzzAnySpeedLimitIsRead(f *testing.F) {
	for _, s := range []string{"60", "60 km/h", "40 mph", "walk", "CN:urban", "", "-3", "NaN", "Inf", "1e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := maxSpeed(text)
		require.False(t, math.IsNaN(v))
		require.True(t, v >= 0 && v < 1000)
	})
}
