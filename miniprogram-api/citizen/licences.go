package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/licence"
)

// LicenceOut is a licence as its holder and the office that issued it see it.
type LicenceOut struct {
	ID         string `json:"id" format:"uuid"`
	Number     string `json:"number" doc:"printed on it; city and year, item, count"`
	Case       string `json:"case" format:"uuid"`
	Item       string `json:"item"`
	Name       string `json:"name"`
	Kind       string `json:"kind" enum:"licence,certificate,approval,notice"`
	State      string `json:"state" enum:"valid,revoked"`
	Issuer     string `json:"issuer"`
	IssuedAt   string `json:"issued_at"`
	Code       string `json:"code" doc:"verification code, for the QR code"`
	Verify     string `json:"verify" doc:"path where anybody may verify it"`
	RevokedAt  string `json:"revoked_at,omitempty"`
	RevokedFor string `json:"revoked_for,omitempty" doc:"why it was revoked"`
}

// LicenceFrom encodes a licence.
func LicenceFrom(l licence.Licence) LicenceOut {
	return LicenceOut{
		ID: l.ID, Number: l.Number, Case: l.Case, Item: string(l.Item), Name: l.Name, Kind: string(l.Kind),
		State: string(l.State), Issuer: l.Issuer, IssuedAt: api.At(l.IssuedAt),
		Code: l.Code, Verify: "/api/v1/verify/" + l.Code, RevokedAt: api.At(l.RevokedAt), RevokedFor: l.RevokedFor,
	}
}

type licencesIn struct{ api.Page }

type licenceIn struct {
	ID string `path:"id" format:"uuid"`
}

type verifyIn struct {
	Code string `path:"code" maxLength:"64" doc:"16 letters and digits; small letters, spaces and hyphens are taken"`
}

type proofOut struct {
	State    string `json:"state" enum:"valid,revoked"`
	Name     string `json:"name"`
	Number   string `json:"number"`
	Issuer   string `json:"issuer"`
	IssuedAt string `json:"issued_at"`
	Holder   string `json:"holder" doc:"masked"`
}

// Licences registers a person's licences and the page where anybody verifies one.
func Licences(app *api.App, registry *licence.Registry) {
	api.Get(app, api.Op{ID: "my-licences", Path: "/api/v1/licences", Tag: "licences", Summary: "My licences, newest first"},
		func(ctx context.Context, in *licencesIn) (*api.List[LicenceOut], error) {
			list, err := registry.Mine(ctx, api.Person(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, LicenceFrom, func(l licence.Licence) string { return l.ID }), err
		})
	api.Get(app, api.Op{ID: "my-licence", Path: "/api/v1/licences/{id}", Tag: "licences", Summary: "One of my licences"},
		func(ctx context.Context, in *licenceIn) (*LicenceOut, error) {
			l, err := registry.Licence(ctx, api.Person(ctx), in.ID)
			out := LicenceFrom(l)
			return &out, err
		})
	api.Get(app, api.Op{ID: "verify-licence", Path: "/api/v1/verify/{code}", Tag: "licences", Summary: "Verify a licence by its code"},
		func(ctx context.Context, in *verifyIn) (*proofOut, error) {
			p, err := registry.Verify(ctx, in.Code)
			return &proofOut{string(p.State), p.Name, p.Number, p.Issuer, api.At(p.IssuedAt), p.Holder}, err
		})
}
