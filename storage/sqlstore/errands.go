package sqlstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/errand"
)

var (
	_ errand.Store = Store[errand.Tx]{}
	_ errand.Tx    = (*Tx)(nil)
)

const errandColumns = `SELECT id, theme, edition, person_id, office, state, level, form_sealed, conditions, opened_at, handed_in_at FROM errand `

func (q *queries) readErrand(s scanner) (e errand.Errand, err error) {
	var form []byte
	var conditions string
	var opened, handed int64
	if err := s.Scan(&e.ID, &e.Theme, &e.Edition, &e.Person, &e.Office, &e.State, &e.Level, &form, &conditions, &opened, &handed); err != nil {
		return e, err
	}
	e.OpenedAt, e.HandedInAt = moment(opened), moment(handed)
	e.Form, e.Conditions = map[string]string{}, map[catalog.MaterialCode]bool{}
	plain, err := q.opened("errand", "form", e.ID, form)
	if err != nil {
		return e, err
	}
	if plain != "" {
		if err := json.Unmarshal([]byte(plain), &e.Form); err != nil {
			return e, err
		}
	}
	if conditions != "" {
		err = json.Unmarshal([]byte(conditions), &e.Conditions)
	}
	return e, err
}

// Errand implements errand.Store and errand.Tx.
func (q *queries) Errand(ctx context.Context, id string) (errand.Errand, error) {
	e, err := one(ctx, q, errand.ErrNoErrand, q.readErrand, errandColumns+`WHERE id = $1`, id)
	if err != nil {
		return e, err
	}
	turn := func(s scanner) (t errand.Turn, err error) { return t, s.Scan(&t.Item, &t.Case, &t.State, &t.Note) }
	if e.Turns, err = all(ctx, q, turn, `SELECT item, case_id, state, note FROM errand_turn WHERE errand_id = $1 ORDER BY place`, id); err != nil {
		return e, err
	}
	file := func(s scanner) (f errand.File, err error) {
		var name []byte
		if err := s.Scan(&f.ID, &f.Material, &name); err != nil {
			return f, err
		}
		f.Name, err = q.opened("errand_file", "name", f.ID, name)
		return f, err
	}
	e.Files, err = all(ctx, q, file, `SELECT id, material, name_sealed FROM errand_file WHERE errand_id = $1 ORDER BY added_at, id`, id)
	return e, err
}

// ErrandsOf implements errand.Store; turns and files are not read.
func (q *queries) ErrandsOf(ctx context.Context, who citizen.ID, before string, most int) ([]errand.Errand, error) {
	return all(ctx, q, q.readErrand, errandColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, before, most)
}

// ErrandsWaiting implements errand.Store.
func (q *queries) ErrandsWaiting(ctx context.Context, now time.Time, most int) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT errand_id FROM errand_turn WHERE state = 'waiting' AND next_at > 0 AND next_at <= $1
		GROUP BY errand_id ORDER BY min(next_at) LIMIT $2`, millis(now), most)
}

// InsertErrand implements errand.Tx.
func (tx *Tx) InsertErrand(ctx context.Context, e errand.Errand) error {
	err := tx.exec(ctx, `INSERT INTO errand (id, theme, edition, person_id, office, state, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Theme, e.Edition, e.Person, e.Office, e.State, millis(e.OpenedAt))
	for i, t := range e.Turns {
		if err != nil {
			return err
		}
		err = tx.exec(ctx, `INSERT INTO errand_turn (errand_id, place, item, case_id, state) VALUES ($1, $2, $3, $4, $5)`, e.ID, i, t.Item, t.Case, t.State)
	}
	return err
}

// InsertErrandFile implements errand.Tx.
func (tx *Tx) InsertErrandFile(ctx context.Context, id string, f errand.File, at time.Time) error {
	return tx.exec(ctx, `INSERT INTO errand_file (id, errand_id, material, name_sealed, added_at) VALUES ($1, $2, $3, $4, $5)`,
		f.ID, id, f.Material, tx.sealed("errand_file", "name", f.ID, f.Name), millis(at))
}

// SaveErrand implements errand.Tx. An errand that is handed in is looked at
// from then on.
func (tx *Tx) SaveErrand(ctx context.Context, e errand.Errand, was errand.State) error {
	form, err := json.Marshal(e.Form)
	if err != nil {
		return err
	}
	conditions, err := json.Marshal(e.Conditions)
	if err != nil {
		return err
	}
	err = tx.change(ctx, errand.ErrHandedIn, `UPDATE errand SET state = $3, level = $4, form_sealed = $5, conditions = $6, handed_in_at = $7
		WHERE id = $1 AND state = $2`, e.ID, was, e.State, e.Level, tx.sealed("errand", "form", e.ID, string(form)), string(conditions), millis(e.HandedInAt))
	if err != nil || e.State != errand.Running {
		return err
	}
	return tx.exec(ctx, `UPDATE errand_turn SET next_at = $2 WHERE errand_id = $1 AND state = 'waiting'`, e.ID, millis(e.HandedInAt))
}

// SaveTurn implements errand.Tx.
func (tx *Tx) SaveTurn(ctx context.Context, id string, t errand.Turn, next time.Time) error {
	return tx.exec(ctx, `UPDATE errand_turn SET state = $3, note = $4, next_at = $5 WHERE errand_id = $1 AND item = $2 AND state = 'waiting'`,
		id, t.Item, t.State, t.Note, millis(next))
}
