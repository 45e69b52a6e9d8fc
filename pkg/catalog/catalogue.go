// Package catalog (事项目录) holds what a city's people can apply for: items,
// the materials and form fields each one asks for, themes, life stages and
// pushes. It decides what an item is; it is the only source of that, and
// refuses a catalogue that contradicts itself.
package catalog

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Catalogue is one edition of everything that can be applied for. It does not
// change once read, so any number of callers may use it at once.
type Catalogue struct {
	departments map[DepartmentCode]*Department
	materials   map[MaterialCode]*Material
	items       map[ItemCode]*Item
	themes      map[ThemeCode]*Theme
	stages      map[LifeStageCode]*LifeStage
	pushes      map[ItemCode][]Push
	fields      map[string]Field
	sources     map[string]*Source

	sortedItems  []*Item
	sortedThemes []*Theme
	index        *index
}

// Files names the sheets that a Catalogue is read from.
func Files() []string {
	return []string{
		departmentsFile, itemsFile, legalUnitsFile, materialsFile, requirementsFile, fieldsFile,
		lifeStagesFile, lifeStageItemsFile, pushesFile, themesFile, themeItemsFile,
		instantFile, themeOutputsFile, sourcesFile, linesFile,
	}
}

// Read reads catalogue/*.csv; Files names the sheets, of which legal_units.csv,
// instant_rules.csv, theme_outputs.csv, sources.csv and lines.csv may be left out. The
// error is sheet.Faults with everything that is wrong.
func Read(fsys fs.FS) (*Catalogue, error) {
	book := sheet.Open(fsys)
	c := Collect(book, nil)
	if err := book.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Collect is Read for a book with other sheets: it notes what is wrong there,
// and gives the part of the catalogue that could be read. With places given,
// each item must find offices that can accept and decide it.
func Collect(book *sheet.Book, places *place.Register) *Catalogue {
	c := &Catalogue{}
	c.departments = readDepartments(book)
	c.materials = readMaterials(book)
	items := readItems(book, c.departments, places)
	c.items = items
	readLegalUnits(book, items)
	readRequirements(book, items, c.materials)
	readFields(book, items)
	c.stages = readLifeStages(book, items)
	c.themes = readThemes(book, items)
	readInstant(book, items)
	readLines(book, items)
	readThemeOutputs(book, c.themes, items, c.materials)
	c.fields = fieldsByName(items)
	c.sources = readSources(book, c.departments, c.materials, c.fields)
	c.pushes = readPushes(book, items)
	c.sortedItems = slices.SortedFunc(maps.Values(c.items), func(a, b *Item) int {
		return cmp.Compare(a.Code, b.Code)
	})
	c.sortedThemes = slices.SortedFunc(maps.Values(c.themes), func(a, b *Theme) int {
		return cmp.Compare(a.Code, b.Code)
	})
	c.index = newIndex(c.sortedItems, c.sortedThemes)
	return c
}

// Item gives the item with this code, or ErrNoItem.
func (c *Catalogue) Item(code ItemCode) (*Item, error) {
	if item, ok := c.items[code]; ok {
		return item, nil
	}
	return nil, ErrNoItem
}

// Items gives all items, sorted by code. The slice is the caller's own.
func (c *Catalogue) Items() []*Item { return slices.Clone(c.sortedItems) }

// Theme gives the theme with this code, or ErrNoTheme.
func (c *Catalogue) Theme(code ThemeCode) (*Theme, error) {
	if theme, ok := c.themes[code]; ok {
		return theme, nil
	}
	return nil, ErrNoTheme
}

// Themes gives all themes, sorted by code. The slice is the caller's own.
func (c *Catalogue) Themes() []*Theme { return slices.Clone(c.sortedThemes) }

// Department gives the department with this code, or ErrNoDepartment.
func (c *Catalogue) Department(code DepartmentCode) (*Department, error) {
	if d, ok := c.departments[code]; ok {
		return d, nil
	}
	return nil, ErrNoDepartment
}

// Departments gives all departments, sorted by code.
func (c *Catalogue) Departments() []*Department {
	return slices.SortedFunc(maps.Values(c.departments), func(a, b *Department) int {
		return cmp.Compare(a.Code, b.Code)
	})
}

// Material gives the material with this code, or ErrNoMaterial.
func (c *Catalogue) Material(code MaterialCode) (*Material, error) {
	if m, ok := c.materials[code]; ok {
		return m, nil
	}
	return nil, ErrNoMaterial
}

// Materials gives all materials, sorted by code.
func (c *Catalogue) Materials() []*Material {
	return slices.SortedFunc(maps.Values(c.materials), func(a, b *Material) int {
		return cmp.Compare(a.Code, b.Code)
	})
}

// LifeStages gives the life stages in the order of a life.
func (c *Catalogue) LifeStages() []*LifeStage {
	return slices.SortedFunc(maps.Values(c.stages), func(a, b *LifeStage) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Code, b.Code))
	})
}

// PushesAfter gives what to offer to a person whose application for item has
// succeeded, in the order of the catalogue.
func (c *Catalogue) PushesAfter(item ItemCode) []Push { return slices.Clone(c.pushes[item]) }
