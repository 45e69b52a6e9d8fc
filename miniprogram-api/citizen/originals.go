package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/circulation"
)

// OriginalOut is a paper original as its person and the offices see it.
type OriginalOut struct {
	ID       string `json:"id" format:"uuid"`
	Case     string `json:"case" format:"uuid"`
	Material string `json:"material"`
	Label    string `json:"label" doc:"what it is"`
	Where    string `json:"where" enum:"at_office,in_bag,missing,back,lost"`
	Office   string `json:"office" doc:"code of the office where it is, or was last"`
	Bag      string `json:"bag,omitempty" doc:"id of the bag that it is in"`
	TakenAt  string `json:"taken_at"`
	Since    string `json:"since" doc:"it is where it is"`
}

// OriginalFrom encodes an original.
func OriginalFrom(o circulation.Original) OriginalOut {
	return OriginalOut{
		ID: o.ID, Case: o.Case, Material: string(o.Material), Label: o.Label, Where: string(o.Where), Office: string(o.Office),
		Bag: o.Bag, TakenAt: api.At(o.TakenAt), Since: api.At(o.Since),
	}
}

// Originals registers where the paper is that a person has given away.
func Originals(app *api.App, room *circulation.Room) {
	api.Get(app, api.Op{ID: "my-originals", Path: "/api/v1/cases/{id}/originals", Tag: "cases", Summary: "Where my paper originals are, and since when"},
		func(ctx context.Context, in *CaseIn) (*api.List[OriginalOut], error) {
			list, err := room.Mine(ctx, api.Person(ctx), in.ID)
			out := &api.List[OriginalOut]{Items: []OriginalOut{}}
			for _, o := range list {
				out.Items = append(out.Items, OriginalFrom(o))
			}
			return out, err
		})
}
