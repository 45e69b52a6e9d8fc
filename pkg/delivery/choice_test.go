package delivery

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestAWishNamesEverythingThatIsWrong(t *testing.T) {
	good := Wish{Way: ByCourier, Recipient: "张三", Phone: "+86 138-0013-8000", Address: " 人民路1号302 ", Area: "禅城区"}
	cases := map[string]struct {
		change func(*Wish)
		wrong  []string
	}{
		"all right":            {func(*Wish) {}, nil},
		"no way":               {func(w *Wish) { w.Way = "" }, []string{"body.way"}},
		"unknown way":          {func(w *Wish) { w.Way = "drone" }, []string{"body.way"}},
		"no recipient":         {func(w *Wish) { w.Recipient = " " }, []string{"body.recipient"}},
		"digits in the name":   {func(w *Wish) { w.Recipient = "张三1" }, []string{"body.recipient"}},
		"landline":             {func(w *Wish) { w.Phone = "0757-83990000" }, []string{"body.phone"}},
		"short address":        {func(w *Wish) { w.Address = "路1号" }, []string{"body.address"}},
		"blank address":        {func(w *Wish) { w.Address = "          " }, []string{"body.address"}},
		"long address":         {func(w *Wish) { w.Address = strings.Repeat("路", 201) }, []string{"body.address"}},
		"two lines":            {func(w *Wish) { w.Address = "人民路1号\n302房" }, []string{"body.address"}},
		"no area":              {func(w *Wish) { w.Area = "" }, []string{"body.area"}},
		"area as long as both": {func(w *Wish) { w.Area = strings.Repeat("区", 41) }, []string{"body.area"}},
		"nothing":              {func(w *Wish) { *w = Wish{Way: ByCourier} }, []string{"body.recipient", "body.phone", "body.address", "body.area"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := good
			c.change(&w)
			got, err := w.read()
			if c.wrong == nil {
				require.NoError(t, err)
				require.Equal(t, "13800138000 人民路1号302", got.Phone.String()+" "+got.Address)
				return
			}
			require.ErrorIs(t, err, ErrWish)
			require.Equal(t, c.wrong, paths(err))
		})
	}
}

func TestTheWindowNeedsNoAddressAndKeepsNone(t *testing.T) {
	got, err := Wish{Way: AtWindow, Recipient: "张三", Phone: "x", Address: "人民路1号302", Area: "禅城区"}.read()
	require.NoError(t, err)
	require.Equal(t, Choice{Way: AtWindow}, got)
}

func TestAReasonIsFromTheListAndOtherNeedsWords(t *testing.T) {
	for _, r := range Reasons {
		_, err := readReason(r, "邻居说出门了")
		require.NoError(t, err, r)
	}
	for _, r := range []Reason{"", "lazy", "ABSENT"} {
		_, err := readReason(r, "")
		require.ErrorIs(t, err, ErrReason)
		require.Equal(t, []string{"body.reason"}, paths(err))
	}
	for _, note := range []string{"", "   ", strings.Repeat("字", 201), "a\x07b"} {
		_, err := readReason(OtherReason, note)
		require.Equal(t, []string{"body.note"}, paths(err), "%q", note)
	}
	note, err := readReason(Absent, "  ")
	require.NoError(t, err)
	require.Empty(t, note)
}

func paths(err error) (list []string) {
	for _, f := range fault.From(err).Fields {
		list = append(list, f.Path)
	}
	return list
}
