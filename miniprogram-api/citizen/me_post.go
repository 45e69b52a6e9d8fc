package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type takeUpIn struct {
	api.Write
	Body struct {
		Code string `json:"code" minLength:"8" maxLength:"64" doc:"the invitation's code, from an administrator"`
	}
}

type enrolIn struct{ api.Write }

type enrolOut struct {
	Secret string `json:"secret" doc:"base32, to be typed where no QR code can be read; shown only here"`
	URI    string `json:"uri" doc:"otpauth:// address for a QR code"`
}

type factorCodeIn struct {
	api.Write
	Body struct {
		Code string `json:"code" pattern:"^[0-9]{6}$" patternDescription:"6位数字" doc:"what the authenticator app shows"`
	}
}

// Posts registers taking up a post, and the second factor of those that need one.
func Posts(app *api.App, gate *staff.Gate) {
	api.Post(app, api.Op{ID: "take-up-post", Path: "/api/v1/me/post", Tag: "account", Summary: "Take up a post with an invitation"},
		func(ctx context.Context, in *takeUpIn) (*postOut, error) {
			m, err := gate.TakeUp(ctx, api.Who(ctx).Account.ID, in.Body.Code)
			return postFrom(&m, false), err
		})
	api.Post(app, api.Op{ID: "enrol-code", Path: "/api/v1/me/post/authenticator", Tag: "account",
		Summary: "Enrol an authenticator app, for administrators and auditors"},
		func(ctx context.Context, _ *enrolIn) (*enrolOut, error) {
			e, err := gate.Enrol(ctx, api.Who(ctx))
			return &enrolOut{e.Secret, e.URI}, err
		})
	api.Post(app, api.Op{ID: "show-code", Path: "/api/v1/me/post/code", Tag: "account",
		Summary: "Show the authenticator's code: this session may act in the post for 12 hours; the first code confirms the enrolment"},
		func(ctx context.Context, in *factorCodeIn) (*api.Done, error) {
			return &api.Done{Done: true}, gate.Raise(ctx, api.Who(ctx), in.Body.Code)
		})
}
