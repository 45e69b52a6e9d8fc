package staff

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// invitationMost bounds how long an invitation may be good for.
const invitationMost = 30 * 24 * time.Hour

// Invite makes an invitation to a post and returns its code, which is shown
// once. Error: ErrBadInvitation, with all that is wrong.
func (g *Gate) Invite(ctx context.Context, post Member, life time.Duration) (code string, err error) {
	wrong, err := g.wrong(ctx, post)
	if err != nil {
		return "", err
	}
	if life <= 0 || life > invitationMost {
		wrong = append(wrong, fault.Field{Path: "body.hours", Text: "有效期须在1小时至30天之间"})
	}
	if len(wrong) > 0 {
		return "", ErrBadInvitation.With(wrong...)
	}
	b := make([]byte, 10)
	if _, err := io.ReadFull(g.Random, b); err != nil {
		return "", err
	}
	code = base32.StdEncoding.EncodeToString(b)
	i := Invitation{CodeHash: sha256.Sum256([]byte(code)), Post: post, EndsAt: g.Now().Add(life)}
	return code, g.Store.InTx(ctx, func(tx Tx) error { return tx.InsertInvitation(ctx, i) })
}

// needs says what a post of each role names: office, department, company.
var needs = map[Role][3]bool{
	Courier:       {false, false, true},
	VillageStaff:  {true, false, false},
	WindowStaff:   {true, false, false},
	OfficeManager: {true, false, false},
	Reviewer:      {true, true, false},
	Auditor:       {},
	Administrator: {},
}

// wrong lists what a post lacks, has too much, or names that the city does not
// know.
func (g *Gate) wrong(ctx context.Context, post Member) (list []fault.Field, err error) {
	need, ok := needs[post.Role]
	if !ok {
		list = append(list, fault.Field{Path: "body.role", Text: "没有这个岗位"})
	}
	if post.Name.IsZero() {
		list = append(list, fault.Field{Path: "body.name", Text: "请填写姓名"})
	}
	e, err := g.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	_, noOffice := e.Places.Office(post.Office)
	_, noDepartment := e.Catalogue.Department(post.Department)
	for i, part := range []struct {
		path    string
		given   bool
		unknown error
	}{
		{"body.office", post.Office != "", noOffice},
		{"body.department", post.Department != "", noDepartment},
		{"body.company", post.Company != "", nil},
	} {
		switch {
		case part.given && !need[i]:
			list = append(list, fault.Field{Path: part.path, Text: "这个岗位不填此项"})
		case !part.given && need[i]:
			list = append(list, fault.Field{Path: part.path, Text: "这个岗位必须填写此项"})
		case part.given && part.unknown != nil:
			list = append(list, fault.Field{Path: part.path, Text: fault.From(part.unknown).Text})
		}
	}
	return list, nil
}

// TakeUp gives the account the post of an invitation, once.
// Errors: ErrNoInvitation, ErrHasPost.
func (g *Gate) TakeUp(ctx context.Context, who citizen.AccountID, code string) (m Member, err error) {
	g.Changed(who)
	err = g.Store.InTx(ctx, func(tx Tx) error {
		i, err := tx.UseInvitation(ctx, sha256.Sum256([]byte(code)), g.Now())
		if err != nil {
			return err
		}
		m = i.Post
		m.ID, m.Account, m.TakenAt = ID(g.NewID()), who, g.Now()
		return tx.InsertMember(ctx, m)
	})
	return m, err
}

// Leave ends a post. Whoever held it is signed out at once, and what they had
// in hand at the window is free for others. by is "" from the command line.
// Error: ErrNoMember.
func (g *Gate) Leave(ctx context.Context, by, id ID) (m Member, err error) {
	err = g.Store.InTx(ctx, func(tx Tx) error {
		if m, err = tx.Member(ctx, id); err != nil {
			return err
		}
		g.Changed(m.Account)
		m.LeftAt, m.LeftBy = g.Now(), by
		return tx.EndMember(ctx, m)
	})
	return m, err
}

// Members lists posts, held and left, newest first.
func (g *Gate) Members(ctx context.Context, before ID, most int) ([]Member, error) {
	return g.Store.Members(ctx, before, most)
}
