package catalog

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

const themeOutputsFile = "catalogue/theme_outputs.csv"

// subjectLicence is the licence that gives an enterprise its credit code.
const subjectLicence = "营业执照"

// Yields says whether an item of a theme ends in this material, so that a later
// item need not ask for it: the result is that kind of licence, bears its name,
// or the catalogue says so.
func (t *Theme) Yields(item *Item, m *Material) bool {
	if t.outputs[item.Code][m.Code] {
		return true
	}
	result := item.ResultName
	if result == "" || m.Form == FilledForm {
		return false
	}
	return result == m.LicenceKind || result == m.Name || strings.Contains(m.Name, result) || strings.Contains(result, m.Name)
}

// YieldsField says whether an item of a theme ends in the value of a field:
// the licence that creates an enterprise gives its credit code.
func (t *Theme) YieldsField(item *Item, f Field) bool {
	if f.Type != USCC || f.Name != "uscc" || item.ResultName != subjectLicence {
		return false
	}
	for _, own := range item.Fields { // who names its own code exists already
		if own.Name == f.Name {
			return false
		}
	}
	return true
}

// readThemeOutputs reads what items of a theme bring about under another name.
// The sheet may be left out.
func readThemeOutputs(book *sheet.Book, themes map[ThemeCode]*Theme, items map[ItemCode]*Item, materials map[MaterialCode]*Material) {
	if !book.Has(themeOutputsFile) {
		return
	}
	for _, row := range book.Table(themeOutputsFile, "theme", "item", "material").Rows {
		theme, okTheme := sheet.Ref(row, "theme", themes)
		item, okItem := sheet.Ref(row, "item", items)
		material, okMaterial := sheet.Ref(row, "material", materials)
		if !row.Unique("theme", "item", "material") || !okTheme || !okItem || !okMaterial {
			continue
		}
		if theme.outputs == nil {
			theme.outputs = map[ItemCode]map[MaterialCode]bool{}
		}
		if theme.outputs[item.Code] == nil {
			theme.outputs[item.Code] = map[MaterialCode]bool{}
		}
		theme.outputs[item.Code][material.Code] = true
	}
}
