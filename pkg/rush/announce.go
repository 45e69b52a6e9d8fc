package rush

import (
	"context"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Plan is what an office announces.
type Plan struct {
	Item            catalog.ItemCode
	First, Last     workday.Date
	OpensAt, EndsAt time.Time
	PerSecond       int
}

// Announce holds the seats of the member's office back until they are released.
// Seats that are taken stay taken. Errors: ErrTimes, ErrDates, ErrPace,
// catalog.ErrNoItem, appointment.ErrNotHere, ErrClashes.
func (m *Room) Announce(ctx context.Context, by staff.Member, p Plan) (Rush, error) {
	r := Rush{
		ID: ID(m.NewID()), Office: by.Office, Item: p.Item, First: p.First, Last: p.Last,
		OpensAt: p.OpensAt.In(workday.Zone), EndsAt: p.EndsAt.In(workday.Zone), PerSecond: p.PerSecond,
		Secret: make([]byte, 32), MadeBy: by.ID, MadeAt: m.Now(),
	}
	if err := r.check(r.MadeAt); err != nil {
		return r, err
	}
	if err := m.accepted(ctx, r); err != nil {
		return r, err
	}
	if _, err := io.ReadFull(m.Random, r.Secret); err != nil {
		return r, err
	}
	err := m.Store.InTx(ctx, func(tx Tx) error { return tx.InsertRush(ctx, r) })
	if err != nil {
		return r, err
	}
	m.add(r)
	return r, nil
}

// accepted says whether the office takes the item.
func (m *Room) accepted(ctx context.Context, r Rush) error {
	edition, err := m.City.Current(ctx)
	if err != nil {
		return err
	}
	office, err := edition.Places.Office(r.Office)
	if err != nil {
		return err
	}
	item, err := edition.Catalogue.Item(r.Item)
	if err != nil {
		return err
	}
	if !item.AcceptableAt(office.Level) {
		return appointment.ErrNotHere
	}
	return nil
}

// CallOff ends a rush of the member's office; what it held back is free.
// Error: ErrNoRush.
func (m *Room) CallOff(ctx context.Context, by staff.Member, id ID) error {
	now := m.Now()
	err := m.Store.InTx(ctx, func(tx Tx) error { return tx.CallOffRush(ctx, id, by.Office, now) })
	if err != nil {
		return err
	}
	m.change(func(list []Rush) []Rush {
		for i := range list {
			if list[i].ID == id {
				list[i].CalledOffAt = now
			}
		}
		return list
	})
	return nil
}

// Edits counts what was announced and called off here.
func (m *Room) Edits() uint64 { return m.edits.Load() }

// add makes an announcement known here at once; the next Refresh would too.
func (m *Room) add(r Rush) {
	m.change(func(list []Rush) []Rush { return append(list, r) })
}

// change replaces the list by what edit makes of a copy of it.
func (m *Room) change(edit func([]Rush) []Rush) {
	for {
		old := m.listed.Load()
		var list []Rush
		if old != nil {
			list = append(list, *old...)
		}
		list = edit(list)
		if m.listed.CompareAndSwap(old, &list) {
			m.edits.Add(1)
			return
		}
	}
}
