package citizen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrOrgName refuses the name of an organisation.
var ErrOrgName = fault.New(fault.Invalid, "citizen.org_name_invalid", "单位名称有误，请按营业执照或登记证书上的名称填写")

// ParseOrgName reads the name of a legal person or other organisation, 2 to 60
// characters: Chinese characters, letters, digits, brackets and dots. Brackets
// come out in full width, as registers write them. Error: ErrOrgName.
func ParseOrgName(text string) (Name, error) {
	s := strings.Map(orgSign, strings.Join(strings.Fields(fold(text)), " "))
	if n := utf8.RuneCountInString(s); n < 2 || n > 60 {
		return Name{}, ErrOrgName.Saying("单位名称应为2至60个字，请按证照填写")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !inOrgName(r) }) || !strings.ContainsFunc(s, unicode.IsLetter) {
		return Name{}, ErrOrgName
	}
	return Name{s}, nil
}

func orgSign(r rune) rune {
	switch r {
	case '(':
		return '（'
	case ')':
		return '）'
	}
	return middleDot(r)
}

func inOrgName(r rune) bool {
	return han(r) || unicode.Is(unicode.Latin, r) || r >= '0' && r <= '9' || strings.ContainsRune(" （）·&-.、“”《》", r)
}
