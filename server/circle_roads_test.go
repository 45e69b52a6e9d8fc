package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/server/roads"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

// oneStreet is the road index of a footpath past villageOffice, west to east.
func oneStreet(t *testing.T, c *town) *road.Index {
	t.Helper()
	at := func(lng float64) road.Node { return road.Node{At: place.Position{Lng: lng, Lat: 23.001279}} }
	graph, _, err := road.NewGraph(&road.Network{
		Nodes: []road.Node{at(113.09), at(113.11), at(113.14)},
		Ways:  []road.Way{{Nodes: []int32{0, 1, 2}, Ahead: 1.25, Back: 1.25}},
	}, road.Manners{BackAlways: true})
	require.NoError(t, err)
	e, err := c.in.shelf.Current(context.Background())
	require.NoError(t, err)
	block := road.NewBlock(road.Graphs{circle.Walk: graph}, roads.Stops(e.Places))
	return &road.Index{Built: tuesday, Source: "made up", Blocks: []*road.Block{block}}
}

// TestOfficesChangeWithoutARebuildOfTheRoads: one that is added, one that has
// moved and one that is closed take effect with the import; the index file
// stays as it is. A bad index leaves the old one in use.
func TestOfficesChangeWithoutARebuildOfTheRoads(t *testing.T) {
	c := newTown(t, tuesday)
	p, path := c.nobody(t), c.in.conf.roads()
	ask := func() *reply {
		return p.get("/api/v1/items/" + permitItem + "/offices?lng=113.1100&lat=23.001279&datum=wgs84&minutes=30&limit=50&when=2026-11-25T09:00:00%2B08:00").ok()
	}
	seconds := func(r *reply) map[string]float64 {
		found := map[string]float64{}
		for _, o := range r.list("items") {
			found[textAt(o, "office.code")] = o["seconds"].(float64)
		}
		return found
	}
	require.Equal(t, "straight", ask().text("model"))

	require.NoError(t, circlefile.Replace(path, oneStreet(t, c)))
	require.NoError(t, c.in.rooms.roads.reload(context.Background()))
	before := ask()
	require.Equal(t, "road", before.text("model"))
	require.Contains(t, before.text("attribution"), "OpenStreetMap")
	was := seconds(before)
	require.InDelta(t, 154, was[villageOffice], 15, "192 m on foot")
	closing := before.offices()[1]

	f := sampleFolder(t)
	f.change("offices.csv", "113.108124,23.001279", "113.120000,23.001279")
	f.change("offices.csv", lineWith(f.read("offices.csv"), closing+","), "")
	f.add("offices.csv", "NEW-1,新设便民服务点,village,"+homeVillage+",440604000000,113.110500,23.001279,exact,2,\"Mon-Sun 08:00-20:00\",false,0\n")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	status, _, errs := f.imports(c)
	require.Zero(t, status, errs)
	require.Eventually(t, func() bool { return p.get("/api/v1/offices/NEW-1").status == 200 }, 2*time.Second, 20*time.Millisecond)
	now := seconds(ask())
	require.InDelta(t, 41, now["NEW-1"], 5, "51 m")
	require.InDelta(t, 820, now[villageOffice], 20, "it stands a kilometre east now")
	require.NotContains(t, now, closing)
	require.NotContains(t, was, "NEW-1")
	same, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, kept, same)

	for _, bad := range []string{"", "\x00\x00\x00\x0d\x0a\x09OSMHeader", string(kept[:len(kept)-9])} {
		require.NoError(t, os.WriteFile(path+".new", []byte(bad), 0o600))
		require.NoError(t, os.Rename(path+".new", path))
		require.ErrorIs(t, c.in.rooms.roads.reload(context.Background()), road.ErrIndex)
		require.Equal(t, now, seconds(ask()), "the old one stays in use")
	}
}

// lineWith is the line of a text that begins so.
func lineWith(text, begin string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, begin) {
			return line
		}
	}
	return ""
}

// TestABadQuestionAboutTheWayIsTold: each with the code that says what to do.
func TestABadQuestionAboutTheWayIsTold(t *testing.T) {
	p := sharedTown(t).nobody(t)
	for query, want := range map[string]string{
		"lng=113.1&lat=23.0&datum=wgs84&minutes=0":                        "request.invalid",
		"lng=113.1&lat=23.0&datum=wgs84&minutes=100000":                   "request.invalid",
		"lng=113.1&lat=23.0&datum=wgs84&mode=boat":                        "request.invalid",
		"lng=113.1&lat=23.0&datum=bd09":                                   "request.invalid",
		"lng=NaN&lat=23.0&datum=wgs84":                                    "circle.position",
		"lng=Inf&lat=23.0&datum=gcj02":                                    "circle.position",
		"lng=181&lat=23.0&datum=wgs84":                                    "circle.position",
		"lng=23.0&lat=113.1&datum=gcj02":                                  "circle.swapped",
		"lng=116.4&lat=39.9&datum=gcj02":                                  "circle.outside_city",
		"lng=114.5&lat=20.0&datum=wgs84":                                  "circle.outside_city", // the South China Sea
		"lng=113.1&lat=23.0&datum=wgs84&when=2026-11-20T09:00:00%2B08:00": "circle.when",
		"lng=113.1&lat=23.0&datum=wgs84&when=2027-02-20T09:00:00%2B08:00": "circle.when",
		"lng=113.1&lat=23.0&datum=wgs84&on_behalf_of=me":                  "request.invalid",
		"lng=113.1&lat=23.0&datum=wgs84&cursor=abc":                       "request.invalid",
		"lng=113.1&lat=23.0&datum=wgs84&limit=1000":                       "request.invalid",
		"lng=113.1&lat=23.0&datum=wgs84&division=999999999999":            "place.no_division",
	} {
		r := p.get("/api/v1/items/" + permitItem + "/offices?" + query)
		requireProblem(t, r)
		require.Equal(t, want, r.text("code"), "%s: %s", query, r.raw)
	}
	p.get("/api/v1/items/NOPE/offices?lng=113.1&lat=23.0&datum=wgs84").refused(404, "catalog.no_item")
}
