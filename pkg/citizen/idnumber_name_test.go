package citizen

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestNamesThatPeopleHave(t *testing.T) {
	for given, want := range map[string]struct{ name, masked string }{
		"张三":                {"张三", "张*"},
		" 张三丰\u3000":        {"张三丰", "张**"},
		"张\u3000三":          {"张三", "张*"}, // set with a gap on papers
		"欧阳娜娜":              {"欧阳娜娜", "欧***"},
		"阿卜杜拉·买买提":          {"阿卜杜拉·买买提", "阿*******"},
		"阿卜杜拉•买买提":          {"阿卜杜拉·买买提", "阿*******"},
		"阿卜杜拉・买买提":          {"阿卜杜拉·买买提", "阿*******"},
		"李〇":                {"李〇", "李*"},
		"王㛃":                {"王㛃", "王*"},          // extension A
		"赵𠅤":                {"赵𠅤", "赵*"},          // extension B
		"𬱖钱":                {"𬱖钱", "𬱖*"},          // extension F, at the front
		"孙\U0002EBF0":       {"孙\U0002EBF0", "孙*"}, // extension I
		"周\U00031350":       {"周\U00031350", "周*"}, // extension H
		"John  Smith":       {"John Smith", "J*********"},
		"Ｊｏｈｎ　Ｓｍｉｔｈ":        {"John Smith", "J*********"},
		"José Núñez":        {"José Núñez", "J*********"},
		"Anne-Marie O'Neil": {"Anne-Marie O'Neil", "A****************"},
	} {
		n, err := ParseName(given)
		require.NoError(t, err, given)
		require.Equal(t, want.name, n.String())
		require.Equal(t, want.masked, n.Masked())
		require.False(t, n.IsZero())
	}
	for _, length := range []int{2, 30} {
		_, err := ParseName(strings.Repeat("佛", length))
		require.NoError(t, err)
	}
}

func TestNamesThatNobodyHas(t *testing.T) {
	for _, given := range []string{
		"", " ", "张", "张 ", "A", strings.Repeat("佛", 31), strings.Repeat("a", 31),
		"张三1", "张３", "张三!", "张<b>", "张三\x00", "张\x1b三", "张\u202e三", "张\u200b三", "张\ufffd", "张\xff三",
		"·张三", "张三·", "阿··买", "··", "-Ann", "Ann'", "张😀", "⼈⼈", "김철수", "さくら", "Иван", "张Peter",
		"张\ue000", "A\u0301nn", "张,三", "张三/李四", "张_三", "{{张三}}",
	} {
		n, err := ParseName(given)
		require.ErrorIs(t, err, ErrName, "%q", given)
		require.Equal(t, fault.Invalid, fault.From(err).Kind)
		require.True(t, n.IsZero())
		require.Empty(t, n.Masked())
	}
}

func FuzzParseName(f *testing.F) {
	f.Add("阿卜杜拉·买买提")
	f.Add(" John  Smith")
	f.Add("\xff张")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseName(text)
		if err != nil {
			require.ErrorIs(t, err, ErrName)
			return
		}
		again, err := ParseName(n.String())
		require.NoError(t, err)
		require.Equal(t, n, again)
		length := utf8.RuneCountInString(n.String())
		require.True(t, utf8.ValidString(n.String()) && length >= 2 && length <= 30)
		require.Equal(t, length, utf8.RuneCountInString(n.Masked()))
	})
}
