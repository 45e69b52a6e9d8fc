package worker

import (
	"context"
	"log/slog"
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
			if err := s.Do(ctx); err != nil && ctx.Err() == nil {
				log.Error("sweep failed", "sweep", s.Name, "err", err)
			}
		}
	}
}
