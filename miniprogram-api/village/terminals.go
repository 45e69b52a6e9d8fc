package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	routes "github.com/yimen-gov/yimen/miniprogram-api/terminal"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

type inviteTerminalIn struct {
	api.Write
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"30" doc:"on its front, such as 1号机"`
		Zone     string `json:"zone" enum:"hall,zone_24h"`
		SlipFrom int    `json:"slip_from,omitempty" minimum:"1" maximum:"999" doc:"part of the paper block that it gives numbers from while it has no network"`
		SlipTo   int    `json:"slip_to,omitempty" minimum:"1" maximum:"999"`
	}
}

type terminalInvitationOut struct {
	Code   string `json:"code" doc:"to be entered at the device; shown only here, good once"`
	EndsAt string `json:"ends_at"`
}

type terminalOut struct {
	routes.Out
	EnrolledAt string `json:"enrolled_at"`
	SeenAt     string `json:"seen_at"`
	RevokedAt  string `json:"revoked_at,omitempty"`
}

type terminalsOut struct {
	Items []terminalOut `json:"items"`
}

type terminalIn struct {
	ID string `path:"id" format:"uuid"`
}

// Terminals registers which devices an office has.
func Terminals(app *api.App, k *terminal.Keeper) {
	api.Post(app, api.Op{ID: "invite-terminal", Path: "/api/v1/village/terminals/codes", Tag: "terminal", Summary: "A code that makes one device a terminal of my office; half an hour"},
		func(ctx context.Context, in *inviteTerminalIn) (*terminalInvitationOut, error) {
			code, ends, err := k.Invite(ctx, me(ctx), terminal.Post{
				Name: in.Body.Name, Zone: terminal.Zone(in.Body.Zone), SlipFrom: in.Body.SlipFrom, SlipTo: in.Body.SlipTo,
			})
			return &terminalInvitationOut{code, api.At(ends)}, err
		})
	api.Get(app, api.Op{ID: "office-terminals", Path: "/api/v1/village/terminals", Tag: "terminal", Summary: "My office's terminals, and how they do"},
		func(ctx context.Context, _ *queueIn) (*terminalsOut, error) {
			list, err := k.Of(ctx, me(ctx))
			if err != nil {
				return nil, err
			}
			e, err := k.City.Current(ctx)
			if err != nil {
				return nil, err
			}
			out := &terminalsOut{Items: []terminalOut{}}
			for _, t := range list {
				out.Items = append(out.Items, terminalOut{routes.From(t, e), api.At(t.EnrolledAt), api.At(t.SeenAt), api.At(t.RevokedAt)})
			}
			return out, nil
		})
	api.Delete(app, api.Op{ID: "revoke-terminal", Path: "/api/v1/village/terminals/{id}", Tag: "terminal", Summary: "End the use of a terminal, at once"},
		func(ctx context.Context, in *terminalIn) (*api.Done, error) {
			return &api.Done{Done: true}, k.Revoke(ctx, me(ctx), in.ID)
		})
}
