package catalog_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// nonsense is what must neither break the search nor hold it up.
var nonsense = []string{
	"", " ", "\t\n　", "。，！？", "😀", "👨‍👩‍👧‍👦", "\xff\xfe\xfd", "上\xff户\xe6口", "\x00", "\u202e\u200b",
	"' OR 1=1 --", "'; DROP TABLE items; --", "<script>alert(1)</script>", "%00%0a", "../../etc/passwd", "${jndi:ldap://x}",
	strings.Repeat("登记", 5_000), strings.Repeat("a", 10_000), strings.Repeat("zh", 5_000), strings.Repeat("xian", 2_500),
	strings.Repeat("😀", 10_000), strings.Repeat("\xff", 10_000), strings.Repeat(" ", 10_000), strings.Repeat("怎么办", 3_000),
	"ﷺ", "İ", "ǅ", "𠀀𠀁", "〇", "龘龘龘", "的", "办", "我要", "1", "aaaaaaaaaaaaaaaaaaaa", "shshshshshshshsh",
	strings.Repeat("xian", 9) + "iuiu", strings.Repeat("xian ", 9) + "i", strings.Repeat("gaga", 9) + "uu",
}

func TestNonsenseFindsLittleAndHarmsNothing(t *testing.T) {
	c := sample(t)
	for _, q := range nonsense {
		start := time.Now()
		hits := c.Search(q, 10)
		require.LessOrEqual(t, len(hits), 10)
		require.Less(t, time.Since(start), 500*time.Millisecond, "%.20q", q)
	}
	for _, q := range []string{"", " ", "。，！？", "😀", "\xff\xfe", "龘龘龘"} {
		require.Empty(t, c.Search(q, 10), "%q", q)
	}
}

func TestALimitIsKept(t *testing.T) {
	c := sample(t)
	require.Empty(t, c.Search("登记", 0))
	require.Empty(t, c.Search("登记", -1))
	require.Len(t, c.Search("登记", 7), 7)
	require.LessOrEqual(t, len(c.Search("登记", 1_000_000)), 100)
}

func TestAnExactWordBeatsAnythingLess(t *testing.T) {
	c := tiny(t,
		"A-1,补贴发放与领取,无", // overlap only
		"A-2,大额高龄津贴,无",  // part of a name
		"A-3,高龄津贴申领,无",  // prefix of a name
		"A-4,高龄津贴,无",    // exact name
		"A-5,老人钱,高龄津贴",  // exact keyword
		"A-6,高龄补贴津贴,无",  // each character somewhere
		"A-7,无关,无",
	)
	require.Equal(t, []string{"A-5", "A-4", "A-3", "A-2", "A-6"}, codes(c.Search("高龄津贴", 10))[:5])
}

func TestEqualHitsComeInTheOrderOfTheCatalogue(t *testing.T) {
	c := tiny(t, "B-2,二,同词", "B-1,一,同词", "B-3,三,同词")
	for range 20 {
		require.Equal(t, []string{"B-1", "B-2", "B-3"}, codes(c.Search("同词", 10)))
	}
}

func TestScoresFall(t *testing.T) {
	hits := sample(t).Search("户口", 50)
	require.True(t, slices.IsSortedFunc(hits, func(a, b catalog.Hit) int { return b.Score - a.Score }))
	require.Positive(t, hits[len(hits)-1].Score)
}

func TestCharactersWithTwoReadingsAreFoundByBoth(t *testing.T) {
	c := tiny(t, "P-1,银行开户,行长", "P-2,重新登记,重量", "P-3,音乐会,乐器", "P-4,会计证,查询", "P-5,旅馆,女工", "P-6,禅城区,单姓")
	for query, want := range map[string]string{
		"yhkh": "P-1", "yxkh": "P-1", "hz": "P-1", "xz": "P-1", "hc": "P-1", "xc": "P-1",
		"yinhang": "P-1", "yinxing": "P-1", "hangzhang": "P-1", "hangchang": "P-1",
		"cxdj": "P-2", "zxdj": "P-2", "zl": "P-2", "cl": "P-2", "chongxin": "P-2", "zhongxin": "P-2",
		"yyh": "P-3", "ylh": "P-3", "yinyuehui": "P-3", "yinlehui": "P-3",
		"kjz": "P-4", "hjz": "P-4", "kuaiji": "P-4", "huiji": "P-4",
		"lvguan": "P-5", "luguan": "P-5", "lüguan": "P-5", "nvgong": "P-5", "nügong": "P-5",
		"ccq": "P-6", "scq": "P-6", "chancheng": "P-6", "dx": "P-6", "sx": "P-6",
	} {
		require.Contains(t, codes(c.Search(query, 3)), want, query)
	}
}

func TestPinyinMayBePartedAnyway(t *testing.T) {
	c := tiny(t, "P-1,西安路,无", "P-2,上户口,无")
	require.Equal(t, []string{"P-1"}, codes(c.Search("xi an", 5)))
	require.Equal(t, []string{"P-1"}, codes(c.Search("xi'an lu", 5)))
	require.Equal(t, []string{"P-1"}, codes(c.Search("xianlu", 5)))
	for _, q := range []string{"shanghk", "sh hk", "shhk", "s h k", "shang h k", "SHANG HU K", "ｓｈａｎｇｈｕｋｏｕ"} {
		require.Equal(t, []string{"P-2"}, codes(c.Search(q, 5)), q)
	}
}

func TestFillerDoesNotHurt(t *testing.T) {
	c := sample(t)
	for _, q := range []string{
		"居住证怎么办", "怎么办居住证", "我要办居住证", "请问居住证在哪里办理", "我想办理居住证", "居住证办理流程", "如何办理居住证", "居住证需要什么材料",
	} {
		require.Contains(t, codes(c.Search(q, 2)), "SZ-0004", q)
	}
}

func TestWidthCaseAndMarksDoNotCount(t *testing.T) {
	c := sample(t)
	want := c.Search("HPV疫苗", 5)
	for _, q := range []string{"hpv疫苗", "ＨＰＶ疫苗", " HPV 疫苗 ", "HPV-疫苗！", "hPv，疫苗"} {
		require.Equal(t, want, c.Search(q, 5), q)
	}
}

func TestTheSameQueryGivesTheSameHits(t *testing.T) {
	a, b := sample(t), sample(t)
	for query := range words() {
		require.Equal(t, codes(a.Search(query, 20)), codes(b.Search(query, 20)), query)
	}
}

func TestManyMaySearchAtOnce(t *testing.T) {
	c := sample(t)
	want := map[string][]string{}
	for query := range words() {
		want[query] = codes(c.Search(query, 5))
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for query, codesWanted := range want {
				assert.Equal(t, codesWanted, codes(c.Search(query, 5)), query)
			}
		})
	}
	all.Wait()
}

func FuzzSearch(f *testing.F) {
	c := sample(f)
	for _, q := range nonsense {
		if len(q) < 100 {
			f.Add(q)
		}
	}
	for query := range words() {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		hits := c.Search(query, 10)
		require.LessOrEqual(t, len(hits), 10)
		for _, h := range hits {
			require.True(t, (h.Item == nil) != (h.Theme == nil))
			require.Positive(t, h.Score)
		}
	})
}
