package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// AlarmKind says how near the end of a clock is.
type AlarmKind string

// The alarms.
const (
	Near AlarmKind = "near" // 临期: before the last day
	Due  AlarmKind = "due"  // 到期: the last day itself, told to supervisors
	Over AlarmKind = "over" // 超期: kept on record
)

// nearDays are how many working days before the last day people are warned.
const nearDays = 2

// Alarm is what the clock of a case brought, each once for each last day.
type Alarm struct {
	Case       ID
	Number     string // of the case, where it is listed
	Clock      ClockKind
	Kind       AlarmKind
	On         workday.Date           // the last day
	About      catalog.DepartmentCode // whose opinion, for that clock
	Office     place.OfficeCode
	Decides    place.DivisionCode
	Department catalog.DepartmentCode
	At         time.Time
}

func alarmOf(cs Case, clock ClockKind, kind AlarmKind, on workday.Date, at time.Time) Alarm {
	return Alarm{Case: cs.ID, Clock: clock, Kind: kind, On: on, Office: cs.Office, Decides: cs.Decides, Department: cs.Department, At: at}
}

// clockRang is what staff hear of a deadline.
const clockRang notify.Kind = "case.clock"

// between gives the last days, both included, on which an alarm rings today.
func (c *Counter) between(kind AlarmKind) (from, to workday.Date) {
	today := c.today()
	switch kind {
	case Near:
		return today.AddDays(1), c.Calendar.Add(today, nearDays)
	case Due:
		return today, today
	default:
		return workday.Date{Year: 1, Month: 1, Day: 1}, today.AddDays(-1)
	}
}

// ring tells of every clock that nears its end, ends today or has run out, each
// once: a second sweep, or a second process, finds it told.
func (c *Counter) ring(ctx context.Context) (rung int, err error) {
	for _, kind := range []AlarmKind{Over, Due, Near} {
		from, to := c.between(kind)
		for _, clock := range []ClockKind{AnswerClock, PromiseClock, LawClock, OpinionClock} {
			list, err := c.Store.Ringing(ctx, clock, kind, from, to, sweepMost)
			if err != nil {
				return rung, err
			}
			for _, a := range list {
				a.At = c.Now()
				told, err := c.sound(ctx, a)
				if err != nil {
					return rung, err
				}
				if told {
					rung++
				}
			}
		}
	}
	return rung, nil
}

func (c *Counter) sound(ctx context.Context, a Alarm) (told bool, err error) {
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if told, err = tx.InsertAlarm(ctx, a); err != nil || !told {
			return err
		}
		cs, err := tx.Case(ctx, a.Case)
		if err != nil {
			return err
		}
		e := entry{actor: system, note: string(a.Clock) + " " + string(a.Kind) + " " + a.On.String()}
		if a.Clock == PromiseClock && a.Kind == Over {
			e.told, e.text = caseWaited, "您的申请已超过承诺办结日"+dayWords(a.On)+"，已提请负责人督办，给您带来不便请谅解"
		}
		if err := c.record(ctx, tx, cs, AlarmAct, e); err != nil {
			return err
		}
		if a.Kind == Near {
			to, err := c.handlers(ctx, tx, cs)
			if err != nil {
				return err
			}
			return c.tellStaff(ctx, tx, cs, clockRang, a.words(), to)
		}
		return c.tellOffice(ctx, tx, cs, clockRang, a.words())
	})
	return told, err
}

var clockWords = map[ClockKind]string{
	AnswerClock: "一次性告知期限", PromiseClock: "承诺办结期限", LawClock: "法定办结期限", OpinionClock: "联审意见期限", SupplementClock: "补齐期限",
}

// Words is the clock in Chinese.
func (k ClockKind) Words() string { return clockWords[k] }

func (a Alarm) words() string {
	text := "办件的" + a.Clock.Words() + "为" + dayWords(a.On)
	switch a.Kind {
	case Near:
		return text + "，即将到期，请抓紧办理"
	case Due:
		return text + "，今日到期，请督促今日办结"
	default:
		return text + "，已超期，已记录在案，请立即办理"
	}
}

// Alarms lists what the clocks of the cases that concern a member brought,
// newest first.
func (c *Counter) Alarms(ctx context.Context, m staff.Member, before string, most int) ([]Alarm, error) {
	w, err := c.work(ctx, m)
	if err == nil && m.Role == staff.OfficeManager { // hears of what is decided there as well
		w.Decides, err = c.division(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	return c.Store.AlarmsOf(ctx, w, before, most)
}

// Key names an alarm in a list.
func (a Alarm) Key() string {
	return string(a.Case) + string(a.Clock) + string(a.Kind) + a.On.String() + string(a.About)
}
