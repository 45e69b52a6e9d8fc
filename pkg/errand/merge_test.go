package errand

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

func sample(t testing.TB) *catalog.Catalogue {
	c, err := catalog.Read(foshan.Files)
	require.NoError(t, err)
	return c
}

// TestOneFormAndOneSetSave: over all themes of the sample, asking once spares
// 60 % of the fields and 41 % of the materials.
func TestOneFormAndOneSetSave(t *testing.T) {
	var fields, materials, apartFields, apartMaterials int
	for _, theme := range sample(t).Themes() {
		m := Merge(theme)
		fields, materials = fields+len(m.Fields), materials+len(m.Materials)
		apartFields, apartMaterials = apartFields+m.Apart.Fields, apartMaterials+m.Apart.Materials
	}
	require.InDelta(t, 0.60, 1-float64(fields)/float64(apartFields), 0.005)
	require.InDelta(t, 0.41, 1-float64(materials)/float64(apartMaterials), 0.005)
}

// TestWhatAnEarlierItemBringsIsNotAsked: the chains of the sample.
func TestWhatAnEarlierItemBringsIsNotAsked(t *testing.T) {
	c := sample(t)
	for theme, want := range map[catalog.ThemeCode]string{
		"ZT-01": "营业执照", "ZT-02": "营业执照", "ZT-03": "营业执照", "ZT-04": "营业执照", "ZT-05": "营业执照", "ZT-06": "营业执照",
		"ZT-07": "营业执照", "ZT-08": "营业执照", "ZT-09": "营业执照", "ZT-10": "营业执照", "ZT-11": "营业执照", "ZT-12": "清税证明",
		"ZT-15": "营业执照", "ZT-16": "营业执照", "ZT-20": "出生医学证明", "ZT-25": "契税(交易税费)完税凭证", "ZT-28": "残疾人证",
		"ZT-31": "死亡注销户口信息", "ZT-36": "村(居)民委员会意见", "ZT-37": "鉴定(评估)结论",
	} {
		th, err := c.Theme(theme)
		require.NoError(t, err)
		m := Merge(th)
		found := false
		for _, r := range m.Materials {
			found = found || (r.Material.Name == want && len(r.Later) > 0)
		}
		require.True(t, found, "%s: %s", theme, want)
	}
	th, err := c.Theme("ZT-01")
	require.NoError(t, err)
	for _, f := range Merge(th).Fields {
		if f.Name == "uscc" {
			require.Equal(t, catalog.ItemCode("QY-0001"), f.From)
		}
	}
	birth, err := c.Theme("ZT-20")
	require.NoError(t, err)
	require.Equal(t, []catalog.ItemCode{"SY-0002"}, Merge(birth).Steps[1].After)
}

// TestNothingWaitsForALaterItem: the order of a theme is an order.
func TestNothingWaitsForALaterItem(t *testing.T) {
	for _, theme := range sample(t).Themes() {
		done := map[catalog.ItemCode]bool{}
		for _, s := range Merge(theme).Steps {
			for _, before := range s.After {
				require.True(t, done[before], "%s: %s waits for %s", theme.Code, s.Item.Code, before)
			}
			done[s.Item.Code] = true
		}
	}
}

func TestTheSameFileHasOneIDInACase(t *testing.T) {
	require.Equal(t, lent("a", "b"), lent("a", "b"))
	require.NotEqual(t, lent("a", "b"), lent("a", "c"))
	require.Len(t, lent("a", "b"), 36)
}

func BenchmarkMergeSix(b *testing.B) {
	th, err := sample(b).Theme("ZT-01")
	require.NoError(b, err)
	for b.Loop() {
		Merge(th)
	}
}
