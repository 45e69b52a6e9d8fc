package citizen

import (
	"context"
	"time"
)

// faceLife is how long a started face check may take.
const faceLife = 30 * time.Minute

// StartFace begins a face check of the account's own person; the mini-program
// goes on with wx.requestFacialVerify. Error: ErrNeedRealName.
func (d *Door) StartFace(ctx context.Context, who AccountID) (FaceCheck, error) {
	a, p, err := d.holder(ctx, who)
	if err != nil {
		return FaceCheck{}, err
	}
	f := FaceCheck{ID: d.NewID(), Account: who, State: "open", EndsAt: d.Now().Add(faceLife)}
	if f.VerifyID, err = d.WeChat.StartFace(ctx, a.OpenID, p.Name, p.Number, f.ID); err != nil {
		return FaceCheck{}, err
	}
	return f, d.Store.InTx(ctx, func(tx Tx) error { return tx.InsertFaceCheck(ctx, f) })
}

// FinishFace asks WeChat how the check went and, if the face matched, raises
// the account to LevelFace. Errors: ErrNoFaceCheck, ErrFaceExpired,
// ErrFaceDone, ErrFaceMismatch.
func (d *Door) FinishFace(ctx context.Context, who AccountID, id string) (Account, error) {
	f, err := d.Store.FaceCheck(ctx, who, id)
	if err != nil {
		return Account{}, err
	}
	if d.Now().After(f.EndsAt) {
		return Account{}, ErrFaceExpired
	}
	a, p, err := d.holder(ctx, who)
	if err != nil {
		return Account{}, err
	}
	ok, err := d.WeChat.FaceMatched(ctx, a.OpenID, p.Name, p.Number, f.ID, f.VerifyID)
	if err != nil {
		return Account{}, err
	}
	return d.endFace(ctx, who, id, ok)
}

func (d *Door) endFace(ctx context.Context, who AccountID, id string, matched bool) (Account, error) {
	state := map[bool]string{true: "passed", false: "failed"}[matched]
	a, err := d.change(ctx, who, func(tx Tx, a *Account) error {
		if matched {
			a.FaceAt = d.Now()
		}
		return tx.EndFaceCheck(ctx, id, state)
	})
	if err == nil && !matched {
		return a, ErrFaceMismatch
	}
	return a, err
}

// holder is the account and the person it was proved to be.
func (d *Door) holder(ctx context.Context, who AccountID) (Account, Person, error) {
	a, err := d.Store.Account(ctx, who)
	if err != nil {
		return a, Person{}, err
	}
	if a.Person == "" {
		return a, Person{}, ErrNeedRealName
	}
	p, err := d.Store.Person(ctx, a.Person)
	return a, p, err
}

// Person returns the person that the account was proved to be.
func (d *Door) Person(ctx context.Context, a Account) (Person, error) {
	return d.Store.Person(ctx, a.Person)
}
