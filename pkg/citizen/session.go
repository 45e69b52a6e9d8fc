package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// How long a sign-in lasts: at most SessionLife, and no longer than
// SessionIdle after it was last used.
const (
	SessionLife = 30 * 24 * time.Hour
	SessionIdle = 7 * 24 * time.Hour
	// TerminalIdle is how long nobody may touch a self-service terminal before
	// whoever is signed in there is taken to have walked away.
	TerminalIdle = time.Minute
)

// Session is one sign-in. Only the hash of its token is kept.
type Session struct {
	ID        string
	TokenHash [32]byte
	Account   AccountID
	Device    Device
	Terminal  string // the self-service terminal that it is bound to, "" = one's own phone
	MadeAt    time.Time
	SeenAt    time.Time // when it was last used, within a few minutes
	EndsAt    time.Time // absolute
	RaisedAt  time.Time // when a second factor was last shown, zero = never
}

// Alive says whether the session lets anybody in at a time.
func (s Session) Alive(now time.Time) bool {
	idle := SessionIdle
	if s.Terminal != "" {
		idle = TerminalIdle
	}
	return now.Before(s.EndsAt) && now.Sub(s.SeenAt) < idle
}

// ErrNoSuchSession tells that there is no such sign-in of this person.
var ErrNoSuchSession = fault.New(fault.NotFound, "citizen.no_such_session", "没有找到这次登录，可能已经退出，请刷新后再看")

// Sessions lists the sign-ins that are alive, newest first: those of every
// account of the person, or of the account alone before it is proved.
func (d *Door) Sessions(ctx context.Context, who Account) ([]Session, error) {
	return d.Store.Sessions(ctx, who.ID, who.Person, d.Now())
}

// Logout ends the session of the token.
func (d *Door) Logout(ctx context.Context, who AccountID, token string) error {
	defer d.forget(who)
	return d.Store.InTx(ctx, func(tx Tx) error {
		return tx.DeleteSession(ctx, who, HashToken(token))
	})
}

// EndSession ends one of the person's sign-ins. Error: ErrNoSuchSession.
func (d *Door) EndSession(ctx context.Context, who Account, id string) error {
	return d.endSessions(ctx, who, func(s Session) bool { return s.ID == id }, ErrNoSuchSession)
}

// EndOthers ends all the person's sign-ins but the one that asks for it.
func (d *Door) EndOthers(ctx context.Context, who Account, token string) error {
	mine := HashToken(token)
	return d.endSessions(ctx, who, func(s Session) bool { return s.TokenHash != mine }, nil)
}

// endSessions ends those that are meant; none of them is the error none.
func (d *Door) endSessions(ctx context.Context, who Account, meant func(Session) bool, none error) error {
	return d.Store.InTx(ctx, func(tx Tx) error {
		list, err := tx.Sessions(ctx, who.ID, who.Person, d.Now())
		if err != nil {
			return err
		}
		for _, s := range list {
			if !meant(s) {
				continue
			}
			none = nil
			d.forget(s.Account)
			if err := tx.DeleteSession(ctx, s.Account, s.TokenHash); err != nil {
				return err
			}
		}
		return none
	})
}

// forget tells whoever keeps principals in memory that an account has changed.
func (d *Door) forget(who AccountID) {
	if d.Changed != nil {
		d.Changed(who)
	}
}
