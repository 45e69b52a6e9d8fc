package roads

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"testing"

	"github.com/paulmach/osm"
	"github.com/stretchr/testify/require"
)

// sheet is a map made up for a test. file writes it as OpenStreetMap PBF.
type sheet struct {
	nodes     osm.Nodes
	ways      osm.Ways
	relations osm.Relations
	strings   []string
	plain     bool // do not pack
}

func (s *sheet) node(id int64, lng, lat float64, tags ...string) {
	s.nodes = append(s.nodes, &osm.Node{ID: osm.NodeID(id), Lon: lng, Lat: lat, Tags: tagsOf(tags)})
}

func (s *sheet) way(id int64, nodes []int64, tags ...string) {
	w := &osm.Way{ID: osm.WayID(id), Tags: tagsOf(tags)}
	for _, n := range nodes {
		w.Nodes = append(w.Nodes, osm.WayNode{ID: osm.NodeID(n)})
	}
	s.ways = append(s.ways, w)
}

func (s *sheet) ban(from, via, to int64, tags ...string) {
	s.relations = append(s.relations, &osm.Relation{ID: 1, Tags: tagsOf(append(tags, "type", "restriction")), Members: osm.Members{
		{Type: osm.TypeWay, Ref: from, Role: "from"},
		{Type: osm.TypeNode, Ref: via, Role: "via"},
		{Type: osm.TypeWay, Ref: to, Role: "to"},
	}})
}

func tagsOf(pairs []string) (tags osm.Tags) {
	for i := 0; i < len(pairs); i += 2 {
		tags = append(tags, osm.Tag{Key: pairs[i], Value: pairs[i+1]})
	}
	return tags
}

func (s *sheet) file(t testing.TB) []byte {
	var file []byte
	file = append(file, s.frame(t, "OSMHeader", message(field4("OsmSchema-V0.6"), field4("DenseNodes")))...)
	s.strings = []string{""}
	var groups []byte
	groups = append(groups, bytesField(2, bytesField(2, s.dense()))...)
	for _, w := range s.ways {
		groups = append(groups, bytesField(2, bytesField(3, s.encodeWay(w)))...)
	}
	for _, r := range s.relations {
		groups = append(groups, bytesField(2, bytesField(4, s.encodeRelation(r)))...)
	}
	var table []byte
	for _, text := range s.strings {
		table = append(table, bytesField(1, []byte(text))...)
	}
	return append(file, s.frame(t, "OSMData", append(bytesField(1, table), groups...))...)
}

func (s *sheet) frame(t testing.TB, kind string, data []byte) []byte {
	blob := bytesField(1, data)
	if !s.plain {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		_, err := w.Write(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		blob = append(numberField(2, uint64(len(data))), bytesField(3, packed.Bytes())...)
	}
	header := append(bytesField(1, []byte(kind)), numberField(3, uint64(len(blob)))...)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(header))), header...), blob...)
}

func (s *sheet) text(text string) uint64 {
	for i, known := range s.strings {
		if known == text {
			return uint64(i)
		}
	}
	s.strings = append(s.strings, text)
	return uint64(len(s.strings) - 1)
}

func (s *sheet) dense() []byte {
	var ids, lats, lngs, tags []byte
	var id, lat, lng int64
	for _, n := range s.nodes {
		nextLat, nextLng := int64(n.Lat*1e7), int64(n.Lon*1e7)
		ids = binary.AppendVarint(ids, int64(n.ID)-id)
		lats = binary.AppendVarint(lats, nextLat-lat)
		lngs = binary.AppendVarint(lngs, nextLng-lng)
		id, lat, lng = int64(n.ID), nextLat, nextLng
		for _, tag := range n.Tags {
			tags = binary.AppendUvarint(tags, s.text(tag.Key))
			tags = binary.AppendUvarint(tags, s.text(tag.Value))
		}
		tags = append(tags, 0)
	}
	return message(bytesField(1, ids), bytesField(8, lats), bytesField(9, lngs), bytesField(10, tags))
}

func (s *sheet) tags(tags osm.Tags) []byte {
	var keys, values []byte
	for _, tag := range tags {
		keys = binary.AppendUvarint(keys, s.text(tag.Key))
		values = binary.AppendUvarint(values, s.text(tag.Value))
	}
	return message(bytesField(2, keys), bytesField(3, values))
}

func (s *sheet) encodeWay(w *osm.Way) []byte {
	var refs []byte
	last := int64(0)
	for _, n := range w.Nodes {
		refs = binary.AppendVarint(refs, int64(n.ID)-last)
		last = int64(n.ID)
	}
	return message(numberField(1, uint64(w.ID)), s.tags(w.Tags), bytesField(8, refs))
}

func (s *sheet) encodeRelation(r *osm.Relation) []byte {
	kinds := map[osm.Type]uint64{osm.TypeNode: 0, osm.TypeWay: 1, osm.TypeRelation: 2}
	var roles, refs, types []byte
	last := int64(0)
	for _, m := range r.Members {
		roles = binary.AppendUvarint(roles, s.text(m.Role))
		refs = binary.AppendVarint(refs, m.Ref-last)
		types = binary.AppendUvarint(types, kinds[m.Type])
		last = m.Ref
	}
	return message(numberField(1, uint64(r.ID)), s.tags(r.Tags), bytesField(8, roles), bytesField(9, refs), bytesField(10, types))
}

func message(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func field4(feature string) []byte { return bytesField(4, []byte(feature)) }

func bytesField(number int, data []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(data))), data...)
}

func numberField(number int, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), value)
}
