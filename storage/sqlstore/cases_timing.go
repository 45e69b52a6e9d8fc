package sqlstore

import (
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Unanswered implements casework.Store.
func (q *queries) Unanswered(ctx context.Context, before workday.Date, most int) ([]casework.ID, error) {
	return all(ctx, q, scalar[casework.ID], `SELECT id FROM cases WHERE state = 'received' AND answer_due < $1 LIMIT $2`, before.String(), most)
}

// NoticesOf implements casework.Reader.
func (q *queries) NoticesOf(ctx context.Context, id casework.ID) ([]casework.Notice, error) {
	read := func(s scanner) (n casework.Notice, err error) {
		var materials string
		var text, reason []byte
		var made, ruled int64
		if err := s.Scan(&n.Seq, &n.State, &materials, &text, &reason, &n.By, &made, &n.RuledBy, &ruled); err != nil {
			return n, err
		}
		for code := range strings.FieldsSeq(materials) {
			n.Materials = append(n.Materials, catalog.MaterialCode(code))
		}
		n.At, n.RuledAt = moment(made), moment(ruled)
		if n.Text, err = q.opened("case_notice", "text", seqRow(id, n.Seq), text); err != nil {
			return n, err
		}
		n.Reason, err = q.opened("case_notice", "reason", seqRow(id, n.Seq), reason)
		return n, err
	}
	return all(ctx, q, read, `SELECT seq, state, materials, text_sealed, reason_sealed, made_by, made_at, ruled_by, ruled_at
		FROM case_notice WHERE case_id = $1 ORDER BY seq`, id)
}

// InsertNotice implements casework.TimingTx.
func (tx *Tx) InsertNotice(ctx context.Context, id casework.ID, n casework.Notice) error {
	var codes []string
	for _, m := range n.Materials {
		codes = append(codes, string(m))
	}
	row := seqRow(id, n.Seq)
	return tx.exec(ctx, `INSERT INTO case_notice (case_id, seq, state, materials, text_sealed, reason_sealed, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, id, n.Seq, n.State, strings.Join(codes, " "),
		tx.sealed("case_notice", "text", row, n.Text), tx.sealed("case_notice", "reason", row, n.Reason), n.By, millis(n.At))
}

// RuleNotice implements casework.TimingTx.
func (tx *Tx) RuleNotice(ctx context.Context, id casework.ID, n casework.Notice) error {
	return tx.change(ctx, casework.ErrNoNotice, `UPDATE case_notice SET state = $3, ruled_by = $4, ruled_at = $5
		WHERE case_id = $1 AND seq = $2 AND state = 'proposed'`, id, n.Seq, n.State, n.RuledBy, millis(n.RuledAt))
}

// Timing implements casework.Reader.
func (q *queries) Timing(ctx context.Context, id casework.ID) (t casework.Timing, err error) {
	read := func(s scanner) (p casework.Interval, err error) {
		var from, to string
		var note []byte
		if err := s.Scan(&p.Seq, &p.Reason, &from, &to, &p.Days, &p.By, &note); err != nil {
			return p, err
		}
		if p.From, err = day(from); err != nil {
			return p, err
		}
		if p.To, err = day(to); err != nil {
			return p, err
		}
		p.Note, err = q.opened("case_pause", "note", seqRow(id, p.Seq), note)
		return p, err
	}
	if t.Pauses, err = all(ctx, q, read, `SELECT seq, reason, from_on, to_on, days, made_by, note_sealed
		FROM case_pause WHERE case_id = $1 ORDER BY seq`, id); err != nil {
		return t, err
	}
	extended := func(s scanner) (e casework.Extension, err error) {
		var why []byte
		var at int64
		if err := s.Scan(&e.Days, &e.By, &at, &why); err != nil {
			return e, err
		}
		e.At = moment(at)
		e.Why, err = q.opened("case_extension", "why", string(id), why)
		return e, err
	}
	list, err := all(ctx, q, extended, `SELECT days, made_by, made_at, why_sealed FROM case_extension WHERE case_id = $1`, id)
	if err == nil && len(list) == 1 {
		t.Extension = list[0]
	}
	return t, err
}

// InsertPause implements casework.TimingTx.
func (tx *Tx) InsertPause(ctx context.Context, id casework.ID, p casework.Interval) error {
	seq, err := tx.nextSeq(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM case_pause WHERE case_id = $1`, id)
	if err != nil {
		return err
	}
	return tx.change(ctx, casework.ErrPaused, `INSERT INTO case_pause (case_id, seq, reason, from_on, to_on, days, made_by, note_sealed)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM cases WHERE id = $1
		AND NOT EXISTS (SELECT 1 FROM case_pause p WHERE p.case_id = $1 AND p.reason = $3 AND p.from_on <= $4 AND (p.to_on = '' OR p.to_on >= $4))`,
		id, seq, p.Reason, p.From.String(), dayText(p.To), p.Days, p.By, tx.sealed("case_pause", "note", seqRow(id, seq), p.Note))
}

// EndPause implements casework.TimingTx. One that has not begun when it ends
// ends on the day before it would have.
func (tx *Tx) EndPause(ctx context.Context, id casework.ID, why workday.Reason, on workday.Date) error {
	return tx.change(ctx, casework.ErrNotPaused, `UPDATE case_pause SET to_on = $3
		WHERE case_id = $1 AND reason = $2 AND (to_on = '' OR (from_on <= $3 AND to_on > $3))`, id, why, on.String())
}

// InsertExtension implements casework.TimingTx.
func (tx *Tx) InsertExtension(ctx context.Context, id casework.ID, e casework.Extension) error {
	return tx.insert(ctx, workday.ErrExtended, `INSERT INTO case_extension (case_id, days, made_by, made_at, why_sealed) VALUES ($1, $2, $3, $4, $5)`,
		id, e.Days, e.By, millis(e.At), tx.sealed("case_extension", "why", string(id), e.Why))
}

// Relief implements casework.Reader.
func (q *queries) Relief(ctx context.Context, id casework.ID) (casework.Relief, error) {
	read := func(s scanner) (r casework.Relief, err error) {
		var from, to string
		var text, reason []byte
		var asked, ruled int64
		if err := s.Scan(&r.State, &r.AskedBy, &asked, &from, &to, &text, &r.Evidence, &r.RuledBy, &ruled, &reason); err != nil {
			return r, err
		}
		r.AskedAt, r.RuledAt = moment(asked), moment(ruled)
		if r.From, err = day(from); err != nil {
			return r, err
		}
		if r.To, err = day(to); err != nil {
			return r, err
		}
		if r.Text, err = q.opened("case_relief", "text", string(id), text); err != nil {
			return r, err
		}
		r.Reason, err = q.opened("case_relief", "reason", string(id), reason)
		return r, err
	}
	list, err := all(ctx, q, read, `SELECT state, asked_by, asked_at, from_on, to_on, text_sealed, evidence, ruled_by, ruled_at, reason_sealed
		FROM case_relief WHERE case_id = $1`, id)
	if err != nil || len(list) == 0 {
		return casework.Relief{}, err
	}
	return list[0], nil
}

// InsertRelief implements casework.TimingTx.
func (tx *Tx) InsertRelief(ctx context.Context, id casework.ID, r casework.Relief) error {
	return tx.insert(ctx, casework.ErrReliefAsked, `INSERT INTO case_relief (case_id, asked_by, asked_at, from_on, text_sealed, evidence, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, r.AskedBy, millis(r.AskedAt), r.From.String(),
		tx.sealed("case_relief", "text", string(id), r.Text), r.Evidence, r.State)
}

// RuleRelief implements casework.TimingTx.
func (tx *Tx) RuleRelief(ctx context.Context, id casework.ID, r casework.Relief) error {
	return tx.change(ctx, casework.ErrNoRelief, `UPDATE case_relief SET state = $2, to_on = $3, ruled_by = $4, ruled_at = $5, reason_sealed = $6
		WHERE case_id = $1 AND state = 'asked'`, id, r.State, dayText(r.To), r.RuledBy, millis(r.RuledAt),
		tx.sealed("case_relief", "reason", string(id), r.Reason))
}

// InsertSupplement implements casework.TimingTx.
func (tx *Tx) InsertSupplement(ctx context.Context, id casework.ID, s casework.Supply) error {
	return tx.exec(ctx, `INSERT INTO case_supplement (case_id, seq, material, channel, arrived_on, office, made_by, made_at)
		SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7 FROM case_supplement WHERE case_id = $1`,
		id, s.Material, s.Channel, s.On.String(), s.Office, s.By, millis(s.At))
}

// SuppliesOf implements casework.Store.
func (q *queries) SuppliesOf(ctx context.Context, id casework.ID) ([]casework.Supply, error) {
	read := func(s scanner) (v casework.Supply, err error) {
		var on string
		var at int64
		if err := s.Scan(&v.Material, &v.Channel, &on, &v.Office, &v.By, &at); err != nil {
			return v, err
		}
		v.At = moment(at)
		v.On, err = day(on)
		return v, err
	}
	return all(ctx, q, read, `SELECT material, channel, arrived_on, office, made_by, made_at FROM case_supplement WHERE case_id = $1 ORDER BY seq`, id)
}

// startOf is the moment at which a day begins.
func startOf(d workday.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, workday.Zone)
}
