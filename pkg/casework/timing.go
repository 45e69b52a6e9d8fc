package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Interval is a time that a case's clocks leave out (不计入期限).
type Interval struct {
	Seq      int
	Reason   workday.Reason
	From, To workday.Date // both left out; To zero = not yet over
	Days     int          // working days that the applicant was told it takes, 0 = not known
	By       string       // the staff id, or system
	Note     string
}

// Extension is the one prolongation of a clock (行政许可法 Art. 42).
type Extension struct {
	Days int // working days
	By   staff.ID
	At   time.Time
	Why  string
}

// Timing is what has stopped or prolonged a case's clocks.
type Timing struct {
	Pauses    []Interval
	Extension Extension // Days 0 = not extended
}

// ClockKind names a clock of a case.
type ClockKind string

// The clocks of a case.
const (
	AnswerClock     ClockKind = "answer"     // 五个工作日内一次性告知
	PromiseClock    ClockKind = "promise"    // 承诺时限
	LawClock        ClockKind = "law"        // 法定时限
	SupplementClock ClockKind = "supplement" // 补齐期限, the applicant's
	OpinionClock    ClockKind = "opinion"    // 联审意见时限, a department's
)

// Clock is one clock of a case with what it counts.
type Clock struct {
	Kind ClockKind
	workday.Clock
}

// Clocks are those that run, or ran, for a case.
func (cs *Case) Clocks(item *catalog.Item, t Timing, cal *workday.Calendar) (list []Clock) {
	if !cs.AnswerDue.IsZero() {
		list = append(list, Clock{AnswerClock, workday.Clock{
			Start: workday.DateOf(cs.ReceivedAt), Unit: workday.WorkingDays, Days: workday.NoticeDays, Stopped: stopped(cs.AcceptedAt, cs.ClosedAt),
		}})
	}
	if !cs.AcceptedAt.IsZero() {
		list = append(list, Clock{PromiseClock, cs.promised(item, t)})
		if item.LegalDays > 0 {
			list = append(list, Clock{LawClock, cs.lawful(item, t, cal)})
		}
	}
	if !cs.SupplementDue.IsZero() {
		list = append(list, Clock{SupplementClock, cs.tolerated(item, t)})
	}
	return list
}

// promised is the clock of the promised time, in working days.
func (cs *Case) promised(item *catalog.Item, t Timing) workday.Clock {
	return workday.Clock{
		Start: workday.DateOf(cs.AcceptedAt), Unit: workday.WorkingDays, Days: item.PromiseDays,
		Extension: t.Extension.Days, Pauses: pauses(t.Pauses), Stopped: stopped(cs.DecidedAt, cs.ClosedAt),
	}
}

// lawful is the clock of the law's time. An extension is given in working
// days; where the law counts calendar days it is as many as those span.
func (cs *Case) lawful(item *catalog.Item, t Timing, cal *workday.Calendar) workday.Clock {
	clock := workday.Clock{
		Start: workday.DateOf(cs.AcceptedAt), Unit: workday.Unit(item.LegalUnit), Days: item.LegalDays,
		Pauses: pauses(t.Pauses), Stopped: stopped(cs.DecidedAt, cs.ClosedAt),
	}
	switch item.LegalUnit {
	case catalog.Months: // no law known to us lets months be prolonged
		clock.Days = item.LegalMonths
	case catalog.CalendarDays:
		if due := clock.Due(cal); t.Extension.Days > 0 && !due.IsZero() {
			clock.Extension = cal.Add(due, t.Extension.Days).DaysSince(due)
		}
	default:
		clock.Extension = t.Extension.Days
	}
	return clock
}

// tolerated is the applicant's clock for what is owed: only force majeure
// stops it.
func (cs *Case) tolerated(item *catalog.Item, t Timing) workday.Clock {
	clock := workday.Clock{Start: workday.DateOf(cs.ReceivedAt), Unit: workday.WorkingDays, Days: min(item.ToleranceDays, toleranceMost)}
	if !cs.AcceptedAt.IsZero() {
		clock.Start = workday.DateOf(cs.AcceptedAt)
	}
	for _, p := range t.Pauses {
		if p.Reason == workday.ForceMajeure {
			clock.Pauses = append(clock.Pauses, workday.Pause{From: p.From, To: p.To, Reason: p.Reason})
		}
	}
	return clock
}

func pauses(list []Interval) []workday.Pause {
	all := make([]workday.Pause, len(list))
	for i, p := range list {
		all[i] = workday.Pause{From: p.From, To: p.To, Reason: p.Reason}
	}
	return all
}

// stopped is the day of what came first, zero for neither.
func stopped(first, else_ time.Time) workday.Date {
	switch {
	case !first.IsZero():
		return workday.DateOf(first)
	case !else_.IsZero():
		return workday.DateOf(else_)
	default:
		return workday.Date{}
	}
}

// retime sets the days that follow from what stops and prolongs the clocks.
// The promised day is never later than the law's.
func (c *Counter) retime(item *catalog.Item, cs *Case, t Timing) {
	if cs.AcceptedAt.IsZero() {
		return
	}
	cs.Due, cs.LegalDue = cs.promised(item, t).Due(c.Calendar), workday.Date{}
	if item.LegalDays > 0 {
		cs.LegalDue = cs.lawful(item, t, c.Calendar).Due(c.Calendar)
	}
	if !cs.LegalDue.IsZero() && cs.Due.After(cs.LegalDue) {
		cs.Due = cs.LegalDue
	}
	if !cs.SupplementDue.IsZero() {
		cs.SupplementDue = cs.tolerated(item, t).Due(c.Calendar)
	}
}

// retimed is retime with what the store knows.
func (c *Counter) retimed(ctx context.Context, tx Tx, item *catalog.Item, cs *Case) error {
	t, err := tx.Timing(ctx, cs.ID)
	if err == nil {
		c.retime(item, cs, t)
	}
	return err
}

// The longest extensions, in working days: of an ordinary decision, and where
// several departments handle it together (行政许可法 Art. 42).
const (
	extensionMost      = 10
	jointExtensionMost = 15
)

// What can go wrong with a clock.
var (
	ErrPaused     = fault.New(fault.Conflict, "casework.already_paused", "这个办件正因同一原因暂停计时，请先恢复计时")
	ErrNotPaused  = fault.New(fault.Conflict, "casework.not_paused", "这个办件没有因此暂停计时，请刷新后再看")
	ErrDays       = fault.New(fault.Invalid, "casework.days", "天数超出规定，请按提示重新填写")
	ErrNotSuper   = fault.New(fault.Forbidden, "casework.not_supervisor", "这一步由决定机关的负责人办理，请提请负责人处理")
	ErrPauseWrong = fault.New(fault.Invalid, "casework.pause_reason", "只有听证、招标拍卖、检验检疫、检测、鉴定、专家评审、公示可以不计入期限，请重新选择")
)
