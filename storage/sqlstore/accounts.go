package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

const accountColumns = `a.id, a.open_id_sealed, a.phone_sealed, a.person_id, a.real_name_at, a.face_at, a.created_at`

// accountRow is an account as it stands in a row, before it is opened.
type accountRow struct {
	id                   string
	openID, phone        []byte
	person               sql.NullString
	realName, face, made int64
}

func (r *accountRow) fields() []any {
	return []any{&r.id, &r.openID, &r.phone, &r.person, &r.realName, &r.face, &r.made}
}

func (q *queries) account(r accountRow) (a citizen.Account, err error) {
	a = citizen.Account{
		ID: citizen.AccountID(r.id), Person: citizen.ID(r.person.String),
		RealNameAt: moment(r.realName), FaceAt: moment(r.face), MadeAt: moment(r.made),
	}
	if a.OpenID, err = q.opened("account", "open_id", r.id, r.openID); err != nil {
		return a, err
	}
	a.Phone, err = openedAs(q, "account", "phone", r.id, r.phone, citizen.ParsePhone)
	return a, err
}

func (q *queries) readAccount(s scanner) (citizen.Account, error) {
	var r accountRow
	if err := s.Scan(r.fields()...); err != nil {
		return citizen.Account{}, err
	}
	return q.account(r)
}

// Account implements citizen.Store.
func (q *queries) Account(ctx context.Context, id citizen.AccountID) (citizen.Account, error) {
	return one(ctx, q, citizen.ErrNoAccount, q.readAccount, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id)
}

// AccountOf implements citizen.Tx.
func (q *queries) AccountOf(ctx context.Context, openID string) (citizen.Account, error) {
	return one(ctx, q, citizen.ErrNoAccount, q.readAccount,
		`SELECT `+accountColumns+` FROM account a WHERE a.open_id_index = $1`, q.keys.Index("account.open_id", openID))
}

// AccountsOf returns the accounts that were proved to be a person.
func (q *queries) AccountsOf(ctx context.Context, who citizen.ID) ([]citizen.Account, error) {
	return all(ctx, q, q.readAccount, `SELECT `+accountColumns+` FROM account a WHERE a.person_id = $1 ORDER BY a.created_at`, who)
}

// InsertAccount implements citizen.Tx.
func (tx *Tx) InsertAccount(ctx context.Context, a citizen.Account) error {
	id := string(a.ID)
	return tx.exec(ctx, `INSERT INTO account (id, open_id_index, open_id_sealed, created_at) VALUES ($1, $2, $3, $4)`,
		id, tx.keys.Index("account.open_id", a.OpenID), tx.sealed("account", "open_id", id, a.OpenID), millis(a.MadeAt))
}

// UpdateAccount implements citizen.Tx.
func (tx *Tx) UpdateAccount(ctx context.Context, a citizen.Account) error {
	id := string(a.ID)
	return tx.change(ctx, citizen.ErrOtherPerson, `UPDATE account
		SET phone_sealed = $2, person_id = $3, real_name_at = $4, face_at = $5
		WHERE id = $1 AND (person_id IS NULL OR person_id = $3)`,
		id, tx.sealed("account", "phone", id, a.Phone.String()),
		sql.NullString{String: string(a.Person), Valid: a.Person != ""}, millis(a.RealNameAt), millis(a.FaceAt))
}

// UnbindAccount implements citizen.Tx.
func (tx *Tx) UnbindAccount(ctx context.Context, id citizen.AccountID, person citizen.ID, at time.Time) error {
	err := tx.change(ctx, citizen.ErrNoAccount, `UPDATE account
		SET person_id = NULL, real_name_at = 0, face_at = 0 WHERE id = $1 AND person_id = $2`, id, person)
	if err != nil {
		return err
	}
	if err := tx.exec(ctx, `UPDATE face_check SET state = 'failed' WHERE account_id = $1 AND state = 'open'`, id); err != nil {
		return err
	}
	post, err := maybe[staff.ID](ctx, &tx.queries, `SELECT id FROM staff WHERE account_id = $1 AND left_at = 0`, id)
	if err != nil {
		return err
	}
	if post != "" {
		if err := tx.EndMember(ctx, staff.Member{ID: post, LeftAt: at, LeftBy: leftUnbound}); err != nil {
			return err
		}
	}
	return tx.exec(ctx, `DELETE FROM session WHERE account_id = $1`, id)
}

// leftUnbound stands for who ended a post where its account was unbound.
const leftUnbound = "unbound"

// FaceCheck implements citizen.Store.
func (q *queries) FaceCheck(ctx context.Context, who citizen.AccountID, id string) (citizen.FaceCheck, error) {
	read := func(s scanner) (f citizen.FaceCheck, err error) {
		var ends int64
		err = s.Scan(&f.ID, &f.Account, &f.VerifyID, &f.State, &ends)
		f.EndsAt = moment(ends)
		return f, err
	}
	return one(ctx, q, citizen.ErrNoFaceCheck, read,
		`SELECT id, account_id, verify_id, state, ends_at FROM face_check WHERE id = $1 AND account_id = $2`, id, who)
}

// InsertFaceCheck implements citizen.Tx.
func (tx *Tx) InsertFaceCheck(ctx context.Context, f citizen.FaceCheck) error {
	return tx.exec(ctx, `INSERT INTO face_check (id, account_id, verify_id, state, ends_at) VALUES ($1, $2, $3, $4, $5)`,
		f.ID, f.Account, f.VerifyID, f.State, millis(f.EndsAt))
}

// EndFaceCheck implements citizen.Tx.
func (tx *Tx) EndFaceCheck(ctx context.Context, id, state string) error {
	return tx.change(ctx, citizen.ErrFaceDone, `UPDATE face_check SET state = $2 WHERE id = $1 AND state = 'open'`, id, state)
}
