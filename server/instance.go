package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/server/meter"
	"github.com/yimen-gov/yimen/server/outbound/couriers"
	"github.com/yimen-gov/yimen/server/outbound/hub"
	"github.com/yimen-gov/yimen/storage/cache"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// instance is one running Yimen: its rooms, its listeners, its workers.
type instance struct {
	conf          *Config
	log           *slog.Logger
	now           func() time.Time
	db            *sqlstore.DB
	shelf         *sqlstore.Shelf
	cache         cache.Cache    // short-lived state; what is in it may be lost
	shared        *cache.Watched // the part of it that replicas share, nil = none
	rooms         rooms
	app           *api.App
	sandbox       *sandbox.Sandbox  // nil where WeChat is real, or the local one runs by itself
	playing       *http.Server      // the sandbox's listener
	hangUp        func() error      // on the shared cache
	playURL       string            // of the local WeChat, "" where WeChat is real
	courierPlay   *couriers.Sandbox // nil where the courier company is real, or there is none
	courierServer *http.Server
	courierURL    string
	meter         *meter.Meter
	metrics       *http.Server // nil where nobody scrapes
	metricsAddr   string
	reckoned      time.Time    // when this instance reckoned the city's figures last
	filesGone     atomic.Bool  // the store of files did not answer when last asked
	hubPlay       *hub.Sandbox // nil where the data hub is real, or there is none
	hubServer     *http.Server
	hubURL        string
	hubLimits     hub.Limits
	stop          context.CancelFunc // of the workers
	workers       sync.WaitGroup
}

// newID makes an id that nobody can guess and that sorts by time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// openInstance brings everything up but the public listener. Whoever gets an
// instance closes it.
func openInstance(ctx context.Context, c *Config, log *slog.Logger, now func() time.Time) (*instance, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	in := &instance{conf: c, log: log, now: now}
	for _, step := range []func(context.Context) error{in.openMeter, in.openStore, in.openCache, in.openCity, in.openSandbox, in.openCouriers, in.openHub, in.openRooms} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, in.close())
		}
	}
	in.showState()
	in.startWorkers()
	return in, nil
}

func (in *instance) openStore(ctx context.Context) error {
	keys, err := keyring(in.conf)
	if err != nil {
		return err
	}
	in.rooms.keys = keys
	store := in.conf.store(keys, in.now)
	store.Watch = in.meter
	in.db, err = sqlstore.Open(ctx, store)
	return err
}

// openCity loads the sample city where the database holds none yet.
func (in *instance) openCity(ctx context.Context) error {
	in.shelf = sqlstore.NewShelf(in.db)
	version, err := in.db.LatestEdition(ctx)
	if err != nil {
		return err
	}
	if version == 0 {
		if err := loadSample(ctx, in.db, in.now()); err != nil {
			return err
		}
	}
	_, err = in.shelf.Current(ctx)
	return err
}

// openSandbox starts the local WeChat where no AppID is given, or finds the one
// that runs already.
func (in *instance) openSandbox(context.Context) error {
	if !in.conf.sandboxed() {
		return nil
	}
	if in.conf.WechatBaseURL != "" {
		in.playURL = strings.TrimSuffix(in.conf.WechatBaseURL, "/")
		return nil
	}
	l, err := net.Listen("tcp", in.conf.SandboxAddr)
	if err != nil {
		return fmt.Errorf("listen for the local WeChat: %w", err)
	}
	in.playURL = "http://" + l.Addr().String()
	in.sandbox = newSandbox(in.now, in.conf.self())
	in.playing = &http.Server{Handler: in.sandbox, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = in.playing.Serve(l) }()
	return nil
}

func (in *instance) gate() *staff.Gate {
	return in.rooms.gate
}

// close stops the workers, finishes what is being written and closes all.
func (in *instance) close() error {
	if in.stop != nil {
		in.stop()
		in.workers.Wait()
	}
	var err error
	if in.playing != nil {
		err = in.playing.Close()
	}
	if in.courierServer != nil {
		err = errors.Join(err, in.courierServer.Close())
	}
	if in.metrics != nil {
		err = errors.Join(err, in.metrics.Close())
	}
	if in.meter != nil {
		err = errors.Join(err, in.meter.Close())
	}
	if in.hubServer != nil {
		err = errors.Join(err, in.hubServer.Close())
	}
	if in.hangUp != nil {
		err = errors.Join(err, in.hangUp())
	}
	if in.db != nil {
		err = errors.Join(err, in.db.Close())
	}
	return err
}
