package queue

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Handover says where a ticket goes on; what is left empty stays as it is, and
// without a window any may call it.
type Handover struct {
	Window int
	Lane   Lane
	Item   catalog.ItemCode
}

// ErrHandover refuses a transfer to nowhere.
var ErrHandover = fault.New(fault.Invalid, "queue.handover", "请选择要转到的窗口、队列或事项，不能转给本窗口")

// Transfer hands the ticket in hand over to another window, lane or item. It
// keeps its number, its history and its place: there it stands before whoever
// came later. Errors: ErrHandover, ErrNoWindow, catalog.ErrNoItem,
// appointment.ErrNotHere, and those of inHand.
func (h *Hall) Transfer(ctx context.Context, m staff.Member, id ID, to Handover) (Ticket, error) {
	o, e, err := h.office(ctx, m.Office)
	if err != nil {
		return Ticket{}, err
	}
	minutes, err := to.check(o, e)
	if err != nil {
		return Ticket{}, err
	}
	return h.inHand(ctx, m, id, Transfer, func(_ Tx, t *Ticket) error {
		if to.Window == t.Window && to.Window != 0 {
			return ErrHandover
		}
		t.waitAgain()
		t.OnlyWindow = to.Window
		if to.Lane != "" {
			t.Lane = to.Lane
		}
		if to.Item != "" {
			t.Item, t.Minutes = to.Item, minutes
		}
		return nil
	})
}

func (to Handover) check(o *place.Office, e *city.Edition) (minutes int, err error) {
	switch {
	case to == Handover{}:
		return 0, ErrHandover
	case to.Window < 0 || to.Window > o.Windows:
		return 0, ErrNoWindow
	case to.Item == "":
		return 0, nil
	}
	item, err := e.Catalogue.Item(to.Item)
	if err != nil {
		return 0, err
	}
	if !e.Takes(item, o, "") {
		return 0, appointment.ErrNotHere
	}
	return item.WindowMinutes, nil
}
