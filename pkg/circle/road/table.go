package road

import "math/bits"

// Table holds, for every arc, what each office near enough costs from its end.
// A row is a window of a bitmap over the offices, and the costs of the offices
// whose bits are set, in their order.
type Table struct {
	Rows  []Row
	Bits  []uint64
	Costs []uint32 // packed
}

// Row says where an arc's bitmap and costs begin, and which words of the
// bitmap over all offices the window shows.
type Row struct {
	Bits, Costs  uint32
	First, Words uint16
}

// newTable turns the offices' columns into the arcs' rows.
func newTable(arcs int, cols []column) Table {
	t := Table{Rows: make([]Row, arcs)}
	counts := make([]uint32, arcs)
	for office, c := range cols {
		for _, arc := range c.arcs {
			t.Rows[arc].show(uint16(office>>6), counts[arc] == 0)
			counts[arc]++
		}
	}
	words, costs := uint32(0), uint32(0)
	for arc := range t.Rows {
		t.Rows[arc].Bits, t.Rows[arc].Costs = words, costs
		words += uint32(t.Rows[arc].Words)
		costs += counts[arc]
	}
	t.Bits, t.Costs = make([]uint64, words), make([]uint32, costs)
	t.fill(cols)
	return t
}

// show widens the window to a word. Words come in ascending order.
func (r *Row) show(word uint16, empty bool) {
	if empty {
		r.First = word
	}
	r.Words = word - r.First + 1
}

// fill takes the offices in ascending order, so that each row's costs stand in
// the order of its bits.
func (t *Table) fill(cols []column) {
	next := make([]uint32, len(t.Rows))
	for office, c := range cols {
		for i, arc := range c.arcs {
			row := &t.Rows[arc]
			t.Bits[row.Bits+uint32(office>>6)-uint32(row.First)] |= 1 << (office & 63)
			t.Costs[row.Costs+next[arc]] = c.costs[i]
			next[arc]++
		}
	}
}

// columns turns the rows back, for some offices to be replaced.
func (t *Table) columns(offices int) []column {
	cols := make([]column, offices)
	for arc := range t.Rows {
		c := t.cursor(uint32(arc), 0)
		for word := c.first; word < c.end; word++ {
			for set := c.word(word); set != 0; set &= set - 1 {
				col := &cols[word<<6|bits.TrailingZeros64(set)]
				col.arcs = append(col.arcs, uint32(arc))
				col.costs = append(col.costs, c.costs[0])
				c.costs = c.costs[1:]
			}
		}
	}
	return cols
}

// cursor reads a row from the left to the right.
type cursor struct {
	first, end int // words shown
	bits       []uint64
	costs      []uint32 // from the next word on
	spent      Cost     // before the end of the arc
}

// nothing is a row without offices; it widens no window.
var nothing = cursor{first: 1 << 16}

func (t *Table) cursor(arc uint32, spent Cost) cursor {
	r := t.Rows[arc]
	if r.Words == 0 {
		return nothing
	}
	return cursor{
		first: int(r.First), end: int(r.First) + int(r.Words),
		bits: t.Bits[r.Bits:], costs: t.Costs[r.Costs:], spent: spent,
	}
}

func (c *cursor) word(word int) uint64 {
	if word < c.first || word >= c.end {
		return 0
	}
	return c.bits[word-c.first]
}

// cost is that of the office of one bit in a word of the row.
func (c *cursor) cost(word, bit uint64) Cost {
	if word&bit == 0 {
		return 1<<64 - 1
	}
	return c.spent + unpack(c.costs[bits.OnesCount64(word&(bit-1))])
}
