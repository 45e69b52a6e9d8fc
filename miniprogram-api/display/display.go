package display

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Bounds of the streams: a hall has a few screens, and a city's screens and
// those who watch from home are some thousands.
const (
	listenersMost   = 4000
	perOfficeMost   = 200
	phonesMost      = 150              // of these: the hall's own screens find room
	renewEvery      = 30 * time.Second // for estimates, which change by themselves
	heartbeatEvery  = 15 * time.Second
	writeLimit      = 10 * time.Second // for a screen to take an event
	reconnectMillis = 3000
)

// ErrFull refuses one screen too many.
var ErrFull = fault.New(fault.Unavailable, "display.full", "同时打开的叫号屏太多，请稍后再试，或改用普通刷新").After(10)

// Display streams boards to screens. One look a second at the database serves
// all of them, so that changes made by other instances are seen as well.
type Display struct {
	Hall Hall
	Now  func() time.Time
	Log  *slog.Logger

	mu     sync.Mutex
	stages map[place.OfficeCode]*stage
	count  int
	closed chan struct{}
}

// stage is one office's board with those who watch it.
type stage struct {
	drawn    time.Time
	event    event
	watchers map[*watcher]struct{}
}

// event is a board, encoded once for all who watch it.
type event struct {
	id      string
	version int64
	text    []byte
}

// watcher is one screen. Its channel holds the latest event only: a slow screen
// skips boards instead of falling behind.
type watcher struct {
	office place.OfficeCode
	news   chan event
}

// New makes a display without screens.
func New(hall Hall, now func() time.Time, log *slog.Logger) *Display {
	return &Display{Hall: hall, Now: now, Log: log, stages: map[place.OfficeCode]*stage{}, closed: make(chan struct{})}
}

// Close ends every stream; screens reconnect to whoever serves next.
func (d *Display) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.closed:
	default:
		close(d.closed)
	}
}

// join adds a screen, with the board as it is. Errors: place.ErrNoOffice,
// ErrFull.
func (d *Display) join(ctx context.Context, office place.OfficeCode, most int) (*watcher, error) {
	e, known := d.latest(office)
	if !known {
		var err error
		if e, err = d.draw(ctx, office); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stages[office]
	if s == nil {
		s = &stage{event: e, drawn: d.Now(), watchers: map[*watcher]struct{}{}}
	}
	if d.count >= listenersMost || len(s.watchers) >= most {
		return nil, ErrFull
	}
	w := &watcher{office: office, news: make(chan event, 1)}
	w.news <- s.event
	s.watchers[w] = struct{}{}
	d.stages[office] = s
	d.count++
	return w, nil
}

// latest is the board that others watch already.
func (d *Display) latest(office place.OfficeCode) (event, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.stages[office]; s != nil {
		return s.event, true
	}
	return event{}, false
}

func (d *Display) leave(w *watcher) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stages[w.office]
	delete(s.watchers, w)
	d.count--
	if len(s.watchers) == 0 {
		delete(d.stages, w.office)
	}
}

// Refresh draws what has changed; call it every second.
func (d *Display) Refresh(ctx context.Context) error {
	if !d.watched() {
		return nil
	}
	versions, err := d.Hall.Versions(ctx)
	if err != nil {
		return err
	}
	for _, office := range d.stale(versions) {
		e, err := d.draw(ctx, office)
		if err != nil {
			return err
		}
		d.show(office, e)
	}
	return nil
}

func (d *Display) watched() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count > 0
}

// stale lists the offices whose board is out of date.
func (d *Display) stale(versions map[place.OfficeCode]int64) (list []place.OfficeCode) {
	now := d.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for office, s := range d.stages {
		if s.event.version != versions[office] || now.Sub(s.drawn) >= renewEvery {
			list = append(list, office)
		}
	}
	return list
}

func (d *Display) draw(ctx context.Context, office place.OfficeCode) (event, error) {
	b, err := d.Hall.Board(ctx, office)
	if err != nil {
		return event{}, err
	}
	data, err := json.Marshal(boardFrom(b))
	if err != nil {
		return event{}, err
	}
	id := fmt.Sprintf("%s-%d", b.Day, b.Version)
	return event{id, b.Version, fmt.Appendf(nil, "id: %s\nevent: board\ndata: %s\n\n", id, data)}, nil
}

// show gives a board to all who watch it, if it says anything new.
func (d *Display) show(office place.OfficeCode, e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stages[office]
	if s == nil {
		return
	}
	news := string(e.text) != string(s.event.text)
	s.drawn, s.event = d.Now(), e
	for w := range s.watchers {
		if news {
			w.tell(e)
		}
	}
}

// tell puts the event in the place of one that was not taken yet.
func (w *watcher) tell(e event) {
	select {
	case <-w.news:
	default:
	}
	w.news <- e
}
