package citizen

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
)

func sampleCity(t *testing.T) *city.Edition {
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)
	return e
}

// hitsOf is what a search must answer, encoded the plain way.
func hitsOf(t *testing.T, e *city.Edition, q string, limit int) string {
	out := hitsOut{Items: []hitOut{}}
	for _, h := range e.Catalogue.Search(q, limit) {
		if h.Theme != nil {
			out.Items = append(out.Items, themeBriefFrom(h.Theme))
		} else {
			out.Items = append(out.Items, briefFrom(h.Item))
		}
	}
	b, err := json.Marshal(out)
	require.NoError(t, err)
	return string(b)
}

func TestReadyAnswersAreWhatEncodingThemWouldGive(t *testing.T) {
	e := sampleCity(t)
	var p pages
	for _, q := range []string{"上户口", "开餐馆", "shk", "登记", "办", "没有这样的事项", "", "<b>", "😀"} {
		for _, limit := range []int{1, 20, 50} {
			for range 2 { // made, then kept
				require.Equal(t, hitsOf(t, e, q, limit), string(p.of(e).search(q, limit).JSON()), "%s %d", q, limit)
			}
		}
	}
	for _, it := range e.Catalogue.Items() {
		want, err := json.Marshal(guideFrom(it, e.Version))
		require.NoError(t, err)
		for range 2 {
			got, err := p.of(e).guide(it.Code)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got.JSON()))
		}
	}
	_, err := p.of(e).guide("gone")
	require.ErrorIs(t, err, catalog.ErrNoItem)
}

func TestSearchesThatShareAPlaceDoNotShareAnAnswer(t *testing.T) {
	e := sampleCity(t)
	var p pages
	var queries []string
	for _, it := range e.Catalogue.Items() {
		queries = append(queries, it.Name, it.Keywords[0], string(it.Code))
	}
	require.Greater(t, len(queries), len(p.of(e).asked), "some must share a place")
	for range 2 {
		for _, q := range queries {
			require.Equal(t, hitsOf(t, e, q, 5), string(p.of(e).search(q, 5).JSON()), q)
		}
	}
}

func TestANewEditionIsAnsweredFromAtOnce(t *testing.T) {
	before, after := sampleCity(t), sampleCity(t)
	before.Version, after.Version = 1, 2
	var p pages
	for n, e := range []*city.Edition{before, after, before} {
		got, err := p.of(e).guide("HJ-0001")
		require.NoError(t, err)
		require.Contains(t, string(got.JSON()), fmt.Sprintf(`"edition":%d,`, e.Version), n)
		require.NotEmpty(t, p.of(e).search("上户口", 20).JSON())
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	e := sampleCity(t)
	want := hitsOf(t, e, "上户口", 20)
	var p pages
	got := make(chan string)
	for range 64 {
		go func() { got <- string(p.of(e).search("上户口", 20).JSON()) }()
	}
	for range 64 {
		require.Equal(t, want, <-got)
	}
}
