package delivery

import (
	"cmp"
	"strconv"
	"time"

	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Event is one line of a waybill's timeline.
type Event struct {
	Seq      int // the waybill's version after it
	At       time.Time
	Act      Act
	Actor    staff.ID
	To       string // with Pass, Reassign: who has it now; with Hold: at which office
	Proof    string // with what ends a delivery: which proof was given
	Evidence string // the id of a photo or a signature, and its hash
	Reason   Reason // of a failed attempt
	Note     string // for the office only
	DeviceAt time.Time
}

// recipient is the actor of what the person does.
const recipient staff.ID = "recipient"

// event is what the timeline keeps of a step that led to w.
func (w Waybill) event(s Step) Event {
	e := Event{
		Seq: w.Version, At: s.At, Act: s.Act, Actor: s.By.ID, Evidence: s.Filed.ref(),
		Reason: s.Reason, Note: s.Note, DeviceAt: s.DeviceAt,
	}
	if s.ByPerson {
		e.Actor = recipient
	}
	switch s.Act {
	case Pass, Reassign:
		e.To = string(w.Courier)
	case Hold, Redirect:
		e.To = cmp.Or(string(w.HoldAt), w.Locker)
	case Deposit:
		e.To = w.Locker
	case Deliver, Collect, Confirm:
		e.Proof = s.kind()
	case Release:
		e.Proof = bypass
	}
	return e
}

// handed are the acts by which a parcel changes hands.
var handed = map[Act]bool{
	HandOver: true, PickUp: true, Return: true, TakeBack: true, Deposit: true, Retrieve: true, Pass: true, Reassign: true, Hold: true, SendBack: true,
	Cancel: true, Lose: true, Damage: true,
}

// Facts are what the ledger must hold of the event: every proof and every
// hand-over.
func (e Event) Facts(waybill string) []ledger.Fact {
	room := "handover"
	switch {
	case e.Proof != "":
		room = "delivery"
	case !handed[e.Act]:
		return nil
	}
	return []ledger.Fact{{Kind: ledger.Kind(room + "." + string(e.Act)), Subject: waybill, At: e.At, About: []ledger.Detail{
		{Name: "event", Value: strconv.Itoa(e.Seq)}, {Name: "actor", Value: string(e.Actor)}, {Name: "to", Value: e.To},
		{Name: "proof", Value: e.Proof}, {Name: "evidence", Value: e.Evidence}, {Name: "note", Value: e.Note},
	}}}
}

// CollectedFact is what the ledger is told of a result that was handed out at
// its office's window: there is no waybill to tell of.
func CollectedFact(caseID, actor, proof, why string, at time.Time) ledger.Fact {
	return ledger.Fact{Kind: "delivery.collected", Subject: caseID, At: at, About: []ledger.Detail{
		{Name: "actor", Value: actor}, {Name: "proof", Value: proof}, {Name: "why", Value: why},
	}}
}
