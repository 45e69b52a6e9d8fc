package staff

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
)

// Store remembers posts, invitations and who holds a session.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Principal returns who holds a session that is alive by now, with the post
	// held today. Error: ErrSessionEnded.
	Principal(ctx context.Context, tokenHash [32]byte, now time.Time) (Principal, error)
	// Device returns which terminal holds a token by now. Error: ErrSessionEnded.
	Device(ctx context.Context, tokenHash [32]byte, now time.Time) (Device, error)
	// Members lists posts, held and left, newest first, before a given id.
	Members(ctx context.Context, before ID, most int) ([]Member, error)
	// Trail lists what is selected, newest first.
	Trail(ctx context.Context, s TrailSearch) ([]Entry, error)
}

// Tx is what inviting, taking up and leaving a post need.
type Tx interface {
	InsertInvitation(ctx context.Context, i Invitation) error
	// UseInvitation marks an unused, unexpired invitation as used and returns
	// it. Error: ErrNoInvitation.
	UseInvitation(ctx context.Context, codeHash [32]byte, now time.Time) (Invitation, error)
	// InsertMember stores a post. Error: ErrHasPost.
	InsertMember(ctx context.Context, m Member) error
	// Member returns a post that is held. Error: ErrNoMember.
	Member(ctx context.Context, id ID) (Member, error)
	// EndMember ends a post, every session of its account, and what the member
	// had in hand at the window. Error: ErrNoMember.
	EndMember(ctx context.Context, m Member) error
	// TouchSession notes when a session was last used.
	TouchSession(ctx context.Context, id string, at time.Time) error
	// RaiseSession notes that a session has shown a second factor.
	RaiseSession(ctx context.Context, id string, at time.Time) error
	// SecondFactor returns a member's second factor. Error: ErrNotEnrolled.
	SecondFactor(ctx context.Context, of ID) (SecondFactor, error)
	// PutSecondFactor stores a new one, in place of an unconfirmed one.
	// Error: ErrEnrolled.
	PutSecondFactor(ctx context.Context, f SecondFactor) error
	// MoveSecondFactor stores what a code has changed, if nobody has changed it
	// since it was read. Error: ErrCodeUsed.
	MoveSecondFactor(ctx context.Context, was, is SecondFactor) error
	// DeleteSecondFactor lets a member enrol again and lowers their sessions.
	DeleteSecondFactor(ctx context.Context, of ID) error
}

// Gate knows who stands behind a token and lets people take up posts.
type Gate struct {
	Store  Store
	City   city.Shelf
	Now    func() time.Time
	NewID  func() string
	Random io.Reader

	recent recent
}

// touchEvery is how exactly a session's last use is kept.
const touchEvery = 5 * time.Minute

// touched is how exactly that is of one session: at a terminal, to the second.
func touched(s citizen.Session) time.Duration {
	if s.Terminal != "" {
		return time.Second
	}
	return touchEvery
}

// Admit returns who holds the token, from memory if that was asked moments
// ago. Error: ErrSessionEnded.
func (g *Gate) Admit(ctx context.Context, token string) (Principal, error) {
	hash, now := citizen.HashToken(token), g.Now()
	if strings.HasPrefix(token, DeviceToken) {
		d, err := g.Store.Device(ctx, hash, now)
		return Principal{Device: &d}, err
	}
	if p, ok := g.recent.get(hash, now); ok {
		return p, nil
	}
	p, err := g.Store.Principal(ctx, hash, now)
	if err != nil {
		return p, err
	}
	if !p.Session.Alive(now) {
		return Principal{}, ErrSessionEnded
	}
	p.Raised = raised(p.Session, now)
	if now.Sub(p.Session.SeenAt) >= touched(p.Session) {
		g.touch(ctx, p, now)
	}
	g.recent.put(hash, p, now)
	return p, nil
}

// touch notes that a session is in use. If it cannot be noted now, the next
// request tries again: nobody is kept out for it.
func (g *Gate) touch(ctx context.Context, p Principal, now time.Time) {
	_ = g.Store.InTx(ctx, func(tx Tx) error { return tx.TouchSession(ctx, p.Session.ID, now) })
}

// Changed is told of every account whose person, proofs, sessions or post
// change: what is remembered of it no longer counts.
func (g *Gate) Changed(who citizen.AccountID) { g.recent.change(who, g.Now()) }
