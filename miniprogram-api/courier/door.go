package courier

import (
	"context"
	"encoding/hex"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type depositIn struct {
	ParcelIn
	Body struct {
		Opens string `json:"opens" pattern:"^[0-9A-Za-z]{4,12}$" patternDescription:"4至12位字母或数字" doc:"what opens the locker; only the recipient is shown it"`
	}
}

type evidenceIn struct {
	ParcelIn
	RawBody huma.MultipartFormFiles[struct {
		ID   string        `form:"id" required:"true" minLength:"8" maxLength:"64" doc:"the device's own, never used twice; acts name it"`
		Kind string        `form:"kind" required:"true" enum:"photo,signature" doc:"what it is"`
		File huma.FormFile `form:"file" required:"true" doc:"JPEG or PNG, at most 10 MB"`
	}]
}

type evidenceOut struct {
	ID     string `json:"id" doc:"as it was sent"`
	Kind   string `json:"kind" enum:"photo,signature"`
	SHA256 string `json:"sha256" doc:"hex, of the picture without what the phone wrote into it"`
	Bytes  int    `json:"bytes"`
}

// fileMost is one byte more than a file may have, so that one too large is seen
// to be so.
const fileMost = 10<<20 + 1

// Door registers what happens at the door beside the delivery itself.
func Door(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "arrive", Path: "/api/v1/courier/waybills/{id}/arrive", Tag: "courier", Summary: "At the door; the recipient is told"},
		func(ctx context.Context, in *ParcelIn) (*parcelOut, error) {
			return parcelOr(desk.Arrive(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "deposit-parcel", Path: "/api/v1/courier/waybills/{id}/deposit", Tag: "courier", Summary: "Put a parcel into the locker that the recipient chose"},
		func(ctx context.Context, in *depositIn) (*parcelOut, error) {
			return parcelOr(desk.Deposit(ctx, me(ctx), in.ID, in.Body.Opens))
		})
	api.Post(app, api.Op{ID: "retrieve-parcel", Path: "/api/v1/courier/waybills/{id}/retrieve", Tag: "courier", Summary: "Fetch a parcel back out of its locker after two days"},
		func(ctx context.Context, in *ParcelIn) (*parcelOut, error) {
			return parcelOr(desk.Retrieve(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "file-evidence", Path: "/api/v1/courier/waybills/{id}/evidence", Tag: "courier", BodyMost: 11 << 20,
		Summary: "Send in a photo or a signature (wx.uploadFile)", About: "Before the act that names it: an act whose picture is not here yet is answered delivery.evidence_missing and may be sent again."},
		func(ctx context.Context, in *evidenceIn) (*evidenceOut, error) {
			parts := in.RawBody.Data()
			if !parts.File.IsSet {
				return nil, api.ErrMalformed
			}
			content, err := io.ReadAll(io.LimitReader(parts.File, fileMost))
			if err != nil {
				return nil, api.ErrMalformed.Because(err)
			}
			f, err := desk.File(ctx, me(ctx), delivery.ProofFile{ID: parts.ID, Kind: parts.Kind, Waybill: in.ID}, content)
			return &evidenceOut{f.ID, f.Kind, hex.EncodeToString(f.SHA256[:]), f.Bytes}, err
		})
}
