package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Signature is how a person at the window signs: with a finger on the screen,
// or where that is not possible by saying so, with the name written by the
// clerk. The clerk who read the text out is the witness.
type Signature struct {
	Digest  string // of the text that was read out
	Picture []byte // PNG of what was drawn, nil = none
	Name    string // as written by the clerk, where nothing was drawn
}

// ErrUnsigned tells that a commitment bears no signature.
var ErrUnsigned = fault.New(fault.Invalid, "casework.unsigned", "还没有签名：请申请人在屏幕上签名；不能签名的，请由工作人员宣读后填写申请人姓名，并勾选见证")

// Found returns a case that concerns the member, by the number on its papers.
// Errors: ErrNoCase, staff.ErrOtherOffice.
func (c *Counter) Found(ctx context.Context, m staff.Member, number string) (Case, error) {
	cs, err := c.Store.CaseByNumber(ctx, number)
	if err != nil {
		return Case{}, err
	}
	return c.Seen(ctx, m, cs.ID)
}

// AttachAtWindow stores a file that a clerk has taken of a material for the
// person at the window. Errors: those of Attach, ErrNotTaken, ErrOtherClerk.
func (c *Counter) AttachAtWindow(ctx context.Context, m staff.Member, id ID, u Upload) (Case, error) {
	if _, err := c.Seen(ctx, m, id); err != nil {
		return Case{}, err
	}
	f, err := c.inspected(ctx, id, u)
	if err != nil {
		return Case{}, err
	}
	return c.change(ctx, c.inHand(ctx, m, id), Attach, func(tx Tx, cs *Case) (entry, error) {
		e, err := c.attached(ctx, tx, cs, f, Arrival{From: FromFile, Channel: ByWindow, Office: m.Office, By: by(m)})
		e.actor = by(m)
		return e, err
	})
}

// PromiseAtWindow writes the commitment that a clerk reads out. Error: ErrNothingOwed.
func (c *Counter) PromiseAtWindow(ctx context.Context, m staff.Member, id ID) (Promise, error) {
	cs, err := c.Seen(ctx, m, id)
	if err != nil {
		return Promise{}, err
	}
	return c.promise(ctx, cs)
}

// SignAtWindow keeps the commitment that the person at the window has signed
// after it was read out; the clerk has seen who they are and is the witness.
// Errors: ErrText, ErrNothingOwed, ErrUnsigned, ErrNotTaken, ErrOtherClerk.
func (c *Counter) SignAtWindow(ctx context.Context, m staff.Member, id ID, s Signature) (Case, error) {
	if len(s.Picture) > 0 {
		clean, err := c.Inspector.Inspect(ctx, s.Picture)
		if err != nil {
			return Case{}, err
		}
		s.Picture = clean.Content
	}
	return c.change(ctx, c.inHand(ctx, m, id), Sign, func(tx Tx, cs *Case) (entry, error) {
		p, err := c.promise(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if p.Digest != s.Digest {
			return entry{}, ErrText
		}
		who, err := tx.Person(ctx, cs.Person)
		if err != nil {
			return entry{}, err
		}
		if len(s.Picture) == 0 && (s.Name == "" || s.Name != who.Name.String()) {
			return entry{}, ErrUnsigned
		}
		k := Commitment{
			SignedBy: cs.Person, Level: citizen.LevelRealName, Witness: m.ID, Signature: s.Picture,
		}
		return entry{actor: by(m), note: s.Digest}, c.signed(ctx, tx, k, cs, p)
	})
}

// nameMost bounds a file's name, in characters.
const nameMost = 100

// inspected inspects a file and stores its content.
func (c *Counter) inspected(ctx context.Context, id ID, u Upload) (File, error) {
	clean, err := c.Inspector.Inspect(ctx, u.Content)
	if err != nil {
		return File{}, err
	}
	if u.ID == "" {
		u.ID = c.NewID()
	}
	if utf8.RuneCountInString(u.Name) > nameMost {
		u.Name = string([]rune(u.Name)[:nameMost])
	}
	sum := sha256.Sum256(clean.Content)
	f := File{
		ID: u.ID, Case: id, Material: u.Material, Name: u.Name, Media: clean.Media,
		Bytes: int64(len(clean.Content)), SHA256: hex.EncodeToString(sum[:]), AddedAt: c.Now(),
	}
	return f, c.put(ctx, f.ID, clean)
}
