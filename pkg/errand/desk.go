package errand

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Desk is where errands are opened, filled in and handed in.
type Desk struct {
	Store   Store
	City    city.Shelf
	Counter *casework.Counter
	Now     func() time.Time
	NewID   func() string
}

// Filling is what the person has written and said so far.
type Filling struct {
	Form       map[string]string // by field name; "" takes a value back
	Conditions map[catalog.MaterialCode]bool
}

// Open starts an errand for a person. Errors: catalog.ErrNoTheme, ErrNotJoint,
// ErrNotOffered, place.ErrNoOffice.
func (d *Desk) Open(ctx context.Context, who citizen.ID, theme catalog.ThemeCode, at place.OfficeCode) (Errand, error) {
	e, err := d.City.Current(ctx)
	if err != nil {
		return Errand{}, err
	}
	t, err := e.Catalogue.Theme(theme)
	if err != nil {
		return Errand{}, err
	}
	office, err := e.Places.Office(at)
	if err != nil {
		return Errand{}, err
	}
	if !t.Joint {
		return Errand{}, ErrNotJoint
	}
	if !e.Takes(t.Items[0], office, "") {
		return Errand{}, ErrNotOffered
	}
	x := Errand{
		ID: d.NewID(), Theme: theme, Edition: e.Version, Person: who, Office: at, State: Draft,
		Form: map[string]string{}, Conditions: map[catalog.MaterialCode]bool{}, OpenedAt: d.Now(),
	}
	for _, item := range t.Items {
		x.Turns = append(x.Turns, Turn{Item: item.Code, Case: casework.ID(d.NewID()), State: Waiting})
	}
	return x, d.Store.InTx(ctx, func(tx Tx) error { return tx.InsertErrand(ctx, x) })
}

// Own returns the person's own errand. Error: ErrNoErrand.
func (d *Desk) Own(ctx context.Context, who citizen.ID, id string) (Errand, error) {
	x, err := d.Store.Errand(ctx, id)
	if err == nil && (who == "" || x.Person != who) {
		err = ErrNoErrand
	}
	return x, err
}

// Mine lists the person's errands, newest first.
func (d *Desk) Mine(ctx context.Context, who citizen.ID, before string, most int) ([]Errand, error) {
	return d.Store.ErrandsOf(ctx, who, before, most)
}

// Merged is the one form and set of materials of an errand.
func (d *Desk) Merged(ctx context.Context, x Errand) (Merged, error) {
	e, err := d.City.Edition(ctx, x.Edition)
	if err != nil {
		return Merged{}, err
	}
	t, err := e.Catalogue.Theme(x.Theme)
	if err != nil {
		return Merged{}, err
	}
	return Merge(t), nil
}

// Fill writes into the one form. What comes from an earlier item, or no item
// asks for, is refused with everything else that is wrong. Errors: ErrForm,
// ErrHandedIn, ErrNoErrand.
func (d *Desk) Fill(ctx context.Context, who citizen.ID, id string, f Filling) (x Errand, err error) {
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if x, err = d.draft(ctx, tx, who, id); err != nil {
			return err
		}
		m, err := d.Merged(ctx, x)
		if err != nil {
			return err
		}
		if wrong := f.apply(m, &x); len(wrong) > 0 {
			return ErrForm.With(wrong...)
		}
		return tx.SaveErrand(ctx, x, Draft)
	})
	return x, err
}

func (d *Desk) draft(ctx context.Context, tx Tx, who citizen.ID, id string) (Errand, error) {
	x, err := tx.Errand(ctx, id)
	switch {
	case err != nil:
		return x, err
	case who == "" || x.Person != who:
		return x, ErrNoErrand
	case x.State != Draft:
		return x, ErrHandedIn
	}
	return x, nil
}

func (f Filling) apply(m Merged, x *Errand) (wrong []fault.Field) {
	for _, name := range slices.Sorted(maps.Keys(f.Form)) {
		i := slices.IndexFunc(m.Fields, func(d Field) bool { return d.Name == name })
		value := f.Form[name]
		switch {
		case i < 0:
			wrong = append(wrong, fault.Field{Path: "form." + name, Text: "本主题没有这一项"})
		case m.Fields[i].From != "":
			wrong = append(wrong, fault.Field{Path: "form." + name, Text: m.Fields[i].Label + "由前一事项的办理结果带入，不需要填写"})
		case value == "":
			delete(x.Form, name)
		default:
			if reason := casework.ReasonAgainst(m.Fields[i].Field, value); reason != "" {
				wrong = append(wrong, fault.Field{Path: "form." + name, Text: m.Fields[i].Label + "：" + reason})
				continue
			}
			x.Form[name] = value
		}
	}
	for code, applies := range f.Conditions {
		if !slices.ContainsFunc(m.Materials, func(r Material) bool { return r.Material.Code == code && r.Condition != "" }) {
			wrong = append(wrong, fault.Field{Path: "conditions." + string(code), Text: "这份材料没有适用条件可选"})
			continue
		}
		x.Conditions[code] = applies
	}
	return wrong
}

// HandIn starts all cases of the errand, in their order: those that need
// nothing of an earlier one at the next sweep, the others when it is there.
// Errors: ErrForm, ErrHandedIn, ErrNoErrand.
func (d *Desk) HandIn(ctx context.Context, who citizen.ID, level citizen.Level, id string) (x Errand, err error) {
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if x, err = d.draft(ctx, tx, who, id); err != nil {
			return err
		}
		m, err := d.Merged(ctx, x)
		if err != nil {
			return err
		}
		if err := citizen.RequireLevel(level, m.level()); err != nil {
			return err
		}
		if wrong := m.gaps(x); len(wrong) > 0 {
			return ErrForm.With(wrong...)
		}
		x.State, x.Level, x.HandedInAt = Running, level, d.Now()
		return tx.SaveErrand(ctx, x, Draft)
	})
	return x, err
}

// level is how far who hands in the whole must have proved who they are: as
// far as the strictest item that is handed in online.
func (m Merged) level() citizen.Level {
	need := citizen.LevelRealName
	for _, s := range m.Steps {
		if s.Item.Online {
			need = max(need, citizen.Level(s.Item.IdentityLevel))
		}
	}
	return need
}

// known are fields that fill themselves in from the person's own proof.
var known = map[string]bool{"applicant_name": true, "applicant_id_number": true, "applicant_phone": true}

func (m Merged) gaps(x Errand) (wrong []fault.Field) {
	for _, f := range m.Fields {
		if f.From == "" && f.Required && !known[f.Name] && x.Form[f.Name] == "" {
			wrong = append(wrong, fault.Field{Path: "form." + f.Name, Text: f.Label + "：必填"})
		}
	}
	for _, r := range m.Materials {
		if _, said := x.Conditions[r.Material.Code]; r.Condition != "" && r.Asked() && !said {
			wrong = append(wrong, fault.Field{Path: "conditions." + string(r.Material.Code), Text: r.Material.Name + "：请说明是否" + r.Condition})
		}
	}
	return wrong
}
