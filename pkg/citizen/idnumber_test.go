package citizen

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestIDNumbersThatAreReal(t *testing.T) {
	for given, want := range map[string]string{
		"11010519491231002X":    "11010519491231002X", // the sample of GB 11643
		"11010519491231002x":    "11010519491231002X",
		"440524188001010014":    "440524188001010014", // the other one
		" 440604199003071236\n": "440604199003071236",
		"４４０６０４１９９００３０７１２３６":             "440604199003071236",
		"１１０１０５１９４９１２３１００２Ｘ":             "11010519491231002X",
		"\u3000440604199003071236":       "440604199003071236",
		"\u202d440604199003071236\u202c": "440604199003071236",
		"440601200002290011":             "440601200002290011", // a leap day
		"710000199001010015":             "710000199001010015", // Taiwan
		"810000199001010019":             "810000199001010019", // Hong Kong, residence permit
		"830000199001010020":             "830000199001010020", // Taiwan, residence permit
		"910000199001010012":             "910000199001010012",
		"911124198108030024":             "911124198108030024", // a foreigner's card issued in Beijing
		"944156199001010019":             "944156199001010019", // and one issued in Guangdong
	} {
		n, err := ParseIDNumber(given)
		require.NoError(t, err, given)
		require.Equal(t, want, n.String())
		require.False(t, n.IsZero())
	}
}

func TestIDNumbersThatAreNot(t *testing.T) {
	for given, says := range map[string]string{
		"":                     "18位",
		"440604900307123":      "15位",
		"44060419900307123":    "18位",
		"4406041990030712361":  "18位",
		"440604 19900307 1236": "18位",
		"身份证号身份证":              "18位",
		"44060419900307123A":   "数字",
		"X40604199003071236":   "数字",
		"4406041990030712X6":   "数字",
		"44060419900307１２":     "18位",
		"-40604199003071236":   "数字",
		"000601199001010017":   "地区",
		"990601199001010016":   "地区",
		"160601199001010016":   "地区",
		"95000019900101001X":   "地区", // a foreigner's card without a nationality
		"440601190002290015":   "出生", // 1900 was no leap year
		"440601199902300013":   "出生",
		"440601199913010011":   "出生",
		"440601199901000019":   "出生",
		"440601184912310010":   "出生",
		"440604199003071235":   "校验",
		"44060419900307123X":   "校验",
	} {
		n, err := ParseIDNumber(given)
		require.ErrorIs(t, err, ErrIDNumber, given)
		require.Contains(t, fault.From(err).Text, says, given)
		require.Equal(t, fault.Invalid, fault.From(err).Kind)
		require.True(t, n.IsZero())
	}
	_, err := ParseIDNumber("440601185001010011")
	require.NoError(t, err, "1850 is the first year taken")
}

func TestAnIDNumberTellsBirthAndSex(t *testing.T) {
	n, err := ParseIDNumber("440604199003071236")
	require.NoError(t, err)
	y, m, d := n.Birth()
	require.Equal(t, []any{1990, time.March, 7}, []any{y, m, d})
	require.Equal(t, Male, n.Sex())
	require.Equal(t, "4406**********1236", n.Masked())

	n, err = ParseIDNumber("11010519491231002X")
	require.NoError(t, err)
	require.Equal(t, Female, n.Sex())
	require.Equal(t, "1101**********002X", n.Masked())
}

func TestAgeIsFullOnTheBirthday(t *testing.T) {
	for _, tc := range []struct {
		number string
		year   int
		month  time.Month
		day    int
		want   int
	}{
		{"440604199003071236", 2026, 3, 6, 35},
		{"440604199003071236", 2026, 3, 7, 36},
		{"440604199003071236", 2026, 2, 28, 35},
		{"440604199003071236", 2026, 12, 31, 36},
		{"440604199003071236", 1990, 3, 7, 0},
		{"440604199003071236", 1990, 3, 6, -1},
		{"440601200002290011", 2018, 2, 28, 17}, // born on a leap day
		{"440601200002290011", 2018, 3, 1, 18},
		{"440601200002290011", 2020, 2, 29, 20},
	} {
		n, err := ParseIDNumber(tc.number)
		require.NoError(t, err)
		require.Equal(t, tc.want, n.AgeOn(tc.year, tc.month, tc.day), "%+v", tc)
	}
}

func TestNoIDNumberTellsNothing(t *testing.T) {
	var n IDNumber
	y, m, d := n.Birth()
	require.True(t, n.IsZero())
	require.Equal(t, "", n.String()+n.Masked()+string(n.Sex()))
	require.Zero(t, y+int(m)+d+n.AgeOn(2026, 1, 1))
}

func TestLogsNeverShowPersonalData(t *testing.T) {
	number, _ := ParseIDNumber("440604199003071236")
	code, _ := ParseCreditCode("91350100M000100Y43")
	phone, _ := ParsePhone("13812345678")
	name, _ := ParseName("张三丰")
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "number", number, "code", code, "phone", phone, "name", name)
	for _, s := range []fmt.Stringer{number, code, phone, name} {
		require.NotEmpty(t, s.String())
		require.NotContains(t, out.String(), s.String())
	}
	require.Contains(t, out.String(), "138****5678")
}

// anyIDNumber makes numbers that are real.
func anyIDNumber(t *rapid.T) string {
	from := time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)
	day := from.AddDate(0, 0, rapid.IntRange(0, 65000).Draw(t, "birth"))
	body := rapid.SampledFrom(provinces).Draw(t, "province") +
		fmt.Sprintf("%04d", rapid.IntRange(0, 9999).Draw(t, "region")) +
		day.Format("20060102") +
		fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, "sequence"))
	return body + string(idNumberCheck(body))
}

func TestOneWrongDigitIsAlwaysRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good := anyIDNumber(t)
		_, err := ParseIDNumber(good)
		require.NoError(t, err)

		at := rapid.IntRange(0, 17).Draw(t, "at")
		wrong := []byte(good)
		wrong[at] = rapid.SampledFrom([]byte("0123456789X")).Filter(func(b byte) bool { return b != good[at] }).Draw(t, "digit")
		_, err = ParseIDNumber(string(wrong))
		require.ErrorIs(t, err, ErrIDNumber)
	})
}

func TestTwoSwappedNeighboursAreAlwaysRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		good := anyIDNumber(t)
		at := rapid.IntRange(0, 16).Draw(t, "at")
		if good[at] == good[at+1] {
			t.Skip("no change")
		}
		wrong := []byte(good)
		wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		_, err := ParseIDNumber(string(wrong))
		require.ErrorIs(t, err, ErrIDNumber)
	})
}

func FuzzParseIDNumber(f *testing.F) {
	f.Add("11010519491231002x")
	f.Add("９４４１５６１９９００１０１００１９")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseIDNumber(text)
		if err != nil {
			require.ErrorIs(t, err, ErrIDNumber)
			require.True(t, n.IsZero())
			return
		}
		again, err := ParseIDNumber(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
		require.Len(t, n.Masked(), 18)
		require.NotContains(t, n.Masked(), n.String()[4:14])
	})
}
