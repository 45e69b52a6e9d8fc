package lite

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ErrWhichItem asks which of several items is meant.
var ErrWhichItem = fault.New(fault.Invalid, "page.which_item", "没有唯一对应的事项，请从列表里选一项，或换个说法再试")

// choicesMost is how many items a page offers to choose from.
const choicesMost = 8

// choice is one of several things that words may mean.
type choice struct{ Code, Name string }

// item finds the item that was typed, by code, by name or in words; where
// several are meant, the page offers them.
func (v *visit) item(ctx context.Context) (catalog.ItemCode, error) {
	e, err := v.pages.City.Current(ctx)
	if err != nil {
		return "", err
	}
	typed := v.text("item")
	if it, err := e.Catalogue.Item(catalog.ItemCode(strings.ToUpper(typed))); err == nil {
		return it.Code, nil
	}
	var list []choice
	for _, hit := range e.Catalogue.Search(typed, choicesMost) {
		if hit.Item == nil {
			continue
		}
		if hit.Item.Name == typed {
			return hit.Item.Code, nil
		}
		list = append(list, choice{string(hit.Item.Code), hit.Item.Name})
	}
	if len(list) == 1 {
		return catalog.ItemCode(list[0].Code), nil
	}
	v.choices = list
	return "", ErrWhichItem
}

// names says what codes mean, as the edition in force has it.
type names struct{ e *city.Edition }

func (p *Pages) names(ctx context.Context) (names, error) {
	e, err := p.City.Current(ctx)
	return names{e}, err
}

func (n names) item(code catalog.ItemCode) string {
	if it, err := n.e.Catalogue.Item(code); err == nil {
		return it.Name
	}
	return string(code)
}

func (n names) material(code catalog.MaterialCode) string {
	if m, err := n.e.Catalogue.Material(code); err == nil {
		return m.Name
	}
	return string(code)
}

func (n names) office(code place.OfficeCode) string {
	if o, err := n.e.Places.Office(code); err == nil {
		return o.Name
	}
	return string(code)
}
