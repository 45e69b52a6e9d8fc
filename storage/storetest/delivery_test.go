package storetest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestALicenceTravelsFromTheWindowToTheRightHands(t *testing.T) {
	h := openHandout(t)
	ann, bob := h.courier("速达"), h.courier("速达")
	caseID := h.chosen()

	w, err := h.desk.Make(t.Context(), h.clerk, caseID, delivery.Load{})
	require.NoError(t, err)
	require.Equal(t, "YD20261123000001", w.Number)
	require.Equal(t, "速达", w.Company)
	require.Regexp(t, `^[0-9]{6}$`, string(w.Code))
	h.sees(caseID, delivery.Made, "")

	_, err = h.desk.HandOver(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	h.sees(caseID, delivery.HandedOver, w.Code)
	round := h.round(bob)
	require.Empty(t, round.Mine)
	require.Equal(t, []delivery.Parcel{{ID: w.ID, Number: w.Number, State: delivery.HandedOver, Area: "禅城区祖庙街道"}}, round.Waiting)

	p, err := h.desk.PickUp(t.Context(), ann, w.ID)
	require.NoError(t, err)
	require.Equal(t, "人民路1号302 张** 138****8000", p.Address+" "+p.Recipient+" "+p.Phone)
	h.sees(caseID, delivery.InTransit, w.Code)
	require.Empty(t, h.round(bob).Waiting)
	require.Empty(t, h.round(bob).Mine, "a colleague's run is not mine")
	require.Equal(t, []delivery.Parcel{p}, h.round(ann).Mine)

	p, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.NoError(t, err)
	require.Equal(t, delivery.Delivered, p.State)
	require.Empty(t, p.Address, "once delivered, the address is gone from the courier's phone")
	h.sees(caseID, delivery.Delivered, "")
	require.Equal(t, casework.Closed, h.stateOf(caseID))
	require.Empty(t, h.round(ann).Mine)

	require.Equal(t, []string{"licence.issued", "delivery.coming", "delivery.done"}, h.kinds())
	for _, n := range h.told() {
		require.NotContains(t, n.Text, string(w.Code), "the code is in no message")
		require.NotContains(t, n.Text, "张三丰")
	}
	require.Equal(t, "hand "+string(ann.ID)+" courier_code", h.history(caseID)[1])
	require.Equal(t, []delivery.Act{delivery.Make, delivery.HandOver, delivery.PickUp, delivery.Deliver}, h.acts(w.ID))
}

func TestWrongCodesAreCountedForGoodAndLock(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	for i := 1; i <= delivery.WrongCodesMost; i++ {
		_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
		require.ErrorIs(t, err, delivery.ErrWrongCode)
		require.Equal(t, i, h.waybill(w.ID).WrongCodes)
	}
	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrLocked)
	require.Contains(t, fault.From(err).Text, "窗口领取", "it says what to do now")
	is := h.waybill(w.ID)
	require.Equal(t, delivery.InTransit, is.State)
	require.Equal(t, 5, is.WrongCodes)
	require.Equal(t, 1, is.Refusals)
	require.Equal(t, casework.Granted, h.stateOf(w.Case))
	require.Equal(t, []string{"licence.issued", "delivery.coming", "delivery.locked"}, h.kinds())

	// A failed attempt does not unlock it; it goes back and is collected.
	_, err = h.desk.Fail(t.Context(), ann, w.ID, delivery.NoCode, "")
	require.NoError(t, err)
	_, err = h.desk.PickUp(t.Context(), ann, w.ID)
	require.ErrorIs(t, err, delivery.ErrLocked)
	h.broughtBack(ann, w.ID)
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.NoError(t, err)
	require.Equal(t, casework.Closed, h.stateOf(w.Case))
}

func TestFiftyGuessesAtOnceAreFiveGuesses(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	got := together(50, func(_ int) error {
		_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
		return err
	})
	require.Equal(t, map[string]int{"delivery.wrong_code": 5, "delivery.code_locked": 45}, got)
	require.Equal(t, 5, h.waybill(w.ID).WrongCodes)
	require.Equal(t, 45, h.waybill(w.ID).Refusals)
}

// A request over HTTP is one transaction with its answer: the count has to
// stay although the answer is a refusal, and a retry is no second guess.
func TestAWrongCodeCountsOnceForEachRequest(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	request := func(key string) once.Answer {
		a, _, err := h.db.Once(t.Context(), once.Request{Owner: "ann", Key: key}, func(ctx context.Context) once.Answer {
			_, err := h.desk.Deliver(ctx, ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
			return once.Answer{Status: http.StatusUnprocessableEntity, Body: []byte(err.Error())}
		})
		require.NoError(t, err)
		return a
	}
	first := request("key-1")
	require.Equal(t, "delivery.wrong_code", string(first.Body))
	require.Equal(t, 1, h.waybill(w.ID).WrongCodes)
	require.Equal(t, first, request("key-1"))
	require.Equal(t, 1, h.waybill(w.ID).WrongCodes)
	request("key-2")
	require.Equal(t, 2, h.waybill(w.ID).WrongCodes)
}

func TestTwiceDeliveredIsRefusedAndCounted(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	got := together(12, func(_ int) error {
		_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
		return err
	})
	require.Equal(t, map[string]int{"": 1, "delivery.delivered": 11}, got)
	is := h.waybill(w.ID)
	require.Equal(t, 11, is.Refusals)
	require.Zero(t, is.WrongCodes)
	require.Equal(t, []string{"licence.issued", "delivery.coming", "delivery.done"}, h.kinds(), "told once")

	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
	require.ErrorIs(t, err, delivery.ErrDelivered)
	_, err = h.desk.Fail(t.Context(), ann, w.ID, delivery.Absent, "")
	require.ErrorIs(t, err, delivery.ErrDelivered)
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.ErrorIs(t, err, delivery.ErrClosed)
	require.Equal(t, delivery.Delivered, h.waybill(w.ID).State)
}

func TestAForeignParcelIsNotTouched(t *testing.T) {
	h := openHandout(t)
	ann, bob, eve := h.courier("速达"), h.courier("速达"), h.courier("别家")
	w := h.pickedUp(ann)
	before := h.waybill(w.ID)
	acts := map[string]func(by staff.Member) error{
		"pick up": func(by staff.Member) error { _, err := h.desk.PickUp(t.Context(), by, w.ID); return err },
		"deliver": func(by staff.Member) error {
			_, err := h.desk.Deliver(t.Context(), by, w.ID, delivery.Proof{Code: string(w.Code)})
			return err
		},
		"guess": func(by staff.Member) error {
			_, err := h.desk.Deliver(t.Context(), by, w.ID, delivery.Proof{Code: wrong(w.Code)})
			return err
		},
		"fail": func(by staff.Member) error {
			_, err := h.desk.Fail(t.Context(), by, w.ID, delivery.Absent, "")
			return err
		},
		"return": func(by staff.Member) error {
			_, err := h.desk.Return(t.Context(), by, w.ID)
			return err
		},
	}
	for name, act := range acts {
		require.ErrorIs(t, act(bob), delivery.ErrWithColleague, name)
		require.ErrorIs(t, act(eve), delivery.ErrNoWaybill, name)
		require.ErrorIs(t, act(h.clerk), delivery.ErrNoWaybill, name)
	}
	before.Refusals = 3 * len(acts)
	require.Equal(t, before, h.waybill(w.ID), "each try is counted, and nothing else has changed")
	require.Len(t, h.acts(w.ID), 3)
	require.Empty(t, h.round(eve).Mine)
	require.Empty(t, h.round(eve).Waiting)

	_, err := h.desk.Deliver(t.Context(), ann, storetest.NewID(), delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrNoWaybill)
	_, err = h.desk.HandOver(t.Context(), h.other, w.ID)
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.desk.Waybill(t.Context(), h.other, w.ID)
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.desk.Track(t.Context(), h.people[1].Person, w.Case)
	require.ErrorIs(t, err, casework.ErrNoCase)
	_, err = h.desk.Track(t.Context(), "", w.Case)
	require.ErrorIs(t, err, casework.ErrNoCase)
}

func TestALicenceRevokedOnTheWayComesBack(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	l, err := h.db.LicenceOf(t.Context(), w.Case)
	require.NoError(t, err)
	_, err = h.registry.Revoke(t.Context(), h.clerk, l.ID, "以欺骗手段取得")
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrPaperRevoked)
	require.Equal(t, 1, h.waybill(w.ID).Refusals)
	require.Equal(t, casework.Granted, h.stateOf(w.Case))
	_, err = h.desk.Fail(t.Context(), ann, w.ID, delivery.OtherReason, "证照已撤销")
	require.NoError(t, err)
	h.broughtBack(ann, w.ID)
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.ErrorIs(t, err, delivery.ErrPaperRevoked)
}

// One code opens one parcel.
func TestAnotherParcelsCodeIsAWrongCode(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w, v := h.pickedUp(ann), h.pickedUp(ann)
	if w.Code == v.Code {
		t.Skip("one in a million: both drew the same code")
	}
	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(v.Code)})
	require.ErrorIs(t, err, delivery.ErrWrongCode)
	require.Equal(t, 1, h.waybill(w.ID).WrongCodes)
	require.Zero(t, h.waybill(v.ID).WrongCodes)
}

func TestOneCourierPicksAParcelUp(t *testing.T) {
	h := openHandout(t)
	couriers := make([]staff.Member, 8)
	for i := range couriers {
		couriers[i] = h.courier("速达")
	}
	w := h.handedOver("速达")
	got := together(len(couriers), func(i int) error {
		_, err := h.desk.PickUp(t.Context(), couriers[i], w.ID)
		return err
	})
	require.Equal(t, map[string]int{"": 1, "delivery.with_colleague": 7}, got)
	require.Equal(t, []string{"licence.issued", "delivery.coming"}, h.kinds())
}

func TestThreeFailedAttemptsLeadBackToTheWindow(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	for i := 1; i <= delivery.AttemptsMost; i++ {
		_, err := h.desk.Return(t.Context(), ann, w.ID)
		require.ErrorIs(t, err, delivery.ErrNotNow, "no return without a recorded reason")
		p, err := h.desk.Fail(t.Context(), ann, w.ID, delivery.OtherReason, "门卫不让进")
		require.NoError(t, err)
		require.Equal(t, i, p.Attempts)
		require.Empty(t, p.Address)
		h.sees(w.Case, delivery.AttemptFailed, "")
		_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
		require.ErrorIs(t, err, delivery.ErrStillOut)
		if i < delivery.AttemptsMost {
			_, err = h.desk.PickUp(t.Context(), ann, w.ID)
			require.NoError(t, err)
			h.sees(w.Case, delivery.InTransit, w.Code)
		}
	}
	_, err := h.desk.PickUp(t.Context(), ann, w.ID)
	require.ErrorIs(t, err, delivery.ErrAttemptsUsed)
	h.broughtBack(ann, w.ID)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrReturned, "delivered after return")
	require.Equal(t, casework.Granted, h.stateOf(w.Case))

	seen, err := h.desk.Waybill(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	require.Equal(t, "门卫不让进", seen.Events[3].Note, "the office reads the courier's words")
	for _, n := range h.told() {
		require.NotContains(t, n.Text, "门卫", "the person is not sent a stranger's words")
	}
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.NoError(t, err)
	require.Equal(t, []string{
		"licence.issued", "delivery.coming", "delivery.failed", "delivery.coming", "delivery.failed",
		"delivery.coming", "delivery.failed", "delivery.returned", "delivery.done",
	}, h.kinds())
}

// If the case cannot be closed, the parcel is not delivered either.
func TestDeliveryAndTheEndOfTheCaseAreOneThing(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	close := func(tx delivery.Tx) error { return tx.CloseCase(t.Context(), w.Case, h.clock.Now()) }
	require.NoError(t, sqlstore.For[delivery.Tx](h.db).InTx(t.Context(), close))
	before, told := h.waybill(w.ID), h.kinds()

	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, casework.ErrNotNow)
	require.Equal(t, before, h.waybill(w.ID))
	require.Equal(t, told, h.kinds())
	require.Len(t, h.acts(w.ID), 3)
}

func TestTheRunIsInOrderAndTheWaitingArePaged(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	places := [][2]string{{"顺德区", "乙路2号101"}, {"禅城区", "丙路3号101"}, {"顺德区", "甲路1号101"}, {"禅城区", "甲路1号102"}}
	var ids []string
	for _, p := range places {
		id, _ := h.issued(sent)
		w := wish
		w.Area, w.Address = p[0], p[1]
		_, err := h.desk.Choose(t.Context(), h.me(), id, w)
		require.NoError(t, err)
		made, err := h.desk.Make(t.Context(), h.clerk, id, delivery.Load{})
		require.NoError(t, err)
		_, err = h.desk.HandOver(t.Context(), h.clerk, made.ID)
		require.NoError(t, err)
		ids = append(ids, made.ID)
	}
	byArea := []string{ids[1], ids[3], ids[0], ids[2]} // U+7985 before U+987A; by number within
	var paged []string
	after := ""
	for {
		r, err := h.desk.Round(t.Context(), ann, after, 1)
		require.NoError(t, err)
		if len(r.Waiting) == 0 {
			break
		}
		after = r.Waiting[0].ID
		paged = append(paged, after)
	}
	require.Equal(t, byArea, paged)

	for _, id := range ids {
		_, err := h.desk.PickUp(t.Context(), ann, id)
		require.NoError(t, err)
	}
	_, err := h.desk.Fail(t.Context(), ann, ids[2], delivery.Absent, "")
	require.NoError(t, err)
	var mine []string
	for _, p := range h.round(ann).Mine {
		mine = append(mine, p.Area+p.Address)
	}
	require.Equal(t, "顺德区", mine[3], "a failed one is last, and its address is hidden")
	require.ElementsMatch(t, []string{"顺德区乙路2号101", "禅城区丙路3号101", "禅城区甲路1号102"}, mine[:3])

	list, err := h.desk.Waybills(t.Context(), h.clerk, delivery.AttemptFailed, "", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	list, err = h.desk.Waybills(t.Context(), h.clerk, "", ids[3], 2)
	require.NoError(t, err)
	require.Equal(t, []string{ids[2], ids[1]}, []string{list[0].ID, list[1].ID}, "newest first")
	list, err = h.desk.Waybills(t.Context(), h.other, "", "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestNothingIsKeptOfAStepThatFailsHalfway(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.handedOver("速达")
	broken := *h.desk
	broken.Store = halfway{broken.Store}
	_, err := broken.PickUp(t.Context(), ann, w.ID)
	require.ErrorIs(t, err, errHalfway)
	require.Equal(t, delivery.HandedOver, h.waybill(w.ID).State)
	require.Len(t, h.acts(w.ID), 2)
	_, err = h.registry.Issue(t.Context(), h.clerk, w.Case, workday.Date{})
	require.ErrorIs(t, err, licence.ErrIssued)
}

var errHalfway = errors.New("the line broke")

// halfway is a store whose transactions fail at the very end.
type halfway struct{ delivery.Store }

func (s halfway) InTx(ctx context.Context, fn func(delivery.Tx) error) error {
	return s.Store.InTx(ctx, func(tx delivery.Tx) error { return errors.Join(fn(tx), errHalfway) })
}
