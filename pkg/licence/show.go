package licence

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Mine lists the person's licences, newest first, after a given id.
// Error: citizen.ErrNeedRealName.
func (r *Registry) Mine(ctx context.Context, who citizen.ID, after string, most int) ([]Licence, error) {
	if who == "" {
		return nil, citizen.ErrNeedRealName
	}
	return r.Store.LicencesOf(ctx, who, after, most)
}

// Acting lists the licences of a principal for whom one acts, newest first,
// after a given id. Error: citizen.ErrNeedRealName.
func (r *Registry) Acting(ctx context.Context, who, principal citizen.ID, after string, most int) ([]Licence, error) {
	if who == "" {
		return nil, citizen.ErrNeedRealName
	}
	return r.Store.LicencesActedIn(ctx, who, principal, r.Now(), after, most)
}

// Licence returns a licence of the person's own, or of a case in which they
// act for another. Error: ErrNoLicence.
func (r *Registry) Licence(ctx context.Context, who citizen.ID, id string) (Licence, error) {
	l, err := r.Store.Licence(ctx, id)
	if err != nil || who != "" && l.Person == who {
		return l, err
	}
	ok, err := r.Store.ActsIn(ctx, who, l.Case, r.Now())
	if err != nil {
		return Licence{}, err
	}
	if !ok {
		return Licence{}, ErrNoLicence
	}
	return l, nil
}

// Verify tells anybody who holds the code what the licence is. Error: ErrWrongCode.
func (r *Registry) Verify(ctx context.Context, code string) (Proof, error) {
	code, err := ReadCode(code)
	if err != nil {
		return Proof{}, err
	}
	l, err := r.Store.LicenceByCode(ctx, code)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{
		State: l.StateOn(workday.DateOf(r.Now())), Name: l.Name, Number: l.Number, Issuer: l.Issuer,
		IssuedAt: l.IssuedAt, ValidUntil: l.ValidUntil, EndedAt: l.endedAt(),
	}
	if l.HideHolder {
		return p, nil
	}
	holder, err := r.Store.Person(ctx, l.Person)
	if err != nil {
		return Proof{}, err
	}
	p.Holder = holder.Name.Masked()
	return p, nil
}

func (l Licence) endedAt() time.Time {
	if l.State == Replaced {
		return l.ReplacedAt
	}
	return l.RevokedAt
}

// Show sets whether who verifies the person's own licence sees the masked name
// of its holder. Error: ErrNoLicence.
func (r *Registry) Show(ctx context.Context, who citizen.ID, id string, holder bool) (l Licence, err error) {
	if _, err := r.Licence(ctx, who, id); err != nil {
		return l, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.ShowHolder(ctx, id, holder); err != nil {
			return err
		}
		l, err = tx.Licence(ctx, id)
		return err
	})
	return l, err
}

// Receipt is the proof that the ledger holds the issue of the person's own
// licence, with the signed checkpoint that it goes with. Errors: ErrNoLicence,
// ledger.ErrNoLeaf, ledger.ErrBroken.
func (r *Registry) Receipt(ctx context.Context, who citizen.ID, id string) (ledger.Receipt, []byte, error) {
	l, err := r.Licence(ctx, who, id)
	if err != nil {
		return ledger.Receipt{}, nil, err
	}
	return r.Notary.Receipt(ctx, l.Issued())
}
