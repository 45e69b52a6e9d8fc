package citizen

import (
	"log/slog"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrCreditCode refuses an organisation's code; its sentence says what is wrong.
var ErrCreditCode = fault.New(fault.Invalid, "citizen.credit_code_invalid", "统一社会信用代码有误，请核对18位代码后重新填写")

// CreditCode is the code of a legal person or other organisation
// (统一社会信用代码, GB 32100-2015): registering office 1, class 1, region 6,
// organisation 9, check 1. It can hold no wrong code; the zero value holds none.
type CreditCode struct{ text string }

// creditCodeSigns are the characters of a code by their value: no I, O, S, V, Z.
const creditCodeSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads an 18-character code. Full-width characters, small
// letters and white space around are taken. Error: ErrCreditCode.
func ParseCreditCode(text string) (CreditCode, error) {
	s := strings.ToUpper(fold(text))
	switch {
	case len([]rune(s)) != 18:
		return CreditCode{}, ErrCreditCode.Saying("统一社会信用代码应为18位，请检查是否漏填或多填")
	case strings.Trim(s, creditCodeSigns) != "":
		return CreditCode{}, ErrCreditCode.Saying("统一社会信用代码只能是数字和大写字母，且不含I、O、S、V、Z，请核对")
	case s[0] == '0': // no registering office has this code
		return CreditCode{}, ErrCreditCode.Saying("统一社会信用代码首位不能是0，请核对")
	case s[17] != creditCodeCheck(s):
		return CreditCode{}, ErrCreditCode.Saying("统一社会信用代码校验不通过，请逐位核对")
	}
	return CreditCode{s}, nil
}

// creditCodeCheck weighs the first 17 characters with the powers of 3, modulo 31.
func creditCodeCheck(s string) byte {
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(creditCodeSigns, s[i]) * weight
		weight = weight * 3 % 31
	}
	return creditCodeSigns[(31-sum%31)%31]
}

// String gives the whole code.
func (c CreditCode) String() string { return c.text }

// IsZero says that no code is held.
func (c CreditCode) IsZero() bool { return c.text == "" }

// Masked keeps the first and the last four characters: 9144**********123A.
func (c CreditCode) Masked() string { return mask(c.text, 4, 4) }

// LogValue keeps the code out of logs: a sole trader's code names a person.
func (c CreditCode) LogValue() slog.Value { return slog.StringValue(c.Masked()) }
