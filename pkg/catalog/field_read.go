package catalog

import (
	"regexp"
	"strings"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

const fieldsFile = "catalogue/item_fields.csv"

var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// readFields reads all rows before it compares them: only then is it known what
// most rows say of a field, and so which ones are out of line.
func readFields(book *sheet.Book, items map[ItemCode]*Item) {
	table := book.Table(fieldsFile, "item", "field", "label", "type", "required", "autofill_from", "enum_values")
	rows := map[string][]fieldRow{}
	for _, row := range table.Rows {
		item, known := sheet.Ref(row, "item", items)
		f := readField(row)
		if row.Unique("item", "field") && known && row.Sound() {
			rows[f.Name] = append(rows[f.Name], fieldRow{f.Name, shapeOf(f), row})
			item.Fields = append(item.Fields, f)
		}
	}
	for _, same := range rows {
		checkSame(same)
	}
}

func readField(row *sheet.Row) Field {
	f := Field{
		Name:     row.Need("field"),
		Label:    row.Need("label"),
		Type:     sheet.Enum(row, "type", Text, IDNumber, Phone, Address, Enum, Number, USCC, Date, Bool),
		Required: row.Bool("required"),
		Autofill: row.Text("autofill_from"),
		Enum:     row.List("enum_values"),
	}
	if f.Name != "" && !fieldName.MatchString(f.Name) {
		row.Fault("field", "字段名只能用小写字母、数字和下划线：%s", f.Name)
	}
	if base, column, ok := strings.Cut(f.Autofill, "."); f.Autofill != "" && (!ok || base == "" || column == "") {
		row.Fault("autofill_from", "应写作 库名.字段名：%s", f.Autofill)
	}
	switch {
	case f.Type == "":
	case f.Type == Enum && row.Text("enum_values") == "":
		row.Fault("enum_values", "enum 字段应列出可选值")
	case f.Type != Enum && len(f.Enum) > 0:
		row.Fault("enum_values", "只有 enum 字段可以有可选值")
	}
	return f
}

// fieldShape is what every row of a field must agree on.
type fieldShape struct {
	label    string
	kind     FieldType
	autofill string
	values   string
}

func shapeOf(f Field) fieldShape {
	return fieldShape{f.Label, f.Type, f.Autofill, strings.Join(f.Enum, "|")}
}

type fieldRow struct {
	name  string
	shape fieldShape
	row   *sheet.Row
}

// checkSame holds each row of a field against what most of them say.
func checkSame(rows []fieldRow) {
	count := map[fieldShape]int{}
	usual := rows[0]
	for _, r := range rows {
		count[r.shape]++
	}
	for _, r := range rows {
		if count[r.shape] > count[usual.shape] {
			usual = r
		}
	}
	for _, r := range rows {
		r.mustAgree("label", r.shape.label == usual.shape.label, usual)
		r.mustAgree("type", r.shape.kind == usual.shape.kind, usual)
		r.mustAgree("autofill_from", r.shape.autofill == usual.shape.autofill, usual)
		r.mustAgree("enum_values", r.shape.values == usual.shape.values, usual)
	}
}

func (r fieldRow) mustAgree(column string, agrees bool, usual fieldRow) {
	if !agrees {
		r.row.Fault(column, "字段 %s 应与第 %d 行一致", r.name, usual.row.Line)
	}
}
