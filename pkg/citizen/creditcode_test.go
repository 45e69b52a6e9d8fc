package citizen

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestCreditCodesThatAreReal(t *testing.T) {
	for given, want := range map[string]string{
		"91350100M000100Y43":   "91350100M000100Y43", // the sample of GB 32100
		"91350100m000100y43":   "91350100M000100Y43",
		" 91350100M000100Y43 ": "91350100M000100Y43",
		"９１３５０１００Ｍ０００１００Ｙ４３": "91350100M000100Y43",
	} {
		c, err := ParseCreditCode(given)
		require.NoError(t, err, given)
		require.Equal(t, want, c.String())
		require.Equal(t, "9135**********0Y43", c.Masked())
	}
}

func TestCreditCodesThatAreNot(t *testing.T) {
	for given, says := range map[string]string{
		"":                    "18位",
		"91350100M000100Y4":   "18位",
		"91350100M000100Y433": "18位",
		"91350100M000100Y44":  "校验",
		"91350100MO00100Y43":  "不含", // the letter O
		"91350100M000100Z43":  "不含",
		"91350100M000100-43":  "不含",
		"9135 0100M000100Y4":  "不含",
		"统一社会信用代码统一社会信用代码统一": "不含",
		"000000000000000000": "首位",
	} {
		c, err := ParseCreditCode(given)
		require.ErrorIs(t, err, ErrCreditCode, given)
		require.Contains(t, fault.From(err).Text, says, given)
		require.True(t, c.IsZero())
		require.Empty(t, c.Masked())
	}
}

func TestOneWrongSignIsAlwaysRefused(t *testing.T) {
	sign := rapid.SampledFrom([]byte(creditCodeSigns))
	rapid.Check(t, func(t *rapid.T) {
		good := rapid.SliceOfN(sign, 18, 18).Draw(t, "code")
		good[0] = '9'
		good[17] = creditCodeCheck(string(good))
		_, err := ParseCreditCode(string(good))
		require.NoError(t, err)

		at := rapid.IntRange(0, 17).Draw(t, "at")
		good[at] = sign.Filter(func(b byte) bool { return b != good[at] }).Draw(t, "sign")
		_, err = ParseCreditCode(string(good))
		require.ErrorIs(t, err, ErrCreditCode)
	})
}

func FuzzParseCreditCode(f *testing.F) {
	f.Add("91350100m000100y43")
	f.Add("ı\xffſ")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCreditCode(text)
		if err != nil {
			require.ErrorIs(t, err, ErrCreditCode)
			return
		}
		again, err := ParseCreditCode(c.String())
		require.NoError(t, err)
		require.Equal(t, c, again)
		require.Len(t, c.String(), 18)
	})
}
