package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

// HomeOf tells somebody which division an application would be from: their own
// home, or that of the principal for whom they may act in the item; "" = not
// known. Errors: citizen.ErrNotAgent.
func (c *Counter) HomeOf(ctx context.Context, who, principal citizen.ID, item catalog.ItemCode) (place.DivisionCode, error) {
	of := who
	if principal != "" && principal != who {
		ok, err := c.Store.MayActFor(ctx, who, principal, item, c.Now())
		if err != nil || !ok {
			return "", orElse(err, citizen.ErrNotAgent)
		}
		of = principal
	}
	if of == "" {
		return "", nil
	}
	p, err := c.Store.Person(ctx, of)
	return p.Home, err
}
