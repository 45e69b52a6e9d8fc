package terminal

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// sessionWords come before what a device signs to open a session.
const sessionWords = "yimen terminal session\n"

// Challenge gives a device a number to sign; it is good once and for a minute.
// Error: ErrNoTerminal.
func (k *Keeper) Challenge(ctx context.Context, id string) (challenge string, ends time.Time, err error) {
	if challenge, err = k.secret(20); err != nil {
		return "", ends, err
	}
	ends = k.Now().Add(challengeLife)
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.Terminal(ctx, id); err != nil {
			return err
		}
		return tx.InsertChallenge(ctx, id, hashOf(challenge), ends)
	})
	return challenge, ends, err
}

// Open lets a device in that has signed a challenge. A device has one session:
// an older one ends, and with it whoever still stood before the screen.
// Errors: ErrNoTerminal, ErrChallenge, ErrSignature.
func (k *Keeper) Open(ctx context.Context, id, challenge string, signature []byte) (t Terminal, token string, ends time.Time, err error) {
	if token, err = k.secret(32); err != nil {
		return t, "", ends, err
	}
	token = staff.DeviceToken + token
	now := k.Now()
	ends = now.Add(deviceLife)
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if t, err = tx.Terminal(ctx, id); err != nil {
			return err
		}
		if !ed25519.Verify(t.Key, []byte(sessionWords+id+"\n"+challenge), signature) {
			return ErrSignature
		}
		if err := tx.UseChallenge(ctx, id, hashOf(challenge), now); err != nil {
			return err
		}
		if err := k.clear(ctx, tx, id, Replace); err != nil {
			return err
		}
		return tx.SaveDeviceSession(ctx, id, hashOf(token), now, ends)
	})
	return t, token, ends, err
}

// Report notes how a device's printer does. Error: ErrNoTerminal.
func (k *Keeper) Report(ctx context.Context, id string, p Printer) (t Terminal, err error) {
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SavePrinter(ctx, id, p, k.Now()); err != nil {
			return err
		}
		t, err = tx.Terminal(ctx, id)
		return err
	})
	return t, err
}

// Member is as whom the office's business at a terminal is entered.
// Error: ErrNoTerminal.
func (k *Keeper) Member(ctx context.Context, id string) (staff.Member, error) {
	t, err := k.Store.Terminal(ctx, id)
	return staff.Member{ID: staff.ID(t.ID), Office: t.Office}, err
}

// MemberFor is the same for an application. Errors: those of MayApply and
// Member.
func (k *Keeper) MemberFor(ctx context.Context, id string, item catalog.ItemCode) (staff.Member, error) {
	if err := k.MayApply(ctx, item); err != nil {
		return staff.Member{}, err
	}
	return k.Member(ctx, id)
}

// Slips checks that what a device gave out without a network lies in its own
// block, and says as whom they are entered. Errors: ErrNoTerminal, ErrOtherBlock.
func (k *Keeper) Slips(ctx context.Context, id string, slips []queue.Slip) (staff.Member, error) {
	t, err := k.Store.Terminal(ctx, id)
	if err != nil {
		return staff.Member{}, err
	}
	for _, s := range slips {
		if s.Number < t.SlipFrom || s.Number > t.SlipTo || t.SlipFrom == 0 {
			return staff.Member{}, ErrOtherBlock
		}
	}
	return staff.Member{ID: staff.ID(t.ID), Office: t.Office}, nil
}
