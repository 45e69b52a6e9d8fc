package exchange

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Revocation (共享信息撤销) is that something a base told does not stand any more:
// one record, or, with Ref "", all that was taken from it since a time.
type Revocation struct {
	ID     string
	Source string
	Ref    string
	Since  time.Time // zero = from the beginning
	At     time.Time
	By     staff.ID // "" = the base itself
	Reason string
	Uses   int // that ended by it
}

// What can go wrong with revocations.
var (
	ErrNoSource = fault.New(fault.NotFound, "exchange.no_source", "没有这个共享数据源，请从数据源清单中选择")
	ErrReason   = fault.New(fault.Invalid, "exchange.reason", "请写明撤销的依据，5至200个字")
	ErrSince    = fault.New(fault.Invalid, "exchange.since", "起始时间不能晚于现在，请核对后重新填写")
)

// Revoke keeps, by an administrator's word, that a base or one of its records
// does not stand: what rests on it is flagged. Errors: ErrNoSource, ErrReason, ErrSince.
func (d *Desk) Revoke(ctx context.Context, c *catalog.Catalogue, by staff.ID, r Revocation) (Revocation, error) {
	if _, ok := c.Source(r.Source); !ok {
		return r, ErrNoSource
	}
	if n := len([]rune(r.Reason)); n < 5 || n > 200 {
		return r, ErrReason
	}
	if r.Since.After(d.Now()) {
		return r, ErrSince
	}
	r.ID, r.By, r.At = d.NewID(), by, d.Now()
	err := d.Store.InTx(ctx, func(tx Tx) (err error) {
		r.Uses, err = revoke(ctx, tx, r)
		return err
	})
	return r, err
}

func revoke(ctx context.Context, tx Tx, r Revocation) (ended int, err error) {
	if r.Uses, err = tx.RevokeUses(ctx, r); err != nil {
		return 0, err
	}
	return r.Uses, tx.InsertRevocation(ctx, r)
}

// Learn reads what the bases have taken back, each once, and forgets answers
// that do not hold any more. A base that is down is read the next time.
func (d *Desk) Learn(ctx context.Context, c *catalog.Catalogue) (ended int, err error) {
	if !d.Asks() {
		return 0, nil
	}
	for _, s := range c.Sources() {
		n, err := d.learn(ctx, s.Name)
		if err != nil && !errors.Is(err, ErrDown) {
			return ended, err
		}
		ended += n
	}
	return ended, d.Store.InTx(ctx, func(tx Tx) error { return tx.ForgetFacts(ctx, d.Now()) })
}

func (d *Desk) learn(ctx context.Context, source string) (ended int, err error) {
	mark, err := d.Store.Mark(ctx, source)
	if err != nil {
		return 0, err
	}
	list, next, err := d.Hub.Revoked(ctx, source, mark)
	if err != nil || next == mark {
		return 0, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		ended = 0
		for _, t := range list {
			n, err := revoke(ctx, tx, Revocation{ID: d.NewID(), Source: source, Ref: t.Ref, At: t.At, Reason: t.Reason})
			if err != nil {
				return err
			}
			ended += n
		}
		return tx.SaveMark(ctx, source, next)
	})
	return ended, err
}
