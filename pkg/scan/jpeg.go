package scan

import (
	"bytes"
	"encoding/binary"
)

// The markers of a JPEG that matter here (ITU-T T.81, table B.1).
const (
	soi   = 0xD8
	eoi   = 0xD9
	sos   = 0xDA
	sof2  = 0xC2 // progressive
	app0  = 0xE0 // JFIF
	app1  = 0xE1 // Exif, XMP
	app2  = 0xE2 // colour profile
	app14 = 0xEE // Adobe: how colours are coded
	app15 = 0xEF
	com   = 0xFE
)

// stripJPEG copies a JPEG without its comments and application segments, but
// those that say how colours are meant and which way is up. What comes after
// the picture's end is dropped. ok is false for a file that is cut off.
func stripJPEG(in []byte) (out []byte, ok bool) {
	out = append(make([]byte, 0, len(in)), 0xFF, soi)
	upright := false
	for at := 2; ; {
		marker, body, next := segment(in, at)
		switch {
		case body == nil:
			return nil, false
		case marker == sos:
			return appendScans(out, in[at:])
		case marker == app1 && !upright:
			if turn := orientation(body); turn > 1 {
				out, upright = append(out, exifOf(turn)...), true
			}
		case kept(marker):
			out = append(out, in[at:next]...)
		}
		at = next
	}
}

func kept(marker byte) bool {
	switch {
	case marker == app0, marker == app2, marker == app14:
		return true
	case marker >= app0 && marker <= app15, marker == com:
		return false
	}
	return true
}

// segment reads the segment at at; body is nil where there is none.
func segment(in []byte, at int) (marker byte, body []byte, next int) {
	for at+1 < len(in) && in[at] == 0xFF && in[at+1] == 0xFF {
		at++ // fill bytes
	}
	if at+4 > len(in) || in[at] != 0xFF {
		return 0, nil, 0
	}
	length := int(binary.BigEndian.Uint16(in[at+2:]))
	next = at + 2 + length
	if length < 2 || next > len(in) {
		return 0, nil, 0
	}
	return in[at+1], in[at+4 : next : next], next
}

// appendScans copies the picture itself, up to its end marker.
func appendScans(out, rest []byte) ([]byte, bool) {
	end := bytes.LastIndex(rest, []byte{0xFF, eoi})
	if end < 0 {
		return nil, false
	}
	return append(out, rest[:end+2]...), true
}

const exifHead = "Exif\x00\x00"

// orientationTag is Exif's (CIPA DC-008, 4.6.4).
const orientationTag = 0x0112

// orientation reads which way is up, 1 to 8; 0 where it does not say.
func orientation(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte(exifHead))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 0
	}
	for i := range int(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > len(tiff) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == orientationTag {
			return valid(int(order.Uint16(tiff[entry+8:])))
		}
	}
	return 0
}

func valid(turn int) int {
	if turn < 1 || turn > 8 {
		return 0
	}
	return turn
}

// exifOf is an Exif segment that says which way is up, and nothing else.
func exifOf(turn int) []byte {
	body := []byte(exifHead + "II*\x00\x08\x00\x00\x00" + "\x01\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string(rune(turn)) + "\x00\x00\x00" + "\x00\x00\x00\x00")
	length := len(body) + 2
	return append([]byte{0xFF, app1, byte(length >> 8), byte(length)}, body...)
}
