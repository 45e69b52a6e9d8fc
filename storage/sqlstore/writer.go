package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/seal"
)

// batchMost bounds how many callers share one commit.
const batchMost = 64

// ErrBusy tells that a write could not be made durable; nothing was changed.
var ErrBusy = fault.New(fault.Unavailable, "storage.unavailable", "系统繁忙，本次操作没有保存，请稍后用同一请求再试").After(2)

// writer runs what many callers ask for as savepoints of one transaction and
// commits once (group commit): each fails alone, all that succeed become
// durable together, and none is answered before.
type writer struct {
	commits commits
	tx      *Tx
	watch   Watch
	queue   chan *write
	done    chan struct{}
	gate    sync.RWMutex // held for writing while the queue closes
	shut    bool
}

// commits is how an engine makes a group durable.
type commits interface {
	// begin opens the transaction of a group. Nothing has run when it fails.
	begin(ctx context.Context) (*prepared, error)
	// commit ends it; nobody is told before answer.
	commit(ctx context.Context) error
	rollback(ctx context.Context)
	// answer tells a group what became of it, once that is durable.
	answer(batch []*write)
	// ready says why nothing can be written, nil while it can.
	ready() error
	close() error
}

// write is one caller's function on its way through the writer.
type write struct {
	fn    func(*Tx) error
	again bool // fn may run more than once
	since time.Time
	err   error
	told  chan struct{}
}

// nobody watches.
type nobody struct{}

func (nobody) Group(int, time.Duration, time.Duration) {}
func (nobody) Again(int)                               {}

func startWriter(c commits, keys *seal.Keyring, watch Watch) *writer {
	if watch == nil {
		watch = nobody{}
	}
	w := &writer{
		commits: c, watch: watch, tx: &Tx{queries: queries{keys: keys}},
		queue: make(chan *write, batchMost), done: make(chan struct{}),
	}
	go w.loop()
	return w
}

// do runs fn in the next transaction and returns when it is durable. Once it
// is in the queue it runs, whatever becomes of ctx: a caller is never told
// "not done" of a thing that is. Where again, it may run more than once, each
// time after what it did before was undone.
func (w *writer) do(ctx context.Context, again bool, fn func(*Tx) error) error {
	r := &write{fn: fn, again: again, since: time.Now(), told: make(chan struct{})}
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
	defer close(w.done)
	for first := range w.queue {
		batch, begun := w.gather(first), time.Now()
		w.commit(batch)
		w.watch.Group(len(batch), begun.Sub(first.since), time.Since(begun))
		w.commits.answer(batch)
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

// triesMost is how often a group is run that the database did not let end.
const triesMost = 4

// commit runs a batch in one transaction. If the transaction itself breaks
// (disk full, connection lost), those are run again that can be, where that
// may help; every other caller of the batch is told ErrBusy.
func (w *writer) commit(batch []*write) {
	ctx := context.Background()
	for try := 1; len(batch) > 0; try++ {
		err := w.attempt(ctx, batch)
		if err == nil {
			return
		}
		w.tx.leaves = nil
		batch = undone(batch, err, try < triesMost && repeatable(err))
		w.watch.Again(len(batch))
	}
}

func (w *writer) attempt(ctx context.Context, batch []*write) error {
	if err := w.run(ctx, batch); err != nil {
		w.commits.rollback(ctx)
		return err
	}
	return w.commits.commit(ctx)
}

func (w *writer) run(ctx context.Context, batch []*write) (err error) {
	if w.tx.run, err = w.commits.begin(ctx); err != nil {
		return err
	}
	for _, r := range batch {
		if err := w.one(ctx, r); err != nil {
			return err
		}
	}
	return w.tx.appendLeaves(ctx)
}

// one runs a caller's function; a deadlock with somebody outside is tried again
// at once, for the savepoint has let go what it had locked.
func (w *writer) one(ctx context.Context, r *write) (broken error) {
	for try := 1; ; try++ {
		if r.err, broken = w.savepoint(ctx, r.fn); broken != nil {
			return broken
		}
		if !r.again || try == triesMost || !repeatable(r.err) {
			return nil
		}
		w.watch.Again(1)
	}
}

// undone tells a batch what it has come to, but for those that are run again.
func undone(batch []*write, err error, again bool) (rest []*write) {
	for _, r := range batch {
		if again && r.again {
			rest = append(rest, r)
			continue
		}
		r.err = unsaved(err)
	}
	return rest
}

// unsaved is what a caller is told of a transaction that broke.
func unsaved(err error) error {
	if errors.Is(err, ErrUnsure) {
		return err
	}
	return ErrBusy.Because(err)
}

// savepoint runs fn so that it alone is undone when it fails. The first error
// is fn's own; the second says that the whole transaction is broken.
func (w *writer) savepoint(ctx context.Context, fn func(*Tx) error) (own, broken error) {
	if err := w.tx.exec(ctx, "SAVEPOINT one"); err != nil {
		return nil, err
	}
	before := len(w.tx.leaves)
	if own = guarded(fn, w.tx); own == nil {
		return nil, w.release(ctx)
	}
	w.tx.leaves = w.tx.leaves[:before]
	if err := w.tx.exec(ctx, "ROLLBACK TO SAVEPOINT one"); err != nil {
		return own, err
	}
	return own, w.release(ctx)
}

// release lets a savepoint go. Where asking for it is a journey, it stays below
// the next one until the commit.
func (w *writer) release(ctx context.Context) error {
	if w.tx.run.as.far {
		return nil
	}
	return w.tx.exec(ctx, "RELEASE SAVEPOINT one")
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

func (w *writer) close() error {
	w.gate.Lock()
	before := w.shut
	if !before {
		w.shut = true
		close(w.queue)
	}
	w.gate.Unlock()
	<-w.done
	if before {
		return nil
	}
	return w.commits.close()
}
