package coverage

import (
	"encoding/json"
	"io"
	"math"

	"github.com/yimen-gov/yimen/pkg/place"
)

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   geometry       `json:"geometry"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type point [2]float64

// WriteGeoJSON writes the isochrones, the widest first, and the farthest
// places as a FeatureCollection (RFC 7946; WGS-84). Attribution stands in it;
// "" when no open roads were used.
func (s *Survey) WriteGeoJSON(w io.Writer, attribution string) error {
	var features []feature
	for i := len(Minutes) - 1; i >= 0; i-- {
		features = append(features, feature{
			Type: "Feature",
			Properties: map[string]any{
				"kind": "isochrone", "minutes": Minutes[i], "mode": s.By.String(), "model": s.Model,
				"km2": round(s.City.KM2Within[i], 2), "people": math.Round(s.City.PeopleWithin[i]),
			},
			Geometry: geometry{"MultiPolygon", coordinates(s.Isochrone(Minutes[i]))},
		})
	}
	for _, f := range s.Farthest {
		features = append(features, feature{
			Type: "Feature",
			Properties: map[string]any{
				"kind": "farthest", "seconds": f.Seconds, "model": f.Model, "town": f.Town.Name, "near": f.Near,
			},
			Geometry: geometry{"Point", pointOf(f.At)},
		})
	}
	collection := map[string]any{"type": "FeatureCollection", "features": features}
	if attribution != "" {
		collection["attribution"] = attribution
	}
	return json.NewEncoder(w).Encode(collection)
}

func coordinates(polygons []Polygon) [][][]point {
	all := make([][][]point, len(polygons))
	for i, polygon := range polygons {
		for _, ring := range polygon {
			points := make([]point, len(ring))
			for j, p := range ring {
				points[j] = pointOf(p)
			}
			all[i] = append(all[i], points)
		}
	}
	return all
}

// pointOf keeps a decimetre.
func pointOf(p place.Position) point { return point{round(p.Lng, 6), round(p.Lat, 6)} }

func round(v float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(v*unit) / unit
}
