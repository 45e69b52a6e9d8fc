package carrier_test

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

const (
	wholeCity = "440600000000"
	chancheng = "440604000000"
	nanhai    = "440605000000"
	shiwan    = "440604010000"
)

func read(t *testing.T, rows string) (*carrier.Register, error) {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range place.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	if rows != "" {
		files[carrier.File] = &fstest.MapFile{Data: []byte("company,via,code,division,fee_fen,payer\n" + rows)}
	}
	book := sheet.Open(files)
	r := carrier.Collect(book, place.Collect(book))
	return r, book.Err()
}

func TestTheNarrowestAreaSetsTheFee(t *testing.T) {
	r, err := read(t, "甲,pages,,"+wholeCity+",1500,person\n甲,pages,,"+shiwan+",800,person\n乙,kuaidi100,shunfeng,"+chancheng+",1200,city\n")
	require.NoError(t, err)
	for _, c := range []struct {
		to   place.DivisionCode
		want []carrier.Offer
	}{
		{shiwan, []carrier.Offer{{Company: "乙", Via: carrier.Kuaidi100, Fee: 1200}, {Company: "甲", Via: carrier.Pages, Fee: 800, Owed: 800}}},
		{nanhai, []carrier.Offer{{Company: "甲", Via: carrier.Pages, Fee: 1500, Owed: 1500}}},
		{"999999999999", nil},
		{"", nil},
	} {
		require.Equal(t, c.want, r.Offers(c.to), c.to)
	}
	_, ok := r.Offer("乙", nanhai)
	require.False(t, ok)
	_, ok = r.Offer("丙", shiwan)
	require.False(t, ok)
}

func TestTheListMayBeLeftOut(t *testing.T) {
	r, err := read(t, "")
	require.NoError(t, err)
	require.Empty(t, r.Offers(shiwan))
	var none *carrier.Register
	require.Empty(t, none.Offers(shiwan))
	_, ok := none.Company("甲")
	require.False(t, ok)
}

func TestEveryFaultInTheListIsTold(t *testing.T) {
	for rows, column := range map[string]string{
		"甲,fax,," + chancheng + ",0,city\n":                                         "via",
		"甲,pages,sf," + chancheng + ",0,city\n":                                     "code",
		"甲,kuaidi100,," + chancheng + ",0,city\n":                                   "code",
		"甲,pages,,999999999999,0,city\n":                                            "division",
		"甲,pages,," + chancheng + ",-1,city\n":                                      "fee_fen",
		"甲,pages,," + chancheng + ",12.5,city\n":                                    "fee_fen",
		"甲,pages,," + chancheng + ",0,nobody\n":                                     "payer",
		",pages,," + chancheng + ",0,city\n":                                        "company",
		"甲,pages,," + chancheng + ",0,city\n甲,pages,," + chancheng + ",1,city\n":    "division",
		"甲,pages,," + chancheng + ",0,city\n甲,kuaidi100,sf," + nanhai + ",1,city\n": "via",
	} {
		_, err := read(t, rows)
		faults, ok := errors.AsType[sheet.Faults](err)
		require.True(t, ok, rows)
		require.Contains(t, faults[0].Where(), column, rows)
	}
}
