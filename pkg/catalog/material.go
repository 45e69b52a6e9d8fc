package catalog

import (
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// MaterialCode is the key of a material.
type MaterialCode string

// Form is the shape in which a material is handed in (材料形式).
type Form string

// The forms of a material.
const (
	Original   Form = "original"
	Copy       Form = "copy"
	Electronic Form = "electronic"
	FilledForm Form = "form" // a form that the applicant fills in
)

// Material is a paper or record that an item asks for (申请材料).
type Material struct {
	Code         MaterialCode
	Name         string
	NameEn       string
	Form         Form
	ReusableFrom string // the shared base that it can be fetched from; "" = must be handed in
	LicenceKind  string // the kind of licence that it is, such as 营业执照; "" = none
}

// ErrNoMaterial says that there is no material with this code.
var ErrNoMaterial = fault.New(fault.NotFound, "catalog.no_material", "没有这种材料，请重新选择")

const materialsFile = "catalogue/materials.csv"

func readMaterials(book *sheet.Book) map[MaterialCode]*Material {
	all := map[MaterialCode]*Material{}
	table := book.Table(materialsFile, "code", "name", "name_en", "form", "reusable_from", "licence_kind")
	for _, row := range table.Rows {
		m := &Material{
			Code:         MaterialCode(row.Code("code")),
			Name:         row.Need("name"),
			NameEn:       row.Text("name_en"),
			Form:         sheet.Enum(row, "form", Original, Copy, Electronic, FilledForm),
			ReusableFrom: row.Text("reusable_from"),
			LicenceKind:  row.Text("licence_kind"),
		}
		if row.Unique("code") && m.Code != "" {
			all[m.Code] = m
		}
		row.Unique("name")
	}
	return all
}
