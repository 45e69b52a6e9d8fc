package citizen

import (
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrName refuses a person's name; its sentence says what is wrong.
var ErrName = fault.New(fault.Invalid, "citizen.name_invalid", "姓名有误，请按身份证件上的姓名填写")

// Name is a person's name as the identity paper has it: Chinese characters
// with middle dots (阿卜杜拉·买买提), or Latin letters with spaces. It can hold
// no wrong name; the zero value holds none.
type Name struct{ text string }

const (
	minName = 2 // characters
	maxName = 30
	dot     = '·' // U+00B7, the middle dot of GB 18030 names
)

// ParseName reads a name of 2 to 30 characters. White space around and between
// Chinese characters goes, between Latin words it becomes one space;
// look-alikes of the middle dot become the middle dot. Error: ErrName.
func ParseName(text string) (Name, error) {
	words := strings.Fields(strings.Map(middleDot, fold(text)))
	s := strings.Join(words, "") // Chinese names are often set with a gap
	if !chinese(s) {
		s = strings.Join(words, " ")
	}
	n := utf8.RuneCountInString(s)
	switch {
	case n < minName || n > maxName:
		return Name{}, ErrName.Saying("姓名应为2至30个字，请按身份证件填写")
	case !chinese(s) && !latin(s):
		return Name{}, ErrName.Saying("姓名只能是汉字和间隔号，或拉丁字母和空格，请按身份证件填写")
	case strings.Trim(s, "·'-") != s || strings.Contains(s, "··"):
		return Name{}, ErrName.Saying("姓名中的间隔号位置有误，请按身份证件填写")
	}
	return Name{s}, nil
}

func middleDot(r rune) rune {
	switch r {
	case '•', '‧', '∙', '⋅', '・', '･', '．', '﹒':
		return dot
	}
	return r
}

func chinese(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r != dot && !han(r) })
}

// han knows the characters of names. Planes 2 and 3 are set aside for Chinese
// characters and are taken whole, so are extension I and what future versions
// of the standard add; radicals (⼈) only look like characters.
func han(r rune) bool {
	switch {
	case r >= 0x2E80 && r <= 0x2FDF:
		return false
	case r >= 0x20000 && r <= 0x3FFFD, r >= 0x2EBF0 && r <= 0x2EE5D:
		return true
	default:
		return unicode.Is(unicode.Han, r)
	}
}

func latin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.Is(unicode.Latin, r) && !strings.ContainsRune(" '-·", r)
	})
}

// String gives the whole name. Never log it: see LogValue.
func (n Name) String() string { return n.text }

// IsZero says that no name is held.
func (n Name) IsZero() bool { return n.text == "" }

// Masked keeps the first character: 张三丰 becomes 张**.
func (n Name) Masked() string {
	_, first := utf8.DecodeRuneInString(n.text)
	return n.text[:first] + strings.Repeat("*", utf8.RuneCountInString(n.text[first:]))
}

// LogValue keeps the name out of logs.
func (n Name) LogValue() slog.Value { return slog.StringValue(n.Masked()) }
