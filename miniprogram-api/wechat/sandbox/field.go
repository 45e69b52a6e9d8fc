package sandbox

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// fits judges a value by the rule of its field, after the platform's table
// (订阅消息参数值内容限制说明). A field of no known kind takes anything.
func fits(field, value string) bool {
	n := utf8.RuneCountInString(value)
	if n == 0 || strings.ContainsFunc(value, unicode.IsControl) {
		return false
	}
	switch strings.TrimRight(field, "0123456789") {
	case "thing":
		return n <= 20
	case "number":
		return n <= 32 && all(value, isDigit, '.') && isDigit(rune(value[0]))
	case "letter":
		return n <= 32 && all(value, isLetter)
	case "symbol":
		return n <= 5 && all(value, func(r rune) bool { return !isDigit(r) && !isLetter(r) && !isHan(r) && !unicode.IsSpace(r) })
	case "character_string":
		return n <= 32 && all(value, func(r rune) bool { return !isHan(r) })
	case "time":
		return eachEnd(value, isTime)
	case "date":
		return eachEnd(value, isDate)
	case "amount":
		return isAmount(value)
	case "phone_number":
		return n <= 17 && all(value, isDigit, '+', '-', '(', ')', '*')
	case "car_number":
		return n <= 8 && all(value, func(r rune) bool { return isDigit(r) || isLetter(r) || isHan(r) })
	case "name":
		return n <= 10 || n <= 20 && !strings.ContainsFunc(value, isHan)
	case "phrase":
		return n <= 5 && all(value, isHan)
	}
	return true
}

func isDigit(r rune) bool  { return r >= '0' && r <= '9' }
func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }
func isHan(r rune) bool    { return unicode.Is(unicode.Han, r) }

// all says whether every character is of the class, or one of those besides.
func all(s string, class func(rune) bool, besides ...rune) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !class(r) && !strings.ContainsRune(string(besides), r)
	})
}

// eachEnd judges a moment, or both ends of a span "a~b".
func eachEnd(value string, is func(string) bool) bool {
	from, to, span := strings.Cut(value, "~")
	return is(from) && (!span || is(to))
}

var (
	dayLayouts  = []string{"2006年1月2日", "2006年1月", "1月2日", "2006-1-2", "2006/1/2", "2006.1.2", "2006-1", "2006/1", "2006.1", "1-2", "1/2", "1.2"}
	hourLayouts = []string{"15:04", "15:04:05"}
)

// isTime is an hour, with or without a day before it.
func isTime(s string) bool {
	if parses(s, "", hourLayouts) {
		return true
	}
	return isBoth(s)
}

// isDate is a day, with or without an hour after it.
func isDate(s string) bool { return parses(s, "", dayLayouts) || isBoth(s) }

func isBoth(s string) bool {
	for _, d := range dayLayouts {
		if parses(s, d+" ", hourLayouts) || parses(s, d, hourLayouts) {
			return true
		}
	}
	return false
}

func parses(s, before string, layouts []string) bool {
	for _, l := range layouts {
		if _, err := time.Parse(before+l, s); err == nil {
			return true
		}
	}
	return false
}

// isAmount is a sign of currency, up to ten digits, decimals, and 元.
func isAmount(s string) bool {
	s = strings.TrimSuffix(s, "元")
	if r, size := utf8.DecodeRuneInString(s); !isDigit(r) {
		s = s[size:]
	}
	whole, decimals, _ := strings.Cut(s, ".")
	return whole != "" && len(whole) <= 10 && all(whole, isDigit) && all(decimals, isDigit)
}
