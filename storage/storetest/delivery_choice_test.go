package storetest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestAChoiceIsOnesOwnAndMayChangeUntilTheWaybill(t *testing.T) {
	h := openHandout(t)
	h.courier("速达")
	open := map[casework.State]bool{casework.Draft: true, casework.Notified: true, casework.Receipt: true, casework.Accepted: true, casework.Granted: true}
	for _, state := range caseStates {
		id := h.caseIn(state, sent)
		_, err := h.desk.Choose(t.Context(), h.me(), id, wish)
		if open[state] {
			require.NoError(t, err, state)
			continue
		}
		require.ErrorIs(t, err, delivery.ErrOver, state)
	}

	id, _ := h.issued(sent)
	_, err := h.desk.Chosen(t.Context(), h.me(), id)
	require.ErrorIs(t, err, delivery.ErrNoChoice)
	_, err = h.desk.Choose(t.Context(), h.people[1].Person, id, wish)
	require.ErrorIs(t, err, casework.ErrNoCase)
	_, err = h.desk.Choose(t.Context(), h.me(), id, delivery.Wish{Way: delivery.ByCourier})
	require.ErrorIs(t, err, delivery.ErrWish)
	_, err = h.desk.Choose(t.Context(), h.me(), id, wish)
	require.NoError(t, err)
	got, err := h.desk.Chosen(t.Context(), h.me(), id)
	require.NoError(t, err)
	require.Equal(t, "张三丰 13800138000 人民路1号302 禅城区祖庙街道",
		strings.Join([]string{got.Recipient.String(), got.Phone.String(), got.Address, got.Area}, " "))
	_, err = h.desk.Chosen(t.Context(), h.people[1].Person, id)
	require.ErrorIs(t, err, casework.ErrNoCase)

	_, err = h.desk.Choose(t.Context(), h.me(), id, delivery.Wish{Way: delivery.AtWindow, Address: "人民路1号302"})
	require.NoError(t, err)
	got, err = h.desk.Chosen(t.Context(), h.me(), id)
	require.NoError(t, err)
	require.Empty(t, got.Address+got.Area+got.Recipient.String(), "what the window does not need is gone")
	_, err = h.desk.Make(t.Context(), h.clerk, id, delivery.Load{Company: "速达"})
	require.ErrorIs(t, err, delivery.ErrNotByCourier)

	moved := wish
	moved.Address = "汾江路88号1座"
	_, err = h.desk.Choose(t.Context(), h.me(), id, moved)
	require.NoError(t, err)
	w, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{Company: "速达"})
	require.NoError(t, err)
	require.Equal(t, "汾江路88号1座", h.waybill(w.ID).Address)
	for _, again := range []delivery.Wish{wish, {Way: delivery.AtWindow}} {
		_, err = h.desk.Choose(t.Context(), h.me(), id, again)
		require.ErrorIs(t, err, delivery.ErrOnItsWay)
	}
}

func TestWhatCannotBeSentIsNotSent(t *testing.T) {
	h := openHandout(t)
	local := h.itemLike(func(i *catalog.Item) bool { return !i.Courier && i.ResultKind == catalog.ResultLicence })
	id, _ := h.issued(local)
	_, err := h.desk.Choose(t.Context(), h.me(), id, wish)
	require.ErrorIs(t, err, delivery.ErrNotSent)
	_, err = h.desk.Choose(t.Context(), h.me(), id, delivery.Wish{Way: delivery.AtWindow})
	require.NoError(t, err)
}

func TestAWaybillNeedsAGrantedCaseItsLicenceAndAChoice(t *testing.T) {
	h := openHandout(t)
	_, err := h.desk.Make(t.Context(), h.clerk, h.chosen(), delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrCompany, "nobody is there to carry it")
	h.courier("速达")
	for _, state := range caseStates {
		if state == casework.Granted {
			continue
		}
		want := delivery.ErrNotGranted
		if state == casework.Closed {
			want = delivery.ErrClosed
		}
		_, err := h.desk.Make(t.Context(), h.clerk, h.caseIn(state, sent), delivery.Load{})
		require.ErrorIs(t, err, want, state)
	}
	_, err = h.desk.Make(t.Context(), h.clerk, storetest.NewID(), delivery.Load{})
	require.ErrorIs(t, err, casework.ErrNoCase)
	_, err = h.desk.Make(t.Context(), h.clerk, h.caseIn(casework.Granted, sent), delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrNoPaper)
	id, l := h.issued(sent)
	_, err = h.desk.Make(t.Context(), h.clerk, id, delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrNotByCourier, "who has not chosen comes to the window")
	_, err = h.desk.Make(t.Context(), h.other, id, delivery.Load{})
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.registry.Revoke(t.Context(), h.clerk, l.ID, "以欺骗手段取得")
	require.NoError(t, err)
	_, err = h.desk.Make(t.Context(), h.clerk, id, delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrPaperRevoked)
	_, err = h.desk.Collect(t.Context(), h.clerk, id, h.proof())
	require.ErrorIs(t, err, delivery.ErrPaperRevoked)

	id = h.chosen()
	got := together(10, func(_ int) error {
		_, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{Company: "速达"})
		return err
	})
	require.Equal(t, map[string]int{"": 1, "delivery.made": 9}, got)
}

func TestTheDatabaseSendsNothingThatIsNotReady(t *testing.T) {
	h := openHandout(t)
	insert := func(w delivery.Waybill) error {
		return sqlstore.For[delivery.Tx](h.db).InTx(t.Context(), func(tx delivery.Tx) error { return tx.InsertWaybill(t.Context(), w) })
	}
	ready := func(caseID string) delivery.Waybill {
		c, err := h.db.Choice(t.Context(), caseID)
		if err != nil {
			c = delivery.Choice{Area: "x", Address: "x"}
		}
		return delivery.Waybill{
			ID: storetest.NewID(), Number: caseID, Case: caseID, Person: h.me(), Office: h.clerk.Office, Company: "速达", State: delivery.Made,
			Area: c.Area, Recipient: c.Recipient, Phone: c.Phone, Address: c.Address, Code: "123456", MadeAt: h.clock.Now(),
		}
	}
	other := ready(h.chosen())
	other.Office = h.other.Office
	require.ErrorIs(t, insert(other), delivery.ErrNotReady)
	unchosen, _ := h.issued(sent)
	require.ErrorIs(t, insert(ready(unchosen)), delivery.ErrNotReady)
	granted := h.caseIn(casework.Granted, sent)
	_, err := h.desk.Choose(t.Context(), h.me(), granted, wish)
	require.NoError(t, err)
	require.ErrorIs(t, insert(ready(granted)), delivery.ErrNotReady, "no licence yet")
	window := h.chosen()
	_, err = h.desk.Choose(t.Context(), h.me(), window, delivery.Wish{Way: delivery.AtWindow})
	require.NoError(t, err)
	w := ready(window)
	w.Recipient, w.Phone, w.Address = ready(granted).Recipient, ready(granted).Phone, "人民路1号302"
	require.ErrorIs(t, insert(w), delivery.ErrNotReady, "the window was chosen")
	revoked := h.chosen()
	l, err := h.db.LicenceOf(t.Context(), revoked)
	require.NoError(t, err)
	_, err = h.registry.Revoke(t.Context(), h.clerk, l.ID, "以欺骗手段取得")
	require.NoError(t, err)
	require.ErrorIs(t, insert(ready(revoked)), delivery.ErrNotReady, "the licence is revoked")
	good := ready(h.chosen())
	require.NoError(t, insert(good))
	good.ID, good.Number = storetest.NewID(), "another"
	require.ErrorIs(t, insert(good), delivery.ErrMade)
}

// What decided may have changed since it was read: then the move is refused.
func TestTheDatabaseMovesOnlyWhatIsAsItWasRead(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	was := h.waybill(h.pickedUp(ann).ID)
	is := was
	is.State = delivery.Delivered
	move := func(was delivery.Waybill) error {
		return sqlstore.For[delivery.Tx](h.db).InTx(t.Context(), func(tx delivery.Tx) error { return tx.MoveWaybill(t.Context(), was, is) })
	}
	is.Version++
	for name, change := range map[string]func(*delivery.Waybill){
		"an older version": func(w *delivery.Waybill) { w.Version-- },
		"a newer version":  func(w *delivery.Waybill) { w.Version++ },
		"id":               func(w *delivery.Waybill) { w.ID = storetest.NewID() },
	} {
		stale := was
		change(&stale)
		require.ErrorIs(t, move(stale), delivery.ErrNotNow, name)
	}
	_, err := h.desk.Deliver(t.Context(), ann, was.ID, delivery.Proof{Code: wrong(was.Code)})
	require.ErrorIs(t, err, delivery.ErrWrongCode)
	require.ErrorIs(t, move(was), delivery.ErrNotNow, "a wrong code is a change as well")
	was = h.waybill(was.ID)
	is.Version = was.Version + 1
	require.NoError(t, move(was))
	require.ErrorIs(t, move(was), delivery.ErrNotNow)
}

func TestACompanyIsNamedWhereThereAreSeveral(t *testing.T) {
	h := openHandout(t)
	h.courier("甲")
	h.courier("甲")
	h.courier("乙")
	id := h.chosen()
	for _, company := range []string{"", "丙", "甲 "} {
		_, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{Company: company})
		require.ErrorIs(t, err, delivery.ErrCompany)
		require.Contains(t, fault.From(err).Text, "乙、甲", "it names those to choose from")
	}
	w, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{Company: "乙"})
	require.NoError(t, err)
	require.Equal(t, "乙", w.Company)
}
