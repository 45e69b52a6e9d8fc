package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Appeal (爽约申诉) asks that a missed appointment be forgiven.
type Appeal struct {
	ID          string
	Appointment ID
	Person      citizen.ID
	Office      place.OfficeCode
	Why         string
	State       AppealState
	MadeAt      time.Time
	DecidedBy   string
	DecidedAt   time.Time
	Answer      string
}

// AppealState is where an appeal stands.
type AppealState string

// The states of an appeal.
const (
	AppealOpen    AppealState = "open"
	AppealGranted AppealState = "granted"
	AppealRefused AppealState = "refused"
)

// appealLife is how long after it an appointment's miss can be appealed.
const appealLife = 60 * 24 * time.Hour

// Errors of appeals.
var (
	ErrNotMissed     = fault.New(fault.Conflict, "appointment.not_missed", "只有60天内记为爽约的预约可以申诉，请核对预约状态")
	ErrAppealed      = fault.New(fault.Conflict, "appointment.appealed", "这个预约已经申诉过，请在“我的预约”查看处理结果")
	ErrNoAppeal      = fault.New(fault.NotFound, "appointment.no_appeal", "没有找到本网点的这个申诉，请刷新后再看")
	ErrAppealDecided = fault.New(fault.Conflict, "appointment.appeal_decided", "这个申诉已经处理，请刷新后再看")
)

// Appeal asks the office to forgive a person's own missed appointment, once.
// Errors: ErrNoAppointment, ErrNotMissed, ErrAppealed.
func (d *Desk) Appeal(ctx context.Context, who citizen.ID, id ID, why string) (p Appeal, err error) {
	a, err := d.own(ctx, who, id)
	if err != nil {
		return p, err
	}
	now := d.Now()
	if a.State != NoShow || now.Sub(a.StartsAt) > appealLife {
		return p, ErrNotMissed
	}
	if err := citizen.Said(ctx, d.Words, who, why); err != nil {
		return p, err
	}
	p = Appeal{ID: d.NewID(), Appointment: id, Person: a.Person, Office: a.Office, Why: why, State: AppealOpen, MadeAt: now}
	return p, d.Store.InTx(ctx, func(tx Tx) error { return tx.InsertAppeal(ctx, p) })
}

// Appeals returns the open appeals at a member's office, the oldest first,
// after the one with an id.
func (d *Desk) Appeals(ctx context.Context, m staff.Member, after string, most int) ([]Appeal, error) {
	return d.Store.Appeals(ctx, m.Office, after, most)
}

// DecideAppeal forgives a missed appointment, or does not, and says why.
// Errors: ErrNoAppeal, ErrAppealDecided.
func (d *Desk) DecideAppeal(ctx context.Context, m staff.Member, id string, grant bool, answer string) (p Appeal, err error) {
	if p, err = d.Store.Appeal(ctx, id); err != nil {
		return p, err
	}
	if p.Office != m.Office {
		return Appeal{}, ErrNoAppeal
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return p, err
	}
	a, err := d.Store.Appointment(ctx, p.Appointment)
	if err != nil {
		return p, err
	}
	now, kind := d.Now(), NoticeRefused
	p.State, p.DecidedBy, p.DecidedAt, p.Answer = AppealRefused, string(m.ID), now, answer
	if grant {
		p.State, kind = AppealGranted, NoticeAppealed
	}
	return p, d.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.DecideAppeal(ctx, p); err != nil {
			return err
		}
		if forgiven := a; grant {
			forgiven.ExcusedAt = now
			if err := tx.UpdateAppointment(ctx, a, forgiven); err != nil {
				return err
			}
		}
		return tx.Tell(ctx, kind.about(a, edition, now))
	})
}

// AppealOf returns the appeal of a person's own appointment. Errors:
// ErrNoAppointment, ErrNoAppeal.
func (d *Desk) AppealOf(ctx context.Context, who citizen.ID, id ID) (Appeal, error) {
	if _, err := d.own(ctx, who, id); err != nil {
		return Appeal{}, err
	}
	return d.Store.AppealOf(ctx, id)
}
