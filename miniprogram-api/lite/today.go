package lite

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// rowsMost is how many rows a page shows at once.
const rowsMost = 200

// todayView is what awaits a clerk today.
type todayView struct {
	Office                                        string
	Visits                                        []visitRow
	Waiting, Booked, Mine, Open, Overdue, Parcels int
	More                                          string // id after which the appointments go on
}

// visitRow is an appointment of today; it names nobody.
type visitRow struct {
	Time, Item, State string
	People            int
	Late              bool
}

// today is the first page of a clerk's day.
func (p *Pages) today() page {
	return page{path: "/today", op: "lite-today", title: "今天", menu: "今天", look: "today", show: p.showToday, acts: []act{
		{name: "check-in", op: "check-in", do: p.checkIn},
		{name: "check-in-person", op: "check-in-person", do: p.checkInPerson},
	}}
}

func (p *Pages) showToday(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m, w := v.me(), todayView{}
	w.Office = n.office(m.Office)
	list, err := p.Desk.Today(ctx, m, workday.Date{}, appointment.ID(v.c.Query("after")), rowsMost+1)
	if err != nil {
		return nil, err
	}
	if len(list) > rowsMost {
		list = list[:rowsMost]
		w.More = string(list[rowsMost-1].ID)
	}
	for _, a := range list {
		if a.State == appointment.Booked {
			w.Booked++
		}
		w.Visits = append(w.Visits, visitRow{
			clock(a.StartsAt), n.item(a.Item), a.State.Words(), a.People, a.State == appointment.Booked && p.Now().After(a.StartsAt),
		})
	}
	return w, p.countToday(ctx, m, &w)
}

func (p *Pages) countToday(ctx context.Context, m staff.Member, w *todayView) error {
	tickets, err := p.Hall.Today(ctx, m)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		if t.State == queue.Waiting {
			w.Waiting++
		}
	}
	cases, err := p.Counter.Worklist(ctx, m, "", rowsMost)
	if err != nil {
		return err
	}
	today := workday.DateOf(p.Now())
	for _, cs := range cases {
		w.Open++
		if cs.Clerk == m.ID {
			w.Mine++
		}
		if isOver(cs, today) {
			w.Overdue++
		}
	}
	parcels, err := p.Parcels.Waybills(ctx, m, delivery.Made, "", rowsMost)
	w.Parcels = len(parcels)
	return err
}

// isOver says whether a promised day, or one to answer by, is past.
func isOver(cs casework.Case, today workday.Date) bool {
	due := cs.Due
	if due.IsZero() {
		due = cs.AnswerDue
	}
	return !due.IsZero() && today.After(due)
}

// checkIn takes the code that somebody shows or says.
func (p *Pages) checkIn(ctx context.Context, v *visit) (string, error) {
	r, err := p.Hall.CheckIn(ctx, v.me(), appointment.ReadCode(v.text("code")), appointment.Seen(v.text("seen")))
	return at("/tickets/"+string(r.Ticket.ID), "checked_in"), err
}

// checkInPerson takes the identity card that somebody shows; the look is kept.
func (p *Pages) checkInPerson(ctx context.Context, v *visit) (string, error) {
	who, err := p.received(ctx, v, "到访签到")
	if err != nil {
		return "", err
	}
	r, err := p.Hall.CheckInPerson(ctx, v.me(), who.ID)
	return at("/tickets/"+string(r.Ticket.ID), "checked_in"), err
}

// received is the person who shows an identity card, for a purpose that is
// kept and that they can read.
func (p *Pages) received(ctx context.Context, v *visit, purpose string) (who citizen.Person, err error) {
	name, err := citizen.ParseName(v.text("name"))
	if err != nil {
		return who, err
	}
	number, err := citizen.ParseIDNumber(v.text("number"))
	if err != nil {
		return who, err
	}
	if typed := v.text("purpose"); typed != "" {
		purpose = typed
	}
	return p.Door.Receive(ctx, string(v.me().ID), name, number, purpose)
}
