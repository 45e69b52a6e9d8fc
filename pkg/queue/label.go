package queue

import (
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrLabel refuses what is no ticket number.
var ErrLabel = fault.New(fault.Invalid, "queue.label", "排队号有误，请按票面填写一个字母和数字")

// ParseLabel reads what is printed on a ticket, such as "A012", as people type
// it: small letters, without leading zeros. Error: ErrLabel.
func ParseLabel(text string) (Series, int, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) < 2 || len(text) > 5 || !strings.Contains("ABCP", text[:1]) {
		return "", 0, ErrLabel
	}
	if strings.Trim(text[1:], "0123456789") != "" {
		return "", 0, ErrLabel
	}
	n, err := strconv.Atoi(text[1:])
	if err != nil || n < 1 {
		return "", 0, ErrLabel
	}
	return Series(text[:1]), n, nil
}
