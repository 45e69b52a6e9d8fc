package paper

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/workday"
)

var digits = []rune("〇一二三四五六七八九")

// ChineseDate writes a date as papers of authority do (GB/T 15835):
// 二〇二六年十一月二十三日.
func ChineseDate(d workday.Date) string {
	var b strings.Builder
	for _, c := range []int{d.Year / 1000, d.Year / 100 % 10, d.Year / 10 % 10, d.Year % 10} {
		b.WriteRune(digits[c])
	}
	return b.String() + "年" + spoken(int(d.Month)) + "月" + spoken(d.Day) + "日"
}

// spoken writes 1 to 99 as it is read.
func spoken(n int) string {
	var b strings.Builder
	if n >= 20 {
		b.WriteRune(digits[n/10])
	}
	if n >= 10 {
		b.WriteRune('十')
	}
	if n%10 > 0 {
		b.WriteRune(digits[n%10])
	}
	return b.String()
}

// Spaced writes a code in groups of four, for people who type it.
func Spaced(code string) string {
	var parts []string
	for len(code) > 4 {
		parts, code = append(parts, code[:4]), code[4:]
	}
	return strings.Join(append(parts, code), " ")
}
