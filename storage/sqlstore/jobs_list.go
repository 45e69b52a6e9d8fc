package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// Waiting is a job, or a message to be sent, that is not done.
type Waiting struct {
	ID, Subject string
	Kind        notify.JobKind
	Attempt     int
	Dead        bool      // given up after all tries
	At          time.Time // the next try; zero where it is dead
	Why         string    // the last failure
}

// WaitingJobs lists what is not done, the given up first.
func (q *queries) WaitingJobs(ctx context.Context, most int) ([]Waiting, error) {
	read := func(s scanner) (w Waiting, err error) {
		var at int64
		err = s.Scan(&w.ID, &w.Kind, &w.Subject, &w.Attempt, &w.Dead, &at, &w.Why)
		if w.At = moment(at); w.Dead {
			w.At = time.Time{}
		}
		return w, err
	}
	return all(ctx, q, read, `SELECT id, kind, subject, attempt, dead, at, why FROM (
			SELECT id, kind, subject, attempt, state = 'dead' AS dead, run_at AS at, last_error AS why FROM job
			UNION ALL
			SELECT id, 'notify.send', id, tries, FALSE, due_at, last_error FROM message WHERE due_at > 0
			UNION ALL
			SELECT id, 'notify.send', id, tries, TRUE, due_at, last_error FROM message
			WHERE due_at = 0 AND sent_at = 0 AND tries > 0) AS waiting
		ORDER BY dead DESC, at, id LIMIT $1`, most)
}

// RetryJobs gives dead jobs all their tries once more: one by its id, or every
// one for no id. It returns how many.
func (db *DB) RetryJobs(ctx context.Context, id string) (n int, err error) {
	now := millis(db.now())
	err = db.write(ctx, func(tx *Tx) error {
		n = 0
		for _, again := range []string{
			`UPDATE job SET state = 'ready', attempt = 0, run_at = $2 WHERE state = 'dead' AND ($1 = '' OR id = $1)`,
			`UPDATE message SET due_at = $2, tries = 0 WHERE due_at = 0 AND sent_at = 0 AND tries > 0 AND ($1 = '' OR id = $1)`,
		} {
			some, err := tx.run.exec(ctx, again, id, now)
			if err != nil {
				return err
			}
			n += int(some)
		}
		return nil
	})
	return n, err
}
