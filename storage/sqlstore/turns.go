package sqlstore

import (
	"context"
	"sync"

	"github.com/yimen-gov/yimen/pkg/once"
)

// turns lets requests with one owner and key go one after the other. A retry
// that overtakes its original then waits for that one's answer, instead of
// doing the part that no transaction can undo a second time: spending a WeChat
// code, storing a file. Between processes the table of answers is the guard.
type turns struct {
	mu    sync.Mutex
	taken map[turn]chan struct{} // closed when the turn ends
}

type turn struct{ owner, key string }

// take waits for the turn of a request; whoever gets it calls end. Error:
// ErrBusy, where ctx ends first.
func (t *turns) take(ctx context.Context, req once.Request) (end func(), err error) {
	mine := turn{req.Owner, req.Key}
	for {
		other, free := t.tryTake(mine)
		if free {
			return func() { t.end(mine) }, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ErrBusy.Because(ctx.Err())
		}
	}
}

func (t *turns) tryTake(mine turn) (other chan struct{}, free bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other, ok := t.taken[mine]; ok {
		return other, false
	}
	if t.taken == nil {
		t.taken = map[turn]chan struct{}{}
	}
	t.taken[mine] = make(chan struct{})
	return nil, true
}

func (t *turns) end(mine turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.taken[mine])
	delete(t.taken, mine)
}
