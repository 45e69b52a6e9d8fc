package catalog

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// longestValue is the most characters that a field's value may have.
const longestValue = 200

var (
	mobile   = regexp.MustCompile(`^(\+?86)?1[3-9][0-9]{9}$`)
	landline = regexp.MustCompile(`^0[0-9]{2,3}-?[0-9]{7,8}$`)
	idNumber = regexp.MustCompile(`^[1-9][0-9]{16}[0-9Xx]$`)
	uscc     = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}$`) // GB 32100 knows no I, O, S, V, Z
	number   = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,6})?$`)
)

// Check tells in Chinese what is wrong with value, or "" when it will do. An
// empty value is wrong only where the field is required. Of numbers that carry
// a check digit (id_number, uscc, phone) only the shape is judged here.
func (f Field) Check(value string) (reason string) {
	if reason := checkText(value); reason != "" {
		return reason
	}
	if strings.TrimSpace(value) == "" {
		return f.whenEmpty()
	}
	switch f.Type {
	case IDNumber:
		return unless(idNumber.MatchString(value), "应为 18 位公民身份号码")
	case Phone:
		return unless(mobile.MatchString(value) || landline.MatchString(value), "应为 11 位手机号码或带区号的固定电话")
	case USCC:
		return unless(uscc.MatchString(value), "应为 18 位统一社会信用代码")
	case Enum:
		return unless(slices.Contains(f.Enum, value), "应为以下之一："+strings.Join(f.Enum, "、"))
	case Number:
		return unless(number.MatchString(value), "应为数字")
	case Date:
		_, err := time.Parse(time.DateOnly, value)
		return unless(err == nil, "应为日期，写作 2026-01-31")
	case Bool:
		return unless(value == "true" || value == "false", "应为 true 或 false")
	default: // Text, Address
		return ""
	}
}

func (f Field) whenEmpty() string {
	return unless(!f.Required, "请填写"+f.Label)
}

func checkText(value string) string {
	if !utf8.ValidString(value) {
		return "含有无法识别的字符"
	}
	if utf8.RuneCountInString(value) > longestValue {
		return "不得超过 200 个字"
	}
	bad := strings.ContainsFunc(value, func(c rune) bool {
		return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar
	})
	return unless(!bad, "不能含有换行或不可见字符")
}

func unless(ok bool, reason string) string {
	if ok {
		return ""
	}
	return reason
}
