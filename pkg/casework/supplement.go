package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Channel is the way a supplement came.
type Channel string

// The channels.
const (
	ByWindow  Channel = "window"
	ByPost    Channel = "post"       // counts on its arrival at an office
	SiteVisit Channel = "site_visit" // handed to who came to look
	Online    Channel = "online"
	BySharing Channel = "shared" // from a shared source
)

// Arrival is when, where and how a material came.
type Arrival struct {
	From    Source
	Channel Channel
	On      workday.Date // zero = today
	Office  place.OfficeCode
	By      string
}

// Supply is one supplement of a case, as the file keeps it.
type Supply struct {
	Material catalog.MaterialCode
	Arrival
	At time.Time // when it was entered
}

// HandedIn is a supplement as a clerk enters it.
type HandedIn struct {
	Number    string // of the case, on its papers
	Material  catalog.MaterialCode
	Channel   Channel
	On        workday.Date // of arrival, zero = today
	Originals int
}

// ErrChannel tells that staff cannot enter a supplement of this kind.
var ErrChannel = fault.New(fault.Invalid, "casework.channel", "补交方式不对：窗口当面交的按今天登记，邮寄或现场踏勘收取的请填到达日期")

// TakeSupplement enters a supplement that came to any office of the city: at
// its window, by post, or handed over at a site visit. It is in time if it
// arrived on the last day, whenever it is entered; who reviews the case judges
// it. Errors: ErrNoCase, ErrNoMaterial, ErrChannel, ErrArrived, ErrLate, ErrNotNow.
func (c *Counter) TakeSupplement(ctx context.Context, m staff.Member, h HandedIn) (Case, error) {
	find := func(tx Tx) (Case, error) { return tx.CaseByNumber(ctx, h.Number) }
	return c.change(ctx, find, Supplement, func(tx Tx, cs *Case) (entry, error) {
		a := Arrival{From: FromPaper, Channel: h.Channel, On: h.On, Office: m.Office, By: by(m)}
		if a.On.IsZero() {
			a.On = c.today()
		}
		if h.Channel == ByWindow && a.On != c.today() {
			return entry{}, ErrChannel
		}
		if h.Channel != ByWindow && h.Channel != ByPost && h.Channel != SiteVisit {
			return entry{}, ErrChannel
		}
		if _, err := c.arrived(*cs, a.On); err != nil {
			return entry{}, err
		}
		mat, err := cs.material(h.Material)
		if err != nil {
			return entry{}, err
		}
		e, err := c.provided(ctx, tx, cs, mat, a)
		mat.Originals += h.Originals
		e.actor = by(m)
		return e, err
	})
}

// TakeShared notes that a shared source vouches for a material that was owed;
// what vouches is kept as its note. Whoever asks the sources calls it.
// Errors: ErrNoCase, ErrNoMaterial, ErrLate, ErrNotNow.
func (c *Counter) TakeShared(ctx context.Context, id ID, code catalog.MaterialCode, vouches string) (Case, error) {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	return c.change(ctx, find, Supplement, func(tx Tx, cs *Case) (entry, error) {
		m, err := cs.material(code)
		if err != nil {
			return entry{}, err
		}
		was := cs.State
		e, err := c.provided(ctx, tx, cs, m, Arrival{From: FromShared, Channel: BySharing, Office: cs.Office, By: system})
		m.State, m.Note, e.actor = Fit, vouches, system
		if err == nil && was == Accepted {
			err = c.judged(ctx, tx, cs)
		}
		return e, err
	})
}

// Supplies lists what was handed in after the intake, oldest first.
func (c *Counter) Supplies(ctx context.Context, cs Case) ([]Supply, error) {
	return c.Store.SuppliesOf(ctx, cs.ID)
}
