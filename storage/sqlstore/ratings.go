package sqlstore

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ rating.Store = Store[rating.Tx]{}
	_ rating.Tx    = (*Tx)(nil)
)

const ratingColumns = `SELECT subject, kind, person_id, office, item, grade, reasons, text_sealed, rated_at, due_on,
	reply_sealed, replied_by, replied_at, escalated_at FROM rating `

func (q *queries) readRating(s scanner) (r rating.Rating, err error) {
	var text, reply []byte
	var reasons, due string
	var at, replied, escalated int64
	err = s.Scan(&r.Subject, &r.Kind, &r.Person, &r.Office, &r.Item, &r.Grade, &reasons, &text, &at, &due, &reply, &r.RepliedBy, &replied, &escalated)
	if err != nil {
		return r, err
	}
	for reason := range strings.SplitSeq(reasons, ",") {
		if reason != "" {
			r.Reasons = append(r.Reasons, rating.Reason(reason))
		}
	}
	r.At, r.RepliedAt, r.EscalatedAt = moment(at), moment(replied), moment(escalated)
	if r.DueOn, err = day(due); err != nil {
		return r, err
	}
	err = q.opening("rating", r.Subject, map[string][]byte{"text": text, "reply": reply}, map[string]*string{"text": &r.Text, "reply": &r.Reply})
	return r, err
}

// rateable is what can be rated: whose it is, where it was, and whether it is over.
var rateable = map[rating.Kind]struct {
	query string
	none  error
}{
	rating.OfCase:  {`SELECT person_id, office, item, state IN ('granted', 'refused', 'closed') FROM cases WHERE id = $1`, casework.ErrNoCase},
	rating.OfVisit: {`SELECT person_id, office, item, state IN ('checked_in', 'served') FROM appointment WHERE id = $1`, rating.ErrNoVisit},
}

// InsertRating implements rating.Tx.
func (tx *Tx) InsertRating(ctx context.Context, r rating.Rating) (rating.Rating, error) {
	of, by := rateable[r.Kind], citizen.ID("")
	var over bool
	read := func(s scanner) (who citizen.ID, err error) { return who, s.Scan(&who, &r.Office, &r.Item, &over) }
	who, err := one(ctx, &tx.queries, of.none, read, of.query, r.Subject)
	if err != nil {
		return r, err
	}
	if r.Person == "" || who != r.Person {
		if ok, err := tx.ratesFor(ctx, r); err != nil || !ok {
			return r, cmp.Or(err, of.none)
		}
		r.Person, by = who, r.Person
	}
	if !over {
		return r, rating.ErrTooEarly
	}
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		reasons[i] = string(reason)
	}
	return r, tx.insert(ctx, rating.ErrRated, `INSERT INTO rating (subject, kind, person_id, office, item, grade, reasons, text_sealed, rated_at, due_on, rated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, r.Subject, r.Kind, r.Person, r.Office, r.Item, r.Grade,
		strings.Join(reasons, ","), tx.sealed("rating", "text", r.Subject, r.Text), millis(r.At), dayText(r.DueOn), by)
}

// ratesFor says whether somebody acts in the case, or has booked the visit, for
// its person.
func (tx *Tx) ratesFor(ctx context.Context, r rating.Rating) (bool, error) {
	if r.Person == "" {
		return false, nil
	}
	if r.Kind == rating.OfCase {
		return tx.ActsIn(ctx, r.Person, r.Subject, r.At)
	}
	n, err := scalarCount(ctx, &tx.queries, `SELECT count(*) FROM appointment_agent WHERE appointment_id = $1 AND agent_id = $2`, r.Subject, r.Person)
	return n > 0, err
}

// Rating implements rating.Tx.
func (q *queries) Rating(ctx context.Context, subject string) (rating.Rating, error) {
	return one(ctx, q, rating.ErrNoRating, q.readRating, ratingColumns+`WHERE subject = $1`, subject)
}

// ReplyRating implements rating.Tx.
func (tx *Tx) ReplyRating(ctx context.Context, r rating.Rating) error {
	return tx.change(ctx, rating.ErrReplied, `UPDATE rating SET reply_sealed = $2, replied_by = $3, replied_at = $4 WHERE subject = $1 AND replied_at = 0`,
		r.Subject, tx.sealed("rating", "reply", r.Subject, r.Reply), r.RepliedBy, millis(r.RepliedAt))
}

// EscalateRating implements rating.Tx.
func (tx *Tx) EscalateRating(ctx context.Context, subject string, at time.Time) error {
	return tx.change(ctx, rating.ErrReplied, `UPDATE rating SET escalated_at = $2 WHERE subject = $1 AND replied_at = 0 AND escalated_at = 0`, subject, millis(at))
}

// InviteRating implements rating.Tx.
func (tx *Tx) InviteRating(ctx context.Context, subject string, at time.Time) error {
	return tx.insert(ctx, rating.ErrRated, `INSERT INTO rating_invitation (subject, at) VALUES ($1, $2)`, subject, millis(at))
}

// Holders implements rating.Tx.
func (q *queries) Holders(ctx context.Context, role staff.Role, office place.OfficeCode) ([]citizen.ID, error) {
	return all(ctx, q, scalar[citizen.ID], `SELECT a.person_id FROM staff s JOIN account a ON a.id = s.account_id
		WHERE s.role = $1 AND ($2 = '' OR s.office = $2) AND s.left_at = 0 AND a.person_id IS NOT NULL ORDER BY a.person_id`, role, office)
}

// RatingsOf implements rating.Store.
func (q *queries) RatingsOf(ctx context.Context, who citizen.ID, before time.Time, most int) ([]rating.Rating, error) {
	return all(ctx, q, q.readRating, ratingColumns+`WHERE person_id = $1 AND rated_at < $2 ORDER BY rated_at DESC LIMIT $3`, who, millis(before), most)
}

// RatingsAt implements rating.Store.
func (q *queries) RatingsAt(ctx context.Context, office place.OfficeCode, waiting bool, before time.Time, most int) ([]rating.Rating, error) {
	return all(ctx, q, q.readRating, ratingColumns+`WHERE ($1 = '' OR office = $1) AND (NOT $2 OR (due_on <> '' AND replied_at = 0))
		AND rated_at < $3 ORDER BY rated_at DESC LIMIT $4`, office, waiting, millis(before), most)
}

// OverdueRatings implements rating.Store.
func (q *queries) OverdueRatings(ctx context.Context, day workday.Date, most int) ([]rating.Rating, error) {
	return all(ctx, q, q.readRating, ratingColumns+`WHERE due_on <> '' AND due_on < $1 AND replied_at = 0 AND escalated_at = 0
		ORDER BY due_on LIMIT $2`, day.String(), most)
}

// Tallies implements rating.Store.
func (q *queries) Tallies(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]rating.Tally, error) {
	read := func(s scanner) (t rating.Tally, err error) {
		return t, s.Scan(&t.Office, &t.Item, &t.Grade, &t.Count, &t.Replied, &t.Overdue)
	}
	return all(ctx, q, read, `SELECT office, item, grade, count(*), sum(CASE WHEN replied_at > 0 THEN 1 ELSE 0 END),
		sum(CASE WHEN escalated_at > 0 THEN 1 ELSE 0 END) FROM rating WHERE rated_at >= $1 AND rated_at < $2 AND ($3 = '' OR office = $3)
		GROUP BY office, item, grade ORDER BY office, item, grade`, millis(from), millis(to), office)
}

// Unrated implements rating.Store.
func (q *queries) Unrated(ctx context.Context, since time.Time, most int) ([]rating.Rating, error) {
	read := func(s scanner) (r rating.Rating, err error) { return r, s.Scan(&r.Kind, &r.Subject, &r.Person) }
	return all(ctx, q, read, `SELECT kind, subject, person_id FROM (
		SELECT 'case' AS kind, id AS subject, person_id FROM cases WHERE state IN ('granted', 'refused', 'closed') AND decided_at > $1
		UNION ALL SELECT 'visit', id, person_id FROM appointment WHERE state = 'served' AND checked_at > $1) over_now
		WHERE NOT EXISTS (SELECT 1 FROM rating r WHERE r.subject = over_now.subject)
		AND NOT EXISTS (SELECT 1 FROM rating_invitation i WHERE i.subject = over_now.subject) ORDER BY subject LIMIT $2`, millis(since), most)
}
