package storetest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestCollectingNeedsTheEndOfTheIdentityNumber(t *testing.T) {
	h := openHandout(t)
	id, _ := h.issued(sent)
	for _, proof := range []string{"", "000000", h.proof()[1:], "0" + h.proof(), storetest.Number(1).String()[12:]} {
		_, err := h.desk.Collect(t.Context(), h.clerk, id, proof)
		require.ErrorIs(t, err, delivery.ErrWrongProof, "%q", proof)
	}
	require.Equal(t, casework.Granted, h.stateOf(id))
	require.Len(t, h.history(id), 1+5, "each wrong proof stays in the record")
	_, err := h.desk.Collect(t.Context(), h.other, id, h.proof())
	require.ErrorIs(t, err, staff.ErrOtherOffice)

	got := together(6, func(_ int) error {
		_, err := h.desk.Collect(t.Context(), h.clerk, id, strings.ToLower(h.proof()))
		return err
	})
	require.Equal(t, map[string]int{"": 1, "delivery.closed": 5}, got)
	require.Equal(t, casework.Closed, h.stateOf(id))
	require.Equal(t, "hand clerk id_number", h.history(id)[6])
	require.Equal(t, []string{"licence.issued", "delivery.done"}, h.kinds())
}

func TestTheWindowKeepsToTheChoice(t *testing.T) {
	h := openHandout(t)
	h.courier("速达")
	_, err := h.desk.Collect(t.Context(), h.clerk, h.caseIn(casework.Granted, sent), h.proof())
	require.ErrorIs(t, err, delivery.ErrNoPaper)
	_, err = h.desk.Collect(t.Context(), h.clerk, h.caseIn(casework.Accepted, sent), h.proof())
	require.ErrorIs(t, err, delivery.ErrNotGranted)

	id := h.chosen()
	_, err = h.desk.Collect(t.Context(), h.clerk, id, h.proof())
	require.ErrorIs(t, err, delivery.ErrAskedCourier)
	w, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{})
	require.NoError(t, err)
	for range 2 {
		_, err = h.desk.Collect(t.Context(), h.clerk, id, h.proof())
		require.ErrorIs(t, err, delivery.ErrStillOut)
		_, err = h.desk.HandOver(t.Context(), h.clerk, w.ID)
	}
	require.ErrorIs(t, err, delivery.ErrNotNow, "handed over twice")
	require.Equal(t, 1, h.waybill(w.ID).Refusals)

	id = h.chosen()
	_, err = h.desk.Choose(t.Context(), h.me(), id, delivery.Wish{Way: delivery.AtWindow})
	require.NoError(t, err)
	_, err = h.desk.Collect(t.Context(), h.clerk, id, h.proof())
	require.NoError(t, err)
}
