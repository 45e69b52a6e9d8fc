package api

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// masks is the one table of what staff see of a form before they say what they
// need it for: by the field's type and how its name ends. What no line names is
// shown whole: it says what is applied for, not who applies.
var masks = []struct {
	kind catalog.FieldType
	ends string // "" = any name
	keep keep
}{
	{catalog.IDNumber, "", keep{4, 4}},
	{catalog.Phone, "", keep{3, 4}},
	{catalog.Address, "", keep{6, 0}}, // 佛山市禅城区****
	{catalog.Text, "_name", keep{1, 0}},
	{catalog.Text, "name_before", keep{1, 0}},
	{catalog.Text, "name_after", keep{1, 0}},
	{catalog.Text, "door_plate_old", keep{1, 0}},
	{catalog.Text, "_pinyin", keep{1, 0}},
	{catalog.Text, "_contact", keep{1, 0}}, // 紧急联系人及电话
	{catalog.Text, "_list", keep{1, 0}},    // 股东及出资情况
	{catalog.Text, "_account", keep{4, 4}},
	{catalog.Text, "_no", keep{2, 2}}, // passports, licences, permits
}

// keep says how many characters at both ends stay readable.
type keep struct{ first, last int }

// hide masks a value. One that is so short that little would be hidden is
// hidden whole.
func (k keep) hide(value string) string {
	r := []rune(value)
	if len(r) <= k.first+k.last {
		return strings.Repeat("*", len(r))
	}
	hidden := strings.Repeat("*", len(r)-k.first-k.last)
	return string(r[:k.first]) + hidden + string(r[len(r)-k.last:])
}

// MaskForm hides a form's personal values, by the fields of its item. A value
// whose field the item does not know is hidden whole.
func MaskForm(fields []catalog.Field, form map[string]string) map[string]string {
	if form == nil {
		return nil
	}
	masked := make(map[string]string, len(form))
	for name, value := range form {
		masked[name] = keep{}.hide(value)
	}
	for _, f := range fields {
		if value, ok := form[f.Name]; ok {
			masked[f.Name] = maskField(f, value)
		}
	}
	return masked
}

// MaskFile hides all of a file's name but how it ends.
func MaskFile(name string) string {
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		return keep{1, 0}.hide(name[:at]) + name[at:]
	}
	return keep{1, 0}.hide(name)
}

func maskField(f catalog.Field, value string) string {
	for _, m := range masks {
		if m.kind == f.Type && strings.HasSuffix(f.Name, m.ends) {
			return m.keep.hide(value)
		}
	}
	return value
}
