package sqlstore

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/seal"
)

var _ once.Keeper = (*DB)(nil)

type jointKey struct{}

var (
	errUndo = errors.New("undone")
	errNone = errors.New("no row")
)

// joint is the one transaction of a request. It opens with the first InTx and
// stays open until the answer is known, so that change and answer become
// durable in the same commit. The writer waits meanwhile; that is why a use
// case calls nothing outside the database after its InTx.
type joint struct {
	db    *DB
	req   once.Request
	tx    *Tx          // nil while no transaction is open
	final chan *answer // to the writer: keep this and commit, or nil: undo
	done  chan error   // from the writer
	seen  *once.Answer // the answer of an earlier, equal request
	fault error        // a key used for another request
}

type answer struct{ once.Answer }

// Once implements once.Keeper.
func (db *DB) Once(ctx context.Context, req once.Request, do func(context.Context) once.Answer) (once.Answer, bool, error) {
	end, err := db.turns.take(ctx, req)
	if err != nil {
		return once.Answer{}, false, err
	}
	defer end()
	seen, err := db.answer(ctx, req)
	if err == nil {
		return seen, true, nil
	}
	if !errors.Is(err, errNone) {
		return once.Answer{}, false, err
	}
	j := &joint{db: db, req: req, final: make(chan *answer), done: make(chan error, 1)}
	return j.through(ctx, do)
}

func (j *joint) through(ctx context.Context, do func(context.Context) once.Answer) (once.Answer, bool, error) {
	defer j.undo() // only where do panics
	a := do(context.WithValue(ctx, jointKey{}, j))
	switch {
	case j.fault != nil:
		return once.Answer{}, false, j.fault
	case j.seen != nil:
		return *j.seen, true, nil
	case j.tx == nil:
		return a, false, nil
	}
	return a, false, j.close(&answer{a})
}

// run executes fn in the request's transaction, opening it if need be.
func (j *joint) run(ctx context.Context, fn func(*Tx) error) error {
	if j.tx != nil {
		return j.tx.savepoint(ctx, fn)
	}
	if err := j.open(ctx); err != nil {
		return err
	}
	err := fn(j.tx)
	if err != nil {
		j.undo()
	}
	return err
}

func (j *joint) open(ctx context.Context) error {
	opened := make(chan *Tx, 1)
	go func() {
		j.done <- j.db.writer.do(ctx, false, func(tx *Tx) error { return j.hold(ctx, tx, opened) })
	}()
	select {
	case j.tx = <-opened:
		return nil
	case err := <-j.done:
		return err
	}
}

// hold runs on the writer: it lends the transaction to the request's goroutine
// and takes it back with the answer.
func (j *joint) hold(ctx context.Context, tx *Tx, opened chan<- *Tx) error {
	seen, err := tx.answer(ctx, j.req)
	if err == nil {
		j.seen = &seen
		return once.ErrSeen
	}
	if !errors.Is(err, errNone) {
		j.fault = err
		return err
	}
	opened <- tx
	a := <-j.final
	if a == nil {
		return errUndo
	}
	return tx.keepAnswer(ctx, j.req, a.Answer, millis(j.db.now()))
}

func (j *joint) close(a *answer) error {
	j.tx = nil
	j.final <- a
	return <-j.done
}

func (j *joint) undo() {
	if j.tx != nil {
		_ = j.close(nil)
	}
}

func (q *queries) answer(ctx context.Context, req once.Request) (once.Answer, error) {
	type row struct {
		hash, body []byte
		status     int
	}
	r, err := one(ctx, q, errNone, func(s scanner) (r row, err error) {
		return r, s.Scan(&r.hash, &r.status, &r.body)
	}, `SELECT hash, status, body FROM answer WHERE owner = $1 AND key = $2`, req.Owner, req.Key)
	if err != nil {
		return once.Answer{}, err
	}
	if string(r.hash) != string(req.Hash[:]) {
		return once.Answer{}, once.ErrKeyReused
	}
	body, err := q.keys.Open(r.body, answerPlace(req))
	return once.Answer{Status: r.status, Body: body}, err
}

// keepAnswer seals the body: answers hold names, codes and tokens.
func (tx *Tx) keepAnswer(ctx context.Context, req once.Request, a once.Answer, now int64) error {
	return tx.insert(ctx, once.ErrKeyReused, `INSERT INTO answer (owner, key, hash, status, body, answered_at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		req.Owner, req.Key, req.Hash[:], a.Status, tx.keys.Seal(a.Body, answerPlace(req)), now)
}

func answerPlace(req once.Request) seal.Place {
	return seal.Place{Table: "answer", Column: "body", Row: req.Owner + "|" + req.Key}
}

// ForgetAnswers removes answers that nobody may ask for any more, and sessions
// and codes for pages that have ended.
func (db *DB) ForgetAnswers(ctx context.Context) error {
	now := db.now()
	return db.write(ctx, func(tx *Tx) error {
		if err := tx.exec(ctx, `DELETE FROM answer WHERE answered_at < $1`, millis(now.Add(-once.Kept))); err != nil {
			return err
		}
		if err := tx.exec(ctx, `DELETE FROM page_code WHERE ends_at < $1`, millis(now)); err != nil {
			return err
		}
		return tx.exec(ctx, `DELETE FROM session WHERE ends_at < $1 OR seen_at < $2`, millis(now), millis(now.Add(-citizen.SessionIdle)))
	})
}
