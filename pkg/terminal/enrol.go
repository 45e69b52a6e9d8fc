package terminal

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Invitation lets one device take up a post, once.
type Invitation struct {
	Post
	CodeHash [32]byte
	MadeBy   staff.ID
	EndsAt   time.Time
}

// Invite makes a code with which a device may become a terminal of the
// manager's own office. It is shown once.
// Errors: ErrPost, ErrZoneTimeless, ErrBlockTaken.
func (k *Keeper) Invite(ctx context.Context, m staff.Member, p Post) (code string, ends time.Time, err error) {
	p.Office = m.Office
	if err := k.check(ctx, p); err != nil {
		return "", ends, err
	}
	if code, err = k.secret(10); err != nil {
		return "", ends, err
	}
	now := k.Now()
	ends = now.Add(invitationLife)
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if err := blockFree(ctx, tx, p, now); err != nil {
			return err
		}
		return tx.InsertTerminalInvitation(ctx, Invitation{Post: p, CodeHash: hashOf(code), MadeBy: m.ID, EndsAt: ends})
	})
	return code, ends, err
}

// check refuses a post that cannot be.
func (k *Keeper) check(ctx context.Context, p Post) error {
	var wrong []fault.Field
	if p.Name == "" {
		wrong = append(wrong, fault.Field{Path: "body.name", Text: "请填写终端上标的名称，如1号机"})
	}
	none := p.SlipFrom == 0 && p.SlipTo == 0
	if !none && (p.SlipFrom < 1 || p.SlipTo < p.SlipFrom || p.SlipTo > queue.PaperMost) {
		wrong = append(wrong, fault.Field{Path: "body.slip_from", Text: "号段须在1至999之间，起号不大于止号；不分号段则都不填"})
	}
	if wrong != nil {
		return ErrPost.With(wrong...)
	}
	e, err := k.City.Current(ctx)
	if err != nil {
		return err
	}
	o, err := e.Places.Office(p.Office)
	if err == nil && p.Zone == Zone24h && !o.SelfService24h {
		return ErrZoneTimeless
	}
	return err
}

// blockFree: no two devices of an office give out the same number.
func blockFree(ctx context.Context, tx Tx, p Post, now time.Time) error {
	if p.SlipFrom == 0 {
		return nil
	}
	others, err := tx.SlipBlocks(ctx, p.Office, now)
	for _, o := range others {
		if p.SlipFrom <= o.SlipTo && o.SlipFrom <= p.SlipTo {
			return ErrBlockTaken
		}
	}
	return err
}

// enrolWords come before what a device signs to enrol, so that the signature is
// good for nothing else.
const enrolWords = "yimen terminal enrolment\n"

// Enrol takes a device in: it holds an invitation's code and shows, by signing
// the code, that the private key is its own.
// Errors: ErrInvitation, ErrSignature, ErrEnrolled.
func (k *Keeper) Enrol(ctx context.Context, code string, key ed25519.PublicKey, signature []byte) (t Terminal, err error) {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, []byte(enrolWords+code), signature) {
		return t, ErrSignature
	}
	err = k.Store.InTx(ctx, func(tx Tx) error {
		i, err := tx.UseTerminalInvitation(ctx, hashOf(code), k.Now())
		if err != nil {
			return err
		}
		t = Terminal{ID: k.NewID(), Post: i.Post, Key: key, EnrolledAt: k.Now(), EnrolledBy: i.MadeBy, SeenAt: k.Now(), Printer: Ready}
		return tx.InsertTerminal(ctx, t)
	})
	return t, err
}

// Of lists the terminals of the manager's office.
func (k *Keeper) Of(ctx context.Context, m staff.Member) ([]Terminal, error) {
	return k.Store.Terminals(ctx, m.Office)
}

// Revoke ends the use of a device, and whoever stands before it is signed out,
// at once. Errors: ErrNoTerminal, staff.ErrOtherOffice.
func (k *Keeper) Revoke(ctx context.Context, m staff.Member, id string) error {
	return k.Store.InTx(ctx, func(tx Tx) error {
		t, err := tx.Terminal(ctx, id)
		if err != nil {
			return err
		}
		if t.Office != m.Office {
			return staff.ErrOtherOffice
		}
		if err := k.clear(ctx, tx, id, Revoke); err != nil {
			return err
		}
		t.RevokedAt, t.RevokedBy = k.Now(), m.ID
		return tx.RevokeTerminal(ctx, t)
	})
}

// secret draws a code that nobody guesses, of base32.
func (k *Keeper) secret(bytes int) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(k.Random, b); err != nil {
		return "", err
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b), nil
}

func hashOf(secret string) [32]byte { return sha256.Sum256([]byte(secret)) }
