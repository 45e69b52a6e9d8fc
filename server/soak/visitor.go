package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// Where everybody wants to go: few slots, so that they meet.
const (
	office   = "440604012207-A"
	item     = "CZ-0005"
	slotDays = 3
	slotsDay = 4
)

// slot is a time of that office and how many it serves then.
type slot struct {
	starts   string
	capacity int
}

// visitor is a person with a phone. At most one appointment is theirs at once.
type visitor struct {
	number  int
	server  *server
	history *history
	random  *rand.Rand
	token   string

	id    string            // of the hold or appointment in hand, "" = none
	at    string            // its slot
	taken int64             // when it was answered
	had   map[string]string // id → state that the server last told
}

// enter makes the person up and signs them in with a real name.
func (v *visitor) enter(ctx context.Context) error {
	v.had = map[string]string{}
	p, err := v.must(ctx, http.MethodPost, v.server.play+"/sandbox/persons", map[string]string{"name": "甄耐久"})
	if err != nil {
		return err
	}
	if v.token, err = v.login(ctx, p.text("openid")); err != nil {
		return err
	}
	_, err = v.must(ctx, http.MethodPost, v.server.url+"/api/v1/me/real-name", map[string]string{"name": p.text("name"), "number": p.text("id_number")})
	return err
}

// login logs in, with a new code where an instance has spent one whose answer
// did not come: as wx.login does.
func (v *visitor) login(ctx context.Context, openID string) (token string, err error) {
	for range 5 {
		code, err := v.must(ctx, http.MethodPost, v.server.play+"/sandbox/login-code", map[string]string{"openid": openID})
		if err != nil {
			return "", err
		}
		a, err := v.call(ctx, http.MethodPost, v.server.url+"/api/v1/sessions", map[string]string{"code": code.text("code")})
		if err != nil || a.status == http.StatusOK {
			return a.text("token"), err
		}
	}
	return "", errors.New("no login succeeds")
}

// offered chooses the slots: some of each of the next open days.
func (v *visitor) offered(ctx context.Context) (list []slot, err error) {
	days, err := v.days(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range days[2:] { // far enough that no jump of the clock comes there
		slots := maps(d["slots"])
		if len(slots) < slotsDay || len(list) == slotDays*slotsDay {
			continue
		}
		for _, s := range slots[:slotsDay] {
			list = append(list, slot{s["starts_at"].(string), int(s["free"].(float64))})
		}
	}
	if len(list) < slotDays*slotsDay {
		return nil, fmt.Errorf("only %d slots are offered", len(list))
	}
	return list, nil
}

func (v *visitor) days(ctx context.Context) ([]map[string]any, error) {
	a, err := v.must(ctx, http.MethodGet, v.server.url+"/api/v1/offices/"+office+"/slots?"+url.Values{"item": {item}, "days": {"14"}}.Encode(), nil)
	return maps(a.body["items"]), err
}

func maps(v any) (list []map[string]any) {
	all, _ := v.([]any)
	for _, one := range all {
		if m, ok := one.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

// look notes how many seats are free.
func (v *visitor) look(ctx context.Context, slots []slot) ([]map[string]any, error) {
	called := v.history.now()
	days, err := v.days(ctx)
	if err != nil {
		return nil, err
	}
	shown := map[string]int{}
	for _, d := range days {
		for _, s := range maps(d["slots"]) {
			shown[s["starts_at"].(string)] = int(s["free"].(float64))
		}
	}
	for _, s := range slots {
		if n, ok := shown[s.starts]; ok {
			v.history.add(s.starts, v.number, event{kind: shows, free: n}, called, v.history.now())
		}
	}
	return days, nil
}

// visit comes and goes until the end.
func (v *visitor) visit(ctx context.Context, slots []slot, until time.Time) error {
	for time.Now().Before(until) {
		if err := v.act(ctx, slots); err != nil {
			return err
		}
		time.Sleep(time.Duration(v.random.IntN(20)) * time.Millisecond)
	}
	if v.had[v.id] == "held" {
		return v.book(ctx)
	}
	return nil
}

// act is one step of somebody who cannot make up their mind.
func (v *visitor) act(ctx context.Context, slots []slot) error {
	wanted := slots[v.random.IntN(len(slots))].starts
	dice := v.random.IntN(100)
	switch state := v.had[v.id]; {
	case dice < 3:
		_, err := v.look(ctx, slots)
		return err
	case v.id == "":
		return v.hold(ctx, wanted)
	case state == "held" && dice < 75:
		return v.book(ctx)
	case state == "held" && dice < 90:
		return v.end(ctx, "/api/v1/holds/"+v.id+"/release", "lapsed")
	case state == "held": // dreams on
		time.Sleep(time.Duration(v.random.IntN(1500)) * time.Millisecond)
		return nil
	case dice < 60:
		return v.move(ctx, wanted)
	default:
		return v.end(ctx, "/api/v1/appointments/"+v.id+"/cancel", "cancelled")
	}
}
