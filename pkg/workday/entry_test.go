package workday

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

func read(csv string) ([]Entry, error) {
	book := sheet.Open(fstest.MapFS{"days.csv": {Data: []byte(csv)}})
	entries := ReadEntries(book, "days.csv")
	return entries, book.Err()
}

func TestAnArrangementIsRead(t *testing.T) {
	got, err := read("\ufeffdate,kind,name\r\n2027-10-01,holiday,国庆节\r\n\r\n2027-10-09,makeup,国庆节\n2027-10-08,workday,\n2027-10-10,weekend,\n")
	require.NoError(t, err)
	require.Equal(t, []Entry{
		{on("2027-10-01"), Holiday, "国庆节"},
		{on("2027-10-09"), Makeup, "国庆节"},
		{on("2027-10-08"), Workday, ""},
		{on("2027-10-10"), Weekend, ""},
	}, got)
}

func TestEveryFaultOfAnArrangementIsToldWithItsLine(t *testing.T) {
	got, err := read(`date,kind,name
2027-10-01,holiday,国庆节
2027-10-01,holiday,国庆节
2027-02-30,holiday,x
2027-1-1,holiday,x
,holiday,x
2027-10-04,off,x
2027-10-05,,x
2027-10-06,makeup,x
2027-10-09,workday,x
2027-10-07,weekend,x
2027-10-08,holiday
`)
	faults, ok := err.(sheet.Faults)
	require.True(t, ok)
	var lines []int
	for _, f := range faults {
		lines = append(lines, f.Line)
		require.NotEmpty(t, f.Reason)
	}
	require.Equal(t, []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, lines)
	require.Equal(t, []Entry{{on("2027-10-01"), Holiday, "国庆节"}}, got)

	_, err = read("day,kind\n")
	require.ErrorContains(t, err, "date")
	_, err = read("")
	require.Error(t, err)
}
