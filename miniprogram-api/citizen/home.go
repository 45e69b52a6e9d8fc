package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
)

type homeIn struct {
	Body struct {
		Division   string `json:"division" maxLength:"12" doc:"code of the village, town or district; empty to forget it"`
		OnBehalfOf string `json:"on_behalf_of,omitempty" format:"uuid" doc:"an organisation that I stand for: its seat"`
	}
}

// Home registers where a person lives, by which offices are found for what is
// not handled citywide.
func Home(app *api.App, door *domain.Door, shelf city.Shelf) {
	api.Put(app, api.Op{ID: "set-home", Path: "/api/v1/me/home", Tag: "account", Summary: "Say where I live, or where an organisation of mine has its seat"},
		func(ctx context.Context, in *homeIn) (*api.Done, error) {
			home := place.DivisionCode(in.Body.Division)
			if err := known(ctx, shelf, home); err != nil {
				return nil, err
			}
			err := door.SetHome(ctx, api.Who(ctx).Account, domain.ID(in.Body.OnBehalfOf), home)
			return &api.Done{Done: true}, err
		})
}

func known(ctx context.Context, shelf city.Shelf, home place.DivisionCode) error {
	if home == "" {
		return nil
	}
	e, err := shelf.Current(ctx)
	if err != nil {
		return err
	}
	_, err = e.Places.Division(home)
	return err
}
