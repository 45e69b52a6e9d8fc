package roads

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

// Trial is a network with made-up offices, to be measured or tested on. Its
// index lies in a file and is mapped, as the server has it.
type Trial struct {
	Name    string
	Path    string // of the index
	Bytes   int64  // its size
	Built   time.Duration
	Opened  time.Duration // from the file's name to the first answer
	Offices []circle.Stop
	Index   *road.Index
	Map     *road.Map
	Among   circle.Mask // all offices
	Survey  *Survey
}

// NewTrial builds the index of a PBF file in a folder, with so many offices put
// on roads that cars can reach.
func NewTrial(ctx context.Context, pbf, folder string, offices int) (*Trial, error) {
	file, err := os.Open(pbf)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	t := &Trial{Name: filepath.Base(pbf), Path: filepath.Join(folder, "roads.index")}
	began := time.Now()
	extract, err := Read(ctx, file, circle.Box{Min: place.Position{Lng: -180, Lat: -90}, Max: place.Position{Lng: 180, Lat: 90}})
	if err != nil {
		return nil, err
	}
	graphs, reports, err := extract.Graphs()
	if err != nil {
		return nil, err
	}
	t.Survey = &Survey{Nodes: len(extract.Nodes), Ways: len(extract.Ways), Modes: reports}
	t.Offices = scatter(graphs[circle.Car], offices, 1, 0)
	index := &road.Index{Built: began, Source: t.Name, Blocks: []*road.Block{road.NewBlock(graphs, t.Offices)}}
	if err := circlefile.Replace(t.Path, index); err != nil {
		return nil, err
	}
	t.Built = time.Since(began)
	return t, t.open()
}

func (t *Trial) open() (err error) {
	began := time.Now()
	if t.Index, err = circlefile.Open(t.Path); err != nil {
		return err
	}
	t.Map = t.Index.NewMap(t.Offices, nil)
	t.Among = circle.NewMask(t.Map.Size)
	for _, n := range t.Map.Numbers {
		t.Among.Set(int(n))
	}
	if _, err := t.Map.Within(nil, t.Offices[0].At, circle.Car, 900, t.Among); err != nil {
		return err
	}
	t.Opened = time.Since(began)
	info, err := os.Stat(t.Path)
	if err != nil {
		return err
	}
	t.Bytes = info.Size()
	return nil
}

// scatter puts stops at random places of a graph's roads, up to so many degrees
// off them. The same seed gives the same stops.
func scatter(g *road.Graph, count int, seed uint64, off float64) []circle.Stop {
	var ends []place.Position
	g.Snap.Draw(func(a, _ place.Position) { ends = append(ends, a) })
	dice := rand.New(rand.NewPCG(seed, 5))
	stops := make([]circle.Stop, count)
	for i := range stops {
		at := ends[dice.IntN(len(ends))]
		at.Lng += (dice.Float64() - 0.5) * 2 * off
		at.Lat += (dice.Float64() - 0.5) * 2 * off
		stops[i] = circle.Stop{Code: fmt.Sprintf("trial-%05d", i), At: at}
	}
	return stops
}

// Positions gives random places up to half a kilometre from a mode's roads.
func (t *Trial) Positions(by circle.Mode, count int, seed uint64) []place.Position {
	var at []place.Position
	for _, s := range scatter(&t.Index.Blocks[0].Nets[by].Graph, count, seed, 0.0045) {
		at = append(at, s.At)
	}
	return at
}

// Differing counts the positions at which the index does not answer what a
// bounded Dijkstra from the same snapped point does: the same offices, the same
// seconds, the same metres.
func (t *Trial) Differing(by circle.Mode, positions []place.Position, seconds int) (differing int) {
	net := t.Index.Blocks[0].Nets[by]
	search := road.NewReference(&net.Graph, net.Offices)
	var all sync.WaitGroup
	var lock sync.Mutex
	share := (len(positions) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for part := range slices.Chunk(positions, share) {
		all.Go(func() {
			count := 0
			var got, want []circle.Reached
			for _, p := range part {
				spot, _, ok := net.Snap.Find(p)
				got, want = got[:0], want[:0]
				if ok {
					want = search.Within(want, spot, seconds, t.Among)
				}
				found, err := t.Map.Within(got, p, by, seconds, t.Among)
				if got = found; (err == nil) != ok || !slices.Equal(sorted(got), sorted(want)) {
					count++
				}
			}
			lock.Lock()
			defer lock.Unlock()
			differing += count
		})
	}
	all.Wait()
	runtime.KeepAlive(t.Index)
	return differing
}

func sorted(list []circle.Reached) []circle.Reached {
	slices.SortFunc(list, func(a, b circle.Reached) int { return cmp.Compare(a.Office, b.Office) })
	return list
}

// Spread is how long single questions took.
type Spread struct{ P50, P99 time.Duration }

// Time asks once at each position and spreads the times.
func Time(positions []place.Position, ask func(place.Position)) Spread {
	took := make([]time.Duration, len(positions))
	for i, p := range positions {
		began := time.Now()
		ask(p)
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return Spread{took[len(took)/2], took[len(took)*99/100]}
}

// LookUp times questions to the index.
func (t *Trial) LookUp(by circle.Mode, positions []place.Position, seconds int) Spread {
	var dst []circle.Reached
	return Time(positions, func(p place.Position) {
		dst, _ = t.Map.Within(dst[:0], p, by, seconds, t.Among)
	})
}

// Dijkstra times the same questions as bounded searches, their snapping
// included.
func (t *Trial) Dijkstra(by circle.Mode, positions []place.Position, seconds int) Spread {
	net := t.Index.Blocks[0].Nets[by]
	search := road.NewReference(&net.Graph, net.Offices)
	var dst []circle.Reached
	spread := Time(positions, func(p place.Position) {
		if spot, _, ok := net.Snap.Find(p); ok {
			dst = search.Within(dst[:0], spot, seconds, t.Among)
		}
	})
	runtime.KeepAlive(t.Index)
	return spread
}

// Atlas is the trial's city, every office of which is open all day long.
func (t *Trial) Atlas(now time.Time) *circle.Atlas {
	midnight := now.Truncate(24 * time.Hour)
	doors := circle.NewSchedule(midnight, 2, []circle.Span{{From: midnight, To: midnight.Add(48 * time.Hour)}})
	offices := make([]circle.Office, len(t.Offices))
	for i, o := range t.Offices {
		offices[i] = circle.Office{Stop: o, Doors: doors, SelfService: i%18 == 0}
	}
	return circle.NewAtlas(offices, t.Map, t.Map.Numbers, circle.DefaultWeights)
}

// quiet are prospects without a queue.
type quiet struct{}

func (quiet) FirstSlot(_ int32, after int64) int64 { return after + 900 }
func (quiet) Wait(int32) time.Duration             { return 0 }

// Ask times whole questions: in the circle, open on arrival, weighed against
// slots and waits, the best twenty in order.
func (t *Trial) Ask(by circle.Mode, positions []place.Position, minutes int, now time.Time) (spread Spread, allocations float64) {
	atlas := t.Atlas(now)
	ask := func(p place.Position) {
		_, _ = atlas.Ask(circle.Question{From: p, By: by, Minutes: minutes, At: now, Among: t.Among, Takes: time.Minute}, quiet{})
	}
	spread = Time(positions, ask)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, p := range positions {
		ask(p)
	}
	runtime.ReadMemStats(&after)
	return spread, float64(after.Mallocs-before.Mallocs) / float64(len(positions))
}
