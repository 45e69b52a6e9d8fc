package worker

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Sweep is work that the clock brings: holds that lapse, deadlines that pass.
type Sweep struct {
	Name  string
	Every time.Duration
	Own   bool // done by every instance for itself, and not by the one that leads
	Do    func(ctx context.Context) error
}

// Lease is how instances agree on one that leads.
type Lease interface {
	// Lead makes holder the leader for so long, or says that another one is.
	Lead(ctx context.Context, name, holder string, life time.Duration) (bool, error)
	// Resign lets another one lead at once.
	Resign(ctx context.Context, name, holder string) error
}

// Sweeper runs sweeps. Every sweep is a guarded change, so that two at once
// would do no harm, only twice the work: that is what the lease spares.
type Sweeper struct {
	Lease  Lease
	Holder string // this instance
	Log    *slog.Logger
	List   []Sweep
}

const (
	sweeps    = "sweeps" // the lease's name
	leaseLife = 15 * time.Second
)

// Run runs each sweep again and again until ctx ends.
func (s *Sweeper) Run(ctx context.Context) {
	var group sync.WaitGroup
	for _, one := range s.List {
		group.Go(func() { s.run(ctx, one) })
	}
	group.Wait()
	if err := s.Lease.Resign(context.WithoutCancel(ctx), sweeps, s.Holder); err != nil {
		s.Log.Warn("resign", "err", err)
	}
}

func (s *Sweeper) run(ctx context.Context, one Sweep) {
	tick := time.NewTicker(one.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.once(ctx, one); err != nil && ctx.Err() == nil {
				s.Log.Error("sweep failed", "sweep", one.Name, "err", err)
			}
		}
	}
}

// once does it, if it is for this instance to do; a defect in one sweep must not
// take the service along.
func (s *Sweeper) once(ctx context.Context, one Sweep) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if !one.Own {
		mine, err := s.Lease.Lead(ctx, sweeps, s.Holder, leaseLife)
		if err != nil || !mine {
			return err
		}
	}
	return one.Do(ctx)
}
