package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// SmallSide bounds the longer side of a small picture, in pixels.
const SmallSide = 320

// samples is how many points of each direction make one pixel of a small
// picture: enough to read a certificate's headline, and the work is bounded
// by the small picture, not by the large one.
const samples = 3

// Small decodes the whole picture, which also shows that it is one, and makes
// a small JPEG of it, the right way up. Error: ErrBroken.
func Small(f File) ([]byte, error) {
	img, _, err := image.Decode(bytes.NewReader(f.Content))
	if err != nil {
		return nil, ErrBroken.Because(err)
	}
	var b bytes.Buffer
	err = jpeg.Encode(&b, shrunk(img, turnOf(f.Content)), &jpeg.Options{Quality: 75})
	return b.Bytes(), err
}

// memory is about how many bytes decoding takes at most.
func memory(c image.Config, content []byte) int {
	pixels := c.Width * c.Height
	switch c.ColorModel {
	case color.YCbCrModel, color.CMYKModel:
		if progressive(content) {
			return pixels * 4 * 5 // a coefficient of 4 bytes beside each sample
		}
		return pixels * 4
	case color.RGBA64Model, color.NRGBA64Model:
		return pixels * 8 * passes(content)
	case color.RGBAModel, color.NRGBAModel:
		return pixels * 4 * passes(content)
	default:
		return pixels * 2 * passes(content)
	}
}

// progressive says whether a JPEG is coded in several scans.
func progressive(content []byte) bool {
	for at := 2; ; {
		marker, body, next := segment(content, at)
		if body == nil || marker == sos {
			return false
		}
		if marker == sof2 {
			return true
		}
		at = next
	}
}

// passes is 2 for a PNG that is interlaced: its parts are decoded beside it.
func passes(content []byte) int {
	const interlace = len(pngHead) + 8 + 12
	if len(content) > interlace && content[interlace] != 0 {
		return 2
	}
	return 1
}

// turnOf is which way is up, 1 to 8.
func turnOf(content []byte) int {
	for at := 2; bytes.HasPrefix(content, []byte("\xff\xd8\xff")); {
		marker, body, next := segment(content, at)
		if body == nil || marker == sos {
			break
		}
		if marker == app1 {
			return max(1, orientation(body))
		}
		at = next
	}
	return 1
}

// shrunk draws a picture upright and small.
func shrunk(img image.Image, turn int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if turn >= 5 {
		w, h = h, w
	}
	outW, outH := w, h
	if long := max(w, h); long > SmallSide {
		outW, outH = max(1, w*SmallSide/long), max(1, h*SmallSide/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, outW, outH))
	for y := range outH {
		for x := range outW {
			out.SetRGBA(x, y, mixed(img, turn, (2*x+1)*w, 2*outW, (2*y+1)*h, 2*outH, w, h))
		}
	}
	return out
}

// mixed is the mean of points around x/ofX, y/ofY on white paper.
func mixed(img image.Image, turn, x, ofX, y, ofY, w, h int) color.RGBA {
	var sum [3]uint32
	for dy := -samples / 2; dy <= samples/2; dy++ {
		for dx := -samples / 2; dx <= samples/2; dx++ {
			px := min(max((x+dx*w*2/samples)/ofX, 0), w-1)
			py := min(max((y+dy*h*2/samples)/ofY, 0), h-1)
			r, g, b, a := img.At(upright(img.Bounds(), turn, px, py)).RGBA()
			sum[0] += (r + 0xffff - a) >> 8
			sum[1] += (g + 0xffff - a) >> 8
			sum[2] += (b + 0xffff - a) >> 8
		}
	}
	const n = samples * samples
	return color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255}
}

// upright is where the pixel at x, y of the picture seen upright is stored
// (Exif's orientation, CIPA DC-008).
func upright(b image.Rectangle, turn, x, y int) (int, int) {
	w, h := b.Dx()-1, b.Dy()-1
	switch turn {
	case 2:
		x = w - x
	case 3:
		x, y = w-x, h-y
	case 4:
		y = h - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, h-x
	case 7:
		x, y = w-y, h-x
	case 8:
		x, y = w-y, x
	}
	return b.Min.X + x, b.Min.Y + y
}
