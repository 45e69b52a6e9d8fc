package coverage

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
)

// register is a city of one district with two towns, 5 km apart, and a village.
func register(t *testing.T) *place.Register {
	t.Helper()
	hours := `"Mon-Fri 08:30-12:00"`
	places, err := place.Read(fstest.MapFS{
		"divisions.csv": {Data: []byte(strings.Join([]string{"code,name,level,parent",
			"440600000000,佛山市,city,", "440604000000,禅城区,district,440600000000",
			"440604001000,东镇,town,440604000000", "440604002000,西镇,town,440604000000", "440604002001,西村,village,440604002000", ""}, "\n"))},
		"offices.csv": {Data: []byte(strings.Join([]string{
			"code,name,level,division,district,lng,lat,position,windows,hours,self_service_24h,terminals",
			"C,市中心,city,440600000000,,113.02,23,exact,9," + hours + ",true,2",
			"E,东镇中心,town,440604001000,440604000000,113.05,23,exact,3," + hours + ",false,0",
			"W,西镇中心,town,440604002000,440604000000,113.00,23,exact,3," + hours + ",false,0",
			"V,西村站,village,440604002001,440604000000,113.00,23.02,exact,1," + hours + ",false,0", ""}, "\n"))},
	})
	require.NoError(t, err)
	return places
}

// highway joins both towns along the 23rd parallel.
func highway(t *testing.T, places *place.Register) *road.Index {
	t.Helper()
	n := &road.Network{
		Nodes: []road.Node{{At: place.Position{Lng: 112.98, Lat: 23}}, {At: place.Position{Lng: 113.08, Lat: 23}}},
		Ways:  []road.Way{{Nodes: []int32{0, 1}, Ahead: 1.25, Back: 1.25}},
	}
	g, _, err := road.NewGraph(n, road.Manners{BackAlways: true})
	require.NoError(t, err)
	var stops []circle.Stop
	for _, o := range places.Offices() {
		stops = append(stops, circle.Stop{Code: string(o.Code), At: o.Position})
	}
	return &road.Index{Blocks: []*road.Block{road.NewBlock(road.Graphs{circle.Walk: g}, stops)}}
}

func TestAPlanTellsWhatIsMissingAndWhatWouldHelp(t *testing.T) {
	places := register(t)
	for name, index := range map[string]*road.Index{"by straight line": nil, "by road": highway(t, places)} {
		t.Run(name, func(t *testing.T) {
			r, err := Plan{
				Title: "佛山市 · 居住证", Places: places, By: circle.Walk, Index: index,
				Takes:     func(o *place.Office) bool { return o.Code == "E" },
				Residents: []Resident{{place.Position{Lng: 113.05, Lat: 23}, 100}, {place.Position{Lng: 113.001, Lat: 23}, 60}},
				Made:      time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
			}.Make()
			require.NoError(t, err)
			require.Equal(t, 160.0, r.City.People)
			require.Equal(t, 100.0, r.City.PeopleWithin[2])
			require.Equal(t, []Area{{"440604001000", "东镇"}, {"440604002000", "西镇"}}, []Area{r.Towns[0].Area, r.Towns[1].Area})
			require.Equal(t, "禅城区", r.Districts[0].Name)
			require.Equal(t, "西镇", r.Farthest[0].Town.Name)
			require.Equal(t, "W", r.Delegated[0].Office)
			require.Equal(t, 60.0, r.Delegated[0].People)
			require.Equal(t, 60.0, r.Founded[0].People)

			var page, data bytes.Buffer
			require.NoError(t, r.WriteMap(&page))
			require.NoError(t, r.WriteGeoJSON(&data))
			require.Equal(t, index != nil, strings.Contains(page.String(), "OpenStreetMap"))
			require.Equal(t, index != nil, strings.Contains(data.String(), "OpenStreetMap"))
			require.Contains(t, page.String(), "西镇中心")
			var text bytes.Buffer
			require.NoError(t, r.WriteText(&text))
			require.Regexp(t, `合计 +[\d.]+ +160 +62.5%`, text.String())
			require.Regexp(t, `西镇中心 +[\d.]+ +60 `, text.String())
		})
	}
	_, err := Plan{Places: places, By: 9}.Make()
	require.ErrorIs(t, err, circle.ErrUnknownMode)
}

func TestAnItemThatNobodyTakesIsNowhereNear(t *testing.T) {
	r, err := Plan{Places: register(t), Takes: func(*place.Office) bool { return false }, By: circle.Car}.Make()
	require.NoError(t, err)
	require.Zero(t, r.City.KM2Within[3])
	require.NotEmpty(t, r.Delegated)
	require.NoError(t, r.WriteMap(&bytes.Buffer{}))
}
