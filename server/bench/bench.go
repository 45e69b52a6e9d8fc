// Package bench (基准) measures what is promised, each figure beside the
// physical limit or the peer measured in the same run. It decides what is
// measured and how noise is kept out; it judges nothing but its own targets.
package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Bench is one benchmark. Run tells its figures to the report and fails only
// where it could not measure.
type Bench struct {
	Name, About string
	Run         func(ctx context.Context, r *Report) error
}

// all are the benchmarks in the order of their running; a new one is one line.
var all = []Bench{
	{"booking", "bookings in process and over HTTP, a rush, and where much is booked already", bookings},
	{"casework", "the rules of intake, clocks and themes; cases accepted; list, search and open among many (--cases)", caseworkFigures},
	{"circle", "the service circle on a real road network (YIMEN_ROADS): look-up, search, index, province", circleRoads},
	{"circle-http", "where to go, over HTTP, against Fiber's constant JSON", circleHTTP},
	{"commit", "durable single-row writes through InTx from 64 goroutines", commit},
	{"commit-sigkill", "what was answered is there after SIGKILL in the middle of writing", commitKilled},
	{"delivery", "deliveries confirmed in process, and a courier's day sent in after a dead zone", deliveries},
	{"lite", "the pages for staff: bytes of each, and how many a second of the longest", litePages},
	{"delivery-http", "deliveries over HTTP, against Fiber answering posts", deliveredOverHTTP},
	{"ledger", "what a leaf costs its transaction; proofs from a large log", ledgerCost},
	{"http-floor", "catalogue search and item guide over HTTP against Fiber's constant JSON", httpFloor},
	{"search", "catalogue search in process, 290 and 20,000 items", search},
	{"seal", "sealing a case's fields, beside accepting the case over HTTP", sealed},
	{"login", "logins over HTTP against the local WeChat", logins},
	{"start", "process start to ready, and resident memory", start},
}

// All returns every benchmark.
func All() []Bench { return slices.Clone(all) }

// Named returns the benchmarks of these names, all of them for no name. The
// error names every unknown one and what there is.
func Named(names []string) ([]Bench, error) {
	if len(names) == 0 {
		return All(), nil
	}
	var chosen []Bench
	var unknown []string
	for _, name := range names {
		at := slices.IndexFunc(all, func(b Bench) bool { return b.Name == name })
		if at < 0 {
			unknown = append(unknown, name)
			continue
		}
		chosen = append(chosen, all[at])
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("no benchmark %s; there are: %s", strings.Join(unknown, ", "), known())
	}
	return chosen, nil
}

func known() string {
	names := make([]string, len(all))
	for i, b := range all {
		names[i] = b.Name
	}
	return strings.Join(names, ", ")
}
