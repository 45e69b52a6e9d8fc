package queue

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Setting is what a window calls.
type Setting struct {
	Lanes []Lane             // empty = all
	Items []catalog.ItemCode // empty = all
}

// OpenWindow lets a member call to a window; without a setting it calls what
// it was last set to. Errors: ErrNoWindow, ErrWindowTaken, ErrOneWindow,
// catalog.ErrNoItem.
func (h *Hall) OpenWindow(ctx context.Context, m staff.Member, number int, s *Setting) (w Window, err error) {
	now := h.Now()
	err = h.atWindow(ctx, m, number, s, func(tx Tx, all []Window, was Window) error {
		if was.open(now) && was.Clerk != m.ID {
			return ErrWindowTaken
		}
		for _, o := range all {
			if o.Clerk != m.ID || o.Number == number {
				continue
			}
			if o.open(now) {
				return ErrOneWindow.Saying("您已经开着" + windowWords(o.Number) + "，请先关闭它再开另一个")
			}
			o.Clerk = ""
			if err := tx.PutWindow(ctx, o); err != nil {
				return err
			}
		}
		w = was
		w.Clerk, w.OpenedAt = m.ID, now
		return tx.PutWindow(ctx, w)
	})
	return w, err
}

// SetWindow sets what a window calls. Errors: ErrNoWindow, catalog.ErrNoItem.
func (h *Hall) SetWindow(ctx context.Context, m staff.Member, number int, s Setting) (w Window, err error) {
	err = h.atWindow(ctx, m, number, &s, func(tx Tx, _ []Window, was Window) error {
		w = was
		return tx.PutWindow(ctx, w)
	})
	return w, err
}

// CloseWindow ends the duty at a window: a clerk closes their own, a manager
// any. Who is at the window goes back to their place in the queue.
// Errors: ErrNoWindow, ErrWindowTaken.
func (h *Hall) CloseWindow(ctx context.Context, m staff.Member, number int) (w Window, err error) {
	err = h.atWindow(ctx, m, number, nil, func(tx Tx, _ []Window, was Window) error {
		if was.Clerk != "" && was.Clerk != m.ID && m.Role != staff.OfficeManager {
			return ErrWindowTaken
		}
		if err := h.putBack(ctx, tx, m, was); err != nil {
			return err
		}
		w = was
		w.Clerk = ""
		return tx.PutWindow(ctx, w)
	})
	return w, err
}

func (h *Hall) putBack(ctx context.Context, tx Tx, m staff.Member, w Window) error {
	live, err := tx.Live(ctx, w.Office, h.today())
	if err != nil {
		return err
	}
	for _, t := range live {
		if t.Clerk != w.Clerk || !t.State.InHand() {
			continue
		}
		if t, err = t.turned(PutBack); err != nil {
			return err
		}
		t.waitAgain()
		if err := h.save(ctx, tx, &t, PutBack, m.ID, h.Now()); err != nil {
			return err
		}
	}
	return nil
}

// atWindow finds a window of the member's office, set as asked for.
func (h *Hall) atWindow(ctx context.Context, m staff.Member, number int, s *Setting, do func(Tx, []Window, Window) error) error {
	o, e, err := h.office(ctx, m.Office)
	if err != nil {
		return err
	}
	if number < 1 || number > o.Windows {
		return ErrNoWindow
	}
	if err := s.check(e.Catalogue); err != nil {
		return err
	}
	return h.change(ctx, o.Code, h.today(), func(tx Tx, _ *Page) error {
		all, err := tx.Windows(ctx, o.Code)
		if err != nil {
			return err
		}
		w := Window{Office: o.Code, Number: number}
		for _, known := range all {
			if known.Number == number {
				w = known
			}
		}
		if s != nil {
			w.Lanes, w.Items = s.Lanes, s.Items
		}
		return do(tx, all, w)
	})
}

// check knows every item, and takes each name once.
func (s *Setting) check(c *catalog.Catalogue) error {
	if s == nil {
		return nil
	}
	slices.Sort(s.Lanes)
	s.Lanes = slices.Compact(s.Lanes)
	slices.Sort(s.Items)
	s.Items = slices.Compact(s.Items)
	for _, item := range s.Items {
		if _, err := c.Item(item); err != nil {
			return err
		}
	}
	return nil
}

// Windows lists all windows of an office, by number.
func (h *Hall) Windows(ctx context.Context, m staff.Member) ([]Window, error) {
	o, _, err := h.office(ctx, m.Office)
	if err != nil {
		return nil, err
	}
	set, err := h.Store.Windows(ctx, m.Office)
	if err != nil {
		return nil, err
	}
	list := planned(o, set)
	for i := range list {
		if !list[i].open(h.Now()) {
			list[i].Clerk = ""
		}
	}
	return list, nil
}
