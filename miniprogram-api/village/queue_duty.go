package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/queue"
)

// SettingIn is what a window calls; it is exported because others embed it.
type SettingIn struct {
	Lanes []string `json:"lanes,omitempty" maxItems:"3" enum:"appointments,priorities,walk_ins" doc:"all if empty"`
	Items []string `json:"items,omitempty" maxItems:"200" doc:"codes; all if empty"`
}

type setWindowIn struct {
	Body struct {
		Number int `json:"number" minimum:"1" maximum:"1000"`
		SettingIn
	}
}

type openWindowIn struct {
	api.Write
	Body struct {
		Number int        `json:"number" minimum:"1" maximum:"1000"`
		Calls  *SettingIn `json:"calls,omitempty" doc:"what the window was last set to if left out"`
	}
}

type closeWindowIn struct {
	api.Write
	Body struct {
		Number int `json:"number" minimum:"1" maximum:"1000"`
	}
}

type closeQueueIn struct{ api.Write }

type closedOut struct {
	Closed int `json:"closed" doc:"tickets; their people are told and have first choice on another day"`
}

type windowOut struct {
	Number   int      `json:"number"`
	Lanes    []string `json:"lanes" doc:"what it calls; all if empty"`
	Items    []string `json:"items" doc:"what it calls; all if empty"`
	Clerk    string   `json:"clerk,omitempty" format:"uuid" doc:"the post on duty; none while it is closed"`
	OpenedAt string   `json:"opened_at,omitempty"`
}

// Windows registers who sits where, and the end of the day.
func Windows(app *api.App, hall *queue.Hall) {
	api.Get(app, api.Op{ID: "windows", Path: "/api/v1/village/windows", Tag: "queue", Summary: "My office's windows"},
		func(ctx context.Context, _ *queueIn) (*api.List[windowOut], error) {
			list, err := hall.Windows(ctx, me(ctx))
			out := &api.List[windowOut]{Items: []windowOut{}}
			for _, w := range list {
				out.Items = append(out.Items, windowFrom(w))
			}
			return out, err
		})
	api.Put(app, api.Op{ID: "set-window", Path: "/api/v1/village/windows", Tag: "queue", Summary: "Set what a window calls"},
		func(ctx context.Context, in *setWindowIn) (*windowOut, error) {
			return windowOr(hall.SetWindow(ctx, me(ctx), in.Body.Number, *in.Body.setting()))
		})
	api.Post(app, api.Op{ID: "open-window", Path: "/api/v1/village/windows/open", Tag: "queue", Summary: "Begin my duty at a window"},
		func(ctx context.Context, in *openWindowIn) (*windowOut, error) {
			return windowOr(hall.OpenWindow(ctx, me(ctx), in.Body.Number, in.Body.Calls.setting()))
		})
	api.Post(app, api.Op{ID: "close-window", Path: "/api/v1/village/windows/close", Tag: "queue",
		Summary: "End my duty at a window, or as the manager anybody's; who is at it goes back to their place"},
		func(ctx context.Context, in *closeWindowIn) (*windowOut, error) {
			return windowOr(hall.CloseWindow(ctx, me(ctx), in.Body.Number))
		})
	api.Post(app, api.Op{ID: "close-queue", Path: "/api/v1/village/queue/close", Tag: "queue",
		Summary: "End today's queue before its time, as when the power fails"},
		func(ctx context.Context, _ *closeQueueIn) (*closedOut, error) {
			n, err := hall.CloseDay(ctx, me(ctx))
			return &closedOut{n}, err
		})
}

func (in *SettingIn) setting() *queue.Setting {
	if in == nil {
		return nil
	}
	s := &queue.Setting{}
	for _, lane := range in.Lanes {
		s.Lanes = append(s.Lanes, queue.Lane(lane))
	}
	for _, item := range in.Items {
		s.Items = append(s.Items, catalog.ItemCode(item))
	}
	return s
}

func windowOr(w queue.Window, err error) (*windowOut, error) {
	if err != nil {
		return nil, err
	}
	out := windowFrom(w)
	return &out, nil
}

func windowFrom(w queue.Window) windowOut {
	out := windowOut{Number: w.Number, Lanes: []string{}, Items: []string{}, Clerk: string(w.Clerk)}
	if w.Clerk != "" {
		out.OpenedAt = api.At(w.OpenedAt)
	}
	for _, lane := range w.Lanes {
		out.Lanes = append(out.Lanes, string(lane))
	}
	for _, item := range w.Items {
		out.Items = append(out.Items, string(item))
	}
	return out
}
