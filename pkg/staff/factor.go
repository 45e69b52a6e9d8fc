package staff

import (
	"context"
	"net/url"

	"github.com/pquerna/otp/totp"
)

// issuer is how an authenticator app names us.
const issuer = "Yimen"

// Enrolment is what an authenticator app needs, shown once.
type Enrolment struct {
	Secret string // base32, to be typed
	URI    string // otpauth://, to be shown as a QR code
}

// Enrol gives a member who needs a second factor a new one; it counts once a
// first code has confirmed it. Errors: ErrNoPost, ErrEnrolled.
func (g *Gate) Enrol(ctx context.Context, p Principal) (Enrolment, error) {
	if !p.Member.Twofold() {
		return Enrolment{}, ErrNoPost
	}
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: issuer, AccountName: string(p.Member.Role), Period: step, SecretSize: 20, Rand: g.Random,
	})
	if err != nil {
		return Enrolment{}, err
	}
	f := SecondFactor{Member: p.Member.ID, Secret: key.Secret()}
	e := Enrolment{Secret: f.Secret, URI: (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + string(p.Member.Role),
		RawQuery: url.Values{"secret": {f.Secret}, "issuer": {issuer}, "period": {"30"}, "digits": {"6"}}.Encode(),
	}).String()}
	return e, g.Store.InTx(ctx, func(tx Tx) error { return tx.PutSecondFactor(ctx, f) })
}

// Raise takes a code and lets this session act in the post for a shift. The
// first code confirms the enrolment. A wrong one is counted.
// Errors: ErrNoPost, ErrNotEnrolled, ErrWrongCode, ErrCodeUsed, ErrCodeLocked.
func (g *Gate) Raise(ctx context.Context, p Principal, code string) error {
	if !p.Member.Twofold() {
		return ErrNoPost
	}
	g.Changed(p.Account.ID)
	var told error
	err := g.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.SecondFactor(ctx, p.Member.ID)
		if err != nil {
			return err
		}
		is := was
		if told = is.try(code, g.Now()); told == nil && is.ConfirmedAt.IsZero() {
			is.ConfirmedAt = g.Now()
		}
		if is != was {
			if err := tx.MoveSecondFactor(ctx, was, is); err != nil {
				return err
			}
		}
		if told != nil {
			return nil // what was counted stays
		}
		return tx.RaiseSession(ctx, p.Session.ID, g.Now())
	})
	if err != nil {
		return err
	}
	return told
}

// ResetFactor lets a member who has lost the phone enrol again. Error: ErrNoMember.
func (g *Gate) ResetFactor(ctx context.Context, id ID) (m Member, err error) {
	err = g.Store.InTx(ctx, func(tx Tx) error {
		if m, err = tx.Member(ctx, id); err != nil {
			return err
		}
		g.Changed(m.Account)
		return tx.DeleteSecondFactor(ctx, id)
	})
	return m, err
}
