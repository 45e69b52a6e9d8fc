package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// corner is a picture whose upper left quarter is red.
func corner(t *testing.T, w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.White)
			if x < w/2 && y < h/2 {
				img.Set(x, y, color.RGBA{200, 0, 0, 255})
			}
		}
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

func small(t *testing.T, content []byte) image.Image {
	f, err := Clean(content)
	require.NoError(t, err)
	b, err := Small(f)
	require.NoError(t, err)
	img, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	return img
}

func isRed(img image.Image, x, y int) bool {
	r, g, _, _ := img.At(x, y).RGBA()
	return r>>8 > 150 && g>>8 < 90
}

func TestASmallPictureIsSmallAndTheRightWayUp(t *testing.T) {
	photo := corner(t, 800, 400)
	corners := map[uint16][2]bool{ // red is left, red is above
		1: {true, true}, 2: {false, true}, 3: {false, false}, 4: {true, false},
		5: {true, true}, 6: {false, true}, 7: {false, false}, 8: {true, false},
	}
	for turn, want := range corners {
		img := small(t, with(photo, app1, exif(binary.LittleEndian, "II", turn)))
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if turn < 5 {
			require.Equal(t, [2]int{320, 160}, [2]int{w, h})
		} else {
			require.Equal(t, [2]int{160, 320}, [2]int{w, h})
		}
		for _, left := range []bool{true, false} {
			for _, above := range []bool{true, false} {
				x, y := 3*w/4, 3*h/4
				if left {
					x = w / 4
				}
				if above {
					y = h / 4
				}
				require.Equal(t, [2]bool{left, above} == want, isRed(img, x, y), "turn %d, left %v, above %v", turn, left, above)
			}
		}
	}
}

func TestAPictureOfAnyShapeHasASmallOne(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 900}, {900, 1}, {320, 320}, {321, 2}} {
		img := small(t, corner(t, size[0], size[1]))
		require.LessOrEqual(t, max(img.Bounds().Dx(), img.Bounds().Dy()), SmallSide)
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 10, 10))))
	r, _, _, _ := small(t, b.Bytes()).At(5, 5).RGBA()
	require.Greater(t, r>>8, uint32(240), "what is transparent lies on white paper")
}

func TestAPictureThatOnlyBeginsLikeOneIsBroken(t *testing.T) {
	photo := corner(t, 400, 400)
	at := bytes.Index(photo, []byte{0xFF, sos})
	lie := append(bytes.Clone(photo[:at+14]), 0xFF, eoi)
	_, err := NewGuard(nil).Inspect(t.Context(), lie)
	require.ErrorIs(t, err, ErrBroken)
}

func TestAPictureThatWouldFillTheMemoryIsRefused(t *testing.T) {
	deep := chunk("IHDR", string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 7000), 7000))+"\x10\x06\x00\x00\x00")
	_, err := Clean(append(append([]byte(pngHead), deep...), chunk("IEND", "")...))
	require.ErrorIs(t, err, ErrPixels, "49 million pixels of 8 bytes")
}

// doctor counts, and says what it is told to.
type doctor struct {
	seen atomic.Int64
	says error
}

func (d *doctor) Examine(context.Context, []byte) error { d.seen.Add(1); return d.says }

func TestNothingIsKeptThatNobodyCouldExamine(t *testing.T) {
	for _, says := range []error{ErrInfected, ErrUnchecked} {
		d := &doctor{says: says}
		_, err := NewGuard(d).Inspect(t.Context(), corner(t, 10, 10))
		require.ErrorIs(t, err, says)
		require.EqualValues(t, 1, d.seen.Load())
	}
	d := &doctor{}
	f, err := NewGuard(d).Inspect(t.Context(), corner(t, 10, 10))
	require.NoError(t, err)
	require.NotEmpty(t, f.Small)
	f, err = NewGuard(d).Inspect(t.Context(), aPDF(1, ""))
	require.NoError(t, err)
	require.Nil(t, f.Small)
	require.EqualValues(t, 2, d.seen.Load())
}

func TestManyPicturesWaitForTheirTurn(t *testing.T) {
	g := NewGuard(nil)
	photo := corner(t, 300, 300)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := g.Inspect(context.Background(), photo)
			require.NoError(t, err)
			require.LessOrEqual(t, len(g.seats), decodes)
		})
	}
	all.Wait()
	full := NewGuard(nil)
	for range decodes {
		full.seats <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := full.Inspect(ctx, photo)
	require.ErrorIs(t, err, ErrUnchecked)
}
