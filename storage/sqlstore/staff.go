package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

var (
	_ staff.Store = Store[staff.Tx]{}
	_ staff.Tx    = (*Tx)(nil)
)

// memberRow is a post as it stands in a row; every column is NULL for an
// account without one.
type memberRow struct {
	id, role, office, department, company sql.NullString
	name                                  []byte
}

func (r *memberRow) fields() []any {
	return []any{&r.id, &r.role, &r.name, &r.office, &r.department, &r.company}
}

func (q *queries) member(r memberRow, who citizen.AccountID) (*staff.Member, error) {
	if !r.id.Valid {
		return nil, nil
	}
	name, err := openedAs(q, "staff", "name", r.id.String, r.name, citizen.ParseName)
	return &staff.Member{
		ID: staff.ID(r.id.String), Account: who, Role: staff.Role(r.role.String), Name: name,
		Office: place.OfficeCode(r.office.String), Department: catalog.DepartmentCode(r.department.String),
		Company: r.company.String,
	}, err
}

// Principal implements staff.Store.
func (q *queries) Principal(ctx context.Context, tokenHash [32]byte, now time.Time) (staff.Principal, error) {
	read := func(s scanner) (p staff.Principal, err error) {
		var a accountRow
		var m memberRow
		if err := s.Scan(append(a.fields(), m.fields()...)...); err != nil {
			return p, err
		}
		if p.Account, err = q.account(a); err != nil {
			return p, err
		}
		p.Member, err = q.member(m, p.Account.ID)
		return p, err
	}
	return one(ctx, q, staff.ErrSessionEnded, read, `SELECT `+accountColumns+`,
			m.id, m.role, m.name_sealed, m.office, m.department, m.company
		FROM session s JOIN account a ON a.id = s.account_id
		LEFT JOIN staff m ON m.account_id = a.id AND m.left_at = 0
		WHERE s.token_hash = $1 AND s.ends_at > $2`, tokenHash[:], millis(now))
}

// InsertInvitation implements staff.Tx.
func (tx *Tx) InsertInvitation(ctx context.Context, i staff.Invitation) error {
	row := string(i.CodeHash[:])
	return tx.exec(ctx, `INSERT INTO invitation (code_hash, role, name_sealed, office, department, company, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, i.CodeHash[:], i.Post.Role,
		tx.sealed("invitation", "name", row, i.Post.Name.String()),
		i.Post.Office, i.Post.Department, i.Post.Company, millis(i.EndsAt))
}

// UseInvitation implements staff.Tx.
func (tx *Tx) UseInvitation(ctx context.Context, codeHash [32]byte, now time.Time) (staff.Invitation, error) {
	err := tx.change(ctx, staff.ErrNoInvitation, `UPDATE invitation SET used_at = $2
		WHERE code_hash = $1 AND used_at = 0 AND ends_at > $2`, codeHash[:], millis(now))
	if err != nil {
		return staff.Invitation{}, err
	}
	read := func(s scanner) (i staff.Invitation, err error) {
		var name []byte
		i.CodeHash = codeHash
		if err := s.Scan(&i.Post.Role, &name, &i.Post.Office, &i.Post.Department, &i.Post.Company); err != nil {
			return i, err
		}
		i.Post.Name, err = openedAs(&tx.queries, "invitation", "name", string(codeHash[:]), name, citizen.ParseName)
		return i, err
	}
	return one(ctx, &tx.queries, staff.ErrNoInvitation, read,
		`SELECT role, name_sealed, office, department, company FROM invitation WHERE code_hash = $1`, codeHash[:])
}

// InsertMember implements staff.Tx.
func (tx *Tx) InsertMember(ctx context.Context, m staff.Member) error {
	return tx.insert(ctx, staff.ErrHasPost, `INSERT INTO staff (id, account_id, role, name_sealed, office, department, company)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, m.ID, m.Account, m.Role,
		tx.sealed("staff", "name", string(m.ID), m.Name.String()), m.Office, m.Department, m.Company)
}
