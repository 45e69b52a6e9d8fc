package roads

import (
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/osm"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
)

// profile is what the law and the legs of one mode say about roads.
type profile struct {
	speeds    map[string]float64 // km/h by class; a class that is missing is closed
	allowed   float64            // km/h where only a sign of its own opens the road
	access    []string           // keys that open or close a road, the strongest first
	oneways   []string           // keys that make it one-way, the strongest first; none = always both ways
	bans      []string           // keys of restrictions that apply
	except    string             // word in "except" that lifts a restriction
	barriers  []string           // barriers that cannot be passed
	signals   float64            // seconds lost at a traffic light
	crossings float64            // seconds lost at a crossing with lights
	manners   road.Manners
}

// Speeds are what is driven from door to door in a Chinese city by day, not
// what the signs allow; where the signs allow less, they count.
var profiles = [...]profile{
	circle.Walk: {
		speeds: speeds(4.5, "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
			"unclassified", "residential", "living_street", "service", "road", "track", "path", "footway", "pedestrian",
			"cycleway", "bridleway").with(2.5, "steps"),
		allowed:   4.5,
		access:    []string{"foot", "access"},
		signals:   15,
		crossings: 15,
		manners:   road.Manners{BackAlways: true, Give: 8},
	},
	circle.EBike: {
		speeds: speeds(18, "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary",
			"tertiary_link", "unclassified", "road", "cycleway").with(15, "residential").with(12, "living_street",
			"service", "track", "path"),
		allowed:  10,
		access:   []string{"bicycle", "vehicle", "access"},
		oneways:  []string{"oneway:bicycle", "oneway"},
		bans:     []string{"restriction", "restriction:bicycle"},
		except:   "bicycle",
		barriers: []string{"kissing_gate", "stile", "turnstile", "full-height_turnstile"},
		signals:  10, crossings: 4,
		manners: road.Manners{Left: 6, Right: 1, Back: 6, Give: 4},
	},
	circle.Car: {
		speeds: speeds(80, "motorway").with(50, "motorway_link", "trunk").with(36, "trunk_link", "primary").
			with(32, "primary_link", "secondary").with(28, "secondary_link", "tertiary").
			with(24, "tertiary_link", "unclassified", "road").with(20, "residential").
			with(12, "living_street", "service").with(10, "track"),
		allowed: 10,
		access:  []string{"motorcar", "motor_vehicle", "vehicle", "access"},
		oneways: []string{"oneway:motorcar", "oneway:motor_vehicle", "oneway"},
		bans:    []string{"restriction", "restriction:motorcar", "restriction:motor_vehicle"},
		except:  "motorcar",
		barriers: []string{"bollard", "block", "cycle_barrier", "motorcycle_barrier", "jersey_barrier", "chain", "log",
			"debris", "kissing_gate", "stile", "turnstile", "full-height_turnstile", "planter"},
		signals: 10, crossings: 5,
		manners: road.Manners{Left: 7, Right: 3, Back: 20, Give: 5},
	},
}

type table map[string]float64

func speeds(kmh float64, classes ...string) table { return table{}.with(kmh, classes...) }

func (t table) with(kmh float64, classes ...string) table {
	for _, c := range classes {
		t[c] = kmh
	}
	return t
}

// closing are the values of access keys that shut people out.
var closing = []string{"no", "private", "agricultural", "forestry", "delivery", "military", "emergency", "use_sidepath"}

// permit reads the strongest access key. Own says that it names the mode, said
// that there is one.
func (p *profile) permit(tags osm.Tags) (open, own, said bool) {
	for _, key := range p.access {
		if value := tags.Find(key); value != "" {
			return !slices.Contains(closing, value), key != "access" && key != "vehicle", true
		}
	}
	return true, false, false
}

// speed gives metres a second ahead and back; 0 = closed.
func (p *profile) speed(tags osm.Tags) (ahead, back float64) {
	open, own, _ := p.permit(tags)
	if !open {
		return 0, 0
	}
	kmh, ok := p.speeds[tags.Find("highway")]
	if !ok || tags.Find("motorroad") == "yes" && p.except != "motorcar" {
		if kmh = p.allowed; !own || !built(tags) {
			return 0, 0
		}
	}
	if most := maxSpeed(tags.Find("maxspeed")); p.except == "motorcar" && most > 0 {
		kmh = min(kmh, most)
	}
	ahead, back = kmh/3.6, kmh/3.6
	switch p.oneway(tags) {
	case 1:
		back = 0
	case -1:
		ahead = 0
	}
	return ahead, back
}

// built refuses roads that do not exist yet, or no more.
func built(tags osm.Tags) bool {
	return !slices.Contains([]string{"construction", "proposed", "abandoned", "razed", "no", "platform"}, tags.Find("highway"))
}

// oneway is 1 for ahead only, -1 for back only, 0 for both.
func (p *profile) oneway(tags osm.Tags) int {
	if len(p.oneways) == 0 {
		return 0
	}
	if p.except == "bicycle" && strings.HasPrefix(tags.Find("cycleway"), "opposite") {
		return 0
	}
	for _, key := range p.oneways {
		switch tags.Find(key) {
		case "yes", "true", "1":
			return 1
		case "-1", "reverse":
			return -1
		case "no", "false", "0":
			return 0
		}
	}
	round := tags.Find("junction") == "roundabout" || tags.Find("junction") == "circular"
	if round || tags.Find("highway") == "motorway" {
		return 1
	}
	return 0
}

// maxSpeed reads "60", "60 km/h" and "40 mph" in km/h; anything else is 0.
func maxSpeed(text string) float64 {
	number, imperial := strings.CutSuffix(text, "mph")
	number = strings.TrimSpace(strings.TrimSuffix(number, "km/h"))
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0 && v < 500) {
		return 0
	}
	if imperial {
		return v * 1.609344
	}
	return v
}

// delay is what passing a node costs, in seconds.
func (p *profile) delay(tags osm.Tags) float64 {
	switch {
	case tags.Find("highway") == "traffic_signals":
		return p.signals
	case tags.Find("highway") == "crossing" && (tags.Find("crossing") == "traffic_signals" || tags.Find("crossing:signals") == "yes"):
		return p.crossings
	}
	return 0
}

// shut says whether a node cannot be passed.
func (p *profile) shut(tags osm.Tags) bool {
	if open, _, said := p.permit(tags); said {
		return !open
	}
	return slices.Contains(p.barriers, tags.Find("barrier"))
}

// isMain is a road that others wait for.
func isMain(tags osm.Tags) bool {
	return slices.Contains([]string{"trunk", "primary", "secondary"}, tags.Find("highway"))
}

// isThrough is a road on which no journey starts or ends.
func isThrough(tags osm.Tags) bool {
	class := tags.Find("highway")
	return class == "motorway" || class == "motorway_link" || tags.Find("tunnel") == "yes"
}
