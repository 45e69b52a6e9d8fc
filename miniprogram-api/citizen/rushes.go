package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/rush"
)

// RushOut is what everybody may know about a rush.
type RushOut struct {
	ID         string `json:"id" format:"uuid"`
	Office     string `json:"office"`
	Item       string `json:"item"`
	FirstDate  string `json:"first_date" doc:"first date of the visits"`
	LastDate   string `json:"last_date"`
	OpensAt    string `json:"opens_at" doc:"the seats are released then"`
	EndsAt     string `json:"ends_at" doc:"from then on the seats are booked without the room"`
	PerSecond  int    `json:"per_second" doc:"how many are let through in a second"`
	LotsDigest string `json:"lots_digest" doc:"SHA-256 of lots, told before anybody comes"`
	Lots       string `json:"lots,omitempty" doc:"told once it has opened: the key of the draw"`
}

// RushFrom encodes a rush.
func RushFrom(r rush.Rush, now time.Time) RushOut {
	out := RushOut{
		ID: string(r.ID), Office: string(r.Office), Item: string(r.Item), FirstDate: api.On(r.First), LastDate: api.On(r.Last),
		OpensAt: api.At(r.OpensAt), EndsAt: api.At(r.EndsAt), PerSecond: r.PerSecond, LotsDigest: r.LotsDigest(),
	}
	if !now.Before(r.OpensAt) {
		out.Lots = r.Lots()
	}
	return out
}

type rushesOut struct {
	Items []RushOut `json:"items"`
}

// RushIn names a rush.
type RushIn struct {
	ID string `path:"id" format:"uuid"`
}

type enterIn struct {
	RushIn
	Body struct {
		Ticket string `json:"ticket,omitempty" maxLength:"64" doc:"the one of an earlier answer, should there be one"`
	}
}

type standingOut struct {
	Phase        string `json:"phase" enum:"not_open,waiting,through,sold_out"`
	Text         string `json:"text" doc:"the same in Chinese"`
	Ahead        int64  `json:"ahead" doc:"how many are let through before, while waiting"`
	WaitSeconds  int    `json:"wait_seconds" doc:"estimated, until let through"`
	AgainSeconds int    `json:"again_seconds" doc:"ask again then; sooner betters nothing"`
	Ticket       string `json:"ticket" doc:"keep it and send it along: it keeps the place"`
}

var phaseTexts = map[rush.Phase]string{
	rush.NotOpen: "已进入等候室。放号后抽签排定先后，早来晚来机会相同",
	rush.Waiting: "正在排队，请不要离开，不用反复点击",
	rush.Through: "轮到您了，请选择时段预约",
	rush.SoldOut: "号源已约满。有人取消时会重新放出，也可以换一天或换一个网点",
}

func standingFrom(s rush.Standing) *standingOut {
	return &standingOut{
		Phase: string(s.Phase), Text: phaseTexts[s.Phase], Ahead: s.Ahead,
		WaitSeconds: wholeSeconds(s.Wait), AgainSeconds: max(1, wholeSeconds(s.Again)), Ticket: string(s.Ticket),
	}
}

// wholeSeconds rounds up: who comes back early waits again.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// Rushes registers the waiting room.
func Rushes(app *api.App, room *rush.Room) {
	api.Get(app, api.Op{ID: "rushes", Path: "/api/v1/rushes", Tag: "appointments", Summary: "Seats that are released at one second, announced and under way"},
		func(context.Context, *struct{}) (*rushesOut, error) {
			out := &rushesOut{Items: []RushOut{}}
			for _, r := range room.Announced() {
				out.Items = append(out.Items, RushFrom(r, room.Now()))
			}
			return out, nil
		})
	api.Put(app, api.Op{ID: "enter-rush", Path: "/api/v1/rushes/{id}/place", Tag: "appointments", Summary: "Enter the waiting room, and see where I stand",
		About: "Those who come before the opening are put in order by lot, later ones behind them. One place for each person, however often they ask."},
		func(ctx context.Context, in *enterIn) (*standingOut, error) {
			s, err := room.Enter(ctx, api.Who(ctx).Account, rush.ID(in.ID), rush.Ticket(in.Body.Ticket))
			if err != nil {
				return nil, err
			}
			return standingFrom(s), nil
		})
}
