package circulation

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Room (收发室) is where paper comes in and goes out.
type Room struct {
	Store    Store
	City     city.Shelf
	Calendar *workday.Calendar
	Now      func() time.Time
	NewID    func() string
}

// What the person is told, and what a case's record says.
const (
	noticeTaken notify.Kind = "original.taken"
	noticeBack  notify.Kind = "original.back"
	noticeLate  notify.Kind = "original.late"
	noticeLost  notify.Kind = "original.lost"

	takeAct   = "original_taken"
	sendAct   = "original_sent"
	arriveAct = "original_arrived"
	backAct   = "original_back"
	refuseAct = "original_back_refused"
	lateAct   = "original_late"
	lostAct   = "original_lost"
)

// TakeIn records a paper original that a person hands in at the office of the
// case. Errors: ErrLabel, casework.ErrNoCase, staff.ErrOtherOffice.
func (r *Room) TakeIn(ctx context.Context, by staff.Member, caseID string, material catalog.MaterialCode, label string) (o Original, err error) {
	if label, err = readText(label, 2, 60, ErrLabel); err != nil {
		return o, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		cs, err := tx.CaseOnPaper(ctx, caseID)
		if err != nil {
			return err
		}
		if by.Office == "" || cs.Office != by.Office {
			return staff.ErrOtherOffice
		}
		now := r.Now()
		o = Original{
			ID: r.NewID(), Case: cs.ID, Person: cs.Person, Material: material, Label: label,
			Where: AtOffice, Office: by.Office, Version: 1, TakenAt: now, Since: now,
		}
		if err := tx.InsertOriginal(ctx, o); err != nil {
			return err
		}
		return turned(ctx, tx, o, by.ID, takeAct, noticeTaken, "您的材料原件已由受理网点收存，可在“我的办件”随时查看它在哪里；办结后凭身份证领回。")
	})
	return o, err
}

// turned keeps a turn with all that follows from it.
func turned(ctx context.Context, tx Tx, o Original, by staff.ID, act string, kind notify.Kind, text string) error {
	t := o.turn(by)
	if err := tx.AddTurn(ctx, o.ID, t); err != nil {
		return err
	}
	if facts := t.Facts(o.ID); len(facts) > 0 {
		if err := tx.Record(ctx, facts...); err != nil {
			return err
		}
	}
	if act != "" {
		if err := tx.LogCase(ctx, o.Case, act, string(by), string(o.Material), o.Since); err != nil {
			return err
		}
	}
	if kind == "" {
		return nil
	}
	return tx.Tell(ctx, notify.Notice{To: o.Person, Kind: kind, Subject: o.Case, Text: text, At: o.Since})
}

// move stores that an original went somewhere else.
func move(ctx context.Context, tx Tx, was, is Original, by staff.ID, act string, kind notify.Kind, text string) error {
	if err := tx.MoveOriginal(ctx, was, is); err != nil {
		return err
	}
	return turned(ctx, tx, is, by, act, kind, text)
}

// GiveBack returns an original to its person, against the last six digits of
// the identity number of the person, or of somebody who may act for them, at the
// office where it lies. A wrong proof is kept in the
// case's history. Errors: ErrNoOriginal, ErrElsewhere, ErrProof.
func (r *Room) GiveBack(ctx context.Context, by staff.Member, id, proof string) (is Original, err error) {
	var refusal error
	err = r.Store.InTx(ctx, func(tx Tx) error {
		was, err := here(ctx, tx, by, id)
		if err != nil {
			return err
		}
		entitled, err := r.entitled(ctx, tx, was)
		if err != nil {
			return err
		}
		if refusal = proven(entitled, proof); refusal != nil {
			return tx.LogCase(ctx, was.Case, refuseAct, string(by.ID), string(was.Material), r.Now())
		}
		is = was.to(BackHome, by.Office, "", r.Now())
		return move(ctx, tx, was, is, by.ID, backAct, noticeBack, "您的材料原件已退还。如非您本人领取，请立即联系受理网点。")
	})
	if err != nil {
		return is, err
	}
	return is, refusal
}

// here is the original if it lies at this member's office.
func here(ctx context.Context, tx Tx, by staff.Member, id string) (Original, error) {
	o, err := tx.Original(ctx, id)
	switch {
	case err != nil:
		return o, err
	case by.Office == "" || o.Where != AtOffice || o.Office != by.Office:
		return o, ErrElsewhere
	default:
		return o, nil
	}
}

// entitled are those who may take an original back: its person, and who may act
// for them in the case. An organisation has no number of its own.
func (r *Room) entitled(ctx context.Context, tx Tx, o Original) ([]citizen.Person, error) {
	person, err := tx.Person(ctx, o.Person)
	if err != nil {
		return nil, err
	}
	cs, err := tx.CaseOnPaper(ctx, o.Case)
	if err != nil {
		return nil, err
	}
	agents, err := tx.AgentsFor(ctx, o.Person, cs.Item, r.Now())
	return append(agents, person), err
}

// proven is nil where proof is the end of the identity number of one of them.
func proven(entitled []citizen.Person, proof string) error {
	right := 0
	for _, p := range entitled {
		if number := p.Number.String(); len(number) >= 6 {
			right |= subtle.ConstantTimeCompare([]byte(number[len(number)-6:]), []byte(strings.ToUpper(proof)))
		}
	}
	if right == 0 {
		return ErrProof
	}
	return nil
}

// Mine lists where the originals of one's own case are, and where they have
// been. Error: casework.ErrNoCase.
func (r *Room) Mine(ctx context.Context, who citizen.ID, caseID string) (mine []Traced, err error) {
	cs, err := r.Store.CaseOnPaper(ctx, caseID)
	if err != nil {
		return nil, err
	}
	if who == "" || cs.Person != who {
		return nil, casework.ErrNoCase
	}
	list, err := r.Store.OriginalsOfCase(ctx, caseID)
	for _, o := range list {
		t := Traced{Original: o}
		if t.Turns, err = r.Store.Turns(ctx, o.ID); err != nil {
			return nil, err
		}
		mine = append(mine, t)
	}
	return mine, err
}

// Traced is an original with everybody who had it.
type Traced struct {
	Original Original
	Turns    []Turn
}

// Trace tells where an original is, who had it, and since when: to the office of
// its case and to whoever has or had it. Errors: ErrNoOriginal.
func (r *Room) Trace(ctx context.Context, by staff.Member, id string) (t Traced, err error) {
	if t.Original, err = r.Store.Original(ctx, id); err != nil {
		return t, err
	}
	if t.Turns, err = r.Store.Turns(ctx, id); err != nil {
		return t, err
	}
	for _, turn := range t.Turns {
		if by.Office != "" && turn.Office == by.Office {
			return t, nil
		}
	}
	return Traced{}, ErrNoOriginal
}

// Here lists the originals that lie at one's office.
func (r *Room) Here(ctx context.Context, by staff.Member, after string, most int) ([]Original, error) {
	return r.Store.OriginalsAt(ctx, by.Office, after, most)
}
