package wechat

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// How days and hours may be written, after the platform's table of template
// fields (订阅消息参数值内容限制说明). A day in digits needs a space before an
// hour, or nobody can tell them apart.
const (
	month   = `(?:0?[1-9]|1[0-2])`
	dom     = `(?:0?[1-9]|[12]\d|3[01])`
	hour    = `(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`
	chinese = `(?:\d{4}年` + month + `月(?:` + dom + `日)?|` + month + `月` + dom + `日)`
	digits  = `(?:(?:\d{4}-)?` + month + `-` + dom + `|(?:\d{4}/)?` + month + `/` + dom + `|(?:\d{4}\.)?` + month + `\.` + dom +
		`|\d{4}[-/.]` + month + `)`
	atTime = `(?:` + chinese + ` ?|` + digits + ` )?` + hour
	onDate = `(?:` + chinese + `(?: ?` + hour + `)?|` + digits + `(?: ` + hour + `)?)`
)

// strict are the fields whose values cannot be cut without lying.
var strict = map[string]*regexp.Regexp{
	"number":           regexp.MustCompile(`^[\d.]{1,32}$`),
	"letter":           regexp.MustCompile(`^[A-Za-z]{1,32}$`),
	"symbol":           regexp.MustCompile(`^[\p{P}\p{S}]{1,5}$`),
	"character_string": regexp.MustCompile(`^[!-~]{1,32}$`),
	"time":             regexp.MustCompile(`^` + atTime + `(?:~` + atTime + `)?$`),
	"date":             regexp.MustCompile(`^` + onDate + `(?:~` + onDate + `)?$`),
	"amount":           regexp.MustCompile(`^[^\d\s]?\d{1,10}(?:\.\d{1,10})?元?$`),
	"phone_number":     regexp.MustCompile(`^[\d+()*-]{1,17}$`),
	"car_number":       regexp.MustCompile(`^[\p{Han}A-Za-z0-9]{1,8}$`),
	"phrase":           regexp.MustCompile(`^\p{Han}{1,5}$`),
}

var decimal = regexp.MustCompile(`^\d+(?:\.\d+)?$`)

// fit makes value fit the template field key ("thing1", "phone_number2"), and
// says whether it could. Free text is cut; everything else fits or does not.
func fit(key, value string) (string, bool) {
	kind := strings.TrimRight(key, "0123456789")
	value = strings.TrimSpace(strings.Map(unbroken, strings.ToValidUTF8(value, "")))
	if value == "" {
		return "", false
	}
	switch kind {
	case "thing":
		return cut(value, 20), true
	case "name":
		return cutName(value), true
	case "symbol": // Han radicals are symbols to Unicode
		return value, strict[kind].MatchString(value) && !hasHan(value)
	case "number":
		return value, strict[kind].MatchString(value) && decimal.MatchString(value)
	}
	if form := strict[kind]; form != nil {
		return value, form.MatchString(value)
	}
	return value, true
}

// unbroken turns line breaks and other control characters into spaces, which
// the platform refuses in every field.
func unbroken(r rune) rune {
	if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
		return ' '
	}
	return r
}

// cut shortens s to n characters, the last one an ellipsis. It counts as
// JavaScript does, an emoji for two, to be on the safe side.
func cut(s string, n int) string {
	if units(s) <= n {
		return s
	}
	return keep(s, n-1) + "…"
}

// cutName shortens a name: ten characters where it has a Chinese one, else 20.
func cutName(s string) string {
	if hasHan(s) {
		return keep(s, 10)
	}
	return keep(s, 20)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func keep(s string, n int) string {
	for i, r := range s {
		if n -= max(utf16.RuneLen(r), 1); n < 0 {
			return s[:i]
		}
	}
	return s
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
