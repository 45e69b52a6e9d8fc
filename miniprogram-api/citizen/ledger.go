package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/ledger"
)

type checkpointIn struct{}

type checkpointOut struct {
	Checkpoint string   `json:"checkpoint" doc:"signed note: origin, number of leaves, root hash, signatures"`
	Size       int64    `json:"size" doc:"leaves"`
	Keys       []string `json:"keys" doc:"public keys that check it"`
}

// Ledger registers what anybody may know of the ledger: its signed state. Who
// keeps one can prove later that nothing before it was changed.
func Ledger(app *api.App, notary *ledger.Notary, keys []string) {
	api.Get(app, api.Op{ID: "ledger-checkpoint", Path: "/api/v1/ledger/checkpoint", Tag: "ledger", Summary: "The signed state of the ledger"},
		func(ctx context.Context, _ *checkpointIn) (*checkpointOut, error) {
			signed, c, err := notary.Checkpoint(ctx)
			return &checkpointOut{string(signed), c.Size, keys}, err
		})
}
