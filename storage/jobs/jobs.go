// Package jobs (后台任务) does afterwards what a transaction asked for. A job is
// a row of the same transaction, so it exists if and only if the change does;
// it runs at least once, and whoever does the work makes twice harmless.
package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// Claimed is a job in this process's hands until its lease ends.
type Claimed struct {
	ID, Subject string
	Kind        notify.JobKind
	Attempt     int // counts from 1; also the lease: a later claim has another
}

// Store keeps the jobs.
type Store interface {
	// Claim takes up to most jobs that are due by now. One that is neither
	// done nor failed by again is due again: its process has died.
	Claim(ctx context.Context, now, again time.Time, most int) ([]Claimed, error)
	// Done removes a job, unless somebody else has claimed it meanwhile.
	Done(ctx context.Context, c Claimed) error
	// Failed sets when to try again, or that nobody will.
	Failed(ctx context.Context, c Claimed, why string, again time.Time, dead bool) error
}

// Work does a job of one kind.
type Work func(ctx context.Context, subject string) error

// Runner claims jobs and runs them.
type Runner struct {
	Store Store
	Works map[notify.JobKind]Work
	Now   func() time.Time
	Log   *slog.Logger
	Every time.Duration // how often to look for jobs; 0 = 200 ms
}

const (
	lease    = time.Minute
	claims   = 64
	attempts = 12
)

// Run works until ctx ends; then it waits for the jobs in hand.
func (r *Runner) Run(ctx context.Context) {
	every := r.Every
	if every == 0 {
		every = 200 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for r.Once(ctx) == claims {
			}
		}
	}
}

// Once claims the jobs that are due, runs them side by side and returns how
// many there were.
func (r *Runner) Once(ctx context.Context) int {
	now := r.Now()
	list, err := r.Store.Claim(ctx, now, now.Add(lease), claims)
	if err != nil {
		r.Log.Error("claim jobs", "err", err)
		return 0
	}
	var group sync.WaitGroup
	for _, c := range list {
		group.Go(func() { r.run(context.WithoutCancel(ctx), c) })
	}
	group.Wait()
	return len(list)
}

func (r *Runner) run(ctx context.Context, c Claimed) {
	ctx, cancel := context.WithTimeout(ctx, lease)
	defer cancel()
	err := r.work(ctx, c)
	if err == nil {
		err = r.Store.Done(ctx, c)
	} else {
		r.Log.Warn("job failed", "kind", c.Kind, "attempt", c.Attempt, "err", err)
		err = r.Store.Failed(ctx, c, err.Error(), r.Now().Add(backoff(c.Attempt)), c.Attempt >= attempts)
	}
	if err != nil {
		r.Log.Error("settle a job", "kind", c.Kind, "err", err)
	}
}

func (r *Runner) work(ctx context.Context, c Claimed) error {
	work, ok := r.Works[c.Kind]
	if !ok {
		return errors.New("nobody does this kind of job")
	}
	return work(ctx, c.Subject)
}

// backoff doubles from 2 s to about an hour.
func backoff(attempt int) time.Duration {
	return min(time.Hour, time.Second<<min(attempt, 12))
}
