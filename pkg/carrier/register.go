// Package carrier (快递公司) decides which courier companies take a result
// where, and what that costs whom. It is the city's own list: own staff, those
// who work with our pages, and those that have an interface of their own.
package carrier

import (
	"cmp"
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Via is how a company hears of its parcels.
type Via string

// The ways.
const (
	Pages     Via = "pages"     // its couriers work with our pages; so do the city's own
	Kuaidi100 Via = "kuaidi100" // through the aggregator's interface (快递100)
)

// Remote says whether the company has an interface of its own.
func (v Via) Remote() bool { return v != "" && v != Pages }

// Payer is who pays for a parcel.
type Payer string

// The payers.
const (
	City   Payer = "city"   // 财政承担，申请人免费
	Person Payer = "person" // 申请人承担
)

// Company is one courier company of the city.
type Company struct {
	Name  string
	Via   Via
	Code  string // of the carrier, at the aggregator
	Areas []Area
}

// Area is a division that a company serves, with all inside it.
type Area struct {
	Division place.DivisionCode
	Fee      int64 // fen
	Payer    Payer
}

// Offer is a company that would take a parcel to a place.
type Offer struct {
	Company string
	Via     Via
	Fee     int64 // fen, whoever pays
	Owed    int64 // fen, by the person
}

// Register is the city's list. It does not change once read; nil is an empty
// one: then nothing is known of fees and areas.
type Register struct {
	companies []Company
	places    *place.Register
}

// File names the sheet; it may be left out.
const File = "couriers.csv"

// feeMost bounds a fee, in fen: whoever meant yuan notices.
const feeMost = 100_00

// Collect reads the sheet in a book and notes what is wrong with it.
func Collect(book *sheet.Book, places *place.Register) *Register {
	r := &Register{places: places}
	if !book.Has(File) {
		return r
	}
	known := map[place.DivisionCode]*place.Division{}
	for _, d := range places.Divisions() {
		known[d.Code] = d
	}
	for _, row := range book.Table(File, "company", "via", "code", "division", "fee_fen", "payer").Rows {
		r.read(row, known)
	}
	return r
}

func (r *Register) read(row *sheet.Row, known map[place.DivisionCode]*place.Division) {
	c := Company{Name: row.Need("company"), Via: sheet.Enum(row, "via", Pages, Kuaidi100), Code: row.Text("code")}
	a := Area{Fee: int64(row.Int("fee_fen", 0, feeMost)), Payer: sheet.Enum(row, "payer", City, Person)}
	d, ok := sheet.Ref(row, "division", known)
	row.Unique("company", "division")
	if c.Via != "" && c.Via.Remote() != (c.Code != "") {
		row.Fault("code", "通过接口下单的公司必填它在接口里的编码，其他公司应留空")
	}
	if !ok || !row.Sound() {
		return
	}
	a.Division = d.Code
	i := slices.IndexFunc(r.companies, func(have Company) bool { return have.Name == c.Name })
	if i < 0 {
		r.companies, i = append(r.companies, c), len(r.companies)
	}
	if have := r.companies[i]; have.Via != c.Via || have.Code != c.Code {
		row.Fault("via", "同一家公司的 via 和 code 应一致")
		return
	}
	r.companies[i].Areas = append(r.companies[i].Areas, a)
}

// Company gives a company of the list.
func (r *Register) Company(name string) (Company, bool) {
	if r == nil {
		return Company{}, false
	}
	i := slices.IndexFunc(r.companies, func(c Company) bool { return c.Name == name })
	if i < 0 {
		return Company{}, false
	}
	return r.companies[i], true
}

// Offers lists who takes a parcel to a division, the cheapest for the person
// first.
func (r *Register) Offers(to place.DivisionCode) (list []Offer) {
	if r == nil {
		return nil
	}
	for _, c := range r.companies {
		if o, ok := r.offer(c, to); ok {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(a.Owed, b.Owed), cmp.Compare(a.Fee, b.Fee), cmp.Compare(a.Company, b.Company))
	})
	return list
}

// Offer is what a company asks for a parcel to a division; ok is false where it
// does not go there.
func (r *Register) Offer(company string, to place.DivisionCode) (o Offer, ok bool) {
	c, known := r.Company(company)
	if !known {
		return o, false
	}
	return r.offer(c, to)
}

// offer takes the narrowest of the company's areas that holds the division.
func (r *Register) offer(c Company, to place.DivisionCode) (o Offer, ok bool) {
	deepest := -1
	for _, a := range c.Areas {
		if !r.places.Within(to, a.Division) {
			continue
		}
		if depth := len(r.places.Ancestors(a.Division)); depth > deepest {
			deepest, o = depth, Offer{Company: c.Name, Via: c.Via, Fee: a.Fee}
			if a.Payer == Person {
				o.Owed = a.Fee
			}
		}
	}
	return o, deepest >= 0
}
