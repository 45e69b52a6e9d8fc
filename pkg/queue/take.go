package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Wish is what somebody without an appointment comes for.
type Wish struct {
	Office   place.OfficeCode
	Item     catalog.ItemCode
	Person   citizen.ID // "" = not asked
	Origin   Origin
	Priority Priority // seen by staff
	Carries  string   // label of a ticket that an earlier day left undone, "" = none
	CarryDay workday.Date
}

// Errors of taking a ticket.
var (
	ErrShut      = fault.New(fault.Conflict, "queue.shut", "网点现在不取号，请在开放时间前来，或预约其他时段")
	ErrDayFull   = fault.New(fault.Conflict, "queue.day_full", "今天剩余的时间已经排满，请预约其他日期，或换一个网点")
	ErrHasTicket = fault.New(fault.Conflict, "queue.has_ticket", "您在这个网点已经有一个排队号，请先办理或放弃它")
	ErrCarried   = fault.New(fault.Conflict, "queue.not_carried", "没有这个未办的旧号，或者它已经用过，请核对日期和号码")
	ErrUnseen    = fault.New(fault.Invalid, "queue.unseen", "自助取号不能选择优先，请到咨询台由工作人员核验后取号")
	ErrNumbers   = fault.New(fault.Conflict, "queue.numbers", "今天的号码已经发完，请预约其他日期，或换一个网点")
)

// numberMost is the last number of a series on one day.
const numberMost = 9999

// Give gives a ticket at the office: by staff, or at a terminal.
// Errors: place.ErrNoOffice, catalog.ErrNoItem, appointment.ErrNotHere,
// ErrShut, ErrDayFull, ErrHasTicket, ErrCarried, ErrUnseen, ErrNumbers.
func (h *Hall) Give(ctx context.Context, m staff.Member, w Wish) (Ticket, error) {
	if w.Origin == Kiosk && (w.Priority != "" || w.Carries != "") {
		return Ticket{}, ErrUnseen
	}
	w.Office = m.Office
	return h.take(ctx, w, m.ID)
}

func (h *Hall) take(ctx context.Context, w Wish, by staff.ID) (t Ticket, err error) {
	now := h.Now()
	o, e, err := h.office(ctx, w.Office)
	if err != nil {
		return t, err
	}
	item, err := e.Catalogue.Item(w.Item)
	if err != nil {
		return t, err
	}
	if !e.Takes(item, o, "") {
		return t, appointment.ErrNotHere
	}
	if err := h.mayTake(ctx, o, now); err != nil {
		return t, err
	}
	t = Ticket{
		ID: ID(h.NewID()), Office: o.Code, Day: workday.DateOf(now), Lane: WalkIns, Item: item.Code, Minutes: item.WindowMinutes,
		Person: w.Person, Origin: w.Origin, Priority: w.Priority, State: Waiting, Place: now, TakenAt: now,
	}
	err = h.change(ctx, o.Code, t.Day, func(tx Tx, p *Page) error {
		if p.Shut {
			return ErrShut.Saying("网点今天提前结束办理，请预约其他日期，或换一个网点")
		}
		if err := h.alone(ctx, tx, t, now); err != nil {
			return err
		}
		if err := h.carry(ctx, tx, w, &t); err != nil {
			return err
		}
		if t.Priority != "" {
			t.Lane = Priorities
		}
		if err := h.feasible(ctx, tx, o, *p, &t, now); err != nil {
			return err
		}
		return h.insert(ctx, tx, p, &t, by)
	})
	return t, err
}

// mayTake says whether tickets are given now: from a while before the office
// opens until it closes. Error: ErrShut.
func (h *Hall) mayTake(ctx context.Context, o *place.Office, now time.Time) error {
	spans, why, err := h.opening(ctx, o, workday.DateOf(now))
	if err != nil {
		return err
	}
	if len(spans) == 0 {
		return ErrShut.Saying("网点今天不开放：" + why + "，请预约其他日期")
	}
	from, to := spans[0].from.Add(-h.Rules.OpenBefore), spans[len(spans)-1].to
	switch {
	case now.Before(from):
		return ErrShut.Saying("网点还没有开始取号，请在" + clockWords(from) + "以后取号")
	case !now.Before(to):
		return ErrShut.Saying("网点今天已经下班，请预约其他日期")
	}
	return nil
}

// alone refuses a second ticket of a person who has one; one that was missed
// makes room.
func (h *Hall) alone(ctx context.Context, tx Tx, t Ticket, now time.Time) error {
	if t.Person == "" {
		return nil
	}
	live, err := tx.Live(ctx, t.Office, t.Day)
	if err != nil {
		return err
	}
	for _, o := range live {
		switch {
		case o.Person != t.Person || o.Appointment != "":
		case o.State != Missed:
			return ErrHasTicket.Saying(fmt.Sprintf("您在这个网点已经有排队号%s（%s），请先办理或放弃它", o.Label(), o.State.Words()))
		default:
			if o, err = o.turned(Withdraw); err != nil {
				return err
			}
			o.EndedAt = now
			if err := h.save(ctx, tx, &o, Withdraw, "", now); err != nil {
				return err
			}
		}
	}
	return nil
}

// carry gives first choice to whom an earlier day left undone, once.
func (h *Hall) carry(ctx context.Context, tx Tx, w Wish, t *Ticket) error {
	left, err := h.undone(ctx, tx, w, *t)
	if errors.Is(err, ErrNoTicket) {
		return nil
	}
	if err == nil {
		t.Priority, t.Carries = Carried, left.ID
	}
	return err
}

func (h *Hall) undone(ctx context.Context, tx Tx, w Wish, t Ticket) (Ticket, error) {
	since := t.Day.AddDays(-h.Rules.CarriedFor)
	if w.Carries == "" {
		if w.Person == "" {
			return Ticket{}, ErrNoTicket
		}
		return tx.Undone(ctx, t.Office, w.Person, since)
	}
	s, number, err := ParseLabel(w.Carries)
	if err != nil {
		return Ticket{}, err
	}
	left, err := tx.Numbered(ctx, t.Office, w.CarryDay, s, number)
	switch {
	case errors.Is(err, ErrNoTicket):
		return left, ErrCarried
	case err != nil:
		return left, err
	case left.State != Closed || left.Day.Before(since):
		return left, ErrCarried
	}
	used, err := tx.CarriedBy(ctx, left.ID)
	if err == nil && used {
		return left, ErrCarried
	}
	return left, err
}

// feasible gives a newcomer the place behind all others of the lane and refuses
// who could not be served there before the office closes.
func (h *Hall) feasible(ctx context.Context, tx Tx, o *place.Office, p Page, t *Ticket, now time.Time) error {
	s, err := h.scene(ctx, tx, o, p, now)
	if err != nil {
		return err
	}
	t.Place = s.behind(t)
	s.tickets = append(s.tickets, *t)
	wait := max(0, s.expect(now)[t.ID].Wait)
	if now.Add(wait + s.mean(t)).After(s.closes) {
		return ErrDayFull
	}
	return nil
}

// behind is the newcomer's place: of several who ask at once, who is written
// down first stands first, whatever the clocks of their requests say.
func (s scene) behind(t *Ticket) time.Time {
	at := t.Place
	for i := range s.tickets {
		if o := &s.tickets[i]; o.Lane == t.Lane && !o.Place.Before(at) {
			at = o.Place.Add(time.Millisecond)
		}
	}
	return at
}

// insert gives the ticket the next number of its lane and stores it.
func (h *Hall) insert(ctx context.Context, tx Tx, p *Page, t *Ticket, by staff.ID) error {
	t.Series = seriesOf[t.Lane]
	if p.Last[t.Series] >= numberMost {
		return ErrNumbers
	}
	p.Last[t.Series]++
	t.Number, t.Version = p.Last[t.Series], 1
	if err := tx.InsertTicket(ctx, *t); err != nil {
		return err
	}
	return tx.InsertTicketEvent(ctx, t.event(Take, by, t.TakenAt))
}
