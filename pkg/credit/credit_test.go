package credit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

func TestTheWorseOfTwoGradesCounts(t *testing.T) {
	for _, c := range []struct {
		register citizen.Grade
		broken   int
		want     citizen.Grade
	}{
		{citizen.GradeA, 0, citizen.GradeA}, {citizen.GradeB, 0, citizen.GradeB}, {citizen.GradeA, 1, citizen.GradeC},
		{citizen.GradeB, 2, citizen.GradeC}, {citizen.GradeA, 3, citizen.GradeD}, {citizen.GradeD, 0, citizen.GradeD},
		{citizen.GradeD, 1, citizen.GradeD}, {citizen.GradeC, 3, citizen.GradeD}, {citizen.Revoked, 0, citizen.Revoked},
		{citizen.Revoked, 9, citizen.Revoked},
	} {
		require.Equal(t, c.want, Grade(c.register, c.broken), "%v", c)
	}
}

func TestOnlyGradeCIsReadInDifferentWays(t *testing.T) {
	for _, g := range []citizen.Grade{citizen.GradeA, citizen.GradeB, citizen.GradeD, citizen.Revoked} {
		for _, r := range []Reading{AsWritten, Softer, Stricter, ""} {
			require.Equal(t, g, r.Read(g))
		}
	}
	require.Equal(t, citizen.GradeC, AsWritten.Read(citizen.GradeC))
	require.Equal(t, citizen.GradeB, Softer.Read(citizen.GradeC))
	require.Equal(t, citizen.GradeD, Stricter.Read(citizen.GradeC))
}
