package city

import (
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// delegation (事项下放与授权) is where a city departs from the levels that the
// catalogue states: a district or town that delegates an item in its own way,
// and an office that has, or lacks, a window for it.
type delegation struct {
	areas   map[areaItem]override
	windows map[officeItem]int
}

type areaItem struct {
	division place.DivisionCode
	item     catalog.ItemCode
}

type officeItem struct {
	office place.OfficeCode
	item   catalog.ItemCode
}

type override struct {
	accept []place.Level
	decide place.Level // 0 = as the catalogue says
}

const (
	delegationsFile = "delegations.csv"
	windowsFile     = "office_items.csv"
)

// readDelegation reads both sheets, which may be left out: then the catalogue
// holds everywhere.
func readDelegation(book *sheet.Book, c *catalog.Catalogue, p *place.Register) delegation {
	items := map[catalog.ItemCode]*catalog.Item{}
	for _, i := range c.Items() {
		items[i.Code] = i
	}
	d := delegation{map[areaItem]override{}, map[officeItem]int{}}
	if book.Has(delegationsFile) {
		d.readAreas(book, items, p)
	}
	if book.Has(windowsFile) {
		d.readWindows(book, items, p)
	}
	return d
}

func (d delegation) readAreas(book *sheet.Book, items map[catalog.ItemCode]*catalog.Item, p *place.Register) {
	divisions := map[place.DivisionCode]*place.Division{}
	for _, v := range p.Divisions() {
		divisions[v.Code] = v
	}
	for _, row := range book.Table(delegationsFile, "item", "division", "accept_levels", "decide_level").Rows {
		row.Unique("item", "division")
		item, okItem := sheet.Ref(row, "item", items)
		division, okDivision := sheet.Ref(row, "division", divisions)
		var o override
		row.Need("accept_levels")
		for _, name := range row.List("accept_levels") {
			o.accept = append(o.accept, readLevel(row, "accept_levels", name))
		}
		if name := row.Text("decide_level"); name != "" {
			o.decide = readLevel(row, "decide_level", name)
		}
		if okItem && okDivision {
			d.areas[areaItem{division.Code, item.Code}] = o
		}
	}
}

func readLevel(row *sheet.Row, column, name string) place.Level {
	level, ok := place.ParseLevel(name)
	if !ok {
		row.Fault(column, "应为 village、town、district、city 之一：%s", name)
	}
	return level
}

func (d delegation) readWindows(book *sheet.Book, items map[catalog.ItemCode]*catalog.Item, p *place.Register) {
	offices := map[place.OfficeCode]*place.Office{}
	for _, o := range p.Offices() {
		offices[o.Code] = o
	}
	for _, row := range book.Table(windowsFile, "office", "item", "windows").Rows {
		row.Unique("office", "item")
		office, okOffice := sheet.Ref(row, "office", offices)
		item, okItem := sheet.Ref(row, "item", items)
		windows := row.Int("windows", 0, 1000)
		if !okOffice || !okItem {
			continue
		}
		if windows > office.Windows && row.Sound() {
			row.Fault("windows", "该网点只有 %d 个窗口：%d", office.Windows, windows)
		}
		d.windows[officeItem{office.Code, item.Code}] = windows
	}
}

// Takes says whether an office may accept an item from somebody of a division,
// be it the person's home or the seat of what it is about; "" stands for
// anybody. Whoever offers offices, sells their slots or opens cases asks here.
//
// An office with windows for the item takes it, one without any does not; for
// the others the nearest area above them with a delegation of its own says
// which levels do, and the catalogue where there is none. An item that is not
// handled citywide (同城通办) is accepted only by an office whose area holds
// the division.
func (e *Edition) Takes(item *catalog.Item, office *place.Office, home place.DivisionCode) bool {
	return e.delegated(item, office) && (item.Citywide || e.Serves(office, home))
}

// Serves says whether an office's area may hold a home. It may where the home is
// not known, or known only as a wider area: then nobody is turned away.
func (e *Edition) Serves(office *place.Office, home place.DivisionCode) bool {
	if _, err := e.Places.Division(home); err != nil {
		return true
	}
	return e.Places.Within(home, office.Division) || e.Places.Within(office.Division, home)
}

func (e *Edition) delegated(item *catalog.Item, office *place.Office) bool {
	if windows, ok := e.delegation.windows[officeItem{office.Code, item.Code}]; ok {
		return windows > 0
	}
	if o, ok := e.override(item, office.Division); ok {
		return slices.Contains(o.accept, office.Level)
	}
	return item.AcceptableAt(office.Level)
}

// WindowsFor is at how many windows an office takes an item; false where all of
// them do.
func (e *Edition) WindowsFor(item catalog.ItemCode, office place.OfficeCode) (windows int, limited bool) {
	windows, limited = e.delegation.windows[officeItem{office, item}]
	return windows, limited
}

// override is the delegation of the nearest area from a division upwards.
func (e *Edition) override(item *catalog.Item, division place.DivisionCode) (o override, ok bool) {
	if len(e.delegation.areas) == 0 {
		return o, false
	}
	if o, ok = e.delegation.areas[areaItem{division, item.Code}]; ok {
		return o, true
	}
	for _, d := range e.Places.Ancestors(division) {
		if o, ok = e.delegation.areas[areaItem{d.Code, item.Code}]; ok {
			return o, true
		}
	}
	return o, false
}

// Decides finds whose authority decides what an office accepts from somebody
// of a division: the division of the deciding level above the office, or the
// office's own where it stands as high. Where the office accepts for another
// area, the authority above the person's division decides.
func (e *Edition) Decides(item *catalog.Item, office *place.Office, home place.DivisionCode) place.DivisionCode {
	at, level := office.Division, office.Level
	if d, err := e.Places.Division(home); err == nil && !e.Serves(office, home) {
		at, level = d.Code, d.Level
	}
	decide := item.DecideLevel
	if o, ok := e.override(item, at); ok && o.decide != 0 {
		decide = o.decide
	}
	for _, d := range e.Places.Ancestors(at) {
		if level < decide && d.Level >= decide {
			return d.Code
		}
	}
	return at
}
