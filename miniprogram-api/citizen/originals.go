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

// whereaboutsOut is one stay of an original: which office or bag had it, since
// when. Who of the staff it was is for the staff.
type whereaboutsOut struct {
	Where  string `json:"where" enum:"at_office,in_bag,missing,back,lost"`
	Office string `json:"office"`
	Bag    string `json:"bag,omitempty"`
	Since  string `json:"since"`
}

type mineOut struct {
	OriginalOut
	History []whereaboutsOut `json:"history" doc:"where it has been, oldest first"`
}

func mineFrom(t circulation.Traced) mineOut {
	out := mineOut{OriginalOut: OriginalFrom(t.Original), History: []whereaboutsOut{}}
	for _, u := range t.Turns {
		out.History = append(out.History, whereaboutsOut{string(u.Where), string(u.Office), u.Bag, api.At(u.At)})
	}
	return out
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
	api.Get(app, api.Op{ID: "my-originals", Path: "/api/v1/cases/{id}/originals", Tag: "cases", Summary: "Where my paper originals are, who had them, and since when"},
		func(ctx context.Context, in *CaseIn) (*api.List[mineOut], error) {
			list, err := room.Mine(ctx, api.Person(ctx), in.ID)
			out := &api.List[mineOut]{Items: []mineOut{}}
			for _, t := range list {
				out.Items = append(out.Items, mineFrom(t))
			}
			return out, err
		})
}
