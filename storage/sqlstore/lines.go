package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yimen-gov/yimen/pkg/exchange"
)

var (
	_ exchange.LineStore = (*DB)(nil)
	_ exchange.LineTx    = (*Tx)(nil)
)

// PostLine implements exchange.LineTx.
func (tx *Tx) PostLine(ctx context.Context, m exchange.Message) error {
	return tx.exec(ctx, `INSERT INTO line_message (id, case_id, seq, system, act, at)
		SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5 FROM line_message WHERE case_id = $2`, m.ID, m.Case, m.System, m.Act, millis(m.At))
}

// SentLine implements exchange.LineTx.
func (tx *Tx) SentLine(ctx context.Context, id string, at time.Time) error {
	return tx.exec(ctx, `UPDATE line_message SET sent_at = $2 WHERE id = $1 AND sent_at = 0`, id, millis(at))
}

// UnsentLine implements exchange.LineStore.
func (q *queries) UnsentLine(ctx context.Context, caseID string) ([]exchange.Message, error) {
	read := func(s scanner) (m exchange.Message, err error) {
		var at int64
		err = s.Scan(&m.ID, &m.Case, &m.Seq, &m.System, &m.Act, &at)
		m.At = moment(at)
		return m, err
	}
	return all(ctx, q, read, `SELECT id, case_id, seq, system, act, at FROM line_message WHERE case_id = $1 AND sent_at = 0 ORDER BY seq`, caseID)
}

// StaleLine implements exchange.LineStore.
func (q *queries) StaleLine(ctx context.Context, system string, before time.Time) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT DISTINCT case_id FROM line_message WHERE system = $1 AND sent_at = 0 AND at < $2`, system, millis(before))
}

// KeepReport implements exchange.LineTx.
func (tx *Tx) KeepReport(ctx context.Context, r exchange.Report, at time.Time) error {
	outputs, err := json.Marshal(r.Outputs)
	if err != nil {
		return err
	}
	row := r.System + "|" + r.ID
	return tx.exec(ctx, `INSERT INTO line_report (id, system, case_id, seq, kind, text_sealed, outputs_sealed, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, r.ID, r.System, r.Case, r.Seq, r.Kind,
		tx.sealed("line_report", "text", row, r.Text), tx.sealed("line_report", "outputs", row, string(outputs)), millis(at))
}

// NextReports implements exchange.LineStore.
func (q *queries) NextReports(ctx context.Context, most int) ([]exchange.Report, error) {
	read := func(s scanner) (r exchange.Report, err error) {
		var text, outputs []byte
		if err := s.Scan(&r.ID, &r.System, &r.Case, &r.Seq, &r.Kind, &text, &outputs); err != nil {
			return r, err
		}
		row := r.System + "|" + r.ID
		if r.Text, err = q.opened("line_report", "text", row, text); err != nil {
			return r, err
		}
		plain, err := q.opened("line_report", "outputs", row, outputs)
		if err != nil || plain == "" {
			return r, err
		}
		return r, json.Unmarshal([]byte(plain), &r.Outputs)
	}
	return all(ctx, q, read, `SELECT id, system, case_id, seq, kind, text_sealed, outputs_sealed FROM line_report r
		WHERE read_at = 0 AND seq = 1 + (SELECT count(*) FROM line_report b WHERE b.case_id = r.case_id AND b.read_at > 0)
		ORDER BY at, seq LIMIT $1`, most)
}

// ReadReport implements exchange.LineTx.
func (tx *Tx) ReadReport(ctx context.Context, r exchange.Report, note string, at time.Time) error {
	return tx.exec(ctx, `UPDATE line_report SET read_at = $3, note = $4 WHERE system = $1 AND id = $2 AND read_at = 0`,
		r.System, r.ID, millis(at), note)
}

// Handed implements exchange.LineStore.
func (q *queries) Handed(ctx context.Context, system string) ([]exchange.Belief, error) {
	read := func(s scanner) (b exchange.Belief, err error) { return b, s.Scan(&b.Case, &b.State) }
	return all(ctx, q, read, `SELECT c.id, c.state FROM cases c
		WHERE c.id IN (SELECT case_id FROM line_message WHERE system = $1) ORDER BY c.id`, system)
}

// KeepDifferences implements exchange.LineTx.
func (tx *Tx) KeepDifferences(ctx context.Context, system string, list []exchange.Difference) error {
	if err := tx.exec(ctx, `DELETE FROM line_difference WHERE system = $1`, system); err != nil {
		return err
	}
	for _, d := range list {
		err := tx.exec(ctx, `INSERT INTO line_difference (id, system, case_id, ours, theirs, found_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			d.ID, system, d.Case, d.Ours, d.Theirs, millis(d.FoundAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// Differences implements exchange.LineStore. What only the other side knows
// concerns nobody's cases: it is listed for all.
func (q *queries) Differences(ctx context.Context, f exchange.Flags, after string, most int) ([]exchange.Difference, error) {
	read := func(s scanner) (d exchange.Difference, err error) {
		var at int64
		err = s.Scan(&d.ID, &d.System, &d.Case, &d.Ours, &d.Theirs, &at)
		d.FoundAt = moment(at)
		return d, err
	}
	return all(ctx, q, read, `SELECT d.id, d.system, d.case_id, d.ours, d.theirs, d.found_at FROM line_difference d
		LEFT JOIN cases c ON c.id = d.case_id WHERE (c.id IS NULL OR (c.office = $1 AND $1 <> '')
		OR (c.decides = $2 AND $2 <> '' AND ($3 = '' OR c.department = $3))) AND d.id > $4 ORDER BY d.id LIMIT $5`,
		f.Office, f.Decides, f.Department, after, most)
}
