// Package terminal (自助终端接口) holds the routes of the self-service machines:
// of the device itself, and of who stands before it.
package terminal

import (
	"context"
	"encoding/base64"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

type enrolIn struct {
	api.Write
	Body struct {
		Code      string `json:"code" minLength:"8" maxLength:"32" doc:"that the office's manager was given"`
		Key       string `json:"key" minLength:"43" maxLength:"43" pattern:"^[A-Za-z0-9_-]+$" doc:"Ed25519 public key, base64url without padding"`
		Signature string `json:"signature" minLength:"86" maxLength:"86" pattern:"^[A-Za-z0-9_-]+$" doc:"of yimen terminal enrolment, a line feed, and the code"`
	}
}

// Out is a terminal as the device itself knows it.
type Out struct {
	ID         string `json:"id" format:"uuid"`
	Office     string `json:"office"`
	OfficeName string `json:"office_name"`
	Zone       string `json:"zone" enum:"hall,zone_24h"`
	Name       string `json:"name" example:"1号机"`
	SlipFrom   int    `json:"slip_from,omitempty" doc:"numbers of the paper block that it may give while it has no network"`
	SlipTo     int    `json:"slip_to,omitempty"`
	Printer    string `json:"printer" enum:"ready,paper_out,jam,offline"`
}

// From encodes a terminal.
func From(t terminal.Terminal, e *city.Edition) Out {
	out := Out{t.ID, string(t.Office), "", string(t.Zone), t.Name, t.SlipFrom, t.SlipTo, string(t.Printer)}
	if o, err := e.Places.Office(t.Office); err == nil {
		out.OfficeName = o.Name
	}
	return out
}

// DeviceIn names a terminal; it is exported because others embed it.
type DeviceIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

type challengeOut struct {
	Challenge string `json:"challenge"`
	EndsAt    string `json:"ends_at"`
}

type openIn struct {
	DeviceIn
	Body struct {
		Challenge string `json:"challenge" minLength:"8" maxLength:"64"`
		Signature string `json:"signature" minLength:"86" maxLength:"86" pattern:"^[A-Za-z0-9_-]+$" doc:"of yimen terminal session, a line feed, the terminal's id, a line feed, and the challenge"`
	}
}

type sessionOut struct {
	Token    string `json:"token" doc:"send it as Authorization: Bearer …; shown only here"`
	EndsAt   string `json:"ends_at" doc:"then sign anew"`
	Terminal Out    `json:"terminal"`
}

type reportIn struct {
	Body struct {
		Printer string `json:"printer" enum:"ready,paper_out,jam,offline"`
	}
}

// Devices registers how a device enrols, lets itself in, and tells how it is.
func Devices(app *api.App, k *terminal.Keeper) {
	api.Post(app, api.Op{ID: "enrol-terminal", Path: "/api/v1/terminals", Tag: "terminal", Summary: "Make a device a terminal of the office that invited it",
		About: "The private key stays in the device. The code is good once."},
		func(ctx context.Context, in *enrolIn) (*Out, error) {
			key, signature, err := read(in.Body.Key, in.Body.Signature)
			if err != nil {
				return nil, err
			}
			t, err := k.Enrol(ctx, in.Body.Code, key, signature)
			return from(ctx, k, t, err)
		})
	api.Post(app, api.Op{ID: "challenge-terminal", Path: "/api/v1/terminals/{id}/challenges", Tag: "terminal", Summary: "A number for the device to sign; good once, for a minute"},
		func(ctx context.Context, in *DeviceIn) (*challengeOut, error) {
			challenge, ends, err := k.Challenge(ctx, in.ID)
			return &challengeOut{challenge, api.At(ends)}, err
		})
	api.Post(app, api.Op{ID: "open-terminal", Path: "/api/v1/terminals/{id}/sessions", Tag: "terminal", Summary: "Let the device in that signed the challenge",
		About: "A device has one session of a quarter of an hour; opening another ends it, and whoever stood before the screen is signed out."},
		func(ctx context.Context, in *openIn) (*sessionOut, error) {
			signature, err := base64.RawURLEncoding.DecodeString(in.Body.Signature)
			if err != nil {
				return nil, terminal.ErrSignature
			}
			t, token, ends, err := k.Open(ctx, in.ID, in.Body.Challenge, signature)
			out, err := from(ctx, k, t, err)
			if err != nil {
				return nil, err
			}
			return &sessionOut{token, api.At(ends), *out}, nil
		})
	api.Put(app, api.Op{ID: "report-terminal", Path: "/api/v1/terminal/status", Tag: "terminal", Summary: "How the device's printer does"},
		func(ctx context.Context, in *reportIn) (*Out, error) {
			t, err := k.Report(ctx, device(ctx), terminal.Printer(in.Body.Printer))
			return from(ctx, k, t, err)
		})
}

// read decodes a key and a signature. Error: terminal.ErrSignature.
func read(key, signature string) (k, s []byte, err error) {
	if k, err = base64.RawURLEncoding.DecodeString(key); err == nil {
		s, err = base64.RawURLEncoding.DecodeString(signature)
	}
	if err != nil {
		return nil, nil, terminal.ErrSignature
	}
	return k, s, nil
}

func from(ctx context.Context, k *terminal.Keeper, t terminal.Terminal, err error) (*Out, error) {
	if err != nil {
		return nil, err
	}
	e, err := k.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	out := From(t, e)
	return &out, nil
}

// device is the terminal that asks, or before which the person stands who asks.
func device(ctx context.Context) string {
	who := api.Who(ctx)
	if who.Device != nil {
		return who.Device.ID
	}
	return who.Session.Terminal
}
