package catalog

import (
	"maps"
	"slices"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

const linesFile = "catalogue/lines.csv"

// readLines reads which items are handled in a department's own line system
// (专线系统). The sheet may be left out: then none is.
func readLines(book *sheet.Book, items map[ItemCode]*Item) {
	if !book.Has(linesFile) {
		return
	}
	for _, row := range book.Table(linesFile, "item", "system").Rows {
		item, ok := sheet.Ref(row, "item", items)
		system := row.Need("system")
		if row.Unique("item") && ok && row.Sound() {
			item.Line = system
		}
	}
}

// Lines names the line systems, sorted.
func (c *Catalogue) Lines() []string {
	systems := map[string]bool{}
	for _, item := range c.items {
		if item.Line != "" {
			systems[item.Line] = true
		}
	}
	return slices.Sorted(maps.Keys(systems))
}
