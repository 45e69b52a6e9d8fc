package lite

import (
	"context"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// queueView is the queue as a clerk at a window sees it.
type queueView struct {
	Window  int // that I am on duty at, 0 = none
	Windows []int
	Hand    *ticketRow // the ticket in hand
	Waiting []ticketRow
	Aside   []ticketRow // missed or parked
	Others  int         // in hand at other windows
}

// ticketRow is a ticket; it names nobody.
type ticketRow struct {
	ID, Label, Item, State, Lane, Priority string
	Before, Wait                           string
	Window, Calls                          int
	Waiting, Called, Serving               bool
	Back                                   bool // can be called back
	Finished                               bool
}

// calls is where tickets are called and served.
func (p *Pages) calls() page {
	return page{path: "/queue", op: "queue-tickets", title: "叫号", menu: "叫号", look: "queue", show: p.showQueue, acts: []act{
		{name: "next", op: "call-next", do: func(ctx context.Context, v *visit) (string, error) {
			_, err := p.Hall.CallNext(ctx, v.me())
			return at("/queue", "called"), err
		}},
		{name: "open", op: "open-window", do: func(ctx context.Context, v *visit) (string, error) {
			n, _ := strconv.Atoi(v.text("window"))
			_, err := p.Hall.OpenWindow(ctx, v.me(), n, nil)
			return at("/queue", "opened"), err
		}},
		{name: "close", op: "close-window", do: func(ctx context.Context, v *visit) (string, error) {
			n, _ := strconv.Atoi(v.text("window"))
			_, err := p.Hall.CloseWindow(ctx, v.me(), n)
			return at("/queue", "window_closed"), err
		}},
	}}
}

func (p *Pages) showQueue(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m, w := v.me(), queueView{}
	turns, err := p.Hall.Today(ctx, m)
	if err != nil {
		return nil, err
	}
	for _, t := range turns {
		w.sort(t, m, n)
	}
	windows, err := p.Hall.Windows(ctx, m)
	for _, o := range windows {
		switch o.Clerk {
		case m.ID:
			w.Window = o.Number
		case "":
			w.Windows = append(w.Windows, o.Number)
		}
	}
	return w, err
}

// sort puts a ticket where it belongs on the page.
func (w *queueView) sort(t queue.Turn, m staff.Member, n names) {
	row := ticketFrom(t, n)
	switch t.State {
	case queue.Called, queue.Serving:
		if t.Clerk == m.ID {
			w.Hand = &row
		} else {
			w.Others++
		}
	case queue.Missed, queue.Parked:
		w.Aside = append(w.Aside, row)
	case queue.Waiting:
		w.Waiting = append(w.Waiting, row)
	}
}

var priorityWords = map[queue.Priority]string{
	queue.Elderly: "老年人", queue.Pregnant: "孕妇", queue.Disabled: "残疾人", queue.Veteran: "军人", queue.Carried: "上次未办",
}

func ticketFrom(t queue.Turn, n names) ticketRow {
	row := ticketRow{
		ID: string(t.ID), Label: t.Label(), Item: n.item(t.Item), State: t.State.Words(), Lane: t.Lane.Words(),
		Priority: priorityWords[t.Priority], Window: t.Window, Calls: t.Calls,
		Waiting: t.State == queue.Waiting, Called: t.State == queue.Called, Serving: t.State == queue.Serving,
		Back: t.State == queue.Missed || t.State == queue.Parked, Finished: t.State == queue.Finished,
	}
	if row.Waiting {
		row.Before = strconv.Itoa(t.Expect.Before)
		if t.Expect.Wait >= 0 {
			row.Wait = minutes(t.Expect.Wait)
		}
	}
	return row
}

// ticketView is one ticket with what has happened to it.
type ticketView struct {
	Ticket  ticketRow
	Basis   string
	Day     string
	History []historyRow
	Windows []int
}

type historyRow struct{ At, What string }

var turnWords = map[queue.Act]string{
	queue.Take: "取号", queue.Call: "叫号", queue.Recall: "再次叫号", queue.Skip: "过号", queue.CallBack: "叫回", queue.Return: "回到队列",
	queue.Serve: "开始办理", queue.Park: "暂离", queue.Transfer: "转窗口", queue.PutBack: "窗口关闭，放回", queue.Finish: "办完",
	queue.Reopen: "继续办理", queue.Withdraw: "放弃", queue.Close: "下班未办",
}

// ticket is one ticket: to be shown, printed and acted on.
func (p *Pages) ticket() page {
	pg := page{path: "/tickets/:id", op: "queue-ticket", title: "排队号", look: "ticket", show: p.showTicket}
	for _, a := range []struct {
		name, op, done string
		do             func(context.Context, staff.Member, queue.ID) (queue.Ticket, error)
	}{
		{"call", "call-back-ticket", "called", p.Hall.CallBack},
		{"recall", "recall-ticket", "called", p.Hall.Recall},
		{"skip", "skip-ticket", "skipped", p.Hall.Skip},
		{"serve", "serve-ticket", "serving", p.Hall.Serve},
		{"park", "park-ticket", "parked", p.Hall.Park},
		{"return", "return-ticket", "returned", p.Hall.Return},
		{"finish", "finish-ticket", "finished", p.Hall.Finish},
		{"reopen", "reopen-ticket", "serving", p.Hall.Reopen},
		{"withdraw", "give-up-ticket", "withdrawn", p.Hall.WithdrawAtDesk},
	} {
		pg.acts = append(pg.acts, act{name: a.name, op: a.op, do: func(ctx context.Context, v *visit) (string, error) {
			_, err := a.do(ctx, v.me(), queue.ID(v.id()))
			return at("/queue", a.done), err
		}})
	}
	pg.acts = append(pg.acts, act{name: "transfer", op: "transfer-ticket", do: func(ctx context.Context, v *visit) (string, error) {
		n, _ := strconv.Atoi(v.text("window"))
		_, err := p.Hall.Transfer(ctx, v.me(), queue.ID(v.id()), queue.Handover{Window: n})
		return at("/queue", "transferred"), err
	}})
	return pg
}

func (p *Pages) showTicket(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	t, events, err := p.Hall.History(ctx, v.me(), queue.ID(v.id()))
	if err != nil {
		return nil, err
	}
	w := ticketView{Ticket: ticketFrom(t, n), Day: day(t.Day)}
	if w.Ticket.Waiting {
		w.Basis = t.Expect.Basis()
	}
	for _, e := range events {
		w.History = append(w.History, historyRow{clock(e.At), turnWords[e.Act]})
	}
	windows, err := p.Hall.Windows(ctx, v.me())
	for _, o := range windows {
		if o.Clerk != "" && o.Clerk != v.me().ID {
			w.Windows = append(w.Windows, o.Number)
		}
	}
	return w, err
}

// give is where somebody without an appointment gets a ticket.
func (p *Pages) give() page {
	return page{path: "/give", op: "give-ticket", title: "现场取号", look: "give", acts: []act{
		{name: "ticket", op: "give-ticket", do: p.giveTicket},
	}}
}

func (p *Pages) giveTicket(ctx context.Context, v *visit) (string, error) {
	item, err := v.item(ctx)
	if err != nil {
		return "", err
	}
	w := queue.Wish{Item: catalog.ItemCode(item), Origin: queue.Desk, Priority: queue.Priority(v.text("priority"))}
	if _, known := priorityWords[w.Priority]; w.Priority != "" && (!known || w.Priority == queue.Carried) {
		return "", ErrForm
	}
	if v.text("number") != "" {
		who, err := p.received(ctx, v, "现场取号")
		if err != nil {
			return "", err
		}
		w.Person = who.ID
	}
	t, err := p.Hall.Give(ctx, v.me(), w)
	return at("/tickets/"+string(t.ID), "given"), err
}
