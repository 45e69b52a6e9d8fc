package citizen

import (
	"io"
	"mime/multipart"
	"path"
	"strings"
	"unicode"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// uploadMost is one byte more than a file may have, so that one too large is
// seen to be so.
const uploadMost = 10<<20 + 1

// uploaded reads the parts of an upload.
func uploaded(in *uploadIn) (casework.Upload, error) {
	parts := in.RawBody.Data()
	if !parts.File.IsSet {
		return casework.Upload{}, api.ErrMalformed
	}
	if wrong := unasked(in.RawBody.Form); len(wrong) > 0 {
		return casework.Upload{}, api.ErrInvalid.With(wrong...)
	}
	content, err := io.ReadAll(io.LimitReader(parts.File, uploadMost))
	if err != nil {
		return casework.Upload{}, api.ErrMalformed.Because(err)
	}
	return casework.Upload{
		Material: catalog.MaterialCode(parts.Material), Name: fileName(parts.File.Filename), Content: content,
	}, nil
}

// unasked lists the parts that an upload does not have, and those that came
// more than once: none is dropped in silence.
func unasked(form *multipart.Form) (wrong []fault.Field) {
	for name, values := range form.Value {
		if name != "material" {
			wrong = append(wrong, fault.Field{Path: "form." + name, Text: "不认识这一项，请去掉"})
		} else if len(values) > 1 {
			wrong = append(wrong, fault.Field{Path: "form.material", Text: "只能写一次，请去掉多余的"})
		}
	}
	for name, files := range form.File {
		if name != "file" || len(files) > 1 {
			wrong = append(wrong, fault.Field{Path: "form." + name, Text: "一次只能传一个文件，请分次上传"})
		}
	}
	return wrong
}

// fileName keeps the last part of what the client calls the file, without
// anything that a screen or a header could trip over.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/"<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(name, ".") // ".", ".." and hidden files
	if r := []rune(name); len(r) > 80 {
		name = string(r[len(r)-80:])
	}
	return name
}
