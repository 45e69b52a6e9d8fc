package citizen

import (
	"strings"
	"unicode"
)

// fold brings what people type and paste to plain characters: full-width forms
// to ASCII, and no white space or invisible marks around.
func fold(text string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.IsSpace(r):
			return ' '
		default:
			return r
		}
	}, text)
	return strings.TrimFunc(plain, func(r rune) bool { return r == ' ' || unicode.Is(unicode.Cf, r) })
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == "" && s != ""
}

// mask hides all but the first and the last characters of an ASCII text.
func mask(s string, first, last int) string {
	if len(s) <= first+last {
		return s
	}
	return s[:first] + strings.Repeat("*", len(s)-first-last) + s[len(s)-last:]
}
