package licence

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// series is what a number counts within: city, year and item. A licence number
// is a series and the count in it, such as FS2026-HJ-0001-00000042. It is made
// to be read out and filed; knowing one opens nothing.
func series(letters string, item catalog.ItemCode, at time.Time) string {
	return fmt.Sprintf("%s%d-%s", letters, at.In(workday.Zone).Year(), item)
}

func number(series string, serial int) string { return fmt.Sprintf("%s-%08d", series, serial) }

const (
	codeBytes = 10 // 80 bits: nobody finds one by trying
	codeSigns = 16
)

// NewCode draws a verification code: 16 characters of base32.
func NewCode(random io.Reader) (string, error) {
	b := make([]byte, codeBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	return base32.StdEncoding.EncodeToString(b), nil
}

// ReadCode brings a code that was typed from paper to its own form: small
// letters, spaces and hyphens are taken, and the digits that stand for letters
// in handwriting (0, 1, 8 are no signs of base32). Error: ErrWrongCode.
func ReadCode(text string) (string, error) {
	if len(text) > 4*codeSigns {
		return "", ErrWrongCode
	}
	b, err := base32.StdEncoding.DecodeString(typed.Replace(strings.ToUpper(text)))
	if err != nil || len(b) != codeBytes {
		return "", ErrWrongCode
	}
	return base32.StdEncoding.EncodeToString(b), nil
}

var typed = strings.NewReplacer(" ", "", "-", "", "0", "O", "1", "I", "8", "B")
