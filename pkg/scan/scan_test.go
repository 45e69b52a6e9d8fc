package scan

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"
)

func drawing() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		img.Set(x, x%30, color.RGBA{uint8(x * 6), 90, 200, 255})
	}
	return img
}

func aJPEG(t *testing.T) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, drawing(), nil))
	return b.Bytes()
}

func aPNG(t *testing.T) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, drawing()))
	return b.Bytes()
}

// with puts a segment behind the start of a JPEG.
func with(photo []byte, marker byte, body string) []byte {
	n := len(body) + 2
	out := append([]byte{0xFF, soi, 0xFF, marker, byte(n >> 8), byte(n)}, body...)
	return append(out, photo[2:]...)
}

// exif is what a phone writes: orientation, then its position.
func exif(order binary.AppendByteOrder, mark string, turn uint16) string {
	b := append([]byte(exifHead), mark...)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, orientationTag)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, turn)
	b = order.AppendUint16(b, 0)
	b = order.AppendUint32(b, 0)
	return string(b) + "GPS 23.02N 113.11E SECRET"
}

func same(t *testing.T, a, b []byte) {
	x, _, err := image.Decode(bytes.NewReader(a))
	require.NoError(t, err)
	y, _, err := image.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	require.Equal(t, x, y)
}

func TestAPhotoLosesItsPositionAndKeepsItsPixels(t *testing.T) {
	plain := aJPEG(t)
	for name, in := range map[string][]byte{
		"exif":     with(plain, app1, exif(binary.LittleEndian, "II", 1)),
		"xmp":      with(plain, app1, "http://ns.adobe.com/xap/1.0/\x00<SECRET/>"),
		"comment":  with(plain, com, "SECRET"),
		"maker":    with(plain, 0xED, "Photoshop 3.0 SECRET"),
		"trailing": append(bytes.Clone(plain), "SECRET after the end"...),
		"twice":    with(with(plain, app1, exif(binary.BigEndian, "MM", 6)), app1, exif(binary.LittleEndian, "II", 8)),
	} {
		f, err := Clean(in)
		require.NoError(t, err, name)
		require.Equal(t, "image/jpeg", f.Media)
		require.NotContains(t, string(f.Content), "SECRET", name)
		same(t, plain, f.Content)
	}
}

func TestAPhotoStaysTheRightWayUp(t *testing.T) {
	for turn := uint16(2); turn <= 8; turn++ {
		for _, in := range []string{exif(binary.LittleEndian, "II", turn), exif(binary.BigEndian, "MM", turn)} {
			f, err := Clean(with(aJPEG(t), app1, in))
			require.NoError(t, err)
			_, body, _ := segment(f.Content, 2)
			require.Equal(t, int(turn), orientation(body))
			require.NotContains(t, string(f.Content), "GPS")
		}
	}
}

// chunk is one PNG chunk.
func chunk(name, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func TestAScreenshotLosesItsTexts(t *testing.T) {
	plain := aPNG(t)
	head := len(pngHead) + 25 // behind IHDR
	for _, name := range []string{"tEXt", "zTXt", "iTXt", "eXIf", "tIME", "prVt"} {
		in := append(bytes.Clone(plain[:head]), chunk(name, "SECRET")...)
		in = append(in, plain[head:]...)
		in = append(in, "SECRET after the end"...)
		f, err := Clean(in)
		require.NoError(t, err, name)
		require.Equal(t, "image/png", f.Media)
		require.NotContains(t, string(f.Content), "SECRET", name)
		same(t, plain, f.Content)
	}
}

func TestFilesThatLieAreRefused(t *testing.T) {
	huge := chunk("IHDR", string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 60_000), 60_000))+"\x08\x02\x00\x00\x00")
	photo, screen := aJPEG(t), aPNG(t)
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"nothing":               {nil, ErrSize},
		"too much":              {bytes.Repeat([]byte("x"), BytesMost+1), ErrSize},
		"a page called jpg":     {[]byte("<html><script>alert(1)</script>"), ErrMedia},
		"a program":             {[]byte("MZ\x90\x00"), ErrMedia},
		"svg":                   {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), ErrMedia},
		"gif":                   {[]byte("GIF89a\x01\x00\x01\x00"), ErrMedia},
		"only the first bytes":  {[]byte("\xff\xd8\xff"), ErrBroken},
		"a photo cut off":       {photo[:len(photo)/2], ErrBroken},
		"a screenshot cut off":  {screen[:len(screen)-9], ErrBroken},
		"a broken checksum":     {bytes.Replace(screen, []byte("IDAT"), []byte("IDAX"), 1), ErrBroken},
		"a bomb":                {append(append([]byte(pngHead), huge...), chunk("IEND", "")...), ErrPixels},
		"a png head on a photo": {append([]byte(pngHead), photo...), ErrBroken},
		"half a pdf":            {[]byte("%PDF-1.7\n1 0 obj"), ErrBroken},
	} {
		_, err := Clean(c.in)
		require.ErrorIs(t, err, c.want, name)
	}
}

func FuzzClean(f *testing.F) {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, drawing(), nil)
	f.Add(with(b.Bytes(), app1, exif(binary.LittleEndian, "II", 6)))
	b.Reset()
	_ = png.Encode(&b, drawing())
	f.Add(b.Bytes())
	f.Add(aPDF(2, "/Author (SECRET)"))
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := Clean(in)
		if err != nil {
			return
		}
		again, err := Clean(file.Content)
		require.NoError(t, err, "what was kept can be read")
		require.Equal(t, file, again, "cleaning twice changes nothing")
	})
}
