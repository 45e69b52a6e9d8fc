package delivery

import (
	"context"
	"errors"
	"time"
)

const (
	silence    = 6 * time.Hour // after which a company is asked
	silentMost = 50            // in one round
)

// Listen asks the companies about orders of which nothing was heard for six
// hours: an aggregator gives a callback up after its third try. It returns how
// many were asked.
func (d *Desk) Listen(ctx context.Context) (asked int, err error) {
	list, err := d.Store.Unheard(ctx, d.Now().Add(-silence), silentMost)
	for _, o := range list {
		if d.Remote[o.Via] == nil {
			continue
		}
		t, failed := d.Remote[o.Via].Track(ctx, o)
		if failed == nil {
			failed = d.Hear(ctx, o.Waybill, t)
		}
		if failed != nil {
			err = errors.Join(err, failed, d.silent(ctx, o.Waybill))
			continue
		}
		asked++
	}
	return asked, err
}

// silent puts an order that could not be asked about behind the others.
func (d *Desk) silent(ctx context.Context, waybill string) error {
	return d.Store.InTx(ctx, func(tx Tx) error {
		o, err := tx.OrderOf(ctx, waybill)
		if err != nil {
			return err
		}
		o.HeardAt = d.Now().Add(-silence / 2)
		return tx.SaveOrder(ctx, o)
	})
}
