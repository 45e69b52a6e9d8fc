package circle

import "math/bits"

// Mask is a set of offices by number, one bit each.
type Mask []uint64

// NewMask makes an empty set with room for n offices.
func NewMask(n int) Mask { return make(Mask, (n+63)/64) }

// Set puts office i into the set.
func (m Mask) Set(i int) { m[i>>6] |= 1 << (i & 63) }

// Has says whether office i is in the set.
func (m Mask) Has(i int) bool {
	return i>>6 < len(m) && m[i>>6]>>(i&63)&1 == 1
}

// Word gives the i-th 64 offices; words past the end are empty.
func (m Mask) Word(i int) uint64 {
	if i >= len(m) {
		return 0
	}
	return m[i]
}

// Count is how many offices the set holds.
func (m Mask) Count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// From gives the part of the set that begins with office first, a multiple of
// 64.
func (m Mask) From(first int32) Mask {
	return m[min(int(first>>6), len(m)):]
}

// And gives the offices that are in both sets.
func (m Mask) And(o Mask) Mask {
	both := make(Mask, len(m))
	for i := range m {
		both[i] = m[i] & o.Word(i)
	}
	return both
}

// join gives the union of two sets in the room of dst.
func join(dst, a, b Mask) Mask {
	dst = dst[:0]
	for i := range max(len(a), len(b)) {
		dst = append(dst, a.Word(i)|b.Word(i))
	}
	return dst
}
