package rating

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFiguresCountEachRatingOnceByOfficeAndItem(t *testing.T) {
	f := summed([]Tally{
		{"A", "X", 5, 3, 0, 0}, {"A", "Y", 1, 1, 1, 0}, {"B", "X", 2, 2, 0, 2}, {"B", "X", 4, 1, 0, 0},
	})
	require.Equal(t, Figure{Grades: [5]int{1, 2, 0, 1, 3}, Count: 7, Mean: 343, Bad: 3, Replied: 1, Overdue: 2}, f.All)
	require.Equal(t, []Figure{
		{Of: "B", Grades: [5]int{0, 2, 0, 1, 0}, Count: 3, Mean: 267, Bad: 2, Overdue: 2},
		{Of: "A", Grades: [5]int{1, 0, 0, 0, 3}, Count: 4, Mean: 400, Bad: 1, Replied: 1},
	}, f.ByOffice)
	require.Equal(t, "Y", f.ByItem[0].Of, "the worst first")
	require.Zero(t, summed(nil).All.Mean)
}
