package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ casework.Store = Store[casework.Tx]{}
	_ casework.Tx    = (*Tx)(nil)
)

const caseColumns = `SELECT id, number, edition, item, department, person_id, office, decides, appointment_id, state, rule,
	tolerance, form_sealed, clerk, opened_at, received_at, accepted_at, due_on, supplement_due,
	decided_at, decided_by, decision_sealed, closed_at, reviewer, subject_division, answer_due, legal_due FROM cases `

func (q *queries) readCase(s scanner) (cs casework.Case, err error) {
	var form, decision []byte
	var appointment sql.NullString
	var on [4]string
	var at [5]int64
	err = s.Scan(&cs.ID, &cs.Number, &cs.Edition, &cs.Item, &cs.Department, &cs.Person, &cs.Office, &cs.Decides, &appointment,
		&cs.State, &cs.Rule, &cs.Tolerance, &form, &cs.Clerk, &at[0], &at[1], &at[2], &on[0], &on[1],
		&at[3], &cs.DecidedBy, &decision, &at[4], &cs.Reviewer, &cs.Subject, &on[2], &on[3])
	if err != nil {
		return cs, err
	}
	cs.Appointment = appointment.String
	cs.OpenedAt, cs.ReceivedAt, cs.AcceptedAt = moment(at[0]), moment(at[1]), moment(at[2])
	cs.DecidedAt, cs.ClosedAt = moment(at[3]), moment(at[4])
	for i, to := range []*workday.Date{&cs.Due, &cs.SupplementDue, &cs.AnswerDue, &cs.LegalDue} {
		if *to, err = day(on[i]); err != nil {
			return cs, err
		}
	}
	if cs.DecisionText, err = q.opened("cases", "decision", string(cs.ID), decision); err != nil {
		return cs, err
	}
	cs.Form, err = q.form(string(cs.ID), form)
	return cs, err
}

// day is how a date is stored: YYYY-MM-DD, ” for none.
func day(text string) (workday.Date, error) {
	if text == "" {
		return workday.Date{}, nil
	}
	return workday.ParseDate(text)
}

func dayText(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (q *queries) form(id string, sealed []byte) (map[string]string, error) {
	form := map[string]string{}
	plain, err := q.opened("cases", "form", id, sealed)
	if err != nil || plain == "" {
		return form, err
	}
	return form, json.Unmarshal([]byte(plain), &form)
}

func (q *queries) sealedForm(cs casework.Case) ([]byte, error) {
	plain, err := json.Marshal(cs.Form)
	return q.sealed("cases", "form", string(cs.ID), string(plain)), err
}

// Case implements casework.Reader.
func (q *queries) Case(ctx context.Context, id casework.ID) (casework.Case, error) {
	cs, err := one(ctx, q, casework.ErrNoCase, q.readCase, caseColumns+`WHERE id = $1`, id)
	if err != nil {
		return cs, err
	}
	cs.Materials, err = q.materials(ctx, id)
	return cs, err
}

func (q *queries) materials(ctx context.Context, id casework.ID) ([]casework.Material, error) {
	read := func(s scanner) (m casework.Material, err error) {
		var note []byte
		if err := s.Scan(&m.Code, &m.Applies, &m.State, &m.Source, &m.Originals, &note); err != nil {
			return m, err
		}
		m.Note, err = q.opened("case_material", "note", materialRow(id, m.Code), note)
		return m, err
	}
	return all(ctx, q, read, `SELECT material, applies, state, source, originals, note_sealed
		FROM case_material WHERE case_id = $1 ORDER BY place`, id)
}

// CasesOf implements casework.Store; materials are not read.
func (q *queries) CasesOf(ctx context.Context, who citizen.ID, before casework.ID, most int) ([]casework.Case, error) {
	return all(ctx, q, q.readCase, caseColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, before, most)
}

// Worklist implements casework.Store; materials are not read.
func (q *queries) Worklist(ctx context.Context, w casework.Work, after casework.ID, most int) ([]casework.Case, error) {
	if w.Office != "" {
		return all(ctx, q, q.readCase, caseColumns+`WHERE office = $1
			AND state IN ('draft', 'received', 'notified', 'receipt', 'accepted', 'granted') AND id > $2 ORDER BY id LIMIT $3`, w.Office, after, most)
	}
	return all(ctx, q, q.readCase, caseColumns+`WHERE decides = $1 AND department = $2 AND state IN ('receipt', 'accepted')
		AND id > $3 ORDER BY id LIMIT $4`, w.Decides, w.Department, after, most)
}

// Overdue implements casework.Store.
func (q *queries) Overdue(ctx context.Context, before workday.Date, most int) ([]casework.ID, error) {
	return all(ctx, q, scalar[casework.ID], `SELECT id FROM cases
		WHERE state IN ('receipt', 'accepted') AND supplement_due <> '' AND supplement_due < $1
		AND EXISTS (SELECT 1 FROM case_material m WHERE m.case_id = id AND m.applies = 'yes' AND m.state NOT IN ('provided', 'fit'))
		AND NOT EXISTS (SELECT 1 FROM case_relief r WHERE r.case_id = id AND r.state = 'asked')
		LIMIT $2`, before.String(), most)
}

// CaseByNumber implements casework.Tx.
func (q *queries) CaseByNumber(ctx context.Context, number string) (casework.Case, error) {
	id, err := one(ctx, q, casework.ErrNoCase, scalar[casework.ID], `SELECT id FROM cases WHERE number = $1`, number)
	if err != nil {
		return casework.Case{}, err
	}
	return q.Case(ctx, id)
}

// OpenCases implements casework.Tx; materials are not read.
func (q *queries) OpenCases(ctx context.Context, who citizen.ID, item catalog.ItemCode) ([]casework.Case, error) {
	return all(ctx, q, q.readCase, caseColumns+`WHERE person_id = $1 AND item = $2 AND state IN ('received', 'receipt', 'accepted')`, who, item)
}

// LastForm implements casework.Reader.
func (q *queries) LastForm(ctx context.Context, who citizen.ID) (map[string]string, error) {
	type row struct {
		id   string
		form []byte
	}
	rows, err := all(ctx, q, func(s scanner) (r row, err error) { return r, s.Scan(&r.id, &r.form) },
		`SELECT id, form_sealed FROM cases WHERE person_id = $1 AND received_at > 0 ORDER BY received_at DESC LIMIT 1`, who)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return q.form(rows[0].id, rows[0].form)
}

// InsertCase implements casework.Tx.
func (tx *Tx) InsertCase(ctx context.Context, cs casework.Case) error {
	form, err := tx.sealedForm(cs)
	if err != nil {
		return err
	}
	err = tx.insert(ctx, casework.ErrHasCase, `INSERT INTO cases
		(id, number, edition, item, department, person_id, office, decides, appointment_id, state, form_sealed, opened_at, subject_division)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, cs.ID, cs.Number, cs.Edition, cs.Item, cs.Department, cs.Person,
		cs.Office, cs.Decides, sql.NullString{String: cs.Appointment, Valid: cs.Appointment != ""}, cs.State, form, millis(cs.OpenedAt), cs.Subject)
	if err != nil {
		return err
	}
	return tx.insertMaterials(ctx, cs)
}

// RebaseCase implements casework.Tx.
func (tx *Tx) RebaseCase(ctx context.Context, cs casework.Case) error {
	err := tx.change(ctx, casework.ErrNotNow, `UPDATE cases SET edition = $2, department = $3
		WHERE id = $1 AND state IN ('draft', 'notified')`, cs.ID, cs.Edition, cs.Department)
	if err != nil {
		return err
	}
	if err := tx.exec(ctx, `DELETE FROM case_material WHERE case_id = $1`, cs.ID); err != nil {
		return err
	}
	return tx.insertMaterials(ctx, cs)
}

// insertMaterials stores the materials of a case, or how they stand now, in
// one statement: five rows cost little more than one.
func (tx *Tx) insertMaterials(ctx context.Context, cs casework.Case) error {
	if len(cs.Materials) == 0 {
		return nil
	}
	args := make([]any, 0, 8*len(cs.Materials))
	for i, m := range cs.Materials {
		args = append(args, cs.ID, i, m.Code, m.Applies, m.State, m.Source, m.Originals, tx.sealedNote(cs.ID, m))
	}
	return tx.exec(ctx, materialRows(len(cs.Materials)), args...)
}

// materialTexts keeps the statement for each number of materials.
var materialTexts sync.Map

func materialRows(n int) string {
	if text, ok := materialTexts.Load(n); ok {
		return text.(string)
	}
	var b strings.Builder
	b.WriteString(`INSERT INTO case_material (case_id, place, material, applies, state, source, originals, note_sealed) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		k := 8 * i
		fmt.Fprintf(&b, "($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", k+1, k+2, k+3, k+4, k+5, k+6, k+7, k+8)
	}
	b.WriteString(` ON CONFLICT (case_id, material) DO UPDATE SET applies = excluded.applies, state = excluded.state,
		source = excluded.source, originals = excluded.originals, note_sealed = excluded.note_sealed`)
	materialTexts.Store(n, b.String())
	return b.String()
}

// sealedNote seals what staff wrote about a material: they may name somebody.
func (q *queries) sealedNote(id casework.ID, m casework.Material) []byte {
	return q.sealed("case_material", "note", materialRow(id, m.Code), m.Note)
}

// materialRow names the row that a note is sealed for.
func materialRow(id casework.ID, m catalog.MaterialCode) string { return string(id) + "|" + string(m) }

// SaveCase implements casework.Tx.
func (tx *Tx) SaveCase(ctx context.Context, cs casework.Case, was casework.State) error {
	return tx.saveCase(ctx, cs, casework.ErrNotNow, was, ``)
}

// GrantCase implements casework.Tx: the database itself refuses to grant what
// is not wholly there.
func (tx *Tx) GrantCase(ctx context.Context, cs casework.Case) error {
	return tx.saveCase(ctx, cs, casework.ErrMaterialsDue, casework.Accepted, ` AND NOT EXISTS (SELECT 1 FROM case_material m
		WHERE m.case_id = cases.id AND m.applies <> 'no' AND m.state <> 'fit')`)
}

func (tx *Tx) saveCase(ctx context.Context, cs casework.Case, none error, was casework.State, guard string) error {
	form, err := tx.sealedForm(cs)
	if err != nil {
		return err
	}
	if err := tx.insertMaterials(ctx, cs); err != nil {
		return err
	}
	id := string(cs.ID)
	return tx.change(ctx, none, `UPDATE cases SET state = $3, rule = $4, tolerance = $5, form_sealed = $6, received_at = $7,
		accepted_at = $8, due_on = $9, supplement_due = $10, decided_at = $11, decided_by = $12, decision_sealed = $13,
		closed_at = $14, answer_due = $15, legal_due = $16, owed = `+owedNow+` WHERE id = $1 AND state = $2`+guard, id, was, cs.State, cs.Rule,
		cs.Tolerance, form, millis(cs.ReceivedAt), millis(cs.AcceptedAt), dayText(cs.Due), dayText(cs.SupplementDue), millis(cs.DecidedAt),
		cs.DecidedBy, tx.sealed("cases", "decision", id, cs.DecisionText), millis(cs.ClosedAt), dayText(cs.AnswerDue), dayText(cs.LegalDue))
}

// owedNow counts what is not found fit; the table itself refuses a granted
// case that owes something.
const owedNow = `(SELECT count(*) FROM case_material m WHERE m.case_id = cases.id AND m.applies <> 'no' AND m.state <> 'fit')`

// TakeCase implements casework.Tx.
func (tx *Tx) TakeCase(ctx context.Context, cs casework.Case) error {
	return tx.change(ctx, casework.ErrOtherClerk, `UPDATE cases SET clerk = $2 WHERE id = $1 AND clerk IN ('', $2)`, cs.ID, cs.Clerk)
}

// CloseCase moves a granted case to closed: its result has been handed over.
func (tx *Tx) CloseCase(ctx context.Context, id string, at time.Time) error {
	return tx.change(ctx, casework.ErrNotNow, `UPDATE cases SET state = 'closed', closed_at = $2 WHERE id = $1 AND state = 'granted'`, id, millis(at))
}

// LogCase adds a line to a case's record.
func (tx *Tx) LogCase(ctx context.Context, id, act, actor, note string, at time.Time) error {
	return tx.exec(ctx, `INSERT INTO case_event (case_id, seq, at, act, actor, note)
		SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5 FROM case_event WHERE case_id = $1`, id, millis(at), act, actor, note)
}

// InsertEvent implements casework.Tx. What was written freely is sealed for
// its row.
func (tx *Tx) InsertEvent(ctx context.Context, id casework.ID, e casework.Event) error {
	if e.Text == "" {
		return tx.LogCase(ctx, string(id), string(e.Act), e.Actor, e.Note, e.At)
	}
	seq, err := tx.nextSeq(ctx, `SELECT coalesce(max(seq), 0) + 1 FROM case_event WHERE case_id = $1`, id)
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO case_event (case_id, seq, at, act, actor, note, text_sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, seq, millis(e.At), e.Act, e.Actor, e.Note, tx.sealed("case_event", "text", seqRow(id, seq), e.Text))
}

func (tx *Tx) nextSeq(ctx context.Context, query string, id casework.ID) (int, error) {
	return one(ctx, &tx.queries, errNone, scalar[int], query, id)
}

// seqRow names the row of a case that a text is sealed for.
func seqRow(id casework.ID, seq int) string { return string(id) + "|" + strconv.Itoa(seq) }

// Events implements casework.Store.
func (q *queries) Events(ctx context.Context, id casework.ID) ([]casework.Event, error) {
	read := func(s scanner) (e casework.Event, err error) {
		var at int64
		var seq int
		var text []byte
		if err := s.Scan(&seq, &at, &e.Act, &e.Actor, &e.Note, &text); err != nil {
			return e, err
		}
		e.At = moment(at)
		e.Text, err = q.opened("case_event", "text", seqRow(id, seq), text)
		return e, err
	}
	return all(ctx, q, read, `SELECT seq, at, act, actor, note, text_sealed FROM case_event WHERE case_id = $1 ORDER BY seq`, id)
}

// BookedBy implements casework.Tx.
func (q *queries) BookedBy(ctx context.Context, who citizen.ID, cs casework.Case) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM appointment WHERE id = $1 AND person_id = $2
		AND office = $3 AND item = $4 AND state IN ('booked', 'checked_in')`, cs.Appointment, who, cs.Office, cs.Item)
	return n == 1, err
}

// Licensed implements casework.Reader.
func (q *queries) Licensed(ctx context.Context, who citizen.ID) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT DISTINCT name FROM licence WHERE person_id = $1 AND state = 'valid'`, who)
}
