package citizen

import (
	"io"
	"path"
	"strings"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
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
	content, err := io.ReadAll(io.LimitReader(parts.File, uploadMost))
	if err != nil {
		return casework.Upload{}, api.ErrMalformed.Because(err)
	}
	return casework.Upload{
		Material: catalog.MaterialCode(parts.Material), Name: fileName(parts.File.Filename), Content: content,
	}, nil
}

// fileName keeps the last part of what the client calls the file, without
// anything that a screen or a header could trip over.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 80 {
		name = string(r[len(r)-80:])
	}
	return name
}
