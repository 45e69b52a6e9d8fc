package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// How re-sealing shares the machine: so many rows or files at a time, and a
// pause after each batch, so that whoever waits for the writer comes between.
const (
	resealRows  = 50
	resealFiles = 8
	resealPause = 20 * time.Millisecond
	resealRest  = 5 * time.Second // after which another process may take over
)

// resealer seals everything under the current key, a batch at a time. It can
// be stopped at any moment: what is done is in the database.
type resealer struct {
	db    *sqlstore.DB
	files blob.Sealed
	keys  *seal.Keyring
	id    string // of this process
}

func newResealer(db *sqlstore.DB, store blob.Store, keys *seal.Keyring) *resealer {
	return &resealer{db: db, files: blob.Sealed{Store: store, Keys: keys}, keys: keys, id: uuid.NewString()}
}

// run goes on until all is done, ctx ends, or another process is at work.
func (r *resealer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		p, open, err := r.next(ctx)
		if err != nil || !open {
			return err
		}
		mine, err := r.db.MoveReseal(ctx, r.id, resealRest)
		if err != nil || !mine {
			return err
		}
		if err := r.step(ctx, p); err != nil {
			return err
		}
		pause(ctx, resealPause)
	}
	return nil
}

// next is a place that is not done. Where this process does not hold the key
// that is asked for, it leaves the work to one that does.
func (r *resealer) next(ctx context.Context) (sqlstore.Progress, bool, error) {
	list, err := r.db.Resealing(ctx)
	for _, p := range list {
		if !p.Done && p.Key == r.keys.Current() {
			return p, true, nil
		}
	}
	return sqlstore.Progress{}, false, err
}

func (r *resealer) step(ctx context.Context, p sqlstore.Progress) error {
	if p.Place != sqlstore.FilePlace {
		_, err := r.db.ResealRows(ctx, p, resealRows)
		return err
	}
	return r.stepFiles(ctx, p)
}

// stepFiles seals the next files. A pass that has changed something is followed
// by another one, for files that came meanwhile under the key before.
func (r *resealer) stepFiles(ctx context.Context, p sqlstore.Progress) error {
	ids, err := r.db.FilesAfter(ctx, p.After, resealFiles)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for _, key := range []string{scan.SmallKey(id), id} {
			changed, err := r.files.Reseal(ctx, key)
			switch {
			case errors.Is(err, seal.ErrBroken):
				p.Broken++
			case err != nil && !errors.Is(err, blob.ErrNoFile):
				return err
			case changed:
				p.Changed++
			}
		}
		p.After = id
	}
	if len(ids) == 0 {
		p.After, p.Done = "", true
	}
	return r.db.SaveProgress(ctx, p)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// keyWatch notices that the key file has changed.
type keyWatch struct {
	file keyFile
	keys *seal.Keyring
	seen os.FileInfo
}

// look takes over keys that were added or retired since the last look. A file
// that cannot be read leaves the ring as it is.
func (w *keyWatch) look(context.Context) error {
	now, err := os.Stat(string(w.file))
	if err != nil {
		return err
	}
	if w.seen != nil && os.SameFile(w.seen, now) && w.seen.ModTime().Equal(now.ModTime()) && w.seen.Size() == now.Size() {
		return nil
	}
	keys, err := w.file.read()
	if err != nil {
		return err
	}
	if err := w.keys.Renew(keys); err != nil {
		return err
	}
	w.seen = now
	return nil
}
