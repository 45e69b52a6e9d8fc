package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

// TerminalCodeIn names the code on a terminal's screen.
type TerminalCodeIn struct {
	Code string `path:"code" minLength:"8" maxLength:"64" doc:"scanned from the screen"`
}

type confirmTerminalIn struct {
	api.Write
	TerminalCodeIn
	Body struct {
		At *SpotIn `json:"at,omitempty" doc:"where the phone is: it must be near the terminal; send it always, so that nobody is talked into confirming a code elsewhere"`
	}
}

type scannedOut struct {
	Visit    string `json:"visit" format:"uuid" doc:"once open, also its id among my sign-ins"`
	State    string `json:"state" enum:"shown,confirmed,open"`
	Office   string `json:"office"`
	Name     string `json:"office_name"`
	Terminal string `json:"terminal" doc:"the name on its front" example:"1号机"`
	Zone     string `json:"zone" enum:"hall,zone_24h"`
	EndsAt   string `json:"ends_at"`
}

func scanned(s terminal.Scanned, err error) (*scannedOut, error) {
	return &scannedOut{
		s.ID, string(s.State), string(s.Terminal.Office), s.Office, s.Terminal.Name, string(s.Terminal.Zone), api.At(s.DueAt),
	}, err
}

// Terminals registers how a phone lets its person in at a terminal, and out.
func Terminals(app *api.App, k *terminal.Keeper) {
	api.Get(app, api.Op{ID: "terminal-code", Path: "/api/v1/terminal-codes/{code}", Tag: "terminal", Summary: "Which terminal the scanned code belongs to: show it before confirming"},
		func(ctx context.Context, in *TerminalCodeIn) (*scannedOut, error) {
			return scanned(k.Look(ctx, api.Who(ctx).Account, in.Code))
		})
	api.Post(app, api.Op{ID: "confirm-terminal-code", Path: "/api/v1/terminal-codes/{code}/confirm", Tag: "terminal", Summary: "Sign me in at the terminal whose code I have scanned",
		About: "Needs a real name. I am signed in there for five minutes at most, and for one minute after I last touched the screen."},
		func(ctx context.Context, in *confirmTerminalIn) (*scannedOut, error) {
			var at *queue.Spot
			if in.Body.At != nil {
				spot := in.Body.At.spot()
				at = &spot
			}
			return scanned(k.Accept(ctx, api.Who(ctx).Account, in.Code, at))
		})
	api.Delete(app, api.Op{ID: "stop-terminal-visit", Path: "/api/v1/terminal-codes/{code}", Tag: "terminal", Summary: "Sign me out at the terminal"},
		func(ctx context.Context, in *TerminalCodeIn) (*api.Done, error) {
			return &api.Done{Done: true}, k.Stop(ctx, api.Who(ctx).Account, in.Code)
		})
}
