package coverage

import (
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Plan asks how well a city is covered.
type Plan struct {
	Title     string // for the map, such as the city and the item
	Places    *place.Register
	Takes     func(*place.Office) bool // whether an office takes the item
	By        circle.Mode
	Index     *road.Index // nil: straight lines
	Residents []Resident  // nil: ground is counted, not people
	Made      time.Time
}

// Title names the city and what is asked about.
func Title(places *place.Register, what string) string {
	for _, d := range places.Divisions() {
		if d.Level == place.City {
			return d.Name + " · " + what
		}
	}
	return what
}

// The ground of a plan: cells of a quarter of a kilometre, up to 3 km from the
// nearest office of a town or village.
const (
	planSide  = 250
	planReach = 3000
)

// Report is the answer to a Plan.
type Report struct {
	*Survey
	Delegated []Gain // existing offices that would gain most, did they take the item
	Founded   []Gain // places where a new office would gain most

	plan  Plan
	posts []Post
}

// Make makes the report. It takes some seconds on a large city. Errors:
// circle.ErrUnknownMode.
func (p Plan) Make() (*Report, error) {
	if !p.By.Valid() {
		return nil, circle.ErrUnknownMode
	}
	offices := p.Places.Offices()
	reacher, numbers := p.reacher(nil)
	r := &Report{plan: p, posts: posts(p.Places, offices, numbers)}
	taking, others := circle.NewMask(size(numbers)), circle.NewMask(size(numbers))
	for i, o := range offices {
		if p.Takes(o) {
			taking.Set(int(numbers[i]))
		} else {
			others.Set(int(numbers[i]))
		}
	}
	ground := NewGround(r.posts, planSide, planReach)
	ground.Settle(p.Residents)
	var err error
	if r.Survey, err = Take(ground, r.posts, reacher, p.By, taking); err != nil {
		return nil, err
	}
	if r.Delegated, err = r.Delegations(reacher, others); err != nil {
		return nil, err
	}
	r.Founded, err = r.Sites(func(extra []circle.Stop) (circle.Reacher, []int32, error) {
		reacher, numbers := p.reacher(extra)
		return reacher, numbers[len(offices):], nil
	})
	return r, err
}

// reacher tells travel times to the offices and some more stops, and how all
// of them are numbered, the offices first.
func (p Plan) reacher(extra []circle.Stop) (circle.Reacher, []int32) {
	var stops []circle.Stop
	for _, o := range p.Places.Offices() {
		stops = append(stops, circle.Stop{Code: string(o.Code), At: o.Position})
	}
	stops = append(stops, extra...)
	if p.Index != nil {
		m := p.Index.NewMap(stops, nil)
		return m, m.Numbers
	}
	at, numbers := make([]place.Position, len(stops)), make([]int32, len(stops))
	for i, s := range stops {
		at[i], numbers[i] = s.At, int32(i)
	}
	return circle.NewField(at, numbers), numbers
}

func size(numbers []int32) int {
	most := 0
	for _, n := range numbers {
		most = max(most, int(n)+1)
	}
	return most
}

// posts names each office's district and town.
func posts(places *place.Register, offices []*place.Office, numbers []int32) []Post {
	list := make([]Post, len(offices))
	for i, o := range offices {
		list[i] = Post{
			Stop: circle.Stop{Code: string(o.Code), At: o.Position}, Name: o.Name, Number: numbers[i],
			District: areaOf(places, o.Division, place.District), Town: areaOf(places, o.Division, place.Town),
		}
	}
	return list
}

// areaOf is the division of a level that a division is or lies in.
func areaOf(places *place.Register, code place.DivisionCode, level place.Level) Area {
	d, err := places.Division(code)
	if err != nil {
		return Area{}
	}
	for _, d := range append([]*place.Division{d}, places.Ancestors(code)...) {
		if d.Level == level {
			return Area{string(d.Code), d.Name}
		}
	}
	return Area{}
}

// WriteGeoJSON writes the isochrones and the farthest places.
func (r *Report) WriteGeoJSON(w io.Writer) error {
	return r.Survey.WriteGeoJSON(w, r.attribution())
}

// WriteMap writes the wall map.
func (r *Report) WriteMap(w io.Writer) error { return r.write(w, "wallmap", true) }

// WriteDrawing writes the map alone, as SVG and without roads: small enough for
// a phone.
func (r *Report) WriteDrawing(w io.Writer) error { return r.write(w, "drawing", false) }

func (r *Report) write(w io.Writer, what string, roads bool) error {
	sheet := Sheet{
		Title: r.plan.Title, Made: r.plan.Made, Delegated: r.Delegated, Founded: r.Founded, Attribution: r.attribution(),
	}
	for i, o := range r.plan.Places.Offices() {
		if r.plan.Takes(o) {
			sheet.Offices = append(sheet.Offices, r.posts[i])
		}
	}
	if roads && r.plan.Index != nil {
		sheet.Roads = func(visit func(a, b place.Position)) { r.plan.Index.Draw(r.plan.By, visit) }
	}
	return r.Survey.write(w, what, sheet)
}

func (r *Report) attribution() string {
	if r.plan.Index == nil {
		return ""
	}
	return road.Attribution
}
