package storetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

func (h *handout) manager() staff.Member {
	return staff.Member{ID: "manager", Role: staff.OfficeManager, Office: h.clerk.Office}
}

func (h *handout) fails(by staff.Member, id string, times int) {
	for i := range times {
		if i > 0 {
			_, err := h.desk.PickUp(h.t.Context(), by, id)
			require.NoError(h.t, err)
		}
		_, err := h.desk.Fail(h.t.Context(), by, id, delivery.Absent, "")
		require.NoError(h.t, err)
	}
}

func TestACodeExpiresAndTheRecipientDrawsAnother(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	h.clock.Pass(7*24*time.Hour + time.Second)
	h.sees(w.Case, delivery.InTransit, "")
	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrCodeExpired)
	require.Zero(t, h.waybill(w.ID).WrongCodes, "an expired code tells nobody whether it was right")
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
	require.ErrorIs(t, err, delivery.ErrCodeExpired)

	track, err := h.desk.Renew(t.Context(), h.me(), w.Case)
	require.NoError(t, err)
	require.NotEmpty(t, track.Code)
	_, err = h.desk.Renew(t.Context(), h.people[1].Person, w.Case)
	require.ErrorIs(t, err, casework.ErrNoCase)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(track.Code)})
	require.NoError(t, err)
}

func TestANewCodeEndsTheOldOneAndUnlocksNothing(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	var last delivery.Code
	for range 5 {
		track, err := h.desk.Renew(t.Context(), h.me(), w.Case)
		require.NoError(t, err)
		last = track.Code
	}
	_, err := h.desk.Renew(t.Context(), h.me(), w.Case)
	require.ErrorIs(t, err, delivery.ErrRenewals)
	if last != w.Code {
		_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
		require.ErrorIs(t, err, delivery.ErrWrongCode)
	}
	v := h.pickedUp(ann)
	for range delivery.WrongCodesMost {
		_, err := h.desk.Deliver(t.Context(), ann, v.ID, delivery.Proof{Code: wrong(v.Code)})
		require.ErrorIs(t, err, delivery.ErrWrongCode)
	}
	_, err = h.desk.Renew(t.Context(), h.me(), v.Case)
	require.ErrorIs(t, err, delivery.ErrLocked)
}

func TestAParcelThatGoesOutLateHasAFreshCode(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.handedOver("速达")
	h.clock.Pass(8 * 24 * time.Hour)
	_, err := h.desk.PickUp(t.Context(), ann, w.ID)
	require.NoError(t, err)
	is := h.waybill(w.ID)
	require.True(t, is.CodeUntil.After(h.clock.Now()))
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(is.Code)})
	require.NoError(t, err)
}

func TestTheNumbersEndProvesOnlyWhoseItIs(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	other := h.pickedUp(ann) // goes to 张三丰, the holder is 陈小明
	_, err := h.desk.Deliver(t.Context(), ann, other.ID, delivery.Proof{Digits: h.proof()})
	require.ErrorIs(t, err, delivery.ErrNoDigits)

	caseID, _ := h.issued(sent)
	himself := wish
	himself.Recipient = "陈小明"
	_, err = h.desk.Choose(t.Context(), h.me(), caseID, himself)
	require.NoError(t, err)
	w, err := h.desk.Make(t.Context(), h.clerk, caseID, delivery.Load{})
	require.NoError(t, err)
	_, err = h.desk.HandOver(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	_, err = h.desk.PickUp(t.Context(), ann, w.ID)
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Digits: h.proof()})
	require.ErrorIs(t, err, delivery.ErrEvidence)
	require.Zero(t, h.waybill(w.ID).WrongCodes)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Digits: "000000", Evidence: h.filed(ann, w.ID)})
	require.ErrorIs(t, err, delivery.ErrWrongProof)
	require.Equal(t, 1, h.waybill(w.ID).WrongCodes, "a wrong number counts like a wrong code")
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Digits: h.proof(), Evidence: h.filed(ann, w.ID)})
	require.NoError(t, err)
	require.Equal(t, "hand "+string(ann.ID)+" id_number", h.history(caseID)[1])
}

func TestAParcelIsRedirectedAndTheCourierSeesWhere(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	_, err := h.desk.Redirect(t.Context(), h.people[1].Person, w.Case, delivery.Target{Address: "南海大道9号", Area: "南海区桂城街道"})
	require.ErrorIs(t, err, casework.ErrNoCase)
	for name, to := range map[string]delivery.Target{
		"nothing": {}, "half": {Address: "南海大道9号"}, "no such office": {Office: "nowhere"},
		"both": {Address: "南海大道9号", Area: "南海区", Office: h.other.Office},
	} {
		_, err := h.desk.Redirect(t.Context(), h.me(), w.Case, to)
		require.ErrorIs(t, err, delivery.ErrWish, name)
	}
	_, err = h.desk.Redirect(t.Context(), h.me(), w.Case, delivery.Target{Address: "南海大道9号", Area: "南海区桂城街道"})
	require.NoError(t, err)
	require.Equal(t, "南海大道9号", h.round(ann).Mine[0].Address)
	for range 2 {
		_, err = h.desk.Redirect(t.Context(), h.me(), w.Case, delivery.Target{Office: h.other.Office})
		require.NoError(t, err)
	}
	_, err = h.desk.Redirect(t.Context(), h.me(), w.Case, delivery.Target{Office: h.other.Office})
	require.ErrorIs(t, err, delivery.ErrRedirects)
	require.Equal(t, h.other.Office, h.round(ann).Mine[0].HoldAt)
}

func TestAParcelIsCollectedAtTheOfficeThatKeepsIt(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	_, err := h.desk.Hold(t.Context(), h.other, w.ID)
	require.ErrorIs(t, err, staff.ErrOtherOffice, "nobody wanted it there")
	_, err = h.desk.Hold(t.Context(), h.clerk, w.ID)
	require.ErrorIs(t, err, delivery.ErrNotHere, "it has not been tried")
	_, err = h.desk.Redirect(t.Context(), h.me(), w.Case, delivery.Target{Office: h.other.Office})
	require.NoError(t, err)
	_, err = h.desk.Hold(t.Context(), h.clerk, w.ID)
	require.ErrorIs(t, err, delivery.ErrNotHere, "it is wanted elsewhere")
	_, err = h.desk.Hold(t.Context(), h.other, w.ID)
	require.NoError(t, err)
	h.sees(w.Case, delivery.Held, "")

	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrNotNow)
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.ErrorIs(t, err, staff.ErrOtherOffice, "it does not lie here")
	_, err = h.desk.Collect(t.Context(), h.other, w.Case, "000000")
	require.ErrorIs(t, err, delivery.ErrWrongProof)
	require.Contains(t, h.history(w.Case), "collect_refused other ")
	_, err = h.desk.Collect(t.Context(), h.other, w.Case, h.proof())
	require.NoError(t, err)
	h.sees(w.Case, delivery.Delivered, "")
	require.Equal(t, casework.Closed, h.stateOf(w.Case))
	_, err = h.desk.Collect(t.Context(), h.other, w.Case, h.proof())
	require.Error(t, err)
}

func TestAfterThreeAttemptsItWaitsAtTheOfficeOrGoesBack(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	h.fails(ann, w.ID, 3)
	_, err := h.desk.Hold(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	_, err = h.desk.SendBack(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	_, err = h.desk.TakeBack(t.Context(), h.other, w.ID)
	require.Error(t, err)
	_, err = h.desk.TakeBack(t.Context(), h.clerk, w.ID)
	require.NoError(t, err)
	_, err = h.desk.Collect(t.Context(), h.clerk, w.Case, h.proof())
	require.NoError(t, err)
}

func TestACancelledParcelComesBackAndAnotherMayBeSent(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	caseID := h.chosen()
	w, err := h.desk.Make(t.Context(), h.clerk, caseID, delivery.Load{})
	require.NoError(t, err)
	_, err = h.desk.Cancel(t.Context(), h.clerk, w.ID, "x")
	require.ErrorIs(t, err, delivery.ErrWhy)
	_, err = h.desk.Cancel(t.Context(), h.other, w.ID, "地址填写有误")
	require.ErrorIs(t, err, staff.ErrOtherOffice)
	_, err = h.desk.Cancel(t.Context(), h.clerk, w.ID, "地址填写有误")
	require.NoError(t, err)
	_, err = h.desk.HandOver(t.Context(), h.clerk, w.ID)
	require.ErrorIs(t, err, delivery.ErrCancelled)
	_, err = h.desk.Choose(t.Context(), h.me(), caseID, wish)
	require.NoError(t, err, "the way may be chosen again")
	h.clock.Pass(time.Second)
	again, err := h.desk.Make(t.Context(), h.clerk, caseID, delivery.Load{})
	require.NoError(t, err)
	_, err = h.desk.Make(t.Context(), h.clerk, caseID, delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrMade)
	_, err = h.desk.HandOver(t.Context(), h.clerk, again.ID)
	require.NoError(t, err)
	_, err = h.desk.PickUp(t.Context(), ann, again.ID)
	require.NoError(t, err)

	_, err = h.desk.Cancel(t.Context(), h.clerk, again.ID, "申请人要求停止派送")
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, again.ID, delivery.Proof{Code: string(again.Code)})
	require.ErrorIs(t, err, delivery.ErrNotNow, "delivered after cancel")
	require.Equal(t, casework.Granted, h.stateOf(caseID))
	_, err = h.desk.Return(t.Context(), ann, again.ID)
	require.ErrorIs(t, err, delivery.ErrNotNow, "back it is when its office says so")
	_, err = h.desk.TakeBack(t.Context(), h.clerk, again.ID)
	require.NoError(t, err)
}

func TestALostPaperIsReplacedBeforeItIsSentAgain(t *testing.T) {
	h := openHandout(t)
	ann, bob := h.courier("速达"), h.courier("速达")
	w := h.pickedUp(ann)
	_, err := h.desk.Report(t.Context(), bob, w.ID, false, "整车失火烧毁")
	require.ErrorIs(t, err, delivery.ErrWithColleague)
	_, err = h.desk.Report(t.Context(), h.clerk, w.ID, false, "整车失火烧毁")
	require.ErrorIs(t, err, staff.ErrNotAllowed)
	_, err = h.desk.Report(t.Context(), ann, w.ID, false, "整车失火烧毁")
	require.NoError(t, err)
	_, err = h.desk.Make(t.Context(), h.clerk, w.Case, delivery.Load{})
	require.ErrorIs(t, err, delivery.ErrReplaceFirst)
	l, err := h.db.LicenceOf(t.Context(), w.Case)
	require.NoError(t, err)
	h.clock.Pass(time.Minute)
	_, err = h.registry.Replace(t.Context(), h.clerk, l.ID, "送达途中遗失")
	require.NoError(t, err)
	again, err := h.desk.Make(t.Context(), h.clerk, w.Case, delivery.Load{})
	require.NoError(t, err)
	require.NotEqual(t, w.ID, again.ID)
	track, err := h.desk.Track(t.Context(), h.me(), w.Case)
	require.NoError(t, err)
	require.Equal(t, again.ID, track.Waybill.ID, "the new one is shown")
}

// The paper in the courier's bag is no longer the licence.
func TestAReplacedLicenceIsNotDelivered(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	l, err := h.db.LicenceOf(t.Context(), w.Case)
	require.NoError(t, err)
	h.clock.Pass(time.Second)
	_, err = h.registry.Replace(t.Context(), h.clerk, l.ID, "姓名变更")
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrPaperRevoked)
}

func TestParcelsChangeHandsWithinTheCompanyOnly(t *testing.T) {
	h := openHandout(t)
	ann, bob, eve := h.courier("速达"), h.courier("速达"), h.courier("别家")
	w := h.pickedUp(ann)
	for name, to := range map[string]staff.ID{"another company": eve.ID, "nobody": "nobody", "herself": ann.ID, "a clerk": h.clerk.ID, "none": ""} {
		_, err := h.desk.Pass(t.Context(), ann, w.ID, to)
		require.ErrorIs(t, err, delivery.ErrCarrier, name)
	}
	_, err := h.desk.Pass(t.Context(), bob, w.ID, bob.ID)
	require.ErrorIs(t, err, delivery.ErrWithColleague, "taking is not passing")
	_, err = h.desk.Pass(t.Context(), ann, w.ID, bob.ID)
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.ErrorIs(t, err, delivery.ErrWithColleague)

	_, err = h.desk.Reassign(t.Context(), h.clerk, w.ID, ann.ID, "原快递员已离职")
	require.ErrorIs(t, err, staff.ErrNotAllowed)
	_, err = h.desk.Reassign(t.Context(), h.manager(), w.ID, eve.ID, "原快递员已离职")
	require.ErrorIs(t, err, delivery.ErrCarrier)
	_, err = h.desk.Reassign(t.Context(), h.manager(), w.ID, ann.ID, "原快递员已离职")
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.NoError(t, err)
	list, err := h.desk.Colleagues(t.Context(), ann)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, bob.ID, list[0].ID)
}

func TestOnlyTheManagerReleasesWithoutProof(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	stranger := staff.Member{ID: "rival", Role: staff.OfficeManager, Office: h.other.Office}
	for _, by := range []staff.Member{h.clerk, h.other, ann, stranger} {
		_, err := h.desk.Release(t.Context(), by, w.Case, "本人行动不便，上门核实")
		require.Error(t, err)
	}
	_, err := h.desk.Release(t.Context(), h.manager(), w.Case, "好")
	require.ErrorIs(t, err, delivery.ErrWhy)
	require.Equal(t, delivery.InTransit, h.waybill(w.ID).State)
	_, err = h.desk.Release(t.Context(), h.manager(), w.Case, "本人行动不便，上门核实")
	require.NoError(t, err)
	require.Equal(t, delivery.Delivered, h.waybill(w.ID).State)
	require.Contains(t, h.history(w.Case), "release_without_proof manager ")
	require.Contains(t, h.history(w.Case), "hand manager bypass")
	_, err = h.desk.Release(t.Context(), h.manager(), w.Case, "本人行动不便，上门核实")
	require.ErrorIs(t, err, delivery.ErrClosed)
}

func TestAWholeBagIsTakenOverWithItsDifferences(t *testing.T) {
	h := openHandout(t)
	ann, eve := h.courier("速达"), h.courier("别家")
	one, two, three := h.handedOver("速达"), h.handedOver("速达"), h.handedOver("速达")
	foreign := h.handedOver("别家")
	got, err := h.desk.TakeOver(t.Context(), ann, h.clerk.Office, []string{one.ID, three.ID, foreign.ID, "unknown"})
	require.NoError(t, err)
	require.Len(t, got.Parcels, 2)
	require.Len(t, got.Missing, 1)
	require.Equal(t, two.ID, got.Missing[0].ID)
	require.Equal(t, "delivery.no_waybill", got.Refused[0].Code)
	require.Len(t, got.Refused, 2)
	require.Equal(t, delivery.HandedOver, h.waybill(two.ID).State)
	require.Equal(t, delivery.Miss, h.acts(two.ID)[2])
	require.Empty(t, h.round(eve).Mine)
	for _, scanned := range [][]string{nil, {one.ID, one.ID}, make([]string, 201)} {
		_, err := h.desk.TakeOver(t.Context(), ann, h.clerk.Office, scanned)
		require.ErrorIs(t, err, delivery.ErrBag)
	}
}

func TestTheRecipientIsToldBeforeAndAfter(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	now := h.clock.Now()
	for name, window := range map[string]delivery.Window{
		"past":      {From: now.Add(-2 * time.Hour), To: now.Add(-time.Hour)},
		"backwards": {From: now.Add(2 * time.Hour), To: now.Add(time.Hour)},
		"too long":  {From: now, To: now.Add(5 * time.Hour)},
		"too late":  {From: now.Add(23 * time.Hour), To: now.Add(25 * time.Hour)},
		"half":      {From: now},
	} {
		_, err := h.desk.SetOut(t.Context(), ann, w.ID, window)
		require.ErrorIs(t, err, delivery.ErrWindow, name)
	}
	_, err := h.desk.SetOut(t.Context(), ann, w.ID, delivery.Window{From: now.Add(time.Hour), To: now.Add(3 * time.Hour)})
	require.NoError(t, err)
	for range 5 {
		_, err = h.desk.Call(t.Context(), ann, w.ID)
		require.NoError(t, err)
	}
	_, err = h.desk.Call(t.Context(), ann, w.ID)
	require.ErrorIs(t, err, delivery.ErrCalls)
	_, err = h.desk.Fail(t.Context(), ann, w.ID, delivery.Absent, "")
	require.NoError(t, err)
	require.Equal(t, []string{"licence.issued", "delivery.coming", "delivery.out", "delivery.call", "delivery.call", "delivery.call",
		"delivery.call", "delivery.call", "delivery.failed"}, h.kinds())
	require.Contains(t, h.told()[2].Text, "11月23日10:00至12:00")
	require.Contains(t, h.told()[2].Text, "改址")
}

// Decided on Monday 2026-11-23: the tenth working day is Monday 2026-12-07.
func TestResultsAreDueTenWorkingDaysAfterTheDecision(t *testing.T) {
	h := openHandout(t)
	caseID, _ := h.issued(sent)
	h.decidedAt(caseID, h.clock.Now())
	late := func() []delivery.Owed {
		list, err := h.desk.Late(t.Context(), h.clerk, "", 10)
		require.NoError(t, err)
		return list
	}
	sweep := func() int {
		n, err := h.desk.Sweep(t.Context())
		require.NoError(t, err)
		return n
	}
	h.clock.Set(time.Date(2026, 12, 7, 23, 59, 59, 0, workday.Zone))
	require.Empty(t, late(), "the last day is in time")
	require.Zero(t, sweep())
	h.clock.Set(time.Date(2026, 12, 8, 0, 0, 0, 0, workday.Zone))
	require.Len(t, late(), 1)
	require.Equal(t, "2026-12-07", late()[0].DueOn.String())
	require.Equal(t, 1, sweep())
	require.Zero(t, sweep(), "once")
	require.Equal(t, []string{"licence.issued", "delivery.late"}, h.kinds())
	require.Contains(t, h.history(caseID), "delivery_late system R-04")
	list, err := h.desk.Late(t.Context(), h.other, "", 10)
	require.NoError(t, err)
	require.Empty(t, list, "another office's")
	_, err = h.desk.Collect(t.Context(), h.clerk, caseID, h.proof())
	require.NoError(t, err)
	require.Empty(t, late())
}

// decidedAt sets when a case was decided.
func (h *handout) decidedAt(caseID string, at time.Time) {
	cs, err := h.db.Case(h.t.Context(), casework.ID(caseID))
	require.NoError(h.t, err)
	cs.DecidedAt = at
	require.NoError(h.t, sqlstore.For[casework.Tx](h.db).InTx(h.t.Context(), func(tx casework.Tx) error { return tx.SaveCase(h.t.Context(), cs, cs.State) }))
}
