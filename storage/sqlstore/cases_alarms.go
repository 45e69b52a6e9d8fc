package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ringing holds a query for each clock: the column of its last day, and what a
// case must be for the clock to run.
var ringing = map[casework.ClockKind]struct{ column, where string }{
	casework.AnswerClock:  {`c.answer_due`, `c.state = 'received' AND c.answer_due <> '' AND c.received_at < $5`},
	casework.PromiseClock: {`c.due_on`, `c.state = 'accepted' AND c.due_on <> '' AND c.accepted_at < $5`},
	casework.LawClock:     {`c.legal_due`, `c.state = 'accepted' AND c.legal_due <> '' AND c.accepted_at < $5`},
	casework.OpinionClock: {`o.due_on`, `o.state = 'asked' AND c.state = 'accepted' AND o.asked_at < $5`},
}

// Ringing implements casework.Store.
func (q *queries) Ringing(ctx context.Context, clock casework.ClockKind, kind casework.AlarmKind, from, to workday.Date, most int) ([]casework.Alarm, error) {
	read := func(s scanner) (casework.Alarm, error) {
		a := casework.Alarm{Clock: clock, Kind: kind}
		var on string
		err := s.Scan(&a.Case, &a.Office, &a.Decides, &a.Department, &a.About, &on)
		if err == nil {
			a.On, err = day(on)
		}
		return a, err
	}
	r := ringing[clock]
	about, tables := `''`, `cases c`
	if clock == casework.OpinionClock {
		about, tables = `o.department`, `case_opinion o JOIN cases c ON c.id = o.case_id`
	}
	begun := startOf(to.AddDays(1))
	if kind == casework.Due {
		begun = startOf(to)
	}
	return all(ctx, q, read, `SELECT c.id, c.office, c.decides, c.department, `+about+`, `+r.column+` FROM `+tables+`
		WHERE `+r.where+` AND `+r.column+` >= $1 AND `+r.column+` <= $2
		AND NOT EXISTS (SELECT 1 FROM case_alarm a WHERE a.case_id = c.id AND a.clock = $3 AND a.kind = $4 AND a.due_on = `+r.column+` AND a.about = `+about+`)
		ORDER BY `+r.column+` LIMIT $6`, from.String(), to.String(), clock, kind, millis(begun), most)
}

// InsertAlarm implements casework.TimingTx.
func (tx *Tx) InsertAlarm(ctx context.Context, a casework.Alarm) (told bool, err error) {
	n, err := tx.run.exec(ctx, `INSERT INTO case_alarm (case_id, clock, kind, due_on, about, office, decides, department, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (case_id, clock, kind, due_on, about) DO NOTHING`,
		a.Case, a.Clock, a.Kind, a.On.String(), a.About, a.Office, a.Decides, a.Department, millis(a.At))
	return n == 1, err
}

// AlarmsOf implements casework.Store; the cursor is the case's id and the rest
// of the alarm's key.
func (q *queries) AlarmsOf(ctx context.Context, w casework.Work, before string, most int) ([]casework.Alarm, error) {
	read := func(s scanner) (a casework.Alarm, err error) {
		var on string
		var at int64
		if err := s.Scan(&a.Case, &a.Number, &a.Clock, &a.Kind, &on, &a.About, &a.Office, &a.Decides, &a.Department, &at); err != nil {
			return a, err
		}
		a.At = moment(at)
		a.On, err = day(on)
		return a, err
	}
	const list = `SELECT a.case_id, c.number, a.clock, a.kind, a.due_on, a.about, a.office, a.decides, a.department, a.at
		FROM case_alarm a JOIN cases c ON c.id = a.case_id `
	const page = ` AND ($1 = '' OR a.case_id || a.clock || a.kind || a.due_on || a.about < $1)
		ORDER BY a.case_id || a.clock || a.kind || a.due_on || a.about DESC LIMIT $2`
	if w.Office != "" {
		return all(ctx, q, read, list+`WHERE (a.office = $3 OR ($4 <> '' AND a.decides = $4))`+page, before, most, w.Office, w.Decides)
	}
	return all(ctx, q, read, list+`WHERE a.decides = $3 AND a.department = $4`+page, before, most, w.Decides, w.Department)
}
