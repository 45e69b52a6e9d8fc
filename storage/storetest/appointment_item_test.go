package storetest_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// TestAnItemTakesNoMoreThanTheWindowsThatTakeIt, alone or among others; the
// office's other windows go on.
func TestAnItemTakesNoMoreThanTheWindowsThatTakeIt(t *testing.T) {
	files := fstest.MapFS{"office_items.csv": {Data: []byte("office,item,windows\n" + string(town) + "," + string(birth) + ",1\n")}}
	for _, name := range city.Files() {
		if data, err := fs.ReadFile(foshan.Files, name); err == nil && name != "office_items.csv" {
			files[name] = &fstest.MapFile{Data: data}
		}
	}
	edition, err := city.Read(files)
	require.NoError(t, err)
	h := newReception(t)
	h.city = storetest.City{Only: edition}
	h.City = h.city
	h.capacity(4)
	who, at := h.citizens(4), on("2026-11-23", "10:00")

	require.Equal(t, 1, h.free(at))
	a := h.book(who[0], birth, at)
	require.Equal(t, 0, h.free(at))
	_, err = h.Hold(t.Context(), who[1], ask(birth, at, 1))
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	with := ask(guoji, at, 1)
	with.More = []catalog.ItemCode{birth}
	_, err = h.Hold(t.Context(), who[1], with)
	require.ErrorIs(t, err, appointment.ErrSlotFull)
	h.book(who[2], guoji, at)

	_, err = h.Move(t.Context(), who[0].Person, a.ID, at.Add(appointment.Cell), "")
	require.NoError(t, err, "it does not stand in its own way")
	_, err = h.Hold(t.Context(), who[3], ask(birth, at, 1))
	require.NoError(t, err)
	_, err = h.Cancel(t.Context(), who[0].Person, a.ID)
	require.NoError(t, err)
	require.Equal(t, 1, h.free(at.Add(appointment.Cell)))
}
