package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
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
	State      string `json:"state" enum:"valid,revoked,replaced"`
	Issuer     string `json:"issuer"`
	IssuedAt   string `json:"issued_at"`
	ValidUntil string `json:"valid_until,omitempty" doc:"the last day; absent = without end"`
	Code       string `json:"code" doc:"verification code, for the QR code"`
	Verify     string `json:"verify" doc:"path where anybody may verify it"`
	Page       string `json:"page" doc:"path of the page behind the QR code"`
	HideHolder bool   `json:"hide_holder" doc:"who verifies it sees no name"`
	RevokedAt  string `json:"revoked_at,omitempty"`
	RevokedFor string `json:"revoked_for,omitempty" doc:"why it was revoked or replaced"`
	ReplacedAt string `json:"replaced_at,omitempty"`
	ReplacedBy string `json:"replaced_by,omitempty" doc:"id of the licence in its place"`
}

// LicenceFrom encodes a licence.
func LicenceFrom(l licence.Licence) LicenceOut {
	return LicenceOut{
		ID: l.ID, Number: l.Number, Case: l.Case, Item: string(l.Item), Name: l.Name, Kind: string(l.Kind),
		State: string(l.State), Issuer: l.Issuer, IssuedAt: api.At(l.IssuedAt),
		ValidUntil: api.On(l.ValidUntil), Code: l.Code, Verify: "/api/v1/verify/" + l.Code, Page: "/verify/" + l.Code, HideHolder: l.HideHolder,
		RevokedAt: api.At(l.RevokedAt), RevokedFor: l.RevokedFor, ReplacedAt: api.At(l.ReplacedAt), ReplacedBy: l.ReplacedBy,
	}
}

type licencesIn struct {
	api.Page
	OnBehalfOf string `query:"on_behalf_of" format:"uuid" doc:"those of this person, from cases in which I act, instead of my own"`
}

type LicenceIn struct {
	ID string `path:"id" format:"uuid"`
}

type verifyIn struct {
	Code string `path:"code" maxLength:"64" doc:"16 letters and digits; small letters, spaces and hyphens are taken"`
}

type proofOut struct {
	State      string `json:"state" enum:"valid,expired,revoked,replaced"`
	Name       string `json:"name"`
	Number     string `json:"number"`
	Issuer     string `json:"issuer"`
	IssuedAt   string `json:"issued_at"`
	ValidUntil string `json:"valid_until,omitempty"`
	EndedAt    string `json:"ended_at,omitempty" doc:"revoked or replaced"`
	Holder     string `json:"holder,omitempty" doc:"masked; absent where the holder does not want it shown"`
}

type receiptOut struct {
	Proof      string   `json:"proof" doc:"keep it in a file: the words of the fact and its place in the ledger"`
	Checkpoint string   `json:"checkpoint" doc:"keep it in a file beside: the signed ledger that has the proof"`
	Keys       []string `json:"keys" doc:"public keys that check the checkpoint"`
}

type showIn struct {
	LicenceIn
	Body struct {
		Holder bool `json:"holder" doc:"whether who verifies it sees the holder's masked name"`
	}
}

// Licences registers a person's licences and the page where anybody verifies one.
func Licences(app *api.App, registry *licence.Registry, keys []string) {
	api.Get(app, api.Op{ID: "my-licences", Path: "/api/v1/licences", Tag: "licences", Summary: "My licences, newest first"},
		func(ctx context.Context, in *licencesIn) (*api.List[LicenceOut], error) {
			list, err := licencesOf(ctx, registry, in)
			return api.Paged(in.Page, list, LicenceFrom, func(l licence.Licence) string { return l.ID }), err
		})
	api.Get(app, api.Op{ID: "my-licence", Path: "/api/v1/licences/{id}", Tag: "licences", Summary: "One of my licences"},
		func(ctx context.Context, in *LicenceIn) (*LicenceOut, error) {
			l, err := registry.Licence(ctx, api.Person(ctx), in.ID)
			out := LicenceFrom(l)
			return &out, err
		})
	api.Get(app, api.Op{ID: "verify-licence", Path: "/api/v1/verify/{code}", Tag: "licences", Summary: "Verify a licence by its code"},
		func(ctx context.Context, in *verifyIn) (*proofOut, error) {
			p, err := registry.Verify(ctx, in.Code)
			return &proofOut{string(p.State), p.Name, p.Number, p.Issuer, api.At(p.IssuedAt), api.On(p.ValidUntil), api.At(p.EndedAt), p.Holder}, err
		})
	api.Put(app, api.Op{ID: "show-holder", Path: "/api/v1/licences/{id}/showing", Tag: "licences", Summary: "What who verifies my licence sees of me"},
		func(ctx context.Context, in *showIn) (*LicenceOut, error) {
			l, err := registry.Show(ctx, api.Person(ctx), in.ID, in.Body.Holder)
			out := LicenceFrom(l)
			return &out, err
		})
	api.Get(app, api.Op{ID: "licence-proof", Path: "/api/v1/licences/{id}/proof", Tag: "licences", Summary: "The proof that the ledger holds the issue of my licence",
		About: "Check it without a network: server ledger verify --checkpoint FILE --proof FILE."},
		func(ctx context.Context, in *LicenceIn) (*receiptOut, error) {
			r, signed, err := registry.Receipt(ctx, api.Person(ctx), in.ID)
			return &receiptOut{r.String(), string(signed), keys}, err
		})
	verifyPage(app, registry)
}

func licencesOf(ctx context.Context, registry *licence.Registry, in *licencesIn) ([]licence.Licence, error) {
	if in.OnBehalfOf != "" {
		return registry.Acting(ctx, api.Person(ctx), citizen.ID(in.OnBehalfOf), in.Cursor, in.Most())
	}
	return registry.Mine(ctx, api.Person(ctx), in.Cursor, in.Most())
}
