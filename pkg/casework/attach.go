package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/scan"
)

const filesMost = 60 // files of one case

// Upload is one file as it came.
type Upload struct {
	ID       string // "" = a new one
	Material catalog.MaterialCode
	Name     string
	Content  []byte
}

// Attach stores a file for a material of one's own case. For a case that waits
// for a supplement it is the supplement; the time of arrival counts.
// Errors: those of Keep and Add.
func (c *Counter) Attach(ctx context.Context, who citizen.ID, id ID, u Upload) (Case, File, error) {
	f, err := c.Keep(ctx, who, id, u)
	if err != nil {
		return Case{}, File{}, err
	}
	cs, err := c.Add(ctx, who, f)
	return cs, f, err
}

// MayAttach is nil where a person may hand in a material of a case now.
// Errors: ErrNoCase, ErrNotNow, ErrNoMaterial, ErrLate.
func (c *Counter) MayAttach(ctx context.Context, who citizen.ID, id ID, code catalog.MaterialCode) error {
	cs, err := c.Own(ctx, who, id)
	if err != nil {
		return err
	}
	if err := cs.State.check(Attach); err != nil {
		return err
	}
	if cs.late(c.today()) {
		return ErrLate
	}
	_, err = cs.material(code)
	return err
}

// Keep inspects a file for one's own case and stores its content. A crash
// before Add leaves a file that nothing names, never a name without a file.
// Errors: those of the inspector, ErrNoCase.
func (c *Counter) Keep(ctx context.Context, who citizen.ID, id ID, u Upload) (File, error) {
	if _, err := c.Own(ctx, who, id); err != nil {
		return File{}, err
	}
	return c.inspected(ctx, id, u)
}

// put stores what is clean of a file, and its small picture where it has one.
func (c *Counter) put(ctx context.Context, id string, clean scan.File) error {
	if len(clean.Small) > 0 {
		if err := c.Files.Put(ctx, scan.SmallKey(id), clean.Small); err != nil {
			return err
		}
	}
	return c.Files.Put(ctx, id, clean.Content)
}

// Add puts a kept file to its material.
// Errors: ErrNoMaterial, ErrTooManyFiles, ErrLate, ErrHasFile.
func (c *Counter) Add(ctx context.Context, who citizen.ID, f File) (Case, error) {
	return c.change(ctx, c.mine(ctx, who, f.Case), Attach, func(tx Tx, cs *Case) (entry, error) {
		e, err := c.attached(ctx, tx, cs, f, Arrival{From: FromFile, Channel: Online, Office: cs.Office, By: applicant})
		e.actor = cs.as(who)
		return e, err
	})
}

func (c *Counter) attached(ctx context.Context, tx Tx, cs *Case, f File, a Arrival) (entry, error) {
	m, err := cs.material(f.Material)
	if err != nil {
		return entry{}, err
	}
	if n, err := tx.CountFiles(ctx, cs.ID); err != nil || n >= filesMost {
		return entry{}, orElse(err, ErrTooManyFiles)
	}
	if err := tx.InsertFile(ctx, f); err != nil {
		return entry{}, err
	}
	return c.provided(ctx, tx, cs, m, a)
}

// provided notes that a material has come, and what follows from it.
func (c *Counter) provided(ctx context.Context, tx Tx, cs *Case, m *Material, a Arrival) (entry, error) {
	if m.State == Fit && m.Source != FromShared {
		return entry{}, ErrNotNow.Saying("这份材料已审核合格，不需要再交")
	}
	if a.On.IsZero() {
		a.On = c.today()
	}
	if cs.late(a.On) {
		return entry{}, ErrLate
	}
	m.State, m.Source, m.Note = Provided, a.From, ""
	e := entry{actor: applicant, note: string(m.Code)}
	if cs.State == Receipt || cs.State == Accepted {
		if err := tx.InsertSupplement(ctx, cs.ID, Supply{m.Code, a, c.Now()}); err != nil {
			return entry{}, err
		}
	}
	if cs.State == Receipt && len(cs.Owed()) == 0 {
		return c.completed(ctx, cs, e)
	}
	if err := c.judged(ctx, tx, cs); err != nil {
		return entry{}, err
	}
	if cs.State == Accepted && !cs.SupplementDue.IsZero() && len(cs.Owed()) == 0 {
		e.told, e.text = notify.Supplemented, "您补交的材料已收到，正在审核，请留意结果"
	}
	return e, nil
}

// completed accepts a tolerance receipt on the day its last material comes.
func (c *Counter) completed(ctx context.Context, cs *Case, e entry) (entry, error) {
	item, err := c.Item(ctx, *cs)
	if err != nil {
		return entry{}, err
	}
	cs.State, cs.Rule, cs.SupplementDue = Accepted, "R-11", noDay
	c.start(item, cs)
	e.told, e.text = notify.CaseAccepted, "您申请的“"+item.Name+"”材料已补齐，今日受理，承诺"+dayWords(cs.Due)+"前办结"
	return e, nil
}

// Content returns a file of a case and what is in it, or its small picture, to
// whoever may see the case. Errors: ErrNoFile, those of the store.
func (c *Counter) Content(ctx context.Context, cs Case, file string, small bool) (File, []byte, error) {
	f, err := c.Store.File(ctx, cs.ID, file)
	if err != nil {
		return File{}, nil, err
	}
	if small {
		f.Media = "image/jpeg"
		content, err := c.Files.Get(ctx, scan.SmallKey(f.ID))
		return f, content, err
	}
	content, err := c.Files.Get(ctx, f.ID)
	return f, content, err
}

// start sets the clocks of a case that is accepted now.
func (c *Counter) start(item *catalog.Item, cs *Case) {
	cs.AcceptedAt = c.Now()
	cs.AnswerDue, cs.SupplementDue = noDay, noDay
	if len(cs.Owed()) > 0 {
		cs.SupplementDue = c.today() // retime sets the day itself
	}
	c.retime(item, cs, Timing{})
}
