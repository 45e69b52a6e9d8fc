package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// ClaimCase implements casework.Tx.
func (tx *Tx) ClaimCase(ctx context.Context, id casework.ID, by staff.ID) error {
	return tx.change(ctx, casework.ErrOtherClerk, `UPDATE cases SET reviewer = $2 WHERE id = $1 AND reviewer IN ('', $2)`, id, by)
}

// HandOverCase implements casework.Tx.
func (tx *Tx) HandOverCase(ctx context.Context, cs casework.Case, to staff.ID, department bool) error {
	if department {
		return tx.change(ctx, casework.ErrOtherClerk, `UPDATE cases SET reviewer = $2 WHERE id = $1 AND reviewer = $3`, cs.ID, to, cs.Reviewer)
	}
	return tx.change(ctx, casework.ErrOtherClerk, `UPDATE cases SET clerk = $2 WHERE id = $1 AND clerk = $3`, cs.ID, to, cs.Clerk)
}

const opinionColumns = `SELECT o.case_id, o.department, o.state, o.decides, o.due_on, o.asked_by, o.asked_at, o.ask_sealed,
	o.given_by, o.given_at, o.text_sealed FROM case_opinion o `

func (q *queries) readOpinion(s scanner) (o casework.Opinion, err error) {
	var due string
	var asked, given int64
	var ask, text []byte
	if err := s.Scan(&o.Case, &o.Department, &o.State, &o.Decides, &due, &o.AskedBy, &asked, &ask, &o.GivenBy, &given, &text); err != nil {
		return o, err
	}
	o.AskedAt, o.GivenAt = moment(asked), moment(given)
	if o.Due, err = day(due); err != nil {
		return o, err
	}
	row := opinionRow(o)
	if o.Ask, err = q.opened("case_opinion", "ask", row, ask); err != nil {
		return o, err
	}
	o.Text, err = q.opened("case_opinion", "text", row, text)
	return o, err
}

func opinionRow(o casework.Opinion) string { return string(o.Case) + "|" + string(o.Department) }

// Opinions implements casework.Reader.
func (q *queries) Opinions(ctx context.Context, id casework.ID) ([]casework.Opinion, error) {
	return all(ctx, q, q.readOpinion, opinionColumns+`WHERE o.case_id = $1 ORDER BY o.department`, id)
}

// OpinionsAsked implements casework.Store.
func (q *queries) OpinionsAsked(ctx context.Context, decides place.DivisionCode, d catalog.DepartmentCode, after casework.ID, most int) ([]casework.Opinion, error) {
	return all(ctx, q, q.readOpinion, opinionColumns+`JOIN cases c ON c.id = o.case_id WHERE o.decides = $1 AND o.department = $2
		AND o.state = 'asked' AND c.state = 'accepted' AND o.case_id > $3 ORDER BY o.case_id LIMIT $4`, decides, d, after, most)
}

// InsertOpinion implements casework.ReviewTx.
func (tx *Tx) InsertOpinion(ctx context.Context, o casework.Opinion) error {
	return tx.insert(ctx, casework.ErrConsulted, `INSERT INTO case_opinion (case_id, department, state, decides, due_on, asked_by, asked_at, ask_sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, o.Case, o.Department, o.State, o.Decides, o.Due.String(), o.AskedBy, millis(o.AskedAt),
		tx.sealed("case_opinion", "ask", opinionRow(o), o.Ask))
}

// GiveOpinion implements casework.ReviewTx.
func (tx *Tx) GiveOpinion(ctx context.Context, o casework.Opinion) error {
	return tx.change(ctx, casework.ErrNoOpinion, `UPDATE case_opinion SET state = $3, given_by = $4, given_at = $5, text_sealed = $6
		WHERE case_id = $1 AND department = $2 AND state = 'asked'`, o.Case, o.Department, o.State, o.GivenBy, millis(o.GivenAt),
		tx.sealed("case_opinion", "text", opinionRow(o), o.Text))
}

// Ruling implements casework.Reader.
func (q *queries) Ruling(ctx context.Context, id casework.ID) (casework.Ruling, error) {
	read := func(s scanner) (r casework.Ruling, err error) {
		var at int64
		var text []byte
		if err := s.Scan(&r.Grant, &r.By, &at, &text); err != nil {
			return r, err
		}
		r.At = moment(at)
		r.Text, err = q.opened("case_ruling", "text", string(id), text)
		return r, err
	}
	list, err := all(ctx, q, read, `SELECT grants, made_by, made_at, text_sealed FROM case_ruling WHERE case_id = $1`, id)
	if err != nil || len(list) == 0 {
		return casework.Ruling{}, err
	}
	return list[0], nil
}

// InsertRuling implements casework.ReviewTx.
func (tx *Tx) InsertRuling(ctx context.Context, id casework.ID, r casework.Ruling) error {
	return tx.insert(ctx, casework.ErrRuled, `INSERT INTO case_ruling (case_id, grants, made_by, made_at, text_sealed) VALUES ($1, $2, $3, $4, $5)`,
		id, r.Grant, r.By, millis(r.At), tx.sealed("case_ruling", "text", string(id), r.Text))
}

// ForgetReview implements casework.ReviewTx.
func (tx *Tx) ForgetReview(ctx context.Context, id casework.ID) error {
	standing, err := scalarCount(ctx, &tx.queries, `SELECT count(*) FROM licence WHERE case_id = $1 AND state = 'valid'`, id)
	if err != nil || standing > 0 {
		return orErr(err, casework.ErrLicenceStands)
	}
	for _, text := range []string{
		`DELETE FROM case_extension WHERE case_id = $1`, `DELETE FROM case_pause WHERE case_id = $1 AND to_on = ''`,
		`DELETE FROM case_opinion WHERE case_id = $1`, `DELETE FROM case_ruling WHERE case_id = $1`, `DELETE FROM case_output WHERE case_id = $1`,
	} {
		if err := tx.exec(ctx, text, id); err != nil {
			return err
		}
	}
	return nil
}

func orErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

const instantColumns = `SELECT i.case_id, c.number, i.rule, i.version, i.grants, i.facts_sealed, i.made_at, i.asked_at, i.asked_sealed,
	i.seen_by, i.seen_at, i.upheld, i.seen_sealed FROM case_instant i JOIN cases c ON c.id = i.case_id `

func (q *queries) readInstant(s scanner) (in casework.Instant, err error) {
	var at [3]int64
	var facts, asked, seen []byte
	if err := s.Scan(&in.Case, &in.Number, &in.Rule, &in.Version, &in.Grant, &facts, &at[0], &at[1], &asked, &in.SeenBy, &at[2], &in.Upheld, &seen); err != nil {
		return in, err
	}
	in.At, in.AskedAt, in.SeenAt = moment(at[0]), moment(at[1]), moment(at[2])
	plain, err := q.opened("case_instant", "facts", string(in.Case), facts)
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal([]byte(plain), &in.Facts); err != nil {
		return in, err
	}
	if in.Asked, err = q.opened("case_instant", "asked", string(in.Case), asked); err != nil {
		return in, err
	}
	in.Seen, err = q.opened("case_instant", "seen", string(in.Case), seen)
	return in, err
}

// Instant implements casework.Store.
func (q *queries) Instant(ctx context.Context, id casework.ID) (casework.Instant, error) {
	return one(ctx, q, casework.ErrNotInstant, q.readInstant, instantColumns+`WHERE i.case_id = $1`, id)
}

// ReviewsAsked implements casework.Store.
func (q *queries) ReviewsAsked(ctx context.Context, w casework.Work, after casework.ID, most int) ([]casework.Instant, error) {
	return all(ctx, q, q.readInstant, instantColumns+`WHERE i.asked_at > 0 AND i.seen_at = 0 AND c.decides = $1 AND c.department = $2
		AND i.case_id > $3 ORDER BY i.case_id LIMIT $4`, w.Decides, w.Department, after, most)
}

// InsertInstant implements casework.ReviewTx.
func (tx *Tx) InsertInstant(ctx context.Context, in casework.Instant) error {
	facts, err := json.Marshal(in.Facts)
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO case_instant (case_id, rule, version, grants, facts_sealed, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		in.Case, in.Rule, in.Version, in.Grant, tx.sealed("case_instant", "facts", string(in.Case), string(facts)), millis(in.At))
}

// AskReview implements casework.ReviewTx.
func (tx *Tx) AskReview(ctx context.Context, id casework.ID, text string, at time.Time) error {
	if _, err := tx.Instant(ctx, id); err != nil {
		return err
	}
	return tx.change(ctx, casework.ErrReviewAsked, `UPDATE case_instant SET asked_at = $2, asked_sealed = $3 WHERE case_id = $1 AND asked_at = 0`,
		id, millis(at), tx.sealed("case_instant", "asked", string(id), text))
}

// AnswerReview implements casework.ReviewTx.
func (tx *Tx) AnswerReview(ctx context.Context, in casework.Instant) error {
	return tx.change(ctx, casework.ErrNoReview, `UPDATE case_instant SET seen_by = $2, seen_at = $3, upheld = $4, seen_sealed = $5
		WHERE case_id = $1 AND asked_at > 0 AND seen_at = 0`, in.Case, in.SeenBy, millis(in.SeenAt), in.Upheld,
		tx.sealed("case_instant", "seen", string(in.Case), in.Seen))
}

// InsertOutput implements casework.ReviewTx.
func (tx *Tx) InsertOutput(ctx context.Context, id casework.ID, field, value string) error {
	return tx.exec(ctx, `INSERT INTO case_output (case_id, field, value_sealed) VALUES ($1, $2, $3)`,
		id, field, tx.sealed("case_output", "value", string(id)+"|"+field, value))
}

// OutputsOf implements casework.Store.
func (q *queries) OutputsOf(ctx context.Context, id casework.ID) (map[string]string, error) {
	outputs := map[string]string{}
	read := func(s scanner) (field string, err error) {
		var value []byte
		if err := s.Scan(&field, &value); err != nil {
			return field, err
		}
		outputs[field], err = q.opened("case_output", "value", string(id)+"|"+field, value)
		return field, err
	}
	_, err := all(ctx, q, read, `SELECT field, value_sealed FROM case_output WHERE case_id = $1`, id)
	return outputs, err
}
