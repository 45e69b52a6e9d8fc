package citizen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrganisationsAreNamedAsRegistersNameThem(t *testing.T) {
	for given, want := range map[string]string{
		"佛山市样例商贸有限公司":         "佛山市样例商贸有限公司",
		" 佛山市样例(集团)有限公司 ":     "佛山市样例（集团）有限公司",
		"佛山样例合伙企业（有限合伙）":      "佛山样例合伙企业（有限合伙）",
		"禅城区3号小卖部":            "禅城区3号小卖部",
		"Foshan  Sample Ltd.": "Foshan Sample Ltd.",
	} {
		n, err := ParseOrgName(given)
		require.NoError(t, err, given)
		require.Equal(t, want, n.String())
		again, err := ParseOrgName(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
	}
	for _, given := range []string{"", "佛", "12345678", "（）", "样例\n公司;DROP", "<b>样例公司</b>", strings.Repeat("样", 61), "样例\x00公司"} {
		_, err := ParseOrgName(given)
		require.ErrorIs(t, err, ErrOrgName, given)
	}
}

func FuzzParseOrgName(f *testing.F) {
	f.Add("佛山市样例(集团)有限公司")
	f.Add("\xff·")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseOrgName(text)
		if err != nil {
			require.ErrorIs(t, err, ErrOrgName)
			return
		}
		again, err := ParseOrgName(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
	})
}
