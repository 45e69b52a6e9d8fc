package citizen

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestPhonesAreBroughtToElevenDigits(t *testing.T) {
	for _, given := range []string{
		"13812345678",
		" 138 1234 5678 ",
		"138-1234-5678",
		"+8613812345678",
		"+86 138-1234-5678",
		"+86-138 1234 5678",
		"8613812345678",
		"008613812345678",
		"１３８１２３４５６７８",
		"＋８６　１３８－１２３４－５６７８",
		"\u202d138\u20111234\u20135678\u202c", // as an address book pastes it
	} {
		p, err := ParsePhone(given)
		require.NoError(t, err, given)
		require.Equal(t, "13812345678", p.String())
		require.Equal(t, "138****5678", p.Masked())
		require.False(t, p.IsZero())
	}
	for _, ok := range []string{"13000000000", "14912345678", "15512345678", "16612345678", "17712345678", "18812345678", "19912345678"} {
		_, err := ParsePhone(ok)
		require.NoError(t, err, ok)
	}
	p, err := ParsePhone("18613812345") // 86 inside is no country code
	require.NoError(t, err)
	require.Equal(t, "18613812345", p.String())
}

func TestPhonesThatAreNot(t *testing.T) {
	for _, given := range []string{
		"", "1381234567", "138123456789", "12812345678", "11012345678", "23812345678", "03812345678",
		"+85291234567", "+1 650 253 0000", "0757-83381234", "86138123456", "+86+8613812345678", "868613812345678",
		"1381234567a", "一三八一二三四五六七八", "٠١٢٣٤٥٦٧٨٩٠", "+", "86", "+13812345678", "0013812345678", "-----------", "13812345678,13812345679", "000013812345678",
	} {
		p, err := ParsePhone(given)
		require.ErrorIs(t, err, ErrPhone, given)
		require.Equal(t, fault.Invalid, fault.From(err).Kind)
		require.True(t, p.IsZero())
		require.Empty(t, p.Masked())
	}
}

func FuzzParsePhone(f *testing.F) {
	f.Add("+86 138-1234-5678")
	f.Add("\xff1")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePhone(text)
		if err != nil {
			require.ErrorIs(t, err, ErrPhone)
			return
		}
		require.Regexp(t, `^1[3-9]\d{9}$`, p.String())
		again, err := ParsePhone("+86" + p.String())
		require.NoError(t, err)
		require.Equal(t, p, again)
	})
}
