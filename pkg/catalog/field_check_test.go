package catalog_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

func TestAFieldTakesWhatItsTypeSays(t *testing.T) {
	for kind, values := range map[catalog.FieldType]struct{ good, bad []string }{
		catalog.Text:     {[]string{"张三", "a b", strings.Repeat("字", 200)}, []string{strings.Repeat("字", 201), "a\nb", "a\x00b", "a\u202eb", "\xff"}},
		catalog.Address:  {[]string{"佛山市禅城区祖庙路1号"}, []string{"一\t二"}},
		catalog.IDNumber: {[]string{"440601199001011234", "44060119900101123X", "44060119900101123x"}, []string{"123", "44060119900101123Y", "４４０６０１１９９００１０１１２３４", "440601900101123", " 440601199001011234"}},
		catalog.Phone:    {[]string{"13800138000", "+8613800138000", "0757-83320000", "075783320000", "010-12345678"}, []string{"12800138000", "1380013800", "138001380000", "83320000", "13800138000 ", "+1 415 555 2671"}},
		catalog.USCC:     {[]string{"91440600MA4UQABC1X", "914406000000000000"}, []string{"91440600MA4UQABCIX", "91440600ma4uqabc1x", "9144"}},
		catalog.Enum:     {[]string{"甲", "乙"}, []string{"丙", "甲 ", "甲|乙"}},
		catalog.Number:   {[]string{"0", "12", "-3", "3.14", "007"}, []string{"NaN", "Inf", "-Inf", "1e3", "0x10", "1_000", "1,000", "１２", ".5", "5.", "1234567890123456", "--1", "+1"}},
		catalog.Date:     {[]string{"2026-01-31", "2024-02-29", "1949-10-01"}, []string{"2026-02-29", "2026-1-31", "2026/01/31", "20260131", "2026-01-31T00:00:00Z", "2026-13-01", "今天"}},
		catalog.Bool:     {[]string{"true", "false"}, []string{"是", "1", "TRUE", "yes"}},
	} {
		f := catalog.Field{Label: "某项", Type: kind, Enum: []string{"甲", "乙"}}
		for _, value := range values.good {
			require.Empty(t, f.Check(value), "%s: %q", kind, value)
		}
		for _, value := range values.bad {
			require.NotEmpty(t, f.Check(value), "%s: %q", kind, value)
		}
	}
}

func TestOnlyARequiredFieldMustBeFilled(t *testing.T) {
	for _, empty := range []string{"", " ", "　"} {
		require.Empty(t, catalog.Field{Label: "备注", Type: catalog.Date}.Check(empty))
		require.Equal(t, "请填写备注", catalog.Field{Label: "备注", Type: catalog.Date, Required: true}.Check(empty))
	}
}

func TestNoFieldTakesBrokenOrEndlessText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := catalog.Field{Type: rapid.SampledFrom([]catalog.FieldType{
			catalog.Text, catalog.IDNumber, catalog.Phone, catalog.Address, catalog.Enum,
			catalog.Number, catalog.USCC, catalog.Date, catalog.Bool,
		}).Draw(t, "type")}
		bad := rapid.SampledFrom([]string{"\xff", "\x00", "\n", "\u200b", strings.Repeat("长", 201)}).Draw(t, "bad")
		around := rapid.String().Draw(t, "around")
		require.NotEmpty(t, f.Check(around+bad))
		require.NotEmpty(t, f.Check(bad+around))
	})
}
