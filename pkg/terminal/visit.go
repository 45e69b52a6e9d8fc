package terminal

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Visit is one code on a screen and, once somebody has confirmed it, their time
// before the terminal.
type Visit struct {
	ID          string // also of the session
	Terminal    string
	CodeHash    [32]byte
	State       State
	Account     citizen.AccountID
	Person      citizen.ID
	Draft       string    // the case begun here and not handed in, "" = none
	DueAt       time.Time // when this state ends by itself
	ShownAt     time.Time
	ConfirmedAt time.Time
	OpenedAt    time.Time
	EndedAt     time.Time
	SeenAt      time.Time // of its session; zero where there is none
}

// turned is the visit after an act. Error: ErrVisitOver.
func (v Visit) turned(act Act) (Visit, error) {
	to, ok := table[v.State][act]
	if !ok {
		return v, ErrVisitOver
	}
	v.State = to
	return v, nil
}

// over is what has become of a visit by itself, or else what somebody now does
// with it.
func (v Visit) over(now time.Time, otherwise Act) Act {
	switch {
	case v.State == InUse && v.SeenAt.IsZero():
		return End // the session was ended from the phone
	case v.State == InUse && (!now.Before(v.DueAt) || now.Sub(v.SeenAt) >= citizen.TerminalIdle):
		return Leave
	case v.State != InUse && !now.Before(v.DueAt):
		return Lapse
	}
	return otherwise
}

// now is the visit as it stands at a time, whether or not somebody has written
// that down yet.
func (v Visit) now(at time.Time) Visit {
	if v.State.Over() {
		return v
	}
	if act := v.over(at, ""); act != "" {
		v.State = table[v.State][act]
	}
	return v
}

// Show puts a code on a device's screen. Whoever stood there before is signed
// out. Error: ErrNoTerminal.
func (k *Keeper) Show(ctx context.Context, terminal string) (v Visit, code string, err error) {
	if code, err = k.secret(16); err != nil {
		return v, "", err
	}
	now := k.Now()
	v = Visit{ID: k.NewID(), Terminal: terminal, CodeHash: hashOf(code), State: Shown, ShownAt: now, DueAt: now.Add(codeLife)}
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.Terminal(ctx, terminal); err != nil {
			return err
		}
		if err := k.clear(ctx, tx, terminal, Replace); err != nil {
			return err
		}
		return tx.InsertVisit(ctx, v)
	})
	return v, code, err
}

// At is what goes on at a terminal now. Error: ErrNobody.
func (k *Keeper) At(ctx context.Context, terminal string) (Visit, error) {
	v, err := k.Store.LastVisit(ctx, terminal)
	return v.now(k.Now()), err
}

// Finish ends the visit at a terminal, if there is one.
func (k *Keeper) Finish(ctx context.Context, terminal string) error {
	return k.Store.InTx(ctx, func(tx Tx) error { return k.clear(ctx, tx, terminal, Finish) })
}

// clear ends the visit at a terminal, if there is one.
func (k *Keeper) clear(ctx context.Context, tx Tx, terminal string, act Act) error {
	v, err := tx.LiveVisit(ctx, terminal)
	if errors.Is(err, ErrNobody) {
		return nil
	}
	if err != nil {
		return err
	}
	return k.end(ctx, tx, v, v.over(k.Now(), act))
}

// end ends a visit: the session is gone, what was not printed yet is dropped,
// and who left a draft behind is told that it is kept.
func (k *Keeper) end(ctx context.Context, tx Tx, was Visit, act Act) error {
	v, err := was.turned(act)
	if err != nil {
		return err
	}
	v.EndedAt = k.Now()
	if err := tx.SaveVisit(ctx, was.State, v); err != nil {
		return err
	}
	if err := tx.EndTerminalSession(ctx, v.ID); err != nil {
		return err
	}
	if err := k.drop(ctx, tx, v.ID); err != nil {
		return err
	}
	return k.keepDraft(ctx, tx, v)
}

// Sweep ends what time has ended, some hundred at a time.
func (k *Keeper) Sweep(ctx context.Context) (n int, err error) {
	err = k.Store.InTx(ctx, func(tx Tx) error {
		n = 0
		if err := tx.ForgetChallenges(ctx, k.Now()); err != nil {
			return err
		}
		live, err := tx.LiveVisits(ctx, sweepMost)
		if err != nil {
			return err
		}
		for _, v := range live {
			act := v.over(k.Now(), "")
			if act == "" {
				continue
			}
			if err := k.end(ctx, tx, v, act); err != nil {
				return err
			}
			n++
		}
		return k.silent(ctx, tx)
	})
	return n, err
}

const sweepMost = 500

// ErrFarOff tells what to do where a phone is somewhere else.
var ErrFarOff = fault.New(fault.Conflict, "terminal.far", "您的手机不在这台自助终端附近，为防止他人冒用身份，不能确认；请到终端前再扫码")
