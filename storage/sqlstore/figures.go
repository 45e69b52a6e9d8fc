package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Tally is a figure of many: how many, and the mean or share of something.
type Tally struct {
	Of, How string // such as an office and a state
	Count   int
	Mean    float64
}

func readTally(s scanner) (t Tally, err error) { return t, s.Scan(&t.Of, &t.How, &t.Count, &t.Mean) }

// QueueFigures counts the tickets of a day: those that wait, and those called
// with their mean wait in seconds, by office.
func (q *queries) QueueFigures(ctx context.Context, on workday.Date) ([]Tally, error) {
	return all(ctx, q, readTally, `SELECT office, CASE WHEN state = 'waiting' THEN 'waiting' ELSE 'called' END AS how, count(*),
		CAST(avg(CASE WHEN state = 'waiting' THEN 0 ELSE called_at - taken_at END) AS DOUBLE PRECISION) / 1000
		FROM ticket WHERE day = $1 AND (state = 'waiting' OR called_at > 0) GROUP BY office, how`, on.String())
}

// DecidedFigures counts the cases decided since then by office, with the share
// of those that no alarm found overdue.
func (q *queries) DecidedFigures(ctx context.Context, since time.Time) ([]Tally, error) {
	return all(ctx, q, readTally, `SELECT office, '', count(*), 1 - CAST(avg(CASE WHEN EXISTS (SELECT 1 FROM case_alarm a
			WHERE a.case_id = c.id AND a.kind = 'over' AND (a.clock = 'promise' AND a.due_on = c.due_on OR a.clock = 'law' AND a.due_on = c.legal_due))
			THEN 1.0 ELSE 0.0 END) AS DOUBLE PRECISION)
		FROM cases c WHERE c.state IN ('granted', 'refused', 'terminated', 'closed') AND c.decided_at >= $1 GROUP BY office`, millis(since))
}

// ToleranceFigures counts the tolerance acceptances since then by office and
// by the state they are in now.
func (q *queries) ToleranceFigures(ctx context.Context, since time.Time) ([]Tally, error) {
	return all(ctx, q, readTally, `SELECT office, state, count(*), 0.0 FROM cases WHERE tolerance AND accepted_at >= $1
		GROUP BY office, state`, millis(since))
}

// DeliveryFigures counts the parcels whose way ended since then by company and
// end, with the mean time from the waybill to it in seconds.
func (q *queries) DeliveryFigures(ctx context.Context, since time.Time) ([]Tally, error) {
	return all(ctx, q, readTally, `SELECT company, state, count(*), CAST(avg(ended_at - made_at) AS DOUBLE PRECISION) / 1000
		FROM waybill WHERE ended_at > 0 AND ended_at >= $1 GROUP BY company, state`, millis(since))
}

// Backlog counts the jobs of a kind that are not done.
type Backlog struct {
	Kind          notify.JobKind
	Waiting, Dead int
	Due           time.Time // since when the oldest is due; zero where none waits
}

// Backlogs counts the jobs and messages that are not done, by kind.
func (q *queries) Backlogs(ctx context.Context) ([]Backlog, error) {
	read := func(s scanner) (b Backlog, err error) {
		var due int64
		err = s.Scan(&b.Kind, &b.Waiting, &b.Dead, &due)
		b.Due = moment(due)
		return b, err
	}
	return all(ctx, q, read, `SELECT kind, sum(CASE WHEN state = 'dead' THEN 0 ELSE 1 END), sum(CASE WHEN state = 'dead' THEN 1 ELSE 0 END),
			coalesce(min(CASE WHEN state = 'dead' THEN NULL ELSE run_at END), 0) FROM job GROUP BY kind
		UNION ALL SELECT 'notify.message', (SELECT count(*) FROM message WHERE due_at > 0),
			(SELECT count(*) FROM message WHERE due_at = 0 AND sent_at = 0 AND tries > 0),
			(SELECT coalesce(min(due_at), 0) FROM message WHERE due_at > 0)`)
}
