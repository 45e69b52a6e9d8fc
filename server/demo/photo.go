package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// photo is a small JPEG such as a phone would send.
var photo = draw()

func draw() []byte {
	img := image.NewGray(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			img.SetGray(x, y, color.Gray{Y: uint8(x ^ y)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
