package soak

import (
	"context"
	"fmt"
	"net/http"
)

const fullCode = "appointment.slot_full"

// hold asks for a slot.
func (v *visitor) hold(ctx context.Context, starts string) error {
	called := v.history.now()
	a, err := v.call(ctx, http.MethodPost, v.server.url+"/api/v1/holds",
		map[string]any{"office": office, "item": item, "starts_at": starts})
	if err != nil {
		return err
	}
	now := v.history.now()
	switch {
	case a.status == http.StatusOK:
		v.id, v.at, v.taken = a.text("id"), starts, now
		v.had[v.id] = "held"
		v.history.add(starts, v.number, event{kind: takes}, called, now)
	case a.text("code") == fullCode:
		v.history.add(starts, v.number, event{kind: takes, full: true}, called-stale, now)
	default:
		v.history.refuse(a)
	}
	return nil
}

// book confirms the hold in hand; time may have ended it.
func (v *visitor) book(ctx context.Context) error {
	a, err := v.call(ctx, http.MethodPost, v.server.url+"/api/v1/appointments", map[string]string{"hold": v.id})
	switch {
	case err != nil:
		return err
	case a.status == http.StatusOK:
		v.had[v.id] = "booked"
	default:
		return v.lapsed(a)
	}
	return nil
}

// lapsed takes note that time has ended the hold in hand: at some moment
// between its answer and now.
func (v *visitor) lapsed(a answer) error {
	if code := a.text("code"); code != "appointment.hold_expired" && code != "appointment.wrong_state" {
		return fmt.Errorf("a hold was neither kept nor ended by time: %d %v", a.status, a.body)
	}
	v.history.add(v.at, v.number, event{kind: gives, lapse: true}, v.taken, v.history.now())
	v.had[v.id], v.id = "lapsed", ""
	return nil
}

// end gives up what is in hand.
func (v *visitor) end(ctx context.Context, path, state string) error {
	called := v.history.now()
	a, err := v.call(ctx, http.MethodPost, v.server.url+path, nil)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		if v.had[v.id] == "held" {
			return v.lapsed(a)
		}
		v.history.refuse(a)
		return nil
	}
	v.history.add(v.at, v.number, event{kind: gives}, called, v.history.now())
	v.had[v.id], v.id = state, ""
	return nil
}

// move takes the appointment in hand to another slot, or leaves it.
func (v *visitor) move(ctx context.Context, starts string) error {
	if starts == v.at {
		return nil
	}
	called := v.history.now()
	a, err := v.call(ctx, http.MethodPost, v.server.url+"/api/v1/appointments/"+v.id+"/move", map[string]string{"starts_at": starts})
	if err != nil {
		return err
	}
	now := v.history.now()
	switch {
	case a.status == http.StatusOK:
		v.history.add(v.at, v.number, event{kind: gives}, called, now)
		v.history.add(starts, v.number, event{kind: takes}, called, now)
		v.at = starts
	case a.text("code") == fullCode:
		v.history.add(starts, v.number, event{kind: takes, full: true}, called-stale, now)
	default:
		v.history.refuse(a)
	}
	return nil
}

// account compares what the server says is this person's with what it told
// them: everything answered is there, once, and nothing else is.
func (v *visitor) account(ctx context.Context) error {
	seen := map[string]string{}
	for cursor := ""; ; {
		a, err := v.must(ctx, http.MethodGet, v.server.url+"/api/v1/appointments?limit=100&cursor="+cursor, nil)
		if err != nil {
			return err
		}
		for _, one := range maps(a.body["items"]) {
			id, _ := one["id"].(string)
			if _, twice := seen[id]; twice {
				v.history.problem("visitor %d has appointment %s twice", v.number, id)
			}
			seen[id], _ = one["state"].(string)
			if id == v.id && one["starts_at"] != v.at {
				v.history.problem("visitor %d was told %s for %s, and it is %v", v.number, v.at, id, one["starts_at"])
			}
		}
		if cursor = a.text("next_cursor"); cursor == "" {
			break
		}
	}
	for id, state := range v.had {
		if state != "lapsed" && seen[id] != state {
			v.history.problem("visitor %d was told %s of %s, and it is %q", v.number, state, id, seen[id])
		}
	}
	for id, state := range seen {
		if v.had[id] == "" {
			v.history.problem("visitor %d has %s (%s), which nobody was told of", v.number, id, state)
		}
	}
	return nil
}
