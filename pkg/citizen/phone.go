package citizen

import (
	"log/slog"
	"strings"
	"unicode"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrPhone refuses a telephone number.
var ErrPhone = fault.New(fault.Invalid, "citizen.phone_invalid", "手机号码有误，请填写11位中国内地手机号码")

// Phone is a mobile number of mainland China, 11 digits from 13 to 19. It can
// hold no wrong number; the zero value holds none.
type Phone struct{ text string }

// ParsePhone reads a number with or without +86, 86 or 0086 in front, with
// spaces and hyphens anywhere, in full or half width. Error: ErrPhone.
func ParsePhone(text string) (Phone, error) {
	s := strings.Map(dialled, fold(text))
	for _, country := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, country); ok {
			s = rest
			break
		}
	}
	if len(s) != 11 || !digits(s) || s[0] != '1' || s[1] < '3' {
		return Phone{}, ErrPhone
	}
	return Phone{s}, nil
}

// dialled drops what people write between the digits of a number, and the
// invisible marks that address books paste with it.
func dialled(r rune) rune {
	if r == ' ' || r == '−' || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// String gives the 11 digits. Never log them: see LogValue.
func (p Phone) String() string { return p.text }

// IsZero says that no number is held.
func (p Phone) IsZero() bool { return p.text == "" }

// Masked keeps the first three and the last four digits: 138****5678.
func (p Phone) Masked() string { return mask(p.text, 3, 4) }

// LogValue keeps the number out of logs.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Masked()) }
