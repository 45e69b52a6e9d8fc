package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/seal"
)

// batchMost bounds how many callers share one commit.
const batchMost = 64

// ErrBusy tells that a write could not be made durable; nothing was changed.
var ErrBusy = fault.New(fault.Unavailable, "storage.unavailable", "系统繁忙，本次操作没有保存，请稍后用同一请求再试").After(2)

// writer is the one connection that writes. It runs what many callers ask for
// as savepoints of one transaction and commits once (group commit): each fails
// alone, all that succeed become durable together, and none is answered before.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	tx    *Tx
	queue chan *write
	gate  sync.RWMutex // held for writing while the queue closes
	shut  bool
	disk  *disk
}

// write is one caller's function on its way through the writer.
type write struct {
	fn   func(*Tx) error
	err  error
	told chan struct{}
}

func startWriter(ctx context.Context, db *sql.DB, keys *seal.Keyring, wal string) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	disk, err := openDisk(wal)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{
		db: db, conn: conn,
		tx:    &Tx{queries: queries{run: newPrepared(conn), keys: keys}},
		queue: make(chan *write, batchMost),
		disk:  disk,
	}
	go w.loop()
	return w, nil
}

// do runs fn in the next transaction and returns when it is durable. Once it
// is in the queue it runs, whatever becomes of ctx: a caller is never told
// "not done" of a thing that is.
func (w *writer) do(ctx context.Context, fn func(*Tx) error) error {
	r := &write{fn: fn, told: make(chan struct{})}
	if err := w.put(ctx, r); err != nil {
		return err
	}
	<-r.told
	return r.err
}

func (w *writer) put(ctx context.Context, r *write) error {
	w.gate.RLock()
	defer w.gate.RUnlock()
	if w.shut {
		return ErrBusy
	}
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return ErrBusy.Because(ctx.Err())
	}
}

func (w *writer) loop() {
	defer close(w.disk.committed)
	for first := range w.queue {
		batch := w.gather(first)
		w.commit(batch)
		w.disk.committed <- batch
	}
}

// gather takes what has queued up while the last commit was on its way.
func (w *writer) gather(first *write) []*write {
	batch := []*write{first}
	for len(batch) < batchMost {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction. If the transaction itself breaks
// (disk full, I/O error), every caller of the batch is told ErrBusy.
func (w *writer) commit(batch []*write) {
	err := w.disk.broken()
	if err == nil {
		err = w.exec("BEGIN IMMEDIATE")
	}
	for _, r := range batch {
		if err != nil {
			break
		}
		r.err, err = w.savepoint(r.fn)
	}
	if err == nil {
		err = w.tx.appendLeaves(context.Background())
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err == nil {
		return
	}
	_ = w.exec("ROLLBACK") // fails where SQLite has already rolled back
	w.tx.leaves = nil
	for _, r := range batch {
		r.err = ErrBusy.Because(err)
	}
}

// savepoint runs fn so that it alone is undone when it fails. The first error
// is fn's own; the second says that the whole transaction is broken.
func (w *writer) savepoint(fn func(*Tx) error) (own, broken error) {
	if err := w.exec("SAVEPOINT one"); err != nil {
		return nil, err
	}
	before := len(w.tx.leaves)
	if own = guarded(fn, w.tx); own == nil {
		return nil, w.exec("RELEASE one")
	}
	w.tx.leaves = w.tx.leaves[:before]
	if err := w.exec("ROLLBACK TO one"); err != nil {
		return own, err
	}
	return own, w.exec("RELEASE one")
}

// guarded keeps a panic in one caller's function from taking the others along.
func guarded(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v", p)
		}
	}()
	return fn(tx)
}

func (w *writer) exec(query string) error {
	_, err := w.tx.run.exec(context.Background(), query)
	return err
}

func (w *writer) close() error {
	w.gate.Lock()
	if !w.shut {
		w.shut = true
		close(w.queue)
	}
	w.gate.Unlock()
	<-w.disk.done
	return errors.Join(w.disk.wal.Close(), w.conn.Close(), w.db.Close())
}
