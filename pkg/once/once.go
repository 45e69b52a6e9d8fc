// Package once (一次办成, idempotency) decides that a repeated request is
// answered again and not done again. A client that lost our answer in a lift
// sends the same Idempotency-Key once more and gets the same answer; the same
// key with another request is a conflict.
package once

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Kept is how long an answer can be asked for again.
const Kept = 48 * time.Hour

// ErrKeyReused tells that a key came back with another request.
var ErrKeyReused = fault.New(fault.Conflict, "request.key_reused", "这个请求编号已用于另一项操作，请换一个新的 Idempotency-Key 再提交")

// ErrSeen is what the first InTx of a repeated request tells do: nothing is to
// be done, and the kept answer is on its way. It is told to nobody else.
var ErrSeen = errors.New("this request was answered before")

// Request names one write of one caller. Hash covers method, path and body.
type Request struct {
	Owner string // account, or "" before login
	Key   string
	Hash  [32]byte
}

// Answer is what went over the wire: an HTTP status and its body.
type Answer struct {
	Status int
	Body   []byte
}

// Keeper runs each request once.
//
// Once calls do with a context under which every InTx of the store joins one
// transaction. When do returns, the answer is kept in that same transaction
// and committed; only then does Once return. A request seen before is not done
// again: its kept answer returns, with replayed true. Where do changed
// nothing, nothing is kept. Errors: ErrKeyReused, or the failure to commit.
type Keeper interface {
	Once(ctx context.Context, req Request, do func(context.Context) Answer) (a Answer, replayed bool, err error)
}
