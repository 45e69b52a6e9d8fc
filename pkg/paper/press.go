package paper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Press (文印) issues papers.
type Press struct {
	Store  Store
	City   city.Shelf
	Render func(Sheet) ([]byte, error) // makes the printable page
	Verify string                      // address that a code is checked under, ending in "/"
	Now    func() time.Time
	NewID  func() string
	Random io.Reader
}

// Issue returns a paper of a case that the caller may see: what was issued
// before, or issued now. Error: ErrNotYet.
func (p *Press) Issue(ctx context.Context, cs casework.Case, kind Kind) (Paper, error) {
	f, err := p.facts(ctx, cs, kind)
	if err != nil {
		return Paper{}, err
	}
	have, err := p.Store.PaperAbout(ctx, cs.ID, kind, f.at)
	if !errors.Is(err, ErrNoPaper) {
		return have, err
	}
	made, err := p.draw(f, cs, kind)
	if err != nil {
		return Paper{}, err
	}
	err = p.Store.InTx(ctx, func(tx Tx) error { return p.print(ctx, tx, f, &made) })
	if errors.Is(err, ErrIssued) {
		return p.Store.PaperAbout(ctx, cs.ID, kind, f.at)
	}
	return made, err
}

// draw is a paper without its number and page.
func (p *Press) draw(f facts, cs casework.Case, kind Kind) (made Paper, err error) {
	made = Paper{
		ID: p.NewID(), Case: string(cs.ID), Kind: kind, EventAt: f.at, Person: cs.Person, Office: cs.Office,
		Issuer: f.office, IssuedAt: p.Now(),
	}
	made.Code, err = licence.NewCode(p.Random)
	return made, err
}

// print numbers a paper, renders it and stores it. Rendering takes no other
// resource and a few hundred microseconds.
func (p *Press) print(ctx context.Context, tx Tx, f facts, made *Paper) error {
	year := workday.DateOf(made.IssuedAt).Year
	series := fmt.Sprintf("paper.%s.%s.%d", made.Kind, made.Office, year)
	n, err := tx.NextSerial(ctx, series)
	if err != nil {
		return err
	}
	made.Number = fmt.Sprintf("%s%s〔%d〕第%05d号", made.Office, numberWords[made.Kind], year, n)
	sheet := f.sheet(made.Kind)
	made.Title = sheet.Title
	sheet.Number, sheet.Issuer, sheet.On = made.Number, made.Issuer, ChineseDate(workday.DateOf(made.IssuedAt))
	sheet.Code, sheet.Verify = Spaced(made.Code), p.Verify+made.Code
	if made.Page, err = p.Render(sheet); err != nil {
		return err
	}
	sum := sha256.Sum256(made.Page)
	made.Digest = hex.EncodeToString(sum[:])
	return tx.InsertPaper(ctx, *made)
}

var numberWords = map[Kind]string{Receipt: "受", Notice: "补", Tolerance: "容", Commitment: "诺", Decision: "决", Delivery: "达"}

// Of lists the papers of a case, and which more could be issued now.
func (p *Press) Of(ctx context.Context, cs casework.Case) (issued []Paper, due []Kind, err error) {
	if issued, err = p.Store.PapersOf(ctx, cs.ID); err != nil {
		return nil, nil, err
	}
	for _, kind := range Kinds {
		at, err := p.eventOf(ctx, cs, kind)
		if errors.Is(err, ErrNotYet) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if !holds(issued, kind, at) {
			due = append(due, kind)
		}
	}
	return issued, due, nil
}

func holds(list []Paper, kind Kind, at time.Time) bool {
	for _, p := range list {
		if p.Kind == kind && p.EventAt.Equal(at.Truncate(time.Millisecond)) {
			return true
		}
	}
	return false
}

func (p *Press) eventOf(ctx context.Context, cs casework.Case, kind Kind) (time.Time, error) {
	if kind != Commitment {
		return eventOf(cs, kind)
	}
	c, err := p.Store.SignedCommitment(ctx, cs.ID)
	return c.SignedAt, err
}

// Checked is what anybody learns who holds a paper's code.
type Checked struct {
	Paper
	Holder string // masked
}

// Check tells whether a paper is what was issued. Errors: ErrNoPaper,
// licence.ErrWrongCode.
func (p *Press) Check(ctx context.Context, code string) (c Checked, err error) {
	if code, err = licence.ReadCode(code); err != nil {
		return c, err
	}
	if c.Paper, err = p.Store.PaperByCode(ctx, code); err != nil {
		return c, err
	}
	who, err := p.Store.Person(ctx, c.Person)
	c.Holder = who.Name.Masked()
	return c, err
}
