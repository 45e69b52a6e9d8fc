package exchange

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Use (共享使用记录) is one line of the ledger of what was taken from where, what
// for and by which right.
type Use struct {
	ID        string
	Case      string
	Person    citizen.ID
	Item      catalog.ItemCode
	Source    string
	Material  catalog.MaterialCode // "" for a field
	Field     string               // "" for a material
	Value     string
	Ref       string
	Basis     string
	ConsentAt time.Time
	At        time.Time
	State     UseState
	EndedAt   time.Time
	Why       string    // it ended
	FlaggedAt time.Time // when those who handle the case were told
}

// UseState is whether what was taken still stands.
type UseState string

// The states of a use.
const (
	InUse      UseState = "in_use"
	UseEnded   UseState = "objected" // the person objected
	UseRevoked UseState = "revoked"  // the base took it back
)

// Standing is where a base stands in one application, as it is kept.
type Standing struct {
	Source    string
	State     State
	ConsentAt time.Time
	AskedAt   time.Time
}

// uses tells which of what was found an application has made use of: took says
// whether it took a material, and what stands in its fields.
func (d *Desk) uses(n Need, g Gathered, took func(catalog.MaterialCode, string) bool, form map[string]string) (list []Use) {
	for _, f := range g {
		u := Use{
			Case: n.Case, Person: n.Person.ID, Item: n.Item.Code, Source: f.Want.Source.Name, Basis: f.Want.Source.Basis,
			ConsentAt: n.Consents[f.Want.Source.Name], At: d.Now(), State: InUse,
		}
		for _, m := range f.Want.Materials {
			if fact := f.Facts[string(m.Code)]; fact.Given && took(m.Code, voucherWords(u.Source, fact.Value)) {
				v := u
				v.ID, v.Material, v.Value, v.Ref = d.NewID(), m.Code, fact.Value, fact.Ref
				list = append(list, v)
			}
		}
		for _, field := range f.Want.Fields {
			if fact := f.Facts[f.Want.Source.Column(field)]; fact.Given && form[field.Name] == fact.Value {
				v := u
				v.ID, v.Field, v.Value, v.Ref = d.NewID(), field.Name, fact.Value, fact.Ref
				list = append(list, v)
			}
		}
	}
	return list
}

// Keep stores, in the transaction of the application, the answers as long as
// they hold, where each base stands, and a line for each use. Repeating it
// adds no second line.
func (d *Desk) Keep(ctx context.Context, tx Case, n Need, g Gathered, took func(catalog.MaterialCode, string) bool, form map[string]string) error {
	for _, f := range g {
		for _, fact := range f.fresh {
			if err := tx.KeepFact(ctx, n.Person.ID, f.Want.Source.Name, fact); err != nil {
				return err
			}
		}
		s := Standing{Source: f.Want.Source.Name, State: f.State, ConsentAt: n.Consents[f.Want.Source.Name], AskedAt: d.Now()}
		if err := tx.SaveStanding(ctx, n.Case, s); err != nil {
			return err
		}
	}
	for _, u := range d.uses(n, g, took, form) {
		if err := tx.InsertUse(ctx, u); err != nil {
			return err
		}
	}
	return nil
}
