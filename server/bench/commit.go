package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// writers is how many goroutines write at once.
const writers = 64

// commit compares InTx with what one could do without the house's writer: a
// transaction for each write, and bare group commits. All three write the same
// row with the same statement, durably, each into a database of its own.
func commit(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	syncs, err := fsyncs(r, filepath.Join(dir, "sync"))
	if err != nil {
		return err
	}
	store, err := openJobs(ctx, filepath.Join(dir, "intx"))
	if err != nil {
		return err
	}
	defer store.db.Close()
	single, err := openBare(ctx, filepath.Join(dir, "single"))
	if err != nil {
		return err
	}
	defer single.close()
	groups, err := openBare(ctx, filepath.Join(dir, "groups"))
	if err != nil {
		return err
	}
	defer groups.close()

	scores, err := race(ctx, r,
		side{"InTx", store.together},
		side{"one transaction a write", func(ctx context.Context, until time.Time) ([]time.Duration, error) {
			return single.group(1, until)
		}},
		side{"bare group commits", func(ctx context.Context, until time.Time) ([]time.Duration, error) {
			return groups.group(writers, until)
		}})
	if err != nil {
		return err
	}
	return commitFigures(r, syncs, scores[0], scores[1], scores[2])
}

func commitFigures(r *Report, syncs float64, ours, single, groups score) error {
	return errors.Join(
		r.Tell("fsync of an appended 4 KiB page", syncs, "1/s"),
		r.Against("writes through InTx, 64 writers, against one transaction a write", ours.rate(), "1/s", single.rate(), ours.to(single), 10),
		r.Beside("writes through InTx, 64 writers, beside bare SQLite group commits of 64", ours.rate(), "1/s", groups.rate(), ours.to(groups)),
		r.Tell("write through InTx, 64 writers, p50", ours.ms(0.50), "ms"),
		r.Beside("write through InTx, 64 writers, p99, beside a bare group's p99", ours.ms(0.99), "ms", groups.ms(0.99), ours.ms(0.99)/groups.ms(0.99)),
	)
}

// jobs writes through the real store.
type jobs struct {
	db    *sqlstore.DB
	store sqlstore.Store[enqueuer]
	last  atomic.Int64
}

// enqueuer is the one row that is written: a job.
type enqueuer interface {
	Enqueue(ctx context.Context, j notify.Job) error
}

func freshKeys() (*seal.Keyring, error) {
	text, err := seal.Generate(rand.Reader)
	if err != nil {
		return nil, err
	}
	conf, err := seal.ParseKeys(text)
	if err != nil {
		return nil, err
	}
	return seal.NewKeyring(conf)
}

func openJobs(ctx context.Context, dir string) (*jobs, error) {
	keys, err := freshKeys()
	if err != nil {
		return nil, err
	}
	db, err := sqlstore.Open(ctx, sqlstore.Config{Path: filepath.Join(dir, databaseFile), Keys: keys, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return &jobs{db: db, store: sqlstore.For[enqueuer](db)}, nil
}

const databaseFile = "yimen.db"

// put writes one row and returns when it is durable.
func (j *jobs) put(ctx context.Context, subject string) error {
	return j.store.InTx(ctx, func(tx enqueuer) error {
		return tx.Enqueue(ctx, notify.Job{Kind: notify.SendMessage, Subject: subject, At: time.UnixMilli(1)})
	})
}

// together writes from all writers until the deadline.
func (j *jobs) together(ctx context.Context, until time.Time) ([]time.Duration, error) {
	return byWriters(until, func() (bool, error) { return true, j.put(ctx, subjectOf(j.last.Add(1))) })
}

func subjectOf(n int64) string { return fmt.Sprintf("subject-%012d", n) }

// fsyncs is how often a second the folder's disk makes an appended page durable:
// what bounds every commit.
func fsyncs(r *Report, path string) (float64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	page := make([]byte, 4096)
	start, n := time.Now(), 0
	for time.Since(start) < r.Length/5 {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
