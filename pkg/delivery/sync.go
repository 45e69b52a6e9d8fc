package delivery

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Offline is one act that a courier's device kept while it had no signal. At is
// what the device's clock said; the id is the device's own and never used twice.
type Offline struct {
	ID      string
	At      time.Time
	Waybill string
	Act     Act
	Proof   Proof    // with Deliver
	Reason  Reason   // with Fail
	Note    string   // with Fail
	To      staff.ID // with Pass
	Opens   string   // with Deposit: what opens the locker
}

// Result says what became of an act that came in late.
type Result string

// The results.
const (
	DoneNow     Result = "done"
	AlreadyDone Result = "already_done" // by this very act, or by the same act of the same courier
	InConflict  Result = "conflict"     // not as things are now
)

// Kept is what became of an act. It stays: nothing that a courier did is lost,
// even where it could not be done.
type Kept struct {
	Offline
	Courier    staff.ID
	Hash       [32]byte // of what was sent, without the proof in clear
	ReceivedAt time.Time
	Result     Result
	Code       string // of the fault, where in conflict
	State      State  // of the waybill afterwards
}

// Outcome answers one act of a batch.
type Outcome struct {
	Kept
	Detail string // the fault's sentence
}

// actsMost bounds a batch.
const actsMost = 500

// offlineMost is how long ago an act may have been done for its proof to count
// as shown then: a day's run in the mountains.
const offlineMost = 24 * time.Hour

// What can go wrong with acts that come in late.
var (
	ErrNoAct   = fault.New(fault.NotFound, "delivery.no_act", "没有这条离线操作记录，请核对后再看")
	ErrReused  = fault.New(fault.Conflict, "delivery.act_reused", "同一操作编号先后提交了不同内容，以先提交的为准；请刷新后按现在的状态操作")
	ErrActs    = fault.New(fault.Invalid, "delivery.acts", "一次提交1至500条离线操作，编号8至64位且不重复，请分批后再提交")
	ErrOffline = fault.New(fault.Invalid, "delivery.act_online", "这类操作不能离线补报，请联网后再操作")
)

// offline are the acts that a device may keep for later.
var offline = map[Act]bool{PickUp: true, SetOut: true, Deliver: true, Fail: true, Return: true, Pass: true, Lose: true, Damage: true, Arrive: true, Deposit: true, Retrieve: true}

// Sync does what a courier's device kept, in order, each act on its own: one
// that cannot be done does not stop those after it. An act is done once however
// often it comes. sent is what the device's clock says now; with it a clock
// that is wrong by a day does no harm. Error: ErrActs.
func (d *Desk) Sync(ctx context.Context, by staff.Member, sent time.Time, acts []Offline) ([]Outcome, error) {
	if err := readActs(acts); err != nil {
		return nil, err
	}
	now := d.Now()
	list := make([]Outcome, len(acts))
	for i, a := range acts {
		err := d.Store.InTx(ctx, func(tx Tx) (err error) {
			list[i], err = d.syncOne(ctx, tx, by, a, shownAt(now, sent, a.At))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func readActs(acts []Offline) error {
	if len(acts) == 0 || len(acts) > actsMost {
		return ErrActs
	}
	seen := map[string]bool{}
	for _, a := range acts {
		if len(a.ID) < 8 || len(a.ID) > 64 || seen[a.ID] {
			return ErrActs
		}
		seen[a.ID] = true
	}
	return nil
}

// shownAt is when an act was done by our clock: as long ago as the device says,
// whatever its clock shows, but never in the future and at most a day ago.
func shownAt(now, sent, at time.Time) time.Time {
	ago := min(max(sent.Sub(at), 0), offlineMost)
	return now.Add(-ago)
}

// syncOne does one act of a batch and keeps what became of it.
func (d *Desk) syncOne(ctx context.Context, tx Tx, by staff.Member, a Offline, shown time.Time) (Outcome, error) {
	k := Kept{Offline: a, Courier: by.ID, Hash: a.hash(), ReceivedAt: d.Now()}
	before, err := tx.KeptAct(ctx, by.ID, a.ID)
	switch {
	case err == nil:
		return again(before, k), nil
	case !errors.Is(err, ErrNoAct):
		return Outcome{}, err
	}
	refusal, err := d.attempt(ctx, tx, by, a, shown, &k)
	if err != nil {
		return Outcome{}, err
	}
	o := k.outcome(refusal)
	if errors.Is(refusal, ErrNoEvidence) {
		return o, nil // the photo is still on the device: the same act may come again after it
	}
	return o, tx.KeepAct(ctx, o.Kept)
}

// again answers an act that has come before.
func again(before, k Kept) Outcome {
	if before.Hash != k.Hash {
		k.State = before.State
		return k.outcome(ErrReused)
	}
	if before.Result == DoneNow {
		before.Result = AlreadyDone
	}
	return Outcome{Kept: before, Detail: fault.TextOf(before.Code)}
}

// attempt does the act. What was done before by the same courier is no
// conflict: the answer got lost on its way to the device.
func (d *Desk) attempt(ctx context.Context, tx Tx, by staff.Member, a Offline, shown time.Time, k *Kept) (refusal, err error) {
	s, refusal := a.step(by, d.Now(), shown)
	if refusal != nil {
		return refusal, nil
	}
	k.Result = DoneNow
	is, refusal, err := d.apply(ctx, tx, a.Waybill, s)
	if errors.Is(err, ErrNoWaybill) {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	k.State = is.State
	if refusal == nil {
		return nil, nil
	}
	same, err := repeated(ctx, tx, is, s, refusal)
	if same {
		k.Result = AlreadyDone
		return nil, err
	}
	return refusal, err
}

// repeated says whether the refused act is what this courier did last.
func repeated(ctx context.Context, tx Tx, w Waybill, s Step, refusal error) (bool, error) {
	if !errors.Is(refusal, ErrNotNow) && !errors.Is(refusal, ends[w.State]) {
		return false, nil
	}
	last, err := tx.LastEvent(ctx, w.ID)
	return err == nil && last.Act == s.Act && last.Actor == s.By.ID, err
}

// step reads an act. Errors: ErrOffline, ErrReason, ErrWhy, ErrOpens.
func (a Offline) step(by staff.Member, now, shown time.Time) (s Step, err error) {
	if !offline[a.Act] {
		return s, ErrOffline
	}
	s = Step{Act: a.Act, By: by, At: now, Proof: a.Proof, Reason: a.Reason, Note: a.Note, To: staff.Member{ID: a.To}, DeviceAt: a.At}
	s.Proof.At, s.Opens = shown, a.Opens
	switch a.Act {
	case Fail:
		s.Note, err = readReason(a.Reason, a.Note)
	case Lose, Damage:
		s.Note, err = readWhy(a.Note)
	case Deposit:
		err = readOpens(a.Opens)
	}
	return s, err
}

func (k Kept) outcome(refusal error) Outcome {
	if refusal == nil {
		return Outcome{Kept: k}
	}
	f := fault.From(refusal)
	k.Result, k.Code = InConflict, f.Code
	return Outcome{Kept: k, Detail: f.Text}
}

// hash identifies what was sent under an id. A code of six digits could be
// found from its hash: only that there was a proof goes in, and which.
func (a Offline) hash() [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%q %d %q %q %q %q %q %q", a.ID, a.At.UnixMilli(), a.Waybill, a.Act, a.Proof.kind(), a.Reason, a.Note, a.To))
}

// Conflicts lists, for parcels of the office, what was sent in late and could
// not be done as it was sent, newest first, after a given id.
func (d *Desk) Conflicts(ctx context.Context, by staff.Member, after string, most int) ([]Kept, error) {
	return d.Store.CourierActs(ctx, by.Office, after, most)
}
