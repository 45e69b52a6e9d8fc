package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors of timetables.
var (
	ErrNoEntry     = fault.New(fault.NotFound, "appointment.no_entry", "没有找到本网点的这条开放安排，请刷新后再看")
	ErrUndone      = fault.New(fault.Conflict, "appointment.undone", "这条开放安排已经撤销，请刷新后再看")
	ErrEntryTime   = fault.New(fault.Invalid, "appointment.entry_time", "起止时间有误：结束须晚于开始和现在，最长一年，特别安排和作息调整须为整天，请修改")
	ErrEntryWindow = fault.New(fault.Invalid, "appointment.entry_window", "本网点没有这个窗口，请按窗口编号填写")
	ErrEntryHours  = fault.New(fault.Invalid, "appointment.entry_hours", "开放时段有误，请按二十四小时制的“开始-结束”填写，各时段不能重叠")
	ErrEntryKind   = fault.New(fault.Invalid, "appointment.entry_kind", "窗口和事项只能用于停办，时段只能用于特别安排和作息调整，请修改")
)

// entryMost is how long one entry may hold.
const entryMost = 366 * 24 * time.Hour

// Enter makes an entry of the timetable of a member's office. It holds at
// once; the appointments that it hits are returned, their people are told and
// may move them. Errors: ErrEntryTime, ErrEntryWindow, ErrEntryKind,
// catalog.ErrNoItem.
func (d *Desk) Enter(ctx context.Context, m staff.Member, e place.Entry) (place.Entry, []Appointment, error) {
	now := d.Now()
	edition, err := d.City.Current(ctx)
	if err != nil {
		return e, nil, err
	}
	e.ID, e.Office, e.MadeBy, e.MadeAt = d.NewID(), m.Office, string(m.ID), now
	if err := checked(e, edition, now); err != nil {
		return e, nil, err
	}
	var hit []Appointment
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.InsertEntry(ctx, e); err != nil {
			return err
		}
		if err := tx.BumpPlan(ctx, e.Office); err != nil {
			return err
		}
		hit, err = d.displace(ctx, tx, edition, e.Office, e.From, e.To, now)
		return err
	})
	return e, hit, err
}

func checked(e place.Entry, c *city.Edition, now time.Time) error {
	o, err := c.Places.Office(e.Office)
	if err != nil {
		return err
	}
	whole := e.From.Equal(workday.DateOf(e.From).Time()) && e.To.Equal(workday.DateOf(e.To).Time())
	switch {
	case !e.From.Before(e.To), !now.Before(e.To), e.To.Sub(e.From) > entryMost, e.Kind != place.Closure && !whole:
		return ErrEntryTime
	case e.Kind != place.Closure && (e.Window != 0 || e.Item != ""), e.Window != 0 && e.Item != "":
		return ErrEntryKind
	case e.Window < 0 || e.Window > o.Windows:
		return ErrEntryWindow
	case e.Item != "":
		_, err = c.Catalogue.Item(catalog.ItemCode(e.Item))
	}
	return err
}

// Undo takes an entry out of force; the appointments that it hit and nobody
// has moved stand again, and their people are told. It returns them.
// Errors: ErrNoEntry, ErrUndone.
func (d *Desk) Undo(ctx context.Context, m staff.Member, id string) (e place.Entry, again []Appointment, err error) {
	now := d.Now()
	if e, err = d.Store.TimetableEntry(ctx, id); err != nil {
		return e, nil, err
	}
	if e.Office != m.Office {
		return place.Entry{}, nil, ErrNoEntry
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return e, nil, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.UndoEntry(ctx, id, string(m.ID), now); err != nil {
			return err
		}
		if err := tx.BumpPlan(ctx, e.Office); err != nil {
			return err
		}
		again, err = d.restore(ctx, tx, edition, e, now)
		return err
	})
	e.UndoneAt = now
	d.crowd.freed(e.Office)
	return e, again, err
}

// Entries returns the entries of a member's office that still hold or will,
// undone ones too, oldest first.
func (d *Desk) Entries(ctx context.Context, m staff.Member, after string, most int) ([]place.Entry, error) {
	return d.Store.TimetableEntries(ctx, m.Office, workday.DateOf(d.Now()).Time(), after, most)
}
