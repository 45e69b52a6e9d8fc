package terminal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Kind says what is printed: a paper of a case (its own kind), or a licence.
type Kind string

// Certificate is a licence on paper; the other kinds are those of papers.
const Certificate Kind = "licence"

// Print is one sheet that a person asked a terminal for (打印记录).
type Print struct {
	ID, Visit, Terminal string
	Person              citizen.ID
	Kind                Kind
	Subject             string // the id of the paper or licence
	State               PrintState
	Reason              Printer // why it failed, "" = it did not
	Tries               int
	AskedAt, MovedAt    time.Time
}

// What bounds printing.
const (
	printsMost = 3 // of one thing for one person in a day; what failed does not count
	printDay   = 24 * time.Hour
	triesMost  = 3
	// silence is how long a printer may say nothing.
	silence = 2 * time.Minute
)

// What can go wrong with prints.
var (
	ErrNoPrint    = fault.New(fault.NotFound, "terminal.no_print", "没有找到这次打印，请在自助终端上重新点打印")
	ErrPrintMoved = fault.New(fault.Conflict, "terminal.print_moved", "这次打印的状态已经变化，请刷新后再看")
	ErrPrinter    = fault.New(fault.Conflict, "terminal.printer", "这台终端的打印机现在不能用，请换一台终端，或在手机上查看、到窗口打印")
	ErrPrintsMost = fault.New(fault.Conflict, "terminal.prints_most", "同一份文书一天最多在自助终端打印3次，如还需要，请明天再来或到窗口打印")
	ErrNotValid   = fault.New(fault.Conflict, "terminal.not_valid", "这份证照已经失效，不能打印，请到窗口咨询")
)

// Ask has something printed for who stands before the terminal.
// Errors: ErrVisitOver, ErrPrinter, ErrPrintsMost, ErrNotValid.
func (k *Keeper) Ask(ctx context.Context, visit string, kind Kind, subject string) (p Print, err error) {
	if err := k.printable(ctx, kind, subject); err != nil {
		return p, err
	}
	now := k.Now()
	err = k.Store.InTx(ctx, func(tx Tx) error {
		v, t, err := k.present(ctx, tx, visit)
		if err != nil {
			return err
		}
		if t.Printer != Ready {
			return ErrPrinter.Saying("这台终端的打印机" + t.Printer.Words() + "，请换一台终端，或在手机上查看、到窗口打印")
		}
		before, err := tx.PrintsOf(ctx, v.Person, kind, subject, now.Add(-printDay))
		if err != nil {
			return err
		}
		if counted(before) >= printsMost {
			return ErrPrintsMost
		}
		p = Print{ID: k.NewID(), Visit: v.ID, Terminal: t.ID, Person: v.Person, Kind: kind, Subject: subject, State: Asked, AskedAt: now, MovedAt: now}
		return tx.InsertPrint(ctx, p)
	})
	return p, err
}

// counted is how many were printed or still may be.
func counted(list []Print) (n int) {
	for _, p := range list {
		if slices.Contains([]PrintState{Asked, Printing, Printed}, p.State) {
			n++
		}
	}
	return n
}

// printable refuses a licence that no longer holds.
func (k *Keeper) printable(ctx context.Context, kind Kind, subject string) error {
	if kind != Certificate {
		return nil
	}
	l, err := k.Store.Licence(ctx, subject)
	if err != nil {
		return err
	}
	if l.StateOn(workday.DateOf(k.Now())) != licence.Valid {
		return ErrNotValid
	}
	return nil
}

// present is a visit that is going on, with its terminal.
func (k *Keeper) present(ctx context.Context, tx Tx, visit string) (v Visit, t Terminal, err error) {
	if v, err = tx.Visit(ctx, visit); err != nil {
		return v, t, err
	}
	if v.now(k.Now()).State != InUse {
		return v, t, ErrVisitOver
	}
	t, err = tx.Terminal(ctx, v.Terminal)
	return v, t, err
}

// Begin is the device's word that it prints now; what it prints is given only
// then. What failed may be begun again while the person is there.
// Errors: ErrNoPrint, ErrPrintMoved, ErrVisitOver, ErrPrintsMost.
func (k *Keeper) Begin(ctx context.Context, terminal, id string) (p Print, err error) {
	return k.move(ctx, terminal, id, func(tx Tx, p *Print) (PrintAct, error) {
		if _, _, err := k.present(ctx, tx, p.Visit); err != nil {
			return "", err
		}
		if p.Tries >= triesMost {
			return "", ErrPrintsMost.Saying("这份文书多次没有打印成功，请换一台终端，或在手机上查看、到窗口打印")
		}
		p.Tries, p.Reason = p.Tries+1, ""
		return Begin, nil
	})
}

// Told is the device's word of what became of a print; why is Ready where it
// lies in the tray, and otherwise what is wrong with the printer, which then is
// out of use until the device says that it is ready again.
// Errors: ErrNoPrint, ErrPrintMoved.
func (k *Keeper) Told(ctx context.Context, terminal, id string, why Printer) (Print, error) {
	return k.move(ctx, terminal, id, func(tx Tx, p *Print) (PrintAct, error) {
		if why == Ready && p.State == Printed || why != Ready && p.State == Failed && p.Reason == why {
			return "", nil // said before
		}
		if why == Ready {
			return Done, nil
		}
		p.Reason = why
		return Fail, tx.SavePrinter(ctx, terminal, why, k.Now())
	})
}

func (k *Keeper) move(ctx context.Context, terminal, id string, do func(Tx, *Print) (PrintAct, error)) (p Print, err error) {
	err = k.Store.InTx(ctx, func(tx Tx) error {
		if p, err = tx.Print(ctx, id); err != nil {
			return err
		}
		if p.Terminal != terminal {
			return ErrNoPrint
		}
		act, err := do(tx, &p)
		if err != nil || act == "" {
			return err
		}
		return k.turn(ctx, tx, &p, act)
	})
	return p, err
}

// turn moves a print along the table. Error: ErrPrintMoved.
func (k *Keeper) turn(ctx context.Context, tx Tx, p *Print, act PrintAct) error {
	was := p.State
	to, ok := printTable[was][act]
	if !ok {
		return ErrPrintMoved
	}
	p.State, p.MovedAt = to, k.Now()
	return tx.SavePrint(ctx, was, *p)
}

// drop forgets what a visit has asked for and the printer has not begun.
func (k *Keeper) drop(ctx context.Context, tx Tx, visit string) error {
	list, err := tx.PrintsAsked(ctx, visit)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := k.turn(ctx, tx, &p, Drop); err != nil {
			return err
		}
	}
	return nil
}

// Page lets the device, and nobody else, have what it is printing now.
// Errors: ErrNoPrint, ErrPrintMoved.
func (k *Keeper) Page(ctx context.Context, terminal, id string) (Print, error) {
	p, err := k.Store.Print(ctx, id)
	switch {
	case err != nil:
		return p, err
	case p.Terminal != terminal:
		return p, ErrNoPrint
	case p.State != Printing:
		return p, ErrPrintMoved
	}
	return p, nil
}

// silent fails what a printer has not been heard of for too long.
func (k *Keeper) silent(ctx context.Context, tx Tx) error {
	list, err := tx.PrintsWaiting(ctx, k.Now().Add(-silence), sweepMost)
	if err != nil {
		return err
	}
	for _, p := range list {
		p.Reason = Offline
		if err := k.turn(ctx, tx, &p, Fail); err != nil {
			return err
		}
	}
	return nil
}

// Sheet is what the page of a licence says. Error: licence.ErrNoLicence.
func (k *Keeper) Sheet(ctx context.Context, id, verify string) (s paper.Sheet, err error) {
	l, err := k.Store.Licence(ctx, id)
	if err != nil {
		return s, err
	}
	holder, err := k.Store.Person(ctx, l.Person)
	if err != nil {
		return s, err
	}
	until := "长期"
	if !l.ValidUntil.IsZero() {
		until = paper.ChineseDate(l.ValidUntil)
	}
	return paper.Sheet{
		Title: l.Name, Number: l.Number, To: holder.Name.String(),
		Paragraphs: []string{"本件为电子证照的打印件，内容以扫码核验的结果为准。"},
		Rows: [][2]string{
			{"持证人", holder.Name.String()}, {"证件号码", holder.Masked()}, {"证照编号", l.Number}, {"发证机关", l.Issuer},
			{"发证日期", paper.ChineseDate(workday.DateOf(l.IssuedAt))}, {"有效期至", until},
			{"打印时间", fmt.Sprintf("%s（自助终端）", k.Now().In(workday.Zone).Format("2006-01-02 15:04"))},
		},
		Issuer: l.Issuer, On: paper.ChineseDate(workday.DateOf(l.IssuedAt)), Code: paper.Spaced(l.Code), Verify: verify + l.Code,
	}, nil
}
