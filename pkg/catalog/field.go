package catalog

// FieldType says what a form field holds.
type FieldType string

// The types of a field.
const (
	Text     FieldType = "text"
	IDNumber FieldType = "id_number" // 公民身份号码, GB 11643
	Phone    FieldType = "phone"     // of the mainland, mobile or landline
	Address  FieldType = "address"
	Enum     FieldType = "enum"
	Number   FieldType = "number"
	USCC     FieldType = "uscc" // 统一社会信用代码, GB 32100
	Date     FieldType = "date" // 2026-01-31
	Bool     FieldType = "bool" // true or false
)

// Field is one field of an item's form (表单字段). Fields of the same name are
// the same everywhere but for Required, so a theme's form is the union.
type Field struct {
	Name     string
	Label    string
	Type     FieldType
	Required bool
	Autofill string   // the shared base and its column, such as 公安人口库.姓名; "" = none
	Enum     []string // for Enum only
}

// Field gives the field of this name, which is the same in every form.
func (c *Catalogue) Field(name string) (Field, bool) {
	f, ok := c.fields[name]
	return f, ok
}

func fieldsByName(items map[ItemCode]*Item) map[string]Field {
	all := map[string]Field{}
	for _, item := range items {
		for _, f := range item.Fields {
			all[f.Name] = f
		}
	}
	return all
}
