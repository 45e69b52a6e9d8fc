package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/server/outbound/maps"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

// roadFile is the road index as it lies in its file now.
type roadFile struct {
	path  string
	index atomic.Pointer[road.Index]
	seen  os.FileInfo // of the file that was opened last
}

// reload opens the file if it is there and has changed. When it cannot be
// used, what was open stays in use.
func (f *roadFile) reload(context.Context) error {
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || f.isOpen(info) {
		return err
	}
	f.seen = info // a bad file is told once
	index, err := circlefile.Open(f.path)
	if err != nil {
		return err
	}
	f.index.Store(index)
	return nil
}

// isOpen says whether this is the file that was opened last. Files that are
// renamed into place within one tick of the clock have the same time.
func (f *roadFile) isOpen(info os.FileInfo) bool {
	return f.seen != nil && os.SameFile(f.seen, info) && f.seen.Size() == info.Size() && f.seen.ModTime().Equal(info.ModTime())
}

// newGuide wires where to go. A bad road index is told, and straight lines
// serve.
func (in *instance) newGuide(calendar *workday.Calendar) (*nearby.Guide, error) {
	in.rooms.roads = &roadFile{path: in.conf.roads()}
	if err := in.rooms.roads.reload(context.Background()); err != nil {
		in.log.Error("the road index cannot be used; travel times are straight-line estimates", "file", in.conf.roads(), "err", err)
	}
	engine, err := in.engine()
	return &nearby.Guide{
		City: in.shelf, Calendar: calendar, Slots: in.rooms.desk, Times: in.rooms.desk, Homes: in.rooms.counter, Queues: in.rooms.hall, Releases: in.rooms.rush, Roads: in.rooms.roads.index.Load, Engine: engine, Now: in.now,
	}, err
}

// engine is what is asked for travel times before the road index; nil if
// nothing is.
func (in *instance) engine() (circle.TravelTime, error) {
	client := in.outward("maps", 5*time.Second)
	if in.conf.OSRM == "" && in.conf.TencentKey == "" {
		return nil, nil
	}
	if in.conf.OSRM == "" {
		return maps.NewTencent("", in.conf.TencentKey, client, in.now, maps.Limits{}), nil
	}
	servers := maps.Servers{}
	for pair := range strings.SplitSeq(in.conf.OSRM, ",") {
		name, url, ok := strings.Cut(strings.TrimSpace(pair), "=")
		by, err := circle.ParseMode(name)
		if !ok || err != nil {
			return nil, fmt.Errorf("YIMEN_OSRM: %q is not mode=URL with mode walk, ebike or car", pair)
		}
		servers[by] = url
	}
	return maps.NewOSRM(servers, client, maps.Limits{}), nil
}
