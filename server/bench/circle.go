package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/server/roads"
)

// The networks that the circle is measured on, in the folder that YIMEN_ROADS
// names.
var roadNetworks = []string{"jinan/jinan.osm.pbf", "porto-alegre/porto-alegre.osm.pbf"}

// osrmTables is how many tables of 1 × 795 a second OSRM gave on a machine of
// this kind.
const osrmTables = 12.8

const (
	circleOffices = 830
	circleSeconds = 15 * 60
)

func circleRoads(ctx context.Context, r *Report) error {
	folder := os.Getenv("YIMEN_ROADS")
	if folder == "" {
		return r.Tell("skipped: YIMEN_ROADS does not name the folder with "+strings.Join(roadNetworks, ", "), 0, "networks")
	}
	for i, network := range roadNetworks {
		if err := circleNetwork(ctx, r, filepath.Join(folder, network), i == 0); err != nil {
			return err
		}
	}
	return nil
}

func circleNetwork(ctx context.Context, r *Report, pbf string, judged bool) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	trial, err := roads.NewTrial(ctx, pbf, dir, circleOffices)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(trial.Name, ".osm.pbf") + ": "
	under := r.Under
	if !judged { // the targets are set for the first network
		under = func(figure string, value float64, unit string, _ float64) error { return r.Tell(figure, value, unit) }
	}
	err = errors.Join(
		under(name+"index of three modes, 830 offices", float64(trial.Bytes)/(1<<20), "MiB", 96),
		under(name+"index build", trial.Built.Seconds(), "s", 90),
		under(name+"index start, checksums and first answer", milliseconds(trial.Opened), "ms", 200),
	)
	for _, by := range circle.Modes {
		err = errors.Join(err, circleMode(r, under, name, trial, by))
	}
	if err != nil || !judged {
		return err
	}
	return circleProvince(r, trial, dir)
}

func circleMode(r *Report, under func(string, float64, string, float64) error, name string, trial *roads.Trial, by circle.Mode) error {
	positions := trial.Positions(by, r.many(10_000), 2)
	few := positions[:len(positions)/10]
	differing := trial.Differing(by, positions, circleSeconds)
	trial.LookUp(by, positions, circleSeconds) // warm
	look, search := trial.LookUp(by, positions, circleSeconds), trial.Dijkstra(by, few, circleSeconds)
	ask, allocations := trial.Ask(by, positions, 15, time.Now())
	name += by.String() + ", 15 min: "
	return errors.Join(
		under(name+fmt.Sprintf("positions of %d that differ from a bounded Dijkstra", len(positions)), float64(differing), "positions", 1),
		r.Beside(name+"look-up p50 beside the Dijkstra's", micro(look.P50), "µs", micro(search.P50), ratio(search.P50, look.P50)),
		under(name+"look-up p50", micro(look.P50), "µs", 20),
		under(name+"look-up p99", micro(look.P99), "µs", 60),
		under(name+"whole question, ranked, p50", micro(ask.P50), "µs", 20),
		under(name+"whole question, ranked, p99", micro(ask.P99), "µs", 60),
		r.Against(name+"whole questions a second on one core, by their median, against OSRM's table of 1 × 795 (measured apart)",
			1/ask.P50.Seconds(), "1/s", osrmTables, 1/ask.P50.Seconds()/osrmTables, 2000),
		under(name+"allocations of a whole question, its two lists among them", allocations, "allocations", 4.01),
	)
}

// circleProvince compares one city in a province of 48 with the city alone.
func circleProvince(r *Report, trial *roads.Trial, dir string) error {
	cities := 48
	if r.Quick {
		cities = 4
	}
	province, err := trial.NewProvince(dir, cities)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("province of %d cities, %d offices: ", cities, len(province.Offices))
	positions := trial.Positions(circle.Car, r.many(10_000), 2)
	opened := roads.ResidentFile()
	province.LookUp(circle.Car, province.In(7%cities, positions), circleSeconds)
	one := roads.ResidentFile()
	everywhere := province.Everywhere(positions)
	province.LookUp(circle.Car, everywhere, circleSeconds)
	all := roads.ResidentFile()
	alone, among := trial.LookUp(circle.Car, positions, circleSeconds), province.LookUp(circle.Car, everywhere, circleSeconds)
	return errors.Join(
		r.Tell(name+"index, cars only", float64(province.Bytes)/(1<<20), "MiB"),
		r.Tell(name+"start, checksums of the whole file", milliseconds(province.Opened), "ms"),
		r.Under(name+"look-up p50 to that of one city", float64(among.P50)/float64(alone.P50), "times", 2),
		r.Tell(name+"resident after opening", float64(opened)/(1<<20), "MiB"),
		r.Tell(name+"resident after asking in one city", float64(one)/(1<<20), "MiB"),
		r.Tell(name+"resident after asking everywhere", float64(all)/(1<<20), "MiB"),
	)
}

// circleHTTP asks where to go, from random places of the sample city.
func circleHTTP(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	house, err := r.Open(ctx, dir)
	if err != nil {
		return err
	}
	targets, err := whereToGo()
	if err == nil {
		err = besideFloor(ctx, r, "where to go, ranked", strings.TrimPrefix(house.URL, "http://"), targets)
	}
	return errors.Join(err, house.Close())
}

func whereToGo() (targets []string, err error) {
	e, err := city.Read(foshan.Files)
	if err != nil {
		return nil, err
	}
	dice := rand.New(rand.NewPCG(1, 9))
	items, offices := e.Catalogue.Items(), e.Places.Offices()
	for range 1000 {
		item, o := items[dice.IntN(len(items))], offices[dice.IntN(len(offices))]
		targets = append(targets, fmt.Sprintf("/api/v1/items/%s/offices?lng=%.5f&lat=%.5f&datum=gcj02&mode=car",
			item.Code, o.Position.Lng+0.01*dice.Float64(), o.Position.Lat+0.01*dice.Float64()))
	}
	return targets, nil
}

// many is a count that a quick run makes small.
func (r *Report) many(count int) int {
	if r.Quick {
		return count / 50
	}
	return count
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
