package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// CloseDay ends an office's queue before its time, as when the power fails:
// all who wait are told, and have first choice on another day.
func (h *Hall) CloseDay(ctx context.Context, m staff.Member) (closed int, err error) {
	return h.closeAll(ctx, Page{Office: m.Office, Day: h.today()}, m.ID)
}

// Sweep ends the queues whose time is over: those of days past, and today's an
// hour or so after the office closed, so that whoever is served in overtime is.
// Nothing depends on when it comes. It returns how many tickets that were.
func (h *Hall) Sweep(ctx context.Context) (closed int, err error) {
	pages, err := h.Store.Unclosed(ctx, h.today())
	if err != nil {
		return 0, err
	}
	for _, p := range pages {
		if !h.isOver(ctx, p) {
			continue
		}
		n, err := h.closeAll(ctx, p, "")
		if err != nil {
			return closed, err
		}
		closed += n
	}
	return closed, nil
}

func (h *Hall) isOver(ctx context.Context, p Page) bool {
	if p.Day.Before(h.today()) {
		return true
	}
	o, _, err := h.office(ctx, p.Office)
	if err != nil {
		return false // gone from the edition: tomorrow
	}
	spans, _, err := h.opening(ctx, o, p.Day)
	return err == nil && len(spans) > 0 && !h.Now().Before(spans[len(spans)-1].to.Add(h.Rules.Overtime))
}

// closeAll closes what waits. What a clerk has in hand stays there today, and
// is closed as well once the day is past.
func (h *Hall) closeAll(ctx context.Context, of Page, by staff.ID) (closed int, err error) {
	now := h.Now()
	err = h.change(ctx, of.Office, of.Day, func(tx Tx, p *Page) error {
		p.Shut = true
		live, err := tx.Live(ctx, p.Office, p.Day)
		if err != nil {
			return err
		}
		for _, t := range live {
			if t.State.InHand() && p.Day == workday.DateOf(now) {
				continue
			}
			if err := h.closeOne(ctx, tx, t, by, now); err != nil {
				return err
			}
			closed++
		}
		return nil
	})
	return closed, err
}

func (h *Hall) closeOne(ctx context.Context, tx Tx, t Ticket, by staff.ID, now time.Time) (err error) {
	waited := t.State == Waiting
	if t.State.InHand() {
		if t, err = t.turned(PutBack); err != nil {
			return err
		}
	}
	if t, err = t.turned(Close); err != nil {
		return err
	}
	t.EndedAt = now
	if err := h.save(ctx, tx, &t, Close, by, now); err != nil || !waited {
		return err
	}
	return h.tell(ctx, tx, t, noticeClosed)
}
