package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Agents tells who may act for whom.
type Agents interface {
	// MayActFor says whether somebody may act for a principal in an item now.
	MayActFor(ctx context.Context, agent, principal citizen.ID, item catalog.ItemCode, now time.Time) (bool, error)
	// ActsInVisit says whether somebody may act in an appointment for its person
	// now.
	ActsInVisit(ctx context.Context, who citizen.ID, id ID, now time.Time) (bool, error)
}

// whose is the person whose visit is asked for.
func (r Request) whose(who citizen.ID) citizen.ID {
	if r.OnBehalf != "" {
		return r.OnBehalf
	}
	return who
}

// mayActFor lets one book for oneself, and for whom one may act in the item.
// Error: citizen.ErrNotAgent.
func (d *Desk) mayActFor(ctx context.Context, r Agents, who citizen.ID, a Appointment) error {
	if a.Person == who {
		return nil
	}
	ok, err := r.MayActFor(ctx, who, a.Person, a.Item, d.Now())
	if err == nil && !ok {
		return citizen.ErrNotAgent
	}
	return err
}

// Acting returns a principal's appointments in which somebody may act, the
// latest first, after the one named by the cursor. Error: ErrCursor.
func (d *Desk) Acting(ctx context.Context, who, principal citizen.ID, cursor ID, most int) ([]Appointment, error) {
	mark, err := d.mark(ctx, cursor, func(a Appointment) bool { return a.Person == principal })
	if err != nil || who == "" {
		return nil, err
	}
	return d.Store.VisitsActedIn(ctx, who, principal, d.Now(), mark, most)
}
