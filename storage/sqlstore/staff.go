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

const memberColumns = `m.id, m.account_id, m.role, m.name_sealed, m.office, m.department, m.company, m.invited_by, m.taken_at, m.left_at, m.left_by`

// memberRow is a post as it stands in a row; every column is NULL for an
// account without one.
type memberRow struct {
	id, account, role, office, department, company, invited, leftBy sql.NullString
	taken, left                                                     sql.NullInt64
	name                                                            []byte
}

func (r *memberRow) fields() []any {
	return []any{
		&r.id, &r.account, &r.role, &r.name, &r.office, &r.department, &r.company,
		&r.invited, &r.taken, &r.left, &r.leftBy,
	}
}

func (q *queries) member(r memberRow) (*staff.Member, error) {
	if !r.id.Valid {
		return nil, nil
	}
	name, err := openedAs(q, "staff", "name", r.id.String, r.name, citizen.ParseName)
	return &staff.Member{
		ID: staff.ID(r.id.String), Account: citizen.AccountID(r.account.String), Role: staff.Role(r.role.String), Name: name,
		Office: place.OfficeCode(r.office.String), Department: catalog.DepartmentCode(r.department.String), Company: r.company.String,
		InvitedBy: staff.ID(r.invited.String), TakenAt: moment(r.taken.Int64),
		LeftAt: moment(r.left.Int64), LeftBy: staff.ID(r.leftBy.String),
	}, err
}

func (q *queries) readMember(s scanner) (staff.Member, error) {
	var r memberRow
	if err := s.Scan(r.fields()...); err != nil {
		return staff.Member{}, err
	}
	m, err := q.member(r)
	if err != nil {
		return staff.Member{}, err
	}
	return *m, nil
}

// Principal implements staff.Store.
func (q *queries) Principal(ctx context.Context, tokenHash [32]byte, now time.Time) (staff.Principal, error) {
	read := func(s scanner) (p staff.Principal, err error) {
		var a accountRow
		var m memberRow
		var on sessionRow
		if err := s.Scan(append(append(a.fields(), on.fields()...), m.fields()...)...); err != nil {
			return p, err
		}
		p.Session = on.session()
		if p.Account, err = q.account(a); err != nil {
			return p, err
		}
		p.Member, err = q.member(m)
		return p, err
	}
	return one(ctx, q, staff.ErrSessionEnded, read, `SELECT `+accountColumns+`, `+sessionColumns+`, `+memberColumns+`
		FROM session s JOIN account a ON a.id = s.account_id
		LEFT JOIN staff m ON m.account_id = a.id AND m.left_at = 0
		WHERE s.token_hash = $1 AND s.ends_at > $2 AND s.seen_at > $3`, tokenHash[:], millis(now), idle(now))
}

// Members implements staff.Store.
func (q *queries) Members(ctx context.Context, before staff.ID, most int) ([]staff.Member, error) {
	return all(ctx, q, q.readMember, `SELECT `+memberColumns+` FROM staff m
		WHERE ($1 = '' OR m.id < $1) ORDER BY m.id DESC LIMIT $2`, before, most)
}

// Member implements staff.Tx.
func (q *queries) Member(ctx context.Context, id staff.ID) (staff.Member, error) {
	return one(ctx, q, staff.ErrNoMember, q.readMember, `SELECT `+memberColumns+` FROM staff m WHERE m.id = $1 AND m.left_at = 0`, id)
}

// InsertInvitation implements staff.Tx.
func (tx *Tx) InsertInvitation(ctx context.Context, i staff.Invitation) error {
	row := string(i.CodeHash[:])
	return tx.exec(ctx, `INSERT INTO invitation (code_hash, role, name_sealed, office, department, company, ends_at, invited_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, i.CodeHash[:], i.Post.Role,
		tx.sealed("invitation", "name", row, i.Post.Name.String()),
		i.Post.Office, i.Post.Department, i.Post.Company, millis(i.EndsAt), i.Post.InvitedBy)
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
		if err := s.Scan(&i.Post.Role, &name, &i.Post.Office, &i.Post.Department, &i.Post.Company, &i.Post.InvitedBy); err != nil {
			return i, err
		}
		i.Post.Name, err = openedAs(&tx.queries, "invitation", "name", string(codeHash[:]), name, citizen.ParseName)
		return i, err
	}
	return one(ctx, &tx.queries, staff.ErrNoInvitation, read,
		`SELECT role, name_sealed, office, department, company, invited_by FROM invitation WHERE code_hash = $1`, codeHash[:])
}

// InsertMember implements staff.Tx.
func (tx *Tx) InsertMember(ctx context.Context, m staff.Member) error {
	return tx.insert(ctx, staff.ErrHasPost, `INSERT INTO staff (id, account_id, role, name_sealed, office, department, company, invited_by, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, m.ID, m.Account, m.Role,
		tx.sealed("staff", "name", string(m.ID), m.Name.String()), m.Office, m.Department, m.Company, m.InvitedBy, millis(m.TakenAt))
}

// EndMember implements staff.Tx.
func (tx *Tx) EndMember(ctx context.Context, m staff.Member) error {
	err := tx.change(ctx, staff.ErrNoMember, `UPDATE staff SET left_at = $2, left_by = $3 WHERE id = $1 AND left_at = 0`,
		m.ID, millis(m.LeftAt), m.LeftBy)
	if err != nil {
		return err
	}
	for _, and := range []string{
		`DELETE FROM session WHERE account_id = (SELECT account_id FROM staff WHERE id = $1)`,
		`DELETE FROM second_factor WHERE staff_id = $1`,
		`UPDATE cases SET clerk = '' WHERE clerk = $1 AND state IN ('draft', 'received', 'notified', 'receipt', 'accepted')`,
		`UPDATE cases SET reviewer = '' WHERE reviewer = $1 AND state IN ('receipt', 'accepted')`,
	} {
		if err := tx.exec(ctx, and, m.ID); err != nil {
			return err
		}
	}
	return nil
}
