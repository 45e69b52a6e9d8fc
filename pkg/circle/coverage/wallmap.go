package coverage

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Sheet is what stands on a wall map besides the survey.
type Sheet struct {
	Title       string // such as the city and the item
	Made        time.Time
	Offices     []Post                                // that take the item
	Delegated   []Gain                                // what Delegations told; may be empty
	Founded     []Gain                                // what Sites told; may be empty
	Roads       func(visit func(a, b place.Position)) // nil = none are drawn
	Attribution string
}

var page = template.Must(template.New("wallmap").Funcs(template.FuncMap{
	"percent": percent, "minutes": toMinutes, "whole": headcount,
	"tenth": func(v float64) string { return fmt.Sprintf("%.1f", v) }, "add": func(a, b int) int { return a + b }, "colour": func(i int) string { return colours[i] },
}).Parse(pageText))

// colours of Minutes, from dark to light, told apart by those who are
// colour-blind and in print.
var colours = [...]string{"#0b5c6b", "#2a93a0", "#7cc4c4", "#cde8e1"}

// WriteMap writes one HTML page that needs nothing from elsewhere: the map as
// SVG, and what it says as tables.
func (s *Survey) WriteMap(w io.Writer, sheet Sheet) error { return s.write(w, "wallmap", sheet) }

func (s *Survey) write(w io.Writer, what string, sheet Sheet) error {
	d, small := s.frame(), what == "drawing"
	if small {
		d.step = smallStep
	}
	view := struct {
		Sheet
		*Survey
		Width, Height int
		Bands         []band
		Ground, Roads template.HTMLAttr
		Dots, Marks   []dot
		Points        template.HTMLAttr // of a small map, instead of dots
		Labels        []dot
		Scale         scale
		Minutes       []int
	}{
		Sheet: sheet, Survey: s, Width: d.width, Height: d.height,
		Ground: d.outline(s.groundOutline()), Roads: d.roads(sheet.Roads), Scale: d.scale(), Minutes: Minutes[:],
	}
	for i := len(Minutes) - 1; i >= 0; i-- {
		view.Bands = append(view.Bands, band{Minutes[i], colours[i], d.outline(s.Isochrone(Minutes[i]))})
	}
	if small {
		view.Points, sheet.Offices = d.points(sheet.Offices), nil
	}
	for _, o := range sheet.Offices {
		view.Dots = append(view.Dots, d.dot(o.At, o.Name))
	}
	for i, f := range s.Farthest {
		view.Marks = append(view.Marks, d.dot(f.At, fmt.Sprint(i+1)))
	}
	view.Made = view.Made.In(workday.Zone)
	view.Labels = s.labels(d)
	return page.ExecuteTemplate(w, what, view)
}

type band struct {
	Minutes int
	Colour  string
	Path    template.HTMLAttr
}

type dot struct {
	X, Y int
	Text string
}

type scale struct{ Length, KM int }

// ModeWords and Inhabited are for the page.
func (s *Survey) ModeWords() string { return s.By.Words() }

// Inhabited says whether people are counted, or only ground.
func (s *Survey) Inhabited() bool { return s.ground.People > 0 }

// headcount tells people in tens of thousands where there are so many.
func headcount(people float64) string {
	if people >= 100_000 {
		return fmt.Sprintf("%.1f万", people/10_000)
	}
	return fmt.Sprintf("%.0f", people)
}

// labels stand in the middle of each district's offices.
func (s *Survey) labels(d *drawing) (labels []dot) {
	for _, share := range s.Districts {
		var middle place.Position
		count := 0.0
		for _, p := range s.posts {
			if p.District.Code == share.Code {
				middle.Lng, middle.Lat, count = middle.Lng+p.At.Lng, middle.Lat+p.At.Lat, count+1
			}
		}
		labels = append(labels, d.dot(place.Position{Lng: middle.Lng / count, Lat: middle.Lat / count}, share.Name))
	}
	return labels
}

// Beyond counts residents who live off the ground, for whom nothing is told.
func (s *Survey) Beyond() float64 { return s.ground.Beyond }

func percent(part, of float64) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*part/of)
}

// toMinutes rounds up. Times that the roads do not tell are marked as rough.
func toMinutes(seconds int) string {
	minutes := fmt.Sprint((seconds + 59) / 60)
	switch {
	case seconds == limit+1:
		return fmt.Sprintf("超过 %d", circle.MaxMinutes)
	case seconds > limit:
		return "约 " + minutes
	}
	return minutes
}

// drawing turns positions into points of the page.
type drawing struct {
	west, north   float64
	x, y          float64 // points a degree
	perKM         float64 // points
	width, height int
	step          int // points closer than this are left out of an outline
}

const (
	pageWidth = 2000 // points
	smallStep = 22   // three dots of a phone
)

func (s *Survey) frame() *drawing {
	box := s.ground.box
	shrink := math.Cos((box.Min.Lat + box.Max.Lat) / 2 * math.Pi / 180)
	d := &drawing{west: box.Min.Lng, north: box.Max.Lat, width: pageWidth}
	d.x = pageWidth / math.Max(box.Max.Lng-box.Min.Lng, 1e-6)
	d.y = d.x / shrink
	d.height = int((box.Max.Lat-box.Min.Lat)*d.y) + 1
	d.perKM = 1000 / circle.Metres(place.Position{}, place.Position{Lat: 1}) * d.y
	return d
}

func (d *drawing) point(p place.Position) (x, y int) {
	return int(math.Round((p.Lng - d.west) * d.x)), int(math.Round((d.north - p.Lat) * d.y))
}

func (d *drawing) dot(p place.Position, text string) dot {
	x, y := d.point(p)
	return dot{x, y, text}
}

// scale is the longest round number of kilometres that fits a fifth of the page.
func (d *drawing) scale() scale {
	km := 1
	for _, n := range []int{2, 5, 10, 20, 50, 100} {
		if float64(n)*d.perKM < pageWidth/5 {
			km = n
		}
	}
	return scale{int(float64(km) * d.perKM), km}
}

func (d *drawing) outline(polygons []Polygon) template.HTMLAttr {
	var path strings.Builder
	for _, polygon := range polygons {
		for _, ring := range polygon {
			d.line(&path, ring)
			path.WriteByte('z')
		}
	}
	return attribute(&path)
}

// attribute holds digits and path letters only, so that it needs no escaping.
func attribute(path *strings.Builder) template.HTMLAttr {
	return template.HTMLAttr(`d="` + path.String() + `"`)
}

func (d *drawing) line(path *strings.Builder, points []place.Position) {
	x, y := d.point(points[0])
	fmt.Fprintf(path, "M%d %d", x, y)
	for _, p := range points[1:] {
		nextX, nextY := d.point(p)
		if abs(nextX-x)+abs(nextY-y) < max(1, d.step) {
			continue
		}
		fmt.Fprintf(path, "l%d %d", nextX-x, nextY-y)
		x, y = nextX, nextY
	}
}

func abs(n int) int { return max(n, -n) }

// points draws offices as dots of one line, without their names.
func (d *drawing) points(posts []Post) template.HTMLAttr {
	var path strings.Builder
	for _, o := range posts {
		x, y := d.point(o.At)
		fmt.Fprintf(&path, "M%d %dh0", x, y)
	}
	return attribute(&path)
}

// roads joins pieces that follow each other, and leaves out what would not be
// seen.
func (d *drawing) roads(draw func(visit func(a, b place.Position))) template.HTMLAttr {
	var path strings.Builder
	if draw == nil {
		return attribute(&path)
	}
	x, y := math.MinInt, math.MinInt
	draw(func(a, b place.Position) {
		ax, ay := d.point(a)
		bx, by := d.point(b)
		if ax == bx && ay == by {
			return
		}
		if ax != x || ay != y {
			fmt.Fprintf(&path, "M%d %d", ax, ay)
		}
		fmt.Fprintf(&path, "l%d %d", bx-ax, by-ay)
		x, y = bx, by
	})
	return attribute(&path)
}

// groundOutline outlines the ground itself.
func (s *Survey) groundOutline() []Polygon {
	all := &Survey{ground: s.ground, times: make([]int32, len(s.times))}
	return all.Isochrone(circle.MaxMinutes)
}

// shares is a table of the page.
type shares struct {
	Name      string
	Rows      []Share
	Minutes   []int
	Inhabited bool
}

// Table is for the page.
func (s *Survey) Table(name string, rows []Share) shares {
	return shares{name, rows, Minutes[:], s.Inhabited()}
}
