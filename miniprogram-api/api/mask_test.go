package api

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
)

func TestAFormIsMaskedByItsFields(t *testing.T) {
	for _, tc := range []struct {
		name        string
		kind        catalog.FieldType
		value, want string
	}{
		{"applicant_name", catalog.Text, "甄样例", "甄**"},
		{"applicant_name", catalog.Text, "甄", "*"},
		{"agent_name", catalog.Text, "阿卜杜拉·买买提", "阿*******"},
		{"applicant_id_number", catalog.IDNumber, "440604199001018626", "4406**********8626"},
		{"applicant_id_number", catalog.IDNumber, "4406", "****"},
		{"applicant_phone", catalog.Phone, "19900000101", "199****0101"},
		{"contact_phone", catalog.Phone, "0757-83211234", "075******1234"},
		{"residence_address", catalog.Address, "佛山市禅城区石湾镇街道样例路1号", "佛山市禅城区**********"},
		{"residence_address", catalog.Address, "样例路", "***"},
		{"name_before", catalog.Text, "甄旧名", "甄**"},
		{"bank_account", catalog.Text, "6222021234567890", "6222********7890"},
		{"passport_no", catalog.Text, "E12345678", "E1*****78"},
		{"emergency_contact", catalog.Text, "甄母 19900000102", "甄*************"},
		{"permit_basis", catalog.Enum, "合法稳定住所", "合法稳定住所"},
		{"business_scope", catalog.Text, "餐饮服务", "餐饮服务"},
		{"building_area", catalog.Number, "120.5", "120.5"},
		{"any", catalog.Text, "", ""},
	} {
		got := MaskForm([]catalog.Field{{Name: tc.name, Type: tc.kind}}, map[string]string{tc.name: tc.value})
		require.Equal(t, map[string]string{tc.name: tc.want}, got, "%s %s", tc.name, tc.value)
	}
}

func TestAFieldThatTheItemDoesNotKnowIsHidden(t *testing.T) {
	got := MaskForm(nil, map[string]string{"old_field": "甄样例"})
	require.Equal(t, map[string]string{"old_field": "***"}, got)
	require.Nil(t, MaskForm(nil, nil))
}

func TestTheFormItselfStaysWhole(t *testing.T) {
	form := map[string]string{"applicant_name": "甄样例"}
	MaskForm([]catalog.Field{{Name: "applicant_name", Type: catalog.Text}}, form)
	require.Equal(t, "甄样例", form["applicant_name"])
}

func TestAMaskAlwaysHidesSomethingAndKeepsTheLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringN(1, 40, -1).Draw(t, "value")
		m := rapid.SampledFrom(masks).Draw(t, "mask")
		masked := []rune(m.keep.hide(value))
		require.Len(t, masked, len([]rune(value)))
		require.Contains(t, string(masked), "*")
	})
}

// Every field of the sample city that names a person, a number or a place is
// in the table, so that a new field is looked at.
func TestNoPersonalFieldOfTheSampleCityIsShownWhole(t *testing.T) {
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)
	words := []string{"姓名", "号码", "电话", "手机", "地址", "账号", "证号"}
	for _, item := range e.Catalogue.Items() {
		for _, f := range item.Fields {
			personal := false
			for _, w := range words {
				personal = personal || strings.Contains(f.Label, w)
			}
			if personal && f.Type != catalog.USCC {
				const value = "一二三四五六七八九十"
				require.NotEqual(t, value, maskField(f, value), "%s %s is shown whole", f.Name, f.Label)
			}
		}
	}
}
