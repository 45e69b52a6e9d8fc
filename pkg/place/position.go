package place

// Position is a point on the earth, WGS-84, in degrees. Every position inside
// the house is WGS-84; other datums are converted at the edge (package circle).
type Position struct{ Lng, Lat float64 }
