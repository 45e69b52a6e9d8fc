package casework

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// rebase moves a case that is not accepted yet to the edition in force: what
// counts is the catalogue at acceptance. What was handed in or said for a
// material that is still asked for stays; from acceptance on nothing moves.
func (c *Counter) rebase(ctx context.Context, cs *Case) (moved bool, err error) {
	if cs.State != Draft && cs.State != Notified {
		return false, nil
	}
	e, err := c.City.Current(ctx)
	if err != nil || e.Version == cs.Edition {
		return false, err
	}
	item, err := e.Catalogue.Item(cs.Item)
	if err != nil {
		return false, err
	}
	cs.Edition, cs.Department = e.Version, item.Department.Code
	cs.Materials = carried(item, cs.Materials)
	for name := range cs.Form {
		if !slices.ContainsFunc(item.Fields, func(f catalog.Field) bool { return f.Name == name }) {
			delete(cs.Form, name)
		}
	}
	return true, nil
}

// carried is what the item now asks for, with what the case already has of it.
func carried(item *catalog.Item, had []Material) []Material {
	list := make([]Material, len(item.Requirements))
	for i, r := range item.Requirements {
		list[i] = Material{Code: r.Material.Code, Applies: Yes, State: Missing}
		if r.Condition != "" {
			list[i].Applies = Unsaid
		}
		if k := slices.IndexFunc(had, func(m Material) bool { return m.Code == r.Material.Code }); k >= 0 {
			list[i] = had[k]
		}
		if r.Condition == "" {
			list[i].Applies = Yes
		}
	}
	return list
}
