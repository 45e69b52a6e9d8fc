package licence

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Mine lists the person's licences, newest first, after a given id.
// Error: citizen.ErrNeedRealName.
func (r *Registry) Mine(ctx context.Context, who citizen.ID, after string, most int) ([]Licence, error) {
	if who == "" {
		return nil, citizen.ErrNeedRealName
	}
	return r.Store.LicencesOf(ctx, who, after, most)
}

// Licence returns one of the person's own licences. Error: ErrNoLicence.
func (r *Registry) Licence(ctx context.Context, who citizen.ID, id string) (Licence, error) {
	l, err := r.Store.Licence(ctx, id)
	if err != nil {
		return Licence{}, err
	}
	if who == "" || l.Person != who {
		return Licence{}, ErrNoLicence
	}
	return l, nil
}

// Verify tells anybody who holds the code what the licence is. Error: ErrWrongCode.
func (r *Registry) Verify(ctx context.Context, code string) (Proof, error) {
	code, err := readCode(code)
	if err != nil {
		return Proof{}, err
	}
	l, err := r.Store.LicenceByCode(ctx, code)
	if err != nil {
		return Proof{}, err
	}
	holder, err := r.Store.Person(ctx, l.Person)
	if err != nil {
		return Proof{}, err
	}
	return Proof{
		State: l.State, Name: l.Name, Number: l.Number, Issuer: l.Issuer,
		IssuedAt: l.IssuedAt, Holder: holder.Name.Masked(),
	}, nil
}
