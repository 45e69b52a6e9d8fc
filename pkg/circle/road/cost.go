package road

import "math"

// Cost is what a journey costs: its time in tenths of a second (ticks) above
// its length in metres. Costs are added and compared as plain numbers: the
// faster of two journeys is the lesser, and of two equally fast the shorter.
type Cost uint64

const (
	ticksPerSecond = 10
	metreBits      = 32
)

// newCost rounds to ticks and metres.
func newCost(seconds, metres float64) Cost {
	return Cost(math.Round(seconds*ticksPerSecond))<<metreBits | Cost(math.Round(metres))
}

// seconds makes a cost without length, such as waiting at a light.
func wait(ticks uint32) Cost { return Cost(ticks) << metreBits }

func (c Cost) ticks() uint32 { return uint32(c >> metreBits) }

// Meters is the length.
func (c Cost) Meters() int32 { return int32(c) }

// Seconds is the time, rounded up: who is told 900 must not need more.
func (c Cost) Seconds() int32 { return int32((c.ticks() + ticksPerSecond - 1) / ticksPerSecond) }

// within is the greatest cost of at most so many seconds.
func within(seconds int) Cost { return wait(uint32(seconds)*ticksPerSecond) | 1<<metreBits - 1 }

// whole is the length of every edge in the unit of along.
const whole = 1 << 16

// part is the share along/whole of a cost.
func (c Cost) part(along uint32) Cost {
	ticks := (uint64(c.ticks())*uint64(along) + whole/2) / whole
	metres := (uint64(uint32(c))*uint64(along) + whole/2) / whole
	return Cost(ticks)<<metreBits | Cost(metres)
}

// A cost within the limit fits into 32 bits: half an hour has 18,000 ticks
// (15 bits), in which nobody gets 131 km far (17 bits).
const packedMetres = 17

func (c Cost) pack() uint32 {
	return c.ticks()<<packedMetres | min(uint32(c), 1<<packedMetres-1)
}

func unpack(p uint32) Cost {
	return Cost(p>>packedMetres)<<metreBits | Cost(p&(1<<packedMetres-1))
}
