package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os/exec"
	"time"

	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// House is a running instance of the service on a loopback address.
type House struct {
	URL    string
	WeChat string // address of the local WeChat
	Close  func() error

	// Of a guarded house.
	DB    *sqlstore.DB
	City  city.Shelf
	Known func(openID string) // lets somebody into the local WeChat
	Tried func() int64        // how often the database was asked for a seat
}

// Report takes the figures of a run, and says how long and on what to measure.
type Report struct {
	Out    io.Writer     // one JSON line a figure
	Length time.Duration // of one measurement
	Quick  bool          // show that it works; the figures mean little
	Cases  int           // how many cases casework is filled with; 0 = a few
	Large  bool          // the sizes of the largest cities

	// Self makes a command that starts this very program.
	Self func(ctx context.Context, args ...string) *exec.Cmd
	// Open starts a fresh instance with its data in dir.
	Open func(ctx context.Context, dir string) (House, error)
	// Guarded is Open with its limits on; loopback speaks for other addresses.
	Guarded func(ctx context.Context, dir string) (House, error)

	bench string
}

// Figure is one measured figure as it is printed. Limit, ratio and target are
// null where there is none; without a target a figure is met.
type Figure struct {
	Bench  string   `json:"bench"`
	Figure string   `json:"figure"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit"`
	Limit  *float64 `json:"limit"`  // physical limit or peer, in the same unit
	Ratio  *float64 `json:"ratio"`  // of value and limit
	Target *float64 `json:"target"` // of the ratio where there is a limit, else of the value
	Met    bool     `json:"met"`
}

// Run runs the benchmarks one after another.
func (r *Report) Run(ctx context.Context, list []Bench) error {
	for _, b := range list {
		r.bench = b.Name
		if err := b.Run(ctx, r); err != nil {
			return fmt.Errorf("bench %s: %w", b.Name, err)
		}
	}
	return nil
}

// Tell prints a figure that nothing is asked of.
func (r *Report) Tell(figure string, value float64, unit string) error {
	return r.print(Figure{Figure: figure, Value: value, Unit: unit, Met: true})
}

// Under prints a figure that must stay under target, in the same unit.
func (r *Report) Under(figure string, value float64, unit string, target float64) error {
	return r.print(Figure{Figure: figure, Value: value, Unit: unit, Target: &target, Met: value < target})
}

// None prints a count that must be 0.
func (r *Report) None(figure string, value int, unit string) error {
	return r.print(Figure{Figure: figure, Value: float64(value), Unit: unit, Target: new(0.0), Met: value == 0})
}

// Beside prints a figure beside its limit; nothing is asked of the ratio, which
// the caller gives the way round that says more.
func (r *Report) Beside(figure string, value float64, unit string, limit, ratio float64) error {
	return r.print(Figure{Figure: figure, Value: value, Unit: unit, Limit: &limit, Ratio: &ratio, Met: true})
}

// Against is Beside with a target that the ratio must reach.
func (r *Report) Against(figure string, value float64, unit string, limit, ratio, target float64) error {
	return r.print(Figure{
		Figure: figure, Value: value, Unit: unit, Limit: &limit, Ratio: &ratio, Target: &target, Met: ratio >= target,
	})
}

func (r *Report) print(f Figure) error {
	f.Bench = r.bench
	f.Value = rounded(f.Value)
	for _, p := range []*float64{f.Limit, f.Ratio} {
		if p != nil {
			*p = rounded(*p)
		}
	}
	line, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Figure, err)
	}
	_, err = fmt.Fprintf(r.Out, "%s\n", line)
	return err
}

// rounded keeps four digits: more would pretend.
func rounded(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	unit := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*unit) / unit
}
