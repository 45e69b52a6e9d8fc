package fault

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

var errFull = New(Conflict, "test.full", "满了，请换一个")

func TestACopyIsStillTheSameFault(t *testing.T) {
	err := fmt.Errorf("book: %w", errFull.Because(errors.New("seat 7")).With(Field{"body.hold", "无效"}).After(3))

	require.ErrorIs(t, err, errFull)
	f := From(err)
	require.Equal(t, "test.full: seat 7", f.Error())
	require.Equal(t, 3, f.Wait)
	require.Empty(t, errFull.Fields, "the declared fault must stay as it was")
	require.NoError(t, errFull.Err)
}

func TestAForeignErrorIsInternal(t *testing.T) {
	f := From(errors.New("disk on fire"))
	require.ErrorIs(t, f, ErrInternal)
	require.NotContains(t, f.Text, "fire")
	require.ErrorContains(t, f, "disk on fire")
}

func TestAllIsSortedAndHoldsEachDeclaredFault(t *testing.T) {
	all := All()
	require.True(t, slices.IsSortedFunc(all, func(a, b *Error) int {
		return slices.Compare([]byte(a.Code), []byte(b.Code))
	}))
	require.Contains(t, all, errFull)
	require.Contains(t, all, ErrInternal)
}
