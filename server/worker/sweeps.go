package worker

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Sweep is work that the clock brings: holds that lapse, deadlines that pass.
type Sweep struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Sweeps runs each sweep again and again until ctx ends. Every sweep is a
// guarded change, so that two processes may run it at once.
func Sweeps(ctx context.Context, log *slog.Logger, list []Sweep) {
	for _, s := range list {
		go s.run(ctx, log)
	}
	<-ctx.Done()
}

func (s Sweep) run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.once(ctx); err != nil && ctx.Err() == nil {
				log.Error("sweep failed", "sweep", s.Name, "err", err)
			}
		}
	}
}

// once does it; a defect in one sweep must not take the service along.
func (s Sweep) once(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return s.Do(ctx)
}
