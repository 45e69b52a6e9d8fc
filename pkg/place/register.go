package place

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Register is what is known about a city's divisions and offices. It does not
// change once read, so any number of callers may use it at once.
type Register struct {
	divisions map[DivisionCode]*Division
	offices   map[OfficeCode]*Office
	sorted    []*Office
}

// Files names the sheets that a Register is read from.
func Files() []string { return []string{divisionsFile, officesFile} }

// Read reads divisions.csv and offices.csv. The error is sheet.Faults with
// everything that is wrong.
func Read(fsys fs.FS) (*Register, error) {
	book := sheet.Open(fsys)
	r := Collect(book)
	if err := book.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// Collect is Read for a book with other sheets: it notes what is wrong there,
// and gives the part of the register that could be read.
func Collect(book *sheet.Book) *Register {
	r := &Register{divisions: readDivisions(book), offices: map[OfficeCode]*Office{}}
	readOffices(book, r)
	r.sorted = slices.SortedFunc(maps.Values(r.offices), func(a, b *Office) int {
		return cmp.Compare(a.Code, b.Code)
	})
	return r
}

// Office gives the office with this code, or ErrNoOffice.
func (r *Register) Office(code OfficeCode) (*Office, error) {
	if o, ok := r.offices[code]; ok {
		return o, nil
	}
	return nil, ErrNoOffice
}

// Offices gives all offices, sorted by code. The slice is the caller's own.
func (r *Register) Offices() []*Office { return slices.Clone(r.sorted) }

// OfficesOf gives the offices of a division itself, sorted by code.
func (r *Register) OfficesOf(division DivisionCode) (list []*Office) {
	for _, o := range r.sorted {
		if o.Division == division {
			list = append(list, o)
		}
	}
	return list
}

// Division gives the division with this code, or ErrNoDivision.
func (r *Register) Division(code DivisionCode) (*Division, error) {
	if d, ok := r.divisions[code]; ok {
		return d, nil
	}
	return nil, ErrNoDivision
}

// Divisions gives all divisions, sorted by code. The slice is the caller's own.
func (r *Register) Divisions() []*Division {
	return slices.SortedFunc(maps.Values(r.divisions), func(a, b *Division) int {
		return cmp.Compare(a.Code, b.Code)
	})
}

// Ancestors gives the divisions above this one, the nearest first.
func (r *Register) Ancestors(code DivisionCode) []*Division {
	var above []*Division
	d := r.divisions[code]
	for d != nil {
		parent := r.divisions[d.Parent]
		if parent == nil || parent.Level <= d.Level {
			break // the city; or a circle in a register that has faults
		}
		above = append(above, parent)
		d = parent
	}
	return above
}

// Within says whether division is ancestor itself or lies inside it. An unknown
// division is within nothing.
func (r *Register) Within(division, ancestor DivisionCode) bool {
	if _, ok := r.divisions[division]; !ok {
		return false
	}
	return division == ancestor || slices.ContainsFunc(r.Ancestors(division), func(d *Division) bool {
		return d.Code == ancestor
	})
}

// rooted says whether the divisions above lead to the city without a gap.
func (r *Register) rooted(code DivisionCode) bool {
	above := append([]*Division{r.divisions[code]}, r.Ancestors(code)...)
	top := above[len(above)-1]
	return top != nil && top.Level == City
}

// districtOf gives the district that division is or lies in, or "".
func (r *Register) districtOf(division DivisionCode) DivisionCode {
	for _, d := range append([]*Division{r.divisions[division]}, r.Ancestors(division)...) {
		if d != nil && d.Level == District {
			return d.Code
		}
	}
	return ""
}
