package staff

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Store remembers posts, invitations and who holds a session.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Principal returns who holds a session that has not ended by now, with
	// the post held today. Error: ErrSessionEnded.
	Principal(ctx context.Context, tokenHash [32]byte, now time.Time) (Principal, error)
}

// Tx is what inviting and taking up a post needs.
type Tx interface {
	InsertInvitation(ctx context.Context, i Invitation) error
	// UseInvitation marks an unused, unexpired invitation as used and returns
	// it. Error: ErrNoInvitation.
	UseInvitation(ctx context.Context, codeHash [32]byte, now time.Time) (Invitation, error)
	// InsertMember stores a post. Error: ErrHasPost.
	InsertMember(ctx context.Context, m Member) error
}

// Gate knows who stands behind a token and lets people take up posts.
type Gate struct {
	Store  Store
	Now    func() time.Time
	NewID  func() string
	Random io.Reader
}

// Admit returns who holds the token. Error: ErrSessionEnded.
func (g *Gate) Admit(ctx context.Context, token string) (Principal, error) {
	return g.Store.Principal(ctx, citizen.HashToken(token), g.Now())
}

// Invite makes an invitation to a post and returns its code, which is shown
// once. Error: ErrBadInvitation.
func (g *Gate) Invite(ctx context.Context, post Member, life time.Duration) (code string, err error) {
	if err := complete(post); err != nil {
		return "", err
	}
	b := make([]byte, 10)
	if _, err := io.ReadFull(g.Random, b); err != nil {
		return "", err
	}
	code = base32.StdEncoding.EncodeToString(b)
	i := Invitation{CodeHash: sha256.Sum256([]byte(code)), Post: post, EndsAt: g.Now().Add(life)}
	return code, g.Store.InTx(ctx, func(tx Tx) error { return tx.InsertInvitation(ctx, i) })
}

// complete checks that a post names what its role needs.
func complete(post Member) error {
	named := map[Role]bool{
		Courier:       post.Company != "",
		VillageStaff:  post.Office != "",
		WindowStaff:   post.Office != "",
		OfficeManager: post.Office != "",
		Reviewer:      post.Office != "" && post.Department != "",
		Auditor:       true,
		Administrator: true,
	}
	if post.Name.IsZero() || !named[post.Role] {
		return ErrBadInvitation
	}
	return nil
}

// TakeUp gives the account the post of an invitation, once.
// Errors: ErrNoInvitation, ErrHasPost.
func (g *Gate) TakeUp(ctx context.Context, who citizen.AccountID, code string) (m Member, err error) {
	err = g.Store.InTx(ctx, func(tx Tx) error {
		i, err := tx.UseInvitation(ctx, sha256.Sum256([]byte(code)), g.Now())
		if err != nil {
			return err
		}
		m = i.Post
		m.ID, m.Account = ID(g.NewID()), who
		return tx.InsertMember(ctx, m)
	})
	return m, err
}
