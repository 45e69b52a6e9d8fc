package roads

import (
	"bufio"
	"context"
	"io"
	"runtime"
	"strings"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Extract is what a file says about the roads inside a box.
type Extract struct {
	Nodes        []Node
	Ways         []Way
	Restrictions []Restriction
	Skipped      int // restrictions by way of a way, which are not understood
}

// Node is a point of roads. Tags are kept where they say something.
type Node struct {
	At   place.Position
	Tags osm.Tags
}

// Way is a road along nodes (indices into Extract.Nodes). One that leaves the
// box and comes back is several.
type Way struct {
	ID    osm.WayID
	Tags  osm.Tags
	Nodes []int32
}

// Restriction is a relation that bans turns.
type Restriction struct {
	From, To []osm.WayID
	Via      int32 // index into Extract.Nodes
	Tags     osm.Tags
}

// Read extracts the roads inside a box from an OpenStreetMap PBF file. Errors:
// ErrFile for a file that is truncated or something else, ErrCity when it has
// no road in the box.
func Read(ctx context.Context, file io.ReadSeeker, box circle.Box) (*Extract, error) {
	if err := check(file); err != nil {
		return nil, ErrFile.Because(err)
	}
	r := reader{box: box, number: map[osm.NodeID]int32{}, extract: &Extract{}}
	if err := r.pass(ctx, file, func(s *osmpbf.Scanner) { s.SkipWays, s.SkipRelations = true, true }); err != nil {
		return nil, err
	}
	if err := r.pass(ctx, file, func(s *osmpbf.Scanner) { s.SkipNodes = true }); err != nil {
		return nil, err
	}
	if len(r.extract.Ways) == 0 {
		return nil, ErrCity
	}
	return r.extract, nil
}

func check(file io.ReadSeeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return checkFrames(bufio.NewReaderSize(file, 1<<20))
}

type reader struct {
	box     circle.Box
	number  map[osm.NodeID]int32
	extract *Extract
}

// pass reads the file once. Nodes and ways are read apart, so that the order
// in which the file has them does not matter.
func (r *reader) pass(ctx context.Context, file io.ReadSeeker, skip func(*osmpbf.Scanner)) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return ErrFile.Because(err)
	}
	scanner := osmpbf.New(ctx, file, runtime.GOMAXPROCS(0))
	defer scanner.Close()
	skip(scanner)
	for scanner.Scan() {
		switch o := scanner.Object().(type) {
		case *osm.Node:
			r.node(o)
		case *osm.Way:
			r.way(o)
		case *osm.Relation:
			r.relation(o)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := scanner.Err(); err != nil {
		return ErrFile.Because(err)
	}
	return nil
}

func (r *reader) node(o *osm.Node) {
	at := place.Position{Lng: o.Lon, Lat: o.Lat}
	if !r.box.Holds(at) {
		return
	}
	r.number[o.ID] = int32(len(r.extract.Nodes))
	r.extract.Nodes = append(r.extract.Nodes, Node{At: at, Tags: telling(o.Tags)})
}

// telling keeps the tags of nodes that hinder or stop somebody.
func telling(tags osm.Tags) osm.Tags {
	for _, key := range [...]string{"highway", "barrier", "access"} {
		if tags.Find(key) != "" {
			return tags
		}
	}
	return nil
}

func (r *reader) way(o *osm.Way) {
	if o.Tags.Find("highway") == "" {
		return
	}
	var nodes []int32
	for _, n := range o.Nodes {
		if number, ok := r.number[n.ID]; ok {
			nodes = append(nodes, number)
			continue
		}
		r.addWay(o, nodes)
		nodes = nil
	}
	r.addWay(o, nodes)
}

func (r *reader) addWay(o *osm.Way, nodes []int32) {
	if len(nodes) > 1 {
		r.extract.Ways = append(r.extract.Ways, Way{ID: o.ID, Tags: o.Tags, Nodes: nodes})
	}
}

func (r *reader) relation(o *osm.Relation) {
	if kind := o.Tags.Find("type"); kind != "restriction" && !strings.HasPrefix(kind, "restriction:") {
		return
	}
	ban := Restriction{Via: -1, Tags: o.Tags}
	for _, m := range o.Members {
		switch {
		case m.Role == "from" && m.Type == osm.TypeWay:
			ban.From = append(ban.From, osm.WayID(m.Ref))
		case m.Role == "to" && m.Type == osm.TypeWay:
			ban.To = append(ban.To, osm.WayID(m.Ref))
		case m.Role == "via" && m.Type == osm.TypeWay:
			r.extract.Skipped++
			return
		case m.Role == "via" && m.Type == osm.TypeNode:
			if number, ok := r.number[osm.NodeID(m.Ref)]; ok {
				ban.Via = number
			}
		}
	}
	if ban.Via >= 0 {
		r.extract.Restrictions = append(r.extract.Restrictions, ban)
	}
}
