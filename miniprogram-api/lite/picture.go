package lite

import (
	"encoding/base64"
	"strings"
)

// pictureOf reads a drawing that a page sends as a data address.
func pictureOf(text string) ([]byte, error) {
	rest, ok := strings.CutPrefix(text, "data:image/png;base64,")
	if !ok {
		return nil, ErrNoPicture
	}
	b, err := base64.StdEncoding.DecodeString(rest)
	if err != nil || len(b) == 0 {
		return nil, ErrNoPicture
	}
	return b, nil
}
