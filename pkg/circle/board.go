package circle

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Board shows at a glance where the next free slot is and how long the queues
// are (号源与排队看板). Whoever keeps appointments and queues writes it every few
// seconds; questions read it without a lock. What it shows may be some seconds
// old: a slot is promised only by holding it.
type Board struct {
	first int64 // unix second of the first cell
	cell  int64 // seconds
	free  []atomic.Pointer[[]uint64]
	waits []atomic.Int64 // nanoseconds plus one; 0 = not known
}

// NewBoard makes an empty board for n offices: no slot is free, no wait known.
// Cells of a slot's least length are counted from a time on.
func NewBoard(n int, from time.Time, cell time.Duration) *Board {
	return &Board{
		first: from.Unix(), cell: int64(cell / time.Second),
		free: make([]atomic.Pointer[[]uint64], n), waits: make([]atomic.Int64, n),
	}
}

// ShowFree replaces what is known of an office's cells: at which times another
// visit of one cell could start. The bits are the board's from now on.
func (b *Board) ShowFree(office int32, cells []uint64) { b.free[office].Store(&cells) }

// ShowWait replaces what is known of an office's queue.
func (b *Board) ShowWait(office int32, wait time.Duration) { b.waits[office].Store(int64(wait) + 1) }

// Cell is the number of the cell that holds a time.
func (b *Board) Cell(at time.Time) int { return int((at.Unix() - b.first) / b.cell) }

// For reads the board for visits of so many cells.
func (b *Board) For(cells int) Prospects { return boardView{b, max(1, cells)} }

type boardView struct {
	*Board
	cells int
}

// FirstSlot implements Prospects.
func (v boardView) FirstSlot(office int32, after int64) int64 {
	free := v.free[office].Load()
	if free == nil {
		return 0
	}
	from := max(0, (after-v.first+v.cell-1)/v.cell)
	at := firstRun(*free, int(from), v.cells)
	if at < 0 {
		return 0
	}
	return v.first + int64(at)*v.cell
}

// Wait implements Prospects.
func (v boardView) Wait(office int32) time.Duration {
	return time.Duration(v.waits[office].Load() - 1)
}

// firstRun is the first bit at or after from that begins so many ones in a
// row; -1 if none does.
func firstRun(set []uint64, from, length int) int {
	for from < 64*len(set) {
		from = nextBit(set, from, 0)
		end := nextBit(set, from, 1<<64-1)
		if end-from >= length {
			return from
		}
		from = end
	}
	return -1
}

// nextBit is the first bit at or after from that is 1, once each is flipped
// where flip has a 1; the number of bits if there is none.
func nextBit(set []uint64, from int, flip uint64) int {
	for word := from >> 6; word < len(set); word++ {
		w := set[word] ^ flip
		if word == from>>6 {
			w &= ^uint64(0) << (from & 63)
		}
		if w != 0 {
			return word<<6 + bits.TrailingZeros64(w)
		}
	}
	return 64 * len(set)
}
