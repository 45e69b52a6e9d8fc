package coverage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

var (
	east1 = Area{"1", "东区"}
	west1 = Area{"2", "西区"}
)

// twoTowns is an office in each of two towns 8 km apart, and a district centre
// between them that belongs to no town.
func twoTowns() []Post {
	post := func(n int32, name string, lng float64, district, town Area) Post {
		return Post{Stop: circle.Stop{Code: name, At: place.Position{Lng: lng, Lat: 23}}, Name: name, Number: n, District: district, Town: town}
	}
	return []Post{
		post(0, "east", 113.078, east1, Area{"11", "东镇"}),
		post(1, "west", 113.000, west1, Area{"21", "西镇"}),
		post(2, "centre", 113.039, east1, Area{}),
	}
}

func fieldOf(posts []Post) *circle.Field {
	var at []place.Position
	var numbers []int32
	for _, p := range posts {
		at, numbers = append(at, p.At), append(numbers, p.Number)
	}
	return circle.NewField(at, numbers)
}

func take(t require.TestingT, g *Ground, posts []Post, by circle.Mode, among ...int) *Survey {
	mask := circle.NewMask(64)
	for _, n := range among {
		mask.Set(n)
	}
	s, err := Take(g, posts, fieldOf(posts), by, mask)
	require.NoError(t, err)
	return s
}

func TestTheShareOfTheGroundIsThatOfTheCircles(t *testing.T) {
	posts := twoTowns()
	g := NewGround(posts, 100, 3000)
	require.InDelta(t, 2*math.Pi*9, sumArea(g), 0.2, "two discs of 3 km")
	s := take(t, g, posts, circle.Walk, 0, 1)

	pace := circle.PaceOf(circle.Walk)
	for i, minutes := range Minutes {
		radius := float64(minutes*60) * pace.Speed / pace.Detour / 1000
		require.InDelta(t, 2*math.Pi*radius*radius, s.City.KM2Within[i], 0.15, "%d minutes", minutes)
	}
	require.Len(t, s.Towns, 2)
	require.Len(t, s.Districts, 2)
	require.InDelta(t, s.City.KM2, s.Towns[0].KM2+s.Towns[1].KM2, 1e-6)
	require.InDelta(t, s.Towns[0].KM2Within[2], s.Towns[1].KM2Within[2], 0.1, "both towns are alike")
}

func sumArea(g *Ground) (sum float64) {
	for _, c := range g.Cells {
		sum += c.Area
	}
	return sum
}

func TestATownWithoutAnOfficeThatTakesTheItemIsFarOut(t *testing.T) {
	posts := twoTowns()
	s := take(t, NewGround(posts, 200, 2000), posts, circle.Walk, 0)
	require.Zero(t, s.Towns[1].KM2Within[3])
	require.Equal(t, "西镇", s.Farthest[0].Town.Name)
	require.Equal(t, "west", s.Farthest[0].Near)
	require.Equal(t, circle.ModelStraight, s.Farthest[0].Model)
	require.Greater(t, s.Farthest[0].Seconds, 1800)
	require.Len(t, s.Farthest, 2, "one a town")
}

func TestPeopleCountWhereTheyAreKnown(t *testing.T) {
	posts := twoTowns()
	g := NewGround(posts, 200, 2000)
	g.Settle([]Resident{
		{At: posts[0].At, People: 300},
		{At: posts[1].At, People: 100},
		{At: place.Position{Lng: 113.3, Lat: 23}, People: 7},
		{At: place.Position{Lng: math.NaN(), Lat: 23}, People: 1},
	})
	require.Equal(t, 400.0, g.People)
	require.Equal(t, 8.0, g.Beyond)
	s := take(t, g, posts, circle.Walk, 0)
	require.Equal(t, 300.0, s.City.PeopleWithin[2])
	require.Equal(t, 400.0, s.City.People)
	require.InDelta(t, 100, s.Farthest[0].People, 0, "only where people live")
}

func TestADelegationGainsWhatItsCircleHolds(t *testing.T) {
	posts := twoTowns()
	g := NewGround(posts, 200, 2000)
	g.Settle([]Resident{{At: posts[1].At, People: 100}, {At: posts[0].At, People: 5}})
	s := take(t, g, posts, circle.Walk, 0)
	others := circle.Mask{0b110}
	gains, err := s.Delegations(fieldOf(posts), others)
	require.NoError(t, err)
	require.Equal(t, "west", gains[0].Office)
	require.Equal(t, 100.0, gains[0].People, "those near the east have an office already")
}

func TestANewOfficeIsPutWhereItGainsMost(t *testing.T) {
	posts := twoTowns()
	g := NewGround(posts, 200, 2000)
	village := place.Position{Lng: 113.012, Lat: 23.005}
	g.Settle([]Resident{{At: village, People: 1000}, {At: posts[1].At, People: 10}})
	s := take(t, g, posts, circle.Walk, 0)
	sites, err := s.Sites(func(extra []circle.Stop) (circle.Reacher, []int32, error) {
		var at []place.Position
		var numbers []int32
		for i, o := range extra {
			at, numbers = append(at, o.At), append(numbers, int32(10+i))
		}
		return circle.NewField(at, numbers), numbers, nil
	})
	require.NoError(t, err)
	require.GreaterOrEqual(t, sites[0].People, 1000.0)
	require.LessOrEqual(t, circle.StraightEstimate(sites[0].At, village, circle.Walk).Seconds, goal)
	for i := 1; i < len(sites); i++ {
		require.LessOrEqual(t, sites[i].People, sites[i-1].People)
	}

	_, err = s.Sites(func([]circle.Stop) (circle.Reacher, []int32, error) { return nil, nil, errors.New("no") })
	require.Error(t, err)
}

func TestWhereEverybodyIsInsideNothingIsGained(t *testing.T) {
	posts := twoTowns()
	s := take(t, NewGround(posts, 200, 500), posts, circle.Walk, 0, 1)
	sites, err := s.Sites(nil)
	require.NoError(t, err)
	require.Empty(t, sites)
	gains, err := s.Delegations(fieldOf(posts), circle.Mask{0b100})
	require.NoError(t, err)
	require.Empty(t, gains)
}

func TestAnIsochroneIsARingAroundItsOffice(t *testing.T) {
	posts := twoTowns()
	s := take(t, NewGround(posts, 50, 3000), posts, circle.Walk, 0, 1)
	polygons := s.Isochrone(15)
	require.Len(t, polygons, 2)
	pace := circle.PaceOf(circle.Walk)
	radius := 900 * pace.Speed / pace.Detour
	for _, p := range polygons {
		require.Len(t, p, 1)
		require.Equal(t, p[0][0], p[0][len(p[0])-1], "closed")
		near := min(circle.Metres(p[0][0], posts[0].At), circle.Metres(p[0][0], posts[1].At))
		require.InDelta(t, radius, near, 5)
	}
}

// Whatever the times are, the outline must tell inside from outside at every
// cell, and its rings must turn as RFC 7946 wants them.
func TestAnIsochroneTellsInsideFromOutside(t *testing.T) {
	posts := twoTowns()
	rapid.Check(t, func(t *rapid.T) {
		g := NewGround(posts, 400, 2500)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := &Survey{ground: g, posts: posts, times: make([]int32, len(g.Cells))}
		for i := range s.times {
			s.times[i] = []int32{100, 500, 899, 901, 1500, beyond}[rnd.IntN(6)]
		}
		polygons := s.Isochrone(15)
		for _, p := range polygons {
			require.Positive(t, p[0].area())
			for _, hole := range p[1:] {
				require.Negative(t, hole.area())
			}
		}
		for i, c := range g.Cells {
			inside := 0
			for _, p := range polygons {
				for _, ring := range p {
					if ring.holds(c.At) {
						inside++
					}
				}
			}
			require.Equal(t, s.times[i] <= 900, inside%2 == 1)
		}
	})
}

func TestTheGeoJSONIsWhatReadersExpect(t *testing.T) {
	posts := twoTowns()
	s := take(t, NewGround(posts, 200, 3000), posts, circle.Walk, 0)
	var file bytes.Buffer
	require.NoError(t, s.WriteGeoJSON(&file, "© OpenStreetMap contributors"))
	var got struct {
		Type, Attribution string
		Features          []struct {
			Type       string
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	require.NoError(t, json.Unmarshal(file.Bytes(), &got))
	require.Equal(t, "FeatureCollection", got.Type)
	require.Equal(t, "© OpenStreetMap contributors", got.Attribution)
	require.Len(t, got.Features, len(Minutes)+2)
	require.Equal(t, 20.0, got.Features[0].Properties["minutes"])
	var polygons [][][][2]float64
	require.NoError(t, json.Unmarshal(got.Features[3].Geometry.Coordinates, &polygons))
	require.Len(t, polygons, 1)
	require.InDelta(t, 113.078, polygons[0][0][0][0], 0.01)
	var at [2]float64
	require.NoError(t, json.Unmarshal(got.Features[4].Geometry.Coordinates, &at))
	require.Equal(t, "farthest", got.Features[4].Properties["kind"])
}

func TestTheWallMapNeedsNothingFromElsewhere(t *testing.T) {
	posts := twoTowns()
	posts[0].Name = `<script>alert(1)</script>`
	s := take(t, NewGround(posts, 200, 3000), posts, circle.Walk, 0)
	var file bytes.Buffer
	require.NoError(t, s.WriteMap(&file, Sheet{
		Title: "佛山市 · 居住证办理", Made: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Offices: posts[:1],
		Delegated: []Gain{{Name: "西镇", KM2: 1.5}}, Attribution: "© OpenStreetMap contributors",
		Roads: func(visit func(a, b place.Position)) { visit(posts[0].At, posts[1].At) },
	}))
	text := file.String()
	for _, want := range []string{"佛山市 · 居住证办理", "2026年11月23日", "步行", "东镇", "西区", "© OpenStreetMap", "公里", "约 ", "若再授权一个网点受理", "fill-rule"} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "若新设一个网点")
	require.NotContains(t, text, "<script")
	for _, outside := range []string{"http://", "https://", "src=", "href=", "@import", "url("} {
		require.NotContains(t, text, outside)
	}
	require.Equal(t, 1, strings.Count(text, "</svg>"))
	require.NotContains(t, text, "ZgotmplZ")
}

func TestAPopulationGridIsReadOrItsFaultIsTold(t *testing.T) {
	got, err := ReadResidents(strings.NewReader("\ufefflng,people,lat\n113,12.5,23\n113.1,0,23.1\n"))
	require.NoError(t, err)
	require.Equal(t, []Resident{{place.Position{Lng: 113, Lat: 23}, 12.5}, {place.Position{Lng: 113.1, Lat: 23.1}, 0}}, got)

	for _, bad := range []string{
		"", "lng,lat\n113,23\n", "lng,lat,people\n113,23\n", "lng,lat,people\nx,23,1\n", "lng,lat,people\n113,23,-1\n",
		"lng,lat,people\n113,NaN,1\n", "lng,lat,people\n113,123,1\n", "lng,lat,people\n113,23,Inf\n", "lng,lat,people\n\"113,23,1\n",
	} {
		_, err := ReadResidents(strings.NewReader(bad))
		require.ErrorIs(t, err, ErrResidents, bad)
	}
	_, err = ReadResidents(strings.NewReader("lng,lat,people\n113,23,1\n113,23,x\n"))
	require.Contains(t, fault.From(err).Fields[0].Text, "第 3 行")
}

func FuzzAPopulationGridNeverCrashes(f *testing.F) {
	f.Add("lng,lat,people\n113,23,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		residents, err := ReadResidents(strings.NewReader(text))
		if err == nil {
			g := NewGround(twoTowns(), 1000, 2000)
			g.Settle(residents)
			require.False(t, math.IsNaN(g.People), fmt.Sprint(residents))
		}
	})
}

func TestACityWithoutTownsHasNoGround(t *testing.T) {
	posts := twoTowns()[2:]
	g := NewGround(posts, 100, 1000)
	require.Empty(t, g.Cells)
	s := take(t, g, posts, circle.Walk, 2)
	require.Empty(t, s.Isochrone(15))
	require.NoError(t, s.WriteMap(&bytes.Buffer{}, Sheet{}))
}
