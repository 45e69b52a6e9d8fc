// Package scan (材料影像) decides whether an uploaded file is what it must be,
// a photo or a PDF, and takes out of it what nobody was asked for: a phone
// writes position, time and device into each photo.
package scan

import (
	"bytes"
	"image"
	_ "image/jpeg" // the two formats that a phone's camera and screen give
	_ "image/png"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Limits of one file.
const (
	BytesMost  = 10 << 20
	pixelsMost = 60_000_000 // a phone's largest photo; more is a bomb
	sideMost   = 20_000
	memoryMost = 256 << 20 // bytes that a decoded picture may take
)

// What is wrong with a file.
var (
	ErrMedia  = fault.New(fault.Invalid, "scan.media", "只能上传 JPG、PNG 图片或 PDF 文件，请转换后再上传")
	ErrSize   = fault.New(fault.Invalid, "scan.size", "文件为空或超过 10 MB，请重新拍摄或压缩后上传")
	ErrBroken = fault.New(fault.Invalid, "scan.broken", "文件打不开，可能没有传完整，请重新拍摄后上传")
	ErrPixels = fault.New(fault.Invalid, "scan.pixels", "图片尺寸过大，请缩小后再上传")
)

// File is an upload that may be kept.
type File struct {
	Media   string // image/jpeg, image/png or application/pdf
	Content []byte
	Small   []byte // of a picture, a JPEG of at most SmallSide pixels; nil of a PDF
}

// Clean checks a file by its content, whatever it is called, and returns it
// without metadata: of a photo, only how to turn it upright stays. Pixels are
// not touched. Errors: ErrSize, ErrMedia, ErrBroken, ErrPixels, ErrPages,
// ErrLocked, ErrActive.
func Clean(content []byte) (File, error) {
	switch {
	case len(content) == 0 || len(content) > BytesMost:
		return File{}, ErrSize
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return picture("image/jpeg", content, stripJPEG)
	case bytes.HasPrefix(content, []byte(pngHead)):
		return picture("image/png", content, stripPNG)
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return cleanPDF(content)
	default:
		return File{}, ErrMedia
	}
}

// picture measures before anything is decoded, so that a bomb costs nothing.
func picture(media string, content []byte, strip func([]byte) ([]byte, bool)) (File, error) {
	clean, ok := strip(content)
	if !ok {
		return File{}, ErrBroken
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(clean))
	switch {
	case err != nil || "image/"+format != media || c.Width < 1 || c.Height < 1:
		return File{}, ErrBroken
	case c.Width > sideMost || c.Height > sideMost || c.Width*c.Height > pixelsMost || memory(c, clean) > memoryMost:
		return File{}, ErrPixels
	}
	return File{Media: media, Content: clean}, nil
}
