package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// as is how the record names who acts: the person of the case, or the agent by
// id, so that their name stays out of it.
func (cs *Case) as(who citizen.ID) string {
	if cs.Person == who {
		return applicant
	}
	return "agent:" + string(who)
}

// actsIn is nil where somebody may act in a case for its person. One who did,
// and whose right has ended, is told so. Errors: ErrNoCase, citizen.ErrNotAgent.
func (c *Counter) actsIn(ctx context.Context, r Agents, who citizen.ID, cs Case) error {
	ok, err := r.ActsIn(ctx, who, string(cs.ID), c.Now())
	if err != nil || ok {
		return err
	}
	agent, err := r.AgentOf(ctx, cs.ID)
	if err != nil || agent != who || who == "" {
		return orElse(err, ErrNoCase)
	}
	return citizen.ErrNotAgent
}

func (c *Counter) mayAct(ctx context.Context, r Agents, who citizen.ID, cs Case) error {
	ok, err := r.MayActFor(ctx, who, cs.Person, cs.Item, c.Now())
	if err != nil || ok {
		return err
	}
	return citizen.ErrNotAgent
}

// tellAgent lets whoever acts in a case hear what its person hears.
func (c *Counter) tellAgent(ctx context.Context, tx Tx, cs Case, n notify.Notice) error {
	agent, err := tx.AgentOf(ctx, cs.ID)
	if err != nil || agent == "" {
		return err
	}
	ok, err := tx.MayActFor(ctx, agent, cs.Person, cs.Item, c.Now())
	if err != nil || !ok {
		return err
	}
	n.To = agent
	return tx.Tell(ctx, n)
}

// Acting lists the cases of a principal in which somebody acts, newest first,
// while their right stands. Error: citizen.ErrNotAgent.
func (c *Counter) Acting(ctx context.Context, who, principal citizen.ID, before ID, most int) ([]Case, error) {
	if who == "" {
		return nil, citizen.ErrNotAgent
	}
	return c.Store.CasesActedIn(ctx, who, principal, c.Now(), before, most)
}
