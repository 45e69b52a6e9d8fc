package lite

import (
	"context"
	"strconv"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// officeView is an office as its manager sees it.
type officeView struct {
	Name    string
	Hours   string
	Figures []figureRow
	Ratings []ratingRow
	Windows []windowRow
	Entries []entryRow
	Rule    map[string]string
}

type figureRow struct {
	Span                         string
	Count, Bad, Replied, Overdue int
	Mean                         string
}

type ratingRow struct {
	Subject, Item, Grade, Text, Due string
	Late                            bool
}

type windowRow struct {
	Number int
	Open   bool
	Since  string
}

type entryRow struct {
	ID, Kind, From, To, What, Reason string
	Undone                           bool
}

// ratingsMost is how many ratings to answer a page shows.
const ratingsMost = 30

// office is where a manager looks after windows, hours, quotas and ratings.
func (p *Pages) office() page {
	return page{path: "/office", op: "enter-timetable", title: "大厅管理", menu: "大厅", look: "office", show: p.showOffice, acts: []act{
		{name: "reply", op: "reply-rating", do: func(ctx context.Context, v *visit) (string, error) {
			_, err := p.Ratings.Reply(ctx, v.me(), v.text("subject"), v.text("text"))
			return at("/office", "replied"), err
		}},
		{name: "close", op: "enter-timetable", do: p.enterClosure},
		{name: "undo", op: "undo-timetable", do: func(ctx context.Context, v *visit) (string, error) {
			_, _, err := p.Desk.Undo(ctx, v.me(), v.text("entry"))
			return at("/office", "undone"), err
		}},
		{name: "rule", op: "set-booking-rule", do: p.setRule},
		{name: "close-window", op: "close-window", do: func(ctx context.Context, v *visit) (string, error) {
			n, _ := strconv.Atoi(v.text("window"))
			_, err := p.Hall.CloseWindow(ctx, v.me(), n)
			return at("/office", "window_closed"), err
		}},
		{name: "close-queue", op: "close-queue", do: func(ctx context.Context, v *visit) (string, error) {
			_, err := p.Hall.CloseDay(ctx, v.me())
			return at("/office", "saved"), err
		}},
	}}
}

func (p *Pages) showOffice(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m := v.me()
	o, err := n.e.Places.Office(m.Office)
	if err != nil {
		return nil, err
	}
	w := officeView{Name: o.Name, Hours: hoursWords.Replace(o.Hours.String()), Rule: map[string]string{}}
	windows, err := p.Hall.Windows(ctx, m)
	if err != nil {
		return nil, err
	}
	for _, one := range windows {
		w.Windows = append(w.Windows, windowRow{one.Number, one.Clerk != "", clock(one.OpenedAt)})
	}
	entries, err := p.Desk.Entries(ctx, m, "", rowsMost)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		w.Entries = append(w.Entries, entryRowOf(e, n))
	}
	rules, err := p.Desk.BookingRules(ctx, m.Office)
	if err != nil {
		return nil, err
	}
	for _, r := range rules {
		if r.Office == m.Office && r.Item == "" {
			w.Rule = ruleText(r)
		}
	}
	return w, p.figures(ctx, v, &w, n)
}

func entryRowOf(e place.Entry, n names) entryRow {
	row := entryRow{ID: e.ID, Kind: "停办", From: moment(e.From), To: moment(e.To), Reason: e.Reason, Undone: !e.UndoneAt.IsZero(), What: "全部业务"}
	switch {
	case e.Kind == place.Exception:
		row.Kind, row.What = "特别安排", place.SessionsText(e.Sessions)
	case e.Kind == place.Series:
		row.Kind, row.What = "作息调整", hoursWords.Replace(e.Weekly.String())
	case e.Window > 0:
		row.What = strconv.Itoa(e.Window) + " 号窗口"
	case e.Item != "":
		row.What = n.item(catalogItem(e.Item))
	}
	return row
}

// figures are those of today and of seven days, and the ratings to answer.
func (p *Pages) figures(ctx context.Context, v *visit, w *officeView, n names) error {
	today := workday.DateOf(p.Now())
	for _, span := range []struct {
		text string
		days int
	}{{"今天", 0}, {"近 7 天", 6}, {"近 30 天", 29}} {
		f, err := p.Ratings.Figures(ctx, v.me(), today.AddDays(-span.days), today)
		if err != nil {
			return err
		}
		mean := "—"
		if f.All.Count > 0 {
			mean = strconv.FormatFloat(float64(f.All.Mean)/100, 'f', 2, 64)
		}
		w.Figures = append(w.Figures, figureRow{span.text, f.All.Count, f.All.Bad, f.All.Replied, f.All.Overdue, mean})
	}
	list, err := p.Ratings.At(ctx, v.me(), true, p.Now().Add(time.Minute), ratingsMost)
	for _, r := range list {
		w.Ratings = append(w.Ratings, ratingRow{r.Subject, n.item(r.Item), gradeWords[r.Grade], r.Text, day(r.DueOn), !r.DueOn.IsZero() && today.After(r.DueOn)})
	}
	return err
}

var gradeWords = map[rating.Grade]string{1: "非常不满意", 2: "不满意", 3: "基本满意", 4: "满意", 5: "非常满意"}

// enterClosure closes the office, a window or an item for some time; or gives
// a day other hours.
func (p *Pages) enterClosure(ctx context.Context, v *visit) (string, error) {
	e := place.Entry{Kind: place.EntryKind(v.text("kind")), Item: v.text("code"), Reason: v.text("reason")}
	e.Window, _ = strconv.Atoi(v.text("window"))
	var err error
	if e.From, err = localTime(v.text("from")); err != nil {
		return "", err
	}
	if e.To, err = localTime(v.text("to")); err != nil {
		return "", err
	}
	if e.Kind != place.Closure && e.Kind != place.Exception {
		return "", ErrForm
	}
	if e.Kind == place.Exception {
		if e.Sessions, err = place.ParseSessions(v.text("hours")); err != nil {
			return "", appointment.ErrEntryHours.Because(err)
		}
	}
	_, _, err = p.Desk.Enter(ctx, v.me(), e)
	return at("/office", "entered"), err
}

// localTime reads what a datetime-local field holds, at the office's clock.
func localTime(text string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04", text, workday.Zone)
	if err != nil {
		return t, appointment.ErrEntryTime.Because(err)
	}
	return t, nil
}
