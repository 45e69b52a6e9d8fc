package terminal

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/queue"
)

// Scanned is what a phone shows before its person confirms.
type Scanned struct {
	Visit
	Terminal Terminal
	Office   string // its name
}

// Look tells who has scanned a code which terminal they are about to use.
// Errors: ErrCode, ErrCodeTaken.
func (k *Keeper) Look(ctx context.Context, who citizen.Account, code string) (s Scanned, err error) {
	if s.Visit, err = k.scanned(ctx, k.Store, who, code); err != nil {
		return s, err
	}
	return k.where(ctx, k.Store, s.Visit)
}

// scanned finds the visit of a code that may still be confirmed, or that this
// account has confirmed.
func (k *Keeper) scanned(ctx context.Context, r Reader, who citizen.Account, code string) (Visit, error) {
	v, err := r.VisitByCode(ctx, hashOf(code))
	if err != nil {
		return v, err
	}
	switch v.State = v.now(k.Now()).State; {
	case v.State.Over():
		return v, ErrCode
	case v.State != Shown && v.Account != who.ID:
		return v, ErrCodeTaken
	}
	return v, nil
}

func (k *Keeper) where(ctx context.Context, r Reader, v Visit) (s Scanned, err error) {
	s.Visit = v
	if s.Terminal, err = r.Terminal(ctx, v.Terminal); err != nil {
		return s, err
	}
	e, err := k.City.Current(ctx)
	if err != nil {
		return s, err
	}
	o, err := e.Places.Office(s.Terminal.Office)
	if err == nil {
		s.Office = o.Name
	}
	return s, err
}

// Accept confirms a code for a person who is known by name. A phone that says
// where it is must be near the terminal: a code that somebody else photographed
// and sent on is worth nothing.
// Errors: ErrCode, ErrCodeTaken, ErrFarOff, citizen.ErrNeedRealName.
func (k *Keeper) Accept(ctx context.Context, who citizen.Account, code string, at *queue.Spot) (s Scanned, err error) {
	now := k.Now()
	if err := who.Require(citizen.LevelRealName, now); err != nil {
		return s, err
	}
	if s, err = k.Look(ctx, who, code); err != nil {
		return s, err
	}
	if err := k.near(ctx, s.Terminal, at); err != nil {
		return s, err
	}
	err = k.Store.InTx(ctx, func(tx Tx) error {
		was, err := k.scanned(ctx, tx, who, code)
		if err != nil || was.State != Shown {
			s.Visit = was
			return err
		}
		v, err := was.turned(Confirm)
		if err != nil {
			return err
		}
		v.Account, v.Person, v.ConfirmedAt, v.DueAt = who.ID, who.Person, now, now.Add(collectLife)
		s.Visit = v
		return tx.SaveVisit(ctx, was.State, v)
	})
	return s, err
}

func (k *Keeper) near(ctx context.Context, t Terminal, at *queue.Spot) error {
	if at == nil {
		return nil
	}
	if err := k.Near(ctx, t.Office, *at); errors.Is(err, queue.ErrFar) {
		return ErrFarOff
	} else if err != nil {
		return err
	}
	return nil
}

// Stop ends, from the phone, what this account has confirmed.
// Errors: ErrCode, ErrCodeTaken.
func (k *Keeper) Stop(ctx context.Context, who citizen.Account, code string) error {
	return k.Store.InTx(ctx, func(tx Tx) error {
		v, err := k.scanned(ctx, tx, who, code)
		switch {
		case errors.Is(err, ErrCode) && v.Account == who.ID && v.ID != "":
			return nil // it is over already
		case err != nil:
			return err
		case v.State == Shown:
			return ErrCode
		}
		return k.end(ctx, tx, v, End)
	})
}

// Take gives the device the session of who has confirmed its code. The session
// is the device's alone, shown once, and ends by itself. Error: ErrNobody.
func (k *Keeper) Take(ctx context.Context, terminal string) (v Visit, token string, ends time.Time, err error) {
	if token, err = k.token(); err != nil {
		return v, "", ends, err
	}
	now := k.Now()
	ends = now.Add(VisitLife)
	err = k.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.LiveVisit(ctx, terminal)
		if err != nil {
			return err
		}
		if was.now(now).State != Confirmed {
			return ErrNobody
		}
		if v, err = was.turned(Collect); err != nil {
			return err
		}
		v.OpenedAt, v.SeenAt, v.DueAt = now, now, ends
		if err := tx.SaveVisit(ctx, was.State, v); err != nil {
			return err
		}
		s, err := k.where(ctx, tx, v)
		if err != nil {
			return err
		}
		return tx.InsertSession(ctx, citizen.Session{
			ID: v.ID, TokenHash: citizen.HashToken(token), Account: v.Account, Device: s.Terminal.at(s.Office), Terminal: terminal,
			MadeAt: now, SeenAt: now, EndsAt: ends,
		})
	})
	return v, token, ends, err
}

func (k *Keeper) token() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(k.Random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}
