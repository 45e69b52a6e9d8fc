package scan

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

const pngHead = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that the picture needs: the critical ones and those
// about colour and transparency (PNG, third edition, clause 11). Texts, times
// and Exif are not among them.
var pngKept = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs",
}

// stripPNG copies a PNG without the chunks that it can do without. ok is false
// for a file that is cut off or whose checksums are wrong.
func stripPNG(in []byte) (out []byte, ok bool) {
	out = append(make([]byte, 0, len(in)), pngHead...)
	for rest := in[len(pngHead):]; len(rest) >= 12; {
		length := uint64(binary.BigEndian.Uint32(rest))
		if length+12 > uint64(len(rest)) {
			return nil, false
		}
		chunk := rest[: length+12 : length+12]
		name := string(chunk[4:8])
		if crc32.ChecksumIEEE(chunk[4:length+8]) != binary.BigEndian.Uint32(chunk[length+8:]) {
			return nil, false
		}
		if slices.Contains(pngKept, name) {
			out = append(out, chunk...)
		}
		if name == "IEND" {
			return out, true
		}
		rest = rest[length+12:]
	}
	return nil, false
}
