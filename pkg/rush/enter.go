package rush

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrTooEarly tells those who come before the room opens.
var ErrTooEarly = fault.New(fault.Conflict, "rush.too_early", "等候室在放号前30分钟开放，请届时进入；放号前进入的人抽签决定先后，不用抢先")

// Phase is where a person stands in the room.
type Phase string

// The phases.
const (
	NotOpen Phase = "not_open" // seats are not released yet
	Waiting Phase = "waiting"
	Through Phase = "through"  // may ask for a seat
	SoldOut Phase = "sold_out" // no seat is left just now
)

// Standing is what a person in the room is told.
type Standing struct {
	Rush   Rush
	Phase  Phase
	Ahead  int64         // how many are let through before; meaningful while waiting
	Wait   time.Duration // until let through, estimated
	Again  time.Duration // when to ask again; asking sooner betters nothing
	Ticket Ticket
}

// How often the room is asked, by phases.
const (
	againLeast = 2 * time.Second
	againMost  = 30 * time.Second
)

// Enter takes a person into the room, once, and says where they stand; it is
// also how they look. A ticket given before is honoured where the room has
// forgotten. Errors: citizen.ErrNeedRealName, ErrNoRush, ErrTooEarly, ErrTicket.
func (m *Room) Enter(ctx context.Context, who citizen.Account, id ID, t Ticket) (s Standing, err error) {
	now := m.Now()
	if err := who.Require(citizen.LevelRealName, now); err != nil {
		return s, err
	}
	r, err := m.rush(id)
	if err != nil {
		return s, err
	}
	if opens := r.OpensAt.Add(-doorsOpen); now.Before(opens) {
		return s, ErrTooEarly.After(seconds(opens.Sub(now)))
	}
	p, err := m.admit(ctx, r, who.Person, t)
	if err != nil {
		return s, err
	}
	return m.standing(ctx, r, who.Person, p)
}

// admit is a person's place: the one they have, the one their ticket says, or
// a new one.
func (m *Room) admit(ctx context.Context, r Rush, who citizen.ID, t Ticket) (p Place, err error) {
	p, found, err := m.place(ctx, r, who)
	if err != nil || found {
		return p, err
	}
	if t != "" {
		if p, err = r.placeOf(who, t); err != nil {
			return p, err
		}
		return m.mark(ctx, r, who, p, true)
	}
	if m.Now().Before(r.OpensAt) {
		return m.mark(ctx, r, who, Place{Early: true}, false)
	}
	n, err := m.Marks.Count(ctx, r.key("late"), 1, r.kept(m.Now()))
	if err != nil {
		return p, err
	}
	return m.mark(ctx, r, who, Place{Number: n - 1}, false)
}

// mark remembers a place, if nobody was quicker, and counts an early one. Of a
// late one whose number the room has forgotten, the counter makes up leeway.
func (m *Room) mark(ctx context.Context, r Rush, who citizen.ID, p Place, again bool) (Place, error) {
	set, err := m.Marks.SetNX(ctx, r.key("at:"+string(who)), []byte(p.String()), r.kept(m.Now()))
	switch {
	case err != nil:
		return p, err
	case !set:
		known, _, err := m.place(ctx, r, who)
		return known, err
	case p.Early:
		_, err = m.Marks.Count(ctx, r.key("early"), 1, r.kept(m.Now()))
	case again:
		_, err = m.Marks.Count(ctx, r.key("late"), 1, r.kept(m.Now()))
	}
	return p, err
}

func (m *Room) place(ctx context.Context, r Rush, who citizen.ID) (Place, bool, error) {
	value, found, err := m.Marks.Get(ctx, r.key("at:"+string(who)))
	if err != nil || !found {
		return Place{}, false, err
	}
	p, ok := parsePlace(string(value))
	return p, ok, nil
}

// key is a rush's own in the shared marks; the braces keep all keys of one
// rush together on a cluster.
func (r Rush) key(what string) string { return "rush:{" + string(r.ID) + "}:" + what }

// kept is how long marks are of use.
func (r Rush) kept(now time.Time) time.Duration {
	return max(time.Minute, r.EndsAt.Sub(now)+time.Minute)
}

func (m *Room) standing(ctx context.Context, r Rush, who citizen.ID, p Place) (Standing, error) {
	now := m.Now()
	s := Standing{Rush: r, Ticket: r.ticket(who, p)}
	if now.Before(r.OpensAt) {
		s.Phase, s.Wait = NotOpen, r.OpensAt.Sub(now)
		s.Again = min(againMost, s.Wait+spread(r, who))
		return s, nil
	}
	left, err := m.left(ctx, r)
	if err != nil {
		return s, err
	}
	if s.Ahead, err = m.ahead(ctx, r, who, p); err != nil {
		return s, err
	}
	switch through := r.through(now); {
	case left == 0:
		s.Phase, s.Again = SoldOut, againMost
	case s.Ahead < through:
		s.Phase, s.Ahead, s.Again = Through, 0, againMost
	default:
		s.Phase, s.Wait = Waiting, r.until(s.Ahead, now)
		s.Ahead -= through
		s.Again = min(max(s.Wait, againLeast), againMost)
	}
	return s, nil
}

// spread keeps those who wait for the opening from asking all in one instant.
func spread(r Rush, who citizen.ID) time.Duration {
	return time.Duration(r.drawn(who, 2000)) * time.Millisecond
}
