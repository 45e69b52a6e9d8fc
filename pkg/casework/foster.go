package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// OpenFor starts a draft for a person as part of something larger that they
// have handed in, under an id that was drawn before. Errors: as of Open.
func (c *Counter) OpenFor(ctx context.Context, who citizen.ID, id ID, o Opening) (Case, error) {
	return c.openAs(ctx, opener{person: who}, o, id)
}

// Foster fills a draft from what is known elsewhere: form values, conditions,
// and materials that an earlier result vouches for. Repeating it is harmless.
// Errors: ErrForm, ErrNotNow.
func (c *Counter) Foster(ctx context.Context, id ID, f Filling, vouched map[catalog.MaterialCode]string) error {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	_, err := c.change(ctx, find, Fill, func(_ Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if wrong := f.apply(item, cs); len(wrong) > 0 {
			return entry{}, ErrForm.With(wrong...)
		}
		for i := range cs.Materials {
			if m := &cs.Materials[i]; vouched[m.Code] != "" {
				m.Applies, m.State, m.Source, m.Note = Yes, Fit, FromShared, vouched[m.Code]
			}
		}
		return entry{actor: system}, nil
	})
	return err
}

// HandIn hands in a case for its person, who had proved so much when they
// handed in the whole. Errors: as of Submit.
func (c *Counter) HandIn(ctx context.Context, who citizen.ID, level citizen.Level, id ID) (Result, error) {
	cs, err := c.Own(ctx, who, id)
	if err != nil {
		return Result{}, err
	}
	return c.submit(ctx, cs, c.mine(ctx, who, id), func(*Case) string { return applicant }, level, func(item *catalog.Item) error {
		if !item.Online {
			return ErrNotOnline
		}
		return citizen.RequireLevel(level, citizen.Level(item.IdentityLevel))
	})
}
