package storetest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// device is a courier's phone without signal: it keeps acts by its own clock.
type device struct {
	*handout
	by   staff.Member
	off  time.Duration // its clock is wrong by so much
	acts []delivery.Offline
}

func (d *device) now() time.Time { return d.clock.Now().Add(d.off) }

func (d *device) keep(act delivery.Act, w delivery.Waybill, code string) *device {
	d.acts = append(d.acts, delivery.Offline{
		ID: "act-" + storetest.NewID(), At: d.now(), Waybill: w.ID, Act: act, Proof: delivery.Proof{Code: code},
		Reason: map[delivery.Act]delivery.Reason{delivery.Fail: delivery.Absent}[act],
	})
	return d
}

// send sends everything that was kept, again each time.
func (d *device) send() (results []string) {
	list, err := d.desk.Sync(d.t.Context(), d.by, d.now(), d.acts)
	require.NoError(d.t, err)
	for _, o := range list {
		results = append(results, string(o.Result)+" "+o.Code)
	}
	return results
}

func TestADayWithoutSignalIsSentInOnce(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	one, two := h.handedOver("速达"), h.handedOver("速达")
	d := &device{handout: h, by: ann}
	d.keep(delivery.PickUp, one, "").keep(delivery.PickUp, two, "")
	h.clock.Pass(time.Hour)
	d.keep(delivery.Deliver, one, string(one.Code)).keep(delivery.Fail, two, "").keep(delivery.PickUp, two, "")
	h.clock.Pass(3 * time.Hour)
	require.Equal(t, []string{"done ", "done ", "done ", "done ", "done "}, d.send())
	require.Equal(t, delivery.Delivered, h.waybill(one.ID).State)
	require.Equal(t, delivery.InTransit, h.waybill(two.ID).State)
	before := [2]delivery.Waybill{h.waybill(one.ID), h.waybill(two.ID)}

	require.Equal(t, []string{"already_done ", "already_done ", "already_done ", "already_done ", "already_done "}, d.send())
	require.Equal(t, before, [2]delivery.Waybill{h.waybill(one.ID), h.waybill(two.ID)}, "the second time changes nothing, not even a count")
	events, err := h.db.WaybillEvents(t.Context(), one.ID)
	require.NoError(t, err)
	last := events[len(events)-1]
	require.True(t, last.At.Equal(h.clock.Now()), "the server's time counts")
	require.True(t, last.DeviceAt.Equal(h.clock.Now().Add(-3*time.Hour)), "the device's is kept beside")
}

func TestHalfABatchAppliedBeforeTheLineBroke(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	one, two := h.handedOver("速达"), h.handedOver("速达")
	d := &device{handout: h, by: ann}
	d.keep(delivery.PickUp, one, "").keep(delivery.Deliver, one, string(one.Code)).keep(delivery.PickUp, two, "").keep(delivery.Deliver, two, string(two.Code))
	whole := d.acts
	d.acts = whole[:2]
	require.Equal(t, []string{"done ", "done "}, d.send())
	d.acts = whole[1:3]
	require.Equal(t, []string{"already_done ", "done "}, d.send())
	d.acts = whole
	require.Equal(t, []string{"already_done ", "already_done ", "already_done ", "done "}, d.send())
	require.Equal(t, delivery.Delivered, h.waybill(two.ID).State)
}

// The attack: the device has nothing to check a code against, so every guess
// has to come in, and each one counts.
func TestGuessingOfflineIsNoBetterThanGuessingOnline(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	d := &device{handout: h, by: ann}
	for i := range 300 {
		guess := fmt.Sprintf("%06d", i)
		if guess == string(w.Code) {
			guess = "999999"
		}
		d.keep(delivery.Deliver, w, guess)
	}
	d.keep(delivery.Deliver, w, string(w.Code))
	results := map[string]int{}
	for _, r := range d.send() {
		results[r]++
	}
	require.Equal(t, map[string]int{"conflict delivery.wrong_code": 5, "conflict delivery.code_locked": 296}, results)
	require.Equal(t, delivery.InTransit, h.waybill(w.ID).State)
	require.Equal(t, casework.Granted, h.stateOf(w.Case))
	require.Equal(t, 5, h.waybill(w.ID).WrongCodes)
	require.Contains(t, h.kinds(), "delivery.locked", "the person is warned")

	d.acts = d.acts[:1]
	d.acts[0].Proof.Code = string(w.Code)
	require.Equal(t, []string{"conflict delivery.wrong_code"}, d.send(), "an act that came once is not tried with another code")
}

// Online and offline guesses are the same guesses.
func TestOnlineAndOfflineGuessesAddUp(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	for range 3 {
		_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: wrong(w.Code)})
		require.ErrorIs(t, err, delivery.ErrWrongCode)
	}
	d := &device{handout: h, by: ann}
	d.keep(delivery.Deliver, w, wrong(w.Code)).keep(delivery.Deliver, w, wrong(w.Code)).keep(delivery.Deliver, w, string(w.Code))
	require.Equal(t, []string{"conflict delivery.wrong_code", "conflict delivery.wrong_code", "conflict delivery.code_locked"}, d.send())
}

func TestACodeOfOneParcelOpensNoOther(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	one, two := h.pickedUp(ann), h.pickedUp(ann)
	if one.Code == two.Code {
		t.Skip("one in a million")
	}
	d := &device{handout: h, by: ann}
	d.keep(delivery.Deliver, one, string(one.Code)).keep(delivery.Deliver, two, string(one.Code))
	require.Equal(t, []string{"done ", "conflict delivery.wrong_code"}, d.send())
}

func TestACodeThatWasGoodWhenItWasShownIsGood(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	for _, off := range []time.Duration{0, 24 * time.Hour, -24 * time.Hour, 365 * 24 * time.Hour} {
		w := h.pickedUp(ann)
		d := &device{handout: h, by: ann, off: off}
		h.clock.Set(h.waybill(w.ID).CodeUntil.Add(-time.Minute))
		d.keep(delivery.Deliver, w, string(w.Code))
		h.clock.Pass(10 * time.Hour)
		require.Equal(t, []string{"done "}, d.send(), "the device's clock is %v off", off)
	}
}

// A device may claim any time: no claim reaches back further than a day, and
// none into the future.
func TestNoClaimedTimeRevivesAnOldCode(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	h.clock.Set(h.waybill(w.ID).CodeUntil.Add(25 * time.Hour))
	for _, at := range []time.Time{{}, w.MadeAt, h.clock.Now().Add(-1000 * time.Hour), h.clock.Now(), h.clock.Now().Add(1000 * time.Hour)} {
		d := &device{handout: h, by: ann}
		d.keep(delivery.Deliver, w, string(w.Code))
		d.acts[0].At = at
		require.Equal(t, []string{"conflict delivery.code_expired"}, d.send(), at)
	}
}

func TestConflictsAreToldAndLoseNothing(t *testing.T) {
	h := openHandout(t)
	ann, bob, eve := h.courier("速达"), h.courier("速达"), h.courier("别家")
	cancelled, passed, plain := h.pickedUp(ann), h.pickedUp(ann), h.pickedUp(ann)
	d := &device{handout: h, by: ann}
	d.keep(delivery.Deliver, cancelled, string(cancelled.Code)).keep(delivery.Deliver, passed, string(passed.Code)).keep(delivery.Deliver, plain, string(plain.Code))

	_, err := h.desk.Cancel(t.Context(), h.clerk, cancelled.ID, "申请人要求停止派送")
	require.NoError(t, err)
	_, err = h.desk.Reassign(t.Context(), h.manager(), passed.ID, bob.ID, "原快递员失联")
	require.NoError(t, err)
	_, err = h.desk.Deliver(t.Context(), bob, passed.ID, delivery.Proof{Code: string(passed.Code)})
	require.NoError(t, err)

	require.Equal(t, []string{"conflict delivery.not_now", "conflict delivery.with_colleague", "done "}, d.send(), "one conflict does not stop the rest")
	list, err := h.desk.Conflicts(t.Context(), h.clerk, "", 10)
	require.NoError(t, err)
	require.Len(t, list, 2, "the office sees them")
	list, err = h.desk.Conflicts(t.Context(), h.other, "", 10)
	require.NoError(t, err)
	require.Empty(t, list)

	stranger := &device{handout: h, by: eve, acts: d.acts}
	for _, r := range stranger.send() {
		require.Contains(t, []string{"conflict delivery.no_waybill"}, r)
	}
}

// The answer to an act that was done online got lost: the device sends it in.
func TestWhatWasDoneOnlineIsAlreadyDone(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	_, err := h.desk.Deliver(t.Context(), ann, w.ID, delivery.Proof{Code: string(w.Code)})
	require.NoError(t, err)
	d := &device{handout: h, by: ann}
	d.keep(delivery.Deliver, w, string(w.Code))
	require.Equal(t, []string{"already_done "}, d.send())
}

func TestAnActIsOneThing(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	one, two := h.handedOver("速达"), h.handedOver("速达")
	d := &device{handout: h, by: ann}
	d.keep(delivery.PickUp, one, "")
	require.Equal(t, []string{"done "}, d.send())
	d.acts[0].Waybill = two.ID
	require.Equal(t, []string{"conflict delivery.act_reused"}, d.send())
	require.Equal(t, delivery.HandedOver, h.waybill(two.ID).State)
	require.Equal(t, []string{"conflict delivery.act_reused"}, d.send())
}

func TestOnlyWhatACourierDoesAtTheDoorIsTakenLate(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	for _, act := range []delivery.Act{delivery.Release, delivery.Collect, delivery.HandOver, delivery.Cancel, delivery.Reassign, delivery.Redirect, delivery.Renew, "", "fly"} {
		d := &device{handout: h, by: ann}
		d.keep(act, w, string(w.Code))
		require.Equal(t, []string{"conflict delivery.act_online"}, d.send(), act)
	}
	d := &device{handout: h, by: ann}
	d.keep(delivery.Fail, w, "")
	d.acts[0].Reason = "lazy"
	require.Equal(t, []string{"conflict delivery.reason"}, d.send())
	for name, acts := range map[string][]delivery.Offline{
		"none": nil, "too many": make([]delivery.Offline, 501), "no id": {{}}, "twice": {d.acts[0], d.acts[0]},
	} {
		_, err := h.desk.Sync(t.Context(), ann, h.clock.Now(), acts)
		require.ErrorIs(t, err, delivery.ErrActs, name)
	}
}

func TestTheSameBatchSentByManyAtOnceIsDoneOnce(t *testing.T) {
	h := openHandout(t)
	ann := h.courier("速达")
	w := h.handedOver("速达")
	d := &device{handout: h, by: ann}
	d.keep(delivery.PickUp, w, "").keep(delivery.Deliver, w, string(w.Code))
	got := together(10, func(int) error {
		_, err := h.desk.Sync(t.Context(), ann, h.clock.Now(), d.acts)
		return err
	})
	require.Equal(t, map[string]int{"": 10}, got)
	require.Equal(t, []delivery.Act{delivery.Make, delivery.HandOver, delivery.PickUp, delivery.Deliver}, h.acts(w.ID))
	require.Zero(t, h.waybill(w.ID).Refusals)
}
