package road

import "unsafe"

// An index lies in a file as it lies in memory, so that it can be mapped and
// used without reading it first. These two functions are the whole of that
// trick; flat lists what they may be used for: numbers, and structs of numbers
// without gaps. The file's header tells a machine of the other byte order.
type flat interface {
	uint32 | uint64 | byte | int32 | Cost | Turn | Segment | Spot | Row | Grid
}

// raw gives the bytes of a slice.
func raw[T flat](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	var t T
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(t)))
}

// view gives the slice that lies in bytes; they must begin at a multiple of 8.
func view[T flat](b []byte) []T {
	var t T
	n := len(b) / int(unsafe.Sizeof(t))
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
}
