package catalog

import "github.com/yimen-gov/yimen/pkg/sheet"

const requirementsFile = "catalogue/item_materials.csv"

func readRequirements(book *sheet.Book, items map[ItemCode]*Item, materials map[MaterialCode]*Material) {
	table := book.Table(requirementsFile, "item", "material", "core", "copies", "condition", "note", "tolerable")
	for _, row := range table.Rows {
		item, okItem := sheet.Ref(row, "item", items)
		material, okMaterial := sheet.Ref(row, "material", materials)
		r := Requirement{
			Material:  material,
			Core:      row.Bool("core"),
			Tolerable: row.Bool("tolerable"),
			Copies:    row.Int("copies", 0, 100),
			Condition: row.Text("condition"),
			Note:      row.Text("note"),
		}
		if row.Unique("item", "material") && okItem && okMaterial {
			checkRequirement(row, r, item, items)
			item.Requirements = append(item.Requirements, r)
		}
	}
}

// checkRequirement applies R-06: what is core is never tolerable, and only a
// tolerant item tolerates anything.
func checkRequirement(row *sheet.Row, r Requirement, item *Item, items map[ItemCode]*Item) {
	if !row.Sound() {
		return
	}
	if r.Core && r.Tolerable {
		row.Fault("tolerable", "主审要件（core）不得容缺")
	}
	if r.Tolerable && !item.Tolerant && item.sound {
		row.Fault("tolerable", "事项 %s 不可容缺", string(item.Code))
	}
	if r.Material.Form == Electronic && r.Copies != 0 {
		row.Fault("copies", "电子材料的份数应为 0：%d", r.Copies)
	}
}
