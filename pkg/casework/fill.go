package casework

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Filling is what the applicant has written and said so far.
type Filling struct {
	Form       map[string]string             // by field name; "" takes a value back
	Conditions map[catalog.MaterialCode]bool // whether a conditional material applies
}

// Fill stores what was filled in. A draft may be incomplete, but not wrong: an
// unknown field or a value that cannot be right is refused with all the others
// at once. Errors: ErrForm, ErrNotNow.
func (c *Counter) Fill(ctx context.Context, who citizen.ID, id ID, f Filling) (Case, error) {
	return c.fill(ctx, c.mine(ctx, who, id), func(cs *Case) string { return cs.as(who) }, f)
}

// FillAtWindow stores what a clerk has filled in for the person at the window.
// Errors: ErrForm, ErrNotNow, ErrNotTaken, ErrOtherClerk.
func (c *Counter) FillAtWindow(ctx context.Context, m staff.Member, id ID, f Filling) (Case, error) {
	return c.fill(ctx, c.inHand(ctx, m, id), func(*Case) string { return by(m) }, f)
}

func (c *Counter) fill(ctx context.Context, find func(Tx) (Case, error), actor func(*Case) string, f Filling) (Case, error) {
	return c.change(ctx, find, Fill, func(_ Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if wrong := f.apply(item, cs); len(wrong) > 0 {
			return entry{}, ErrForm.With(wrong...)
		}
		return entry{actor: actor(cs)}, nil
	})
}

// apply writes the filling into the case and returns what cannot be right.
func (f Filling) apply(item *catalog.Item, cs *Case) (wrong []fault.Field) {
	for _, name := range names(f.Form) {
		i := slices.IndexFunc(item.Fields, func(d catalog.Field) bool { return d.Name == name })
		if i < 0 {
			wrong = append(wrong, fault.Field{Path: "form." + name, Text: "本事项没有这一项"})
			continue
		}
		wrong = append(wrong, write(cs, item.Fields[i], f.Form[name])...)
	}
	for code, applies := range f.Conditions {
		wrong = append(wrong, say(item, cs, code, applies)...)
	}
	return wrong
}

// write sets one field; an empty value takes it back.
func write(cs *Case, d catalog.Field, value string) []fault.Field {
	if value == "" {
		delete(cs.Form, d.Name)
		return nil
	}
	if reason := ReasonAgainst(d, value); reason != "" {
		return []fault.Field{{Path: "form." + d.Name, Text: d.Label + "：" + reason}}
	}
	cs.Form[d.Name] = value
	return nil
}

// ReasonAgainst checks a value: its shape by the catalogue, its check digits by
// the value types.
func ReasonAgainst(d catalog.Field, value string) string {
	if reason := d.Check(value); reason != "" || value == "" {
		return reason
	}
	var err error
	switch d.Type {
	case catalog.IDNumber:
		_, err = citizen.ParseIDNumber(value)
	case catalog.USCC:
		_, err = citizen.ParseCreditCode(value)
	}
	if err != nil {
		return fault.From(err).Text
	}
	return ""
}

// say answers whether a conditional material applies.
func say(item *catalog.Item, cs *Case, code catalog.MaterialCode, applies bool) []fault.Field {
	m, err := cs.material(code)
	if err != nil || requirement(item, code).Condition == "" {
		return []fault.Field{{Path: "conditions." + string(code), Text: "这份材料没有适用条件可选"}}
	}
	m.Applies = No
	if applies {
		m.Applies = Yes
	}
	return nil
}

// requirement finds what the item says of a material; the zero value where it
// says nothing.
func requirement(item *catalog.Item, code catalog.MaterialCode) catalog.Requirement {
	for _, r := range item.Requirements {
		if r.Material.Code == code {
			return r
		}
	}
	return catalog.Requirement{}
}

// gaps lists what is missing from a form that is to be handed in.
func gaps(item *catalog.Item, cs *Case) (wrong []fault.Field) {
	for _, d := range item.Fields {
		if reason := ReasonAgainst(d, cs.Form[d.Name]); reason != "" {
			wrong = append(wrong, fault.Field{Path: "form." + d.Name, Text: d.Label + "：" + reason})
		}
	}
	return wrong
}

// unsaid lists the conditions that nobody has answered yet.
func unsaid(item *catalog.Item, cs *Case) (open []fault.Field) {
	for _, m := range cs.Materials {
		if m.Applies != Unsaid {
			continue
		}
		r := requirement(item, m.Code)
		open = append(open, fault.Field{
			Path: "conditions." + string(m.Code), Text: r.Material.Name + "：请说明是否" + r.Condition,
		})
	}
	return open
}

func names(form map[string]string) []string {
	list := make([]string, 0, len(form))
	for name := range form {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
