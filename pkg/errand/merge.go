// Package errand (一件事) decides how the items of a theme are applied for as
// one: which form and materials are asked for once, what an earlier item
// brings about for a later one, and how each case goes its way.
package errand

import (
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// Merged is what a theme asks a person for, each thing once.
type Merged struct {
	Theme     *catalog.Theme
	Fields    []Field
	Materials []Material
	Steps     []Step
	// Apart is what the items would ask for one by one.
	Apart struct{ Fields, Materials int }
}

// Field is one field of the one form.
type Field struct {
	catalog.Field
	Items []catalog.ItemCode // that use it
	From  catalog.ItemCode   // the item that brings it about; "" = the person fills it in
}

// Material is one material of the one set.
type Material struct {
	catalog.Requirement
	Items []catalog.ItemCode // that the person hands it in for
	Later []catalog.ItemCode // that get it from an earlier item
}

// Asked says whether the person has to hand it in for any item.
func (m Material) Asked() bool { return len(m.Items) > 0 }

// Step is one item with the earlier ones whose results it needs.
type Step struct {
	Item  *catalog.Item
	After []catalog.ItemCode
}

// Merge joins the items of a theme: fields by name, materials by code. What an
// earlier item brings about is not asked for. A field is required where any
// item requires it.
func Merge(t *catalog.Theme) Merged {
	m := Merged{Theme: t, Steps: make([]Step, 0, len(t.Items))}
	fields, materials := map[string]int{}, map[catalog.MaterialCode]int{}
	for i, item := range t.Items {
		step := Step{Item: item}
		for _, f := range item.Fields {
			m.Apart.Fields++
			m.field(fields, t, i, item, f, &step)
		}
		for _, r := range item.Requirements {
			m.Apart.Materials++
			m.material(materials, t, i, item, r, &step)
		}
		m.Steps = append(m.Steps, step)
	}
	return m
}

func (m *Merged) field(at map[string]int, t *catalog.Theme, i int, item *catalog.Item, f catalog.Field, step *Step) {
	k, ok := at[f.Name]
	if !ok {
		k = len(m.Fields)
		at[f.Name] = k
		m.Fields = append(m.Fields, Field{Field: f, From: yieldsField(t, i, f)})
	}
	known := &m.Fields[k]
	known.Items = append(known.Items, item.Code)
	known.Required = known.Required || f.Required
	if known.From != "" {
		step.needs(known.From)
	}
}

func (m *Merged) material(at map[catalog.MaterialCode]int, t *catalog.Theme, i int, item *catalog.Item, r catalog.Requirement, step *Step) {
	k, ok := at[r.Material.Code]
	if !ok {
		k = len(m.Materials)
		at[r.Material.Code] = k
		m.Materials = append(m.Materials, Material{Requirement: r})
	}
	known := &m.Materials[k]
	known.Core = known.Core || r.Core
	if from := yields(t, i, r.Material); from != "" {
		known.Later = append(known.Later, item.Code)
		step.needs(from)
		return
	}
	known.Items = append(known.Items, item.Code)
}

func (s *Step) needs(item catalog.ItemCode) {
	if !slices.Contains(s.After, item) {
		s.After = append(s.After, item)
	}
}

// yields is the latest earlier item that ends in a material, "" for none.
func yields(t *catalog.Theme, before int, m *catalog.Material) catalog.ItemCode {
	for i := before - 1; i >= 0; i-- {
		if t.Yields(t.Items[i], m) {
			return t.Items[i].Code
		}
	}
	return ""
}

func yieldsField(t *catalog.Theme, before int, f catalog.Field) catalog.ItemCode {
	for i := before - 1; i >= 0; i-- {
		if t.YieldsField(t.Items[i], f) {
			return t.Items[i].Code
		}
	}
	return ""
}
