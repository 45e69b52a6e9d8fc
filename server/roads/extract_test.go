package roads

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
)

var world = circle.Box{Min: place.Position{Lng: -180, Lat: -90}, Max: place.Position{Lng: 180, Lat: 90}}

// cross is two streets that cross at node 3, 200 m long in each direction.
func cross() *sheet {
	s := &sheet{}
	s.node(1, 113.000, 23.000)
	s.node(2, 113.004, 23.000)
	s.node(3, 113.002, 23.000, "highway", "traffic_signals")
	s.node(4, 113.002, 22.998)
	s.node(5, 113.002, 23.002)
	s.way(10, []int64{1, 3, 2}, "highway", "residential", "name", "东西路")
	s.way(11, []int64{4, 3, 5}, "highway", "residential")
	s.way(12, []int64{1, 2}, "building", "yes")
	return s
}

func read(t *testing.T, file []byte, box circle.Box) *Extract {
	t.Helper()
	x, err := Read(context.Background(), bytes.NewReader(file), box)
	require.NoError(t, err)
	return x
}

func TestRoadsAreReadAndNothingElse(t *testing.T) {
	s := cross()
	s.ban(10, 3, 11, "restriction", "no_left_turn")
	for _, s.plain = range []bool{false, true} {
		x := read(t, s.file(t), world)
		require.Len(t, x.Nodes, 5)
		require.Len(t, x.Ways, 2)
		require.Equal(t, "东西路", x.Ways[0].Tags.Find("name"))
		require.Len(t, x.Restrictions, 1)
		require.InDelta(t, 113.004, x.Nodes[1].At.Lng, 1e-7)
	}
}

func TestARoadThatLeavesTheCityAndComesBackIsTwo(t *testing.T) {
	s := cross()
	s.node(6, 114, 23)
	s.way(13, []int64{1, 3, 6, 5, 4}, "highway", "service")
	x := read(t, s.file(t), circle.Box{Min: place.Position{Lng: 112, Lat: 22}, Max: place.Position{Lng: 113.5, Lat: 24}})
	require.Len(t, x.Ways, 4)
	require.Equal(t, x.Ways[2].ID, x.Ways[3].ID)
}

func TestAFileOfAnotherCityIsTold(t *testing.T) {
	_, err := Read(context.Background(), bytes.NewReader(cross().file(t)),
		circle.Box{Min: place.Position{Lng: 116, Lat: 39}, Max: place.Position{Lng: 117, Lat: 40}})
	require.ErrorIs(t, err, ErrCity)
}

// A download that broke off must not pass for a smaller city, wherever it
// broke off.
func TestATruncatedFileIsToldAtEveryByte(t *testing.T) {
	s := cross()
	file := s.file(t)
	header := len(s.frame(t, "OSMHeader", message(field4("OsmSchema-V0.6"), field4("DenseNodes"))))
	for n := range file {
		_, err := Read(context.Background(), bytes.NewReader(file[:n]), world)
		if n == header { // a whole file, of no roads
			require.ErrorIs(t, err, ErrCity)
			continue
		}
		require.ErrorIs(t, err, ErrFile, "%d of %d bytes", n, len(file))
	}
}

func TestAForeignFileIsTold(t *testing.T) {
	packed := cross().file(t)
	for name, file := range map[string][]byte{
		"empty":             nil,
		"text":              []byte("id,lng,lat\n1,113,23\n"),
		"XML":               []byte(`<?xml version="1.0"?><osm version="0.6"></osm>`),
		"zeros":             make([]byte, 1000),
		"ones":              bytes.Repeat([]byte{255}, 1000),
		"a zip":             append([]byte("PK\x03\x04"), make([]byte, 200)...),
		"no header":         packed[len(packed)-200:],
		"header twice":      append(bytes.Clone(packed), packed...),
		"plain nodes":       append(cross().frame(t, "OSMHeader", nil), cross().frame(t, "OSMData", bytesField(2, bytesField(1, numberField(1, 2))))...),
		"unknown packing":   append(cross().frame(t, "OSMHeader", nil), rawFrame("OSMData", bytesField(4, []byte("lzma")))...),
		"broken packing":    append(cross().frame(t, "OSMHeader", nil), rawFrame("OSMData", bytesField(3, []byte("no zlib")))...),
		"an enormous block": append(cross().frame(t, "OSMHeader", nil), "\x00\x00\x00\x10\x0a\x07OSMData\x18\xff\xff\xff\xff\x07"...),
	} {
		_, err := Read(context.Background(), bytes.NewReader(file), world)
		require.ErrorIs(t, err, ErrFile, name)
	}
}

func rawFrame(kind string, blob []byte) []byte {
	header := append(bytesField(1, []byte(kind)), numberField(3, uint64(len(blob)))...)
	return append(append([]byte{0, 0, 0, byte(len(header))}, header...), blob...)
}

func FuzzAPackedFileNeverCrashesTheReader(f *testing.F) {
	file := cross().file(f)
	f.Add(file, 10, byte(1))
	f.Add(file, len(file)-5, byte(255))
	f.Fuzz(func(t *testing.T, file []byte, at int, flip byte) {
		if at >= 0 && at < len(file) {
			file = bytes.Clone(file)
			file[at] ^= flip
		}
		_ = checkFrames(bytes.NewReader(file))
	})
}

func TestABuildThatIsCancelledStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Read(ctx, bytes.NewReader(cross().file(t)), world)
	require.ErrorIs(t, err, context.Canceled)
}

func TestACityIsBuiltFromItsFile(t *testing.T) {
	offices := []circle.Stop{
		{Code: "north", At: place.Position{Lng: 113.002, Lat: 23.0015}},
		{Code: "river", At: place.Position{Lng: 113.010, Lat: 23.000}},
		{Code: "island", At: place.Position{Lng: 113.1, Lat: 23.000}},
	}
	block, survey, err := Build(context.Background(), bytes.NewReader(cross().file(t)), offices)
	require.NoError(t, err)
	require.Equal(t, 2, survey.Ways)
	require.Equal(t, 1, survey.Modes[circle.Car].Parts)

	var far []string
	for _, s := range survey.Stranded {
		if s.By == circle.Walk {
			far = append(far, s.Office.Code)
		}
	}
	require.ElementsMatch(t, []string{"river", "island"}, far)
	var text strings.Builder
	_, err = survey.WriteTo(&text)
	require.NoError(t, err)
	require.Contains(t, text.String(), "walk: 4 roads hang together, 2 km counting each direction, 100.0 % of all; 1 parts")
	require.Contains(t, text.String(), "river is far from roads for walk (614 m)")
	require.Contains(t, text.String(), "island is far from roads for car (over 2 km, left out)")

	index := &road.Index{Blocks: []*road.Block{block}}
	times, err := index.NewMap(offices, nil).Times(context.Background(),
		place.Position{Lng: 113.0005, Lat: 23}, circle.Walk, offices)
	require.NoError(t, err)
	// 153 m to the crossing and 167 m beyond it at 4.5 km/h, 15 s at its light.
	require.InDelta(t, 271, times[0].Seconds, 2)
	require.InDelta(t, 320, times[0].Meters, 2)
	require.Greater(t, times[1].Seconds, 600, "614 m off the road's end")
	require.Equal(t, circle.Unreachable, times[2].Seconds)
}

func TestAFileWithoutRoadsForAModeIsTold(t *testing.T) {
	s := &sheet{}
	s.node(1, 113, 23)
	s.node(2, 113.01, 23)
	s.way(1, []int64{1, 2}, "highway", "motorway", "oneway", "no")
	_, _, err := Build(context.Background(), bytes.NewReader(s.file(t)), []circle.Stop{{Code: "a", At: place.Position{Lng: 113, Lat: 23}}})
	require.ErrorIs(t, err, road.ErrNoRoads)
}

func TestAFileInPiecesIsTold(t *testing.T) {
	s := &sheet{}
	for i := range int64(6) {
		lng := 113 + 0.01*float64(i)
		s.node(2*i+1, lng, 23)
		s.node(2*i+2, lng+0.005, 23)
		s.way(i+1, []int64{2*i + 1, 2*i + 2}, "highway", "residential")
	}
	_, _, err := Build(context.Background(), bytes.NewReader(s.file(t)), []circle.Stop{{Code: "a", At: place.Position{Lng: 113, Lat: 23}}})
	require.ErrorIs(t, err, road.ErrInPieces)
	require.True(t, strings.Contains(road.ErrInPieces.Text, "不连通"))
}
