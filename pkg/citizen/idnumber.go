package citizen

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrIDNumber refuses a citizen's number; its sentence says which part is wrong.
var ErrIDNumber = fault.New(fault.Invalid, "citizen.id_number_invalid", "身份证号码有误，请核对18位号码后重新填写")

// IDNumber is a citizen's number (公民身份号码, GB 11643-1999): region 6, birth
// date 8, sequence 3, check 1. It can hold no wrong number; the zero value
// holds none. Residence permits (81, 82, 83) and the permanent residence cards
// of foreigners (9, province, nationality) follow the same plan.
type IDNumber struct{ text string }

// Sex (性别) as an identity number tells it.
type Sex string

// The two sexes of GB 11643.
const (
	Male   Sex = "male"   // 男
	Female Sex = "female" // 女
)

const (
	idNumberLength = 18
	earliestBirth  = 1850 // a person born earlier has died
)

// provinces are the first two digits of GB/T 2260, with 81 to 83 for residents
// of Hong Kong, Macao and Taiwan who hold a residence permit.
var provinces = []string{
	"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
	"41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
	"71", "81", "82", "83", "91",
}

// ParseIDNumber reads an 18-digit number. Full-width characters, a small x and
// white space around are taken; numbers of the old 15 digits are not, they are
// out of use since 2013. Error: ErrIDNumber.
func ParseIDNumber(text string) (IDNumber, error) {
	s := strings.ToUpper(fold(text))
	switch {
	case len(s) == 15 && digits(s):
		return IDNumber{}, ErrIDNumber.Saying("15位旧身份证号码已停用，请填写18位号码")
	case len(s) != idNumberLength:
		return IDNumber{}, ErrIDNumber.Saying("身份证号码应为18位，请检查是否漏填或多填")
	case !digits(s[:17]) || !digits(s[17:]) && s[17] != 'X':
		return IDNumber{}, ErrIDNumber.Saying("身份证号码只能是数字，末位可以是X，请重新填写")
	case !realRegion(s):
		return IDNumber{}, ErrIDNumber.Saying("身份证号码开头的地区代码不存在，请核对")
	case !realBirth(s[6:14]):
		return IDNumber{}, ErrIDNumber.Saying("身份证号码中的出生日期不存在，请核对")
	case s[17] != idNumberCheck(s):
		return IDNumber{}, ErrIDNumber.Saying("身份证号码校验不通过，请逐位核对")
	}
	return IDNumber{s}, nil
}

// realRegion knows provinces, and the cards of foreigners: 9, the province
// that issued the card, and the ISO 3166 number of the nationality (4 to 894).
func realRegion(s string) bool {
	if slices.Contains(provinces, s[:2]) {
		return true
	}
	nation := number(s[3:6])
	return s[0] == '9' && s[1] <= '6' && slices.Contains(provinces, s[1:3]) && nation >= 4 && nation <= 894
}

func realBirth(s string) bool {
	day, err := time.Parse("20060102", s)
	return err == nil && day.Year() >= earliestBirth
}

// idNumberCheck is ISO 7064 MOD 11-2 over the first 17 digits.
func idNumberCheck(s string) byte {
	sum := 0
	for i := range 17 {
		sum = (sum + int(s[i]-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// String gives the whole number. Never log it: see LogValue.
func (n IDNumber) String() string { return n.text }

// IsZero says that no number is held.
func (n IDNumber) IsZero() bool { return n.text == "" }

// Masked keeps the first and the last four digits: 4406**********1234.
func (n IDNumber) Masked() string { return mask(n.text, 4, 4) }

// LogValue keeps the number out of logs.
func (n IDNumber) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// Birth gives the date of birth, zeros when no number is held.
func (n IDNumber) Birth() (year int, month time.Month, day int) {
	if n.IsZero() {
		return 0, 0, 0
	}
	return number(n.text[6:10]), time.Month(number(n.text[10:12])), number(n.text[12:14])
}

// Sex is told by the 17th digit: odd for men. Empty when no number is held.
func (n IDNumber) Sex() Sex {
	switch {
	case n.IsZero():
		return ""
	case n.text[16]%2 == 1:
		return Male
	default:
		return Female
	}
}

// AgeOn gives the full years of age (周岁) on a day: a year is full on the
// birthday itself, on 1 March for those born on 29 February when the year has
// none. It is negative before the birth, and 0 when no number is held.
func (n IDNumber) AgeOn(year int, month time.Month, day int) int {
	if n.IsZero() {
		return 0
	}
	y, m, d := n.Birth()
	age := year - y
	if month < m || month == m && day < d {
		age--
	}
	return age
}

// number reads digits that are known to be digits.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
