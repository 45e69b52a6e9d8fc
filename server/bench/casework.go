package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/errand"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// What is asked of casework.
const (
	acceptLeast  = 5000 // a second
	decideMost   = 2    // microseconds
	clockMost    = 5
	mergeMost    = 50
	lookMost     = 10 // ms, p99
	bulk         = 1000
	bulkQuick    = 500
	caseMaterial = 5
)

// applications is a database of drafts that are ready to be handed in.
type applications struct {
	db      *sqlstore.DB
	counter *casework.Counter
	item    *catalog.Item
	office  place.OfficeCode
	made    int
}

// caseworkFigures measures the rules alone, accepting, and finding among many.
func caseworkFigures(ctx context.Context, r *Report) error {
	edition, err := city.Read(foshan.Files)
	if err != nil {
		return err
	}
	if err := ruleFigures(r, edition); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := openApplications(ctx, dir, edition)
	if err != nil {
		return err
	}
	defer a.db.Close()
	return errors.Join(a.acceptFigure(ctx, r), a.findFigures(ctx, r))
}

// ruleFigures time what touches no store.
func ruleFigures(r *Report, e *city.Edition) error {
	need := make([]casework.Requirement, caseMaterial)
	for i := range need {
		need[i] = casework.Requirement{Material: catalog.MaterialCode(fmt.Sprint("M-", i)), Tolerable: true}
	}
	have := func(code catalog.MaterialCode) bool { return code != "M-4" }
	who := casework.Standing{Grade: citizen.GradeA, Promised: true}
	if err := r.Under("Decide, 5 materials, 1 missing", each(func() {
		casework.Decide(need, have, casework.Terms{PromiseDays: 10, ToleranceDays: 8}, who)
	}), "us", decideMost); err != nil {
		return err
	}
	clock, calendar := yearOfPauses(), workday.NewCalendar()
	if err := r.Under("the last day of a clock with a year of pauses", each(func() { clock.Due(calendar) }), "us", clockMost); err != nil {
		return err
	}
	theme := largest(e.Catalogue)
	return r.Under(fmt.Sprintf("a theme of %d items merged", len(theme.Items)), each(func() { errand.Merge(theme) }), "us", mergeMost)
}

// each is the median of what one call takes, in microseconds, of batches.
func each(do func()) float64 {
	const batch, times = 200, 51
	took := make([]float64, times)
	for i := range took {
		began := time.Now()
		for range batch {
			do()
		}
		took[i] = float64(time.Since(began)) / float64(time.Microsecond) / batch
	}
	return median(took)
}

// yearOfPauses is a promise of twenty days that is stopped for one week in two,
// a year long.
func yearOfPauses() workday.Clock {
	start := workday.Date{Year: 2026, Month: 1, Day: 5}
	c := workday.Clock{Start: start, Unit: workday.WorkingDays, Days: 120}
	for week := range 26 {
		from := start.AddDays(14 * week)
		c.Pauses = append(c.Pauses, workday.Pause{From: from, To: from.AddDays(6), Reason: workday.Testing})
	}
	return c
}

// largest is the theme of six items that asks for most, or the one nearest to it.
func largest(c *catalog.Catalogue) (theme *catalog.Theme) {
	for _, t := range c.Themes() {
		if theme == nil || min(len(t.Items), 6) > min(len(theme.Items), 6) {
			theme = t
		}
	}
	return theme
}

func openApplications(ctx context.Context, dir string, e *city.Edition) (*applications, error) {
	j, err := openJobs(ctx, dir)
	if err != nil {
		return nil, err
	}
	version, _, err := j.db.AddEdition(ctx, "bench", []byte("files"), time.Now())
	if err != nil {
		return nil, errors.Join(err, j.db.Close())
	}
	e.Version = version
	a := &applications{db: j.db, office: e.Places.Offices()[0].Code}
	for _, item := range e.Catalogue.Items() {
		if len(item.Requirements) == caseMaterial && item.Online && item.Subject != catalog.Legal && item.Instant == nil && item.Line == "" && item.PromiseDays > 0 {
			a.item = item
			break
		}
	}
	a.counter = &casework.Counter{
		Store: sqlstore.For[casework.Tx](j.db), City: only{e}, Calendar: workday.NewCalendar(), Now: time.Now, NewID: newID, Random: rand.Reader,
	}
	return a, nil
}

// fill makes n more persons, each with one application in a state, many in one
// transaction. It returns the applications.
func (a *applications) fill(ctx context.Context, n int, state casework.State) (list []casework.Case, err error) {
	for n > 0 {
		some := min(n, bulk)
		err := a.counter.Store.InTx(ctx, func(tx casework.Tx) error {
			people, ok := tx.(citizen.Tx)
			if !ok {
				return errors.New("the store keeps no persons")
			}
			for range some {
				cs, err := a.one(ctx, tx, people, state)
				if err != nil {
					return err
				}
				list = append(list, cs)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		n -= some
	}
	return list, nil
}

func (a *applications) one(ctx context.Context, tx casework.Tx, people citizen.Tx, state casework.State) (casework.Case, error) {
	name, err := citizen.ParseName("陈小明")
	if err != nil {
		return casework.Case{}, err
	}
	p := citizen.Person{ID: citizen.ID(newID()), Kind: citizen.Natural, Name: name, Number: numberOf(a.made), Grade: citizen.GradeA, MadeAt: time.Now()}
	if err := people.InsertPerson(ctx, p); err != nil {
		return casework.Case{}, err
	}
	cs := casework.Case{
		ID: casework.ID(newID()), Number: fmt.Sprintf("B-%08d", a.made), Edition: 1, Item: a.item.Code, Department: a.item.Department.Code,
		Person: p.ID, Office: a.office, Decides: "440600000000", State: state, OpenedAt: time.Now(), Form: map[string]string{},
	}
	a.made++
	for _, f := range a.item.Fields {
		if f.Required {
			cs.Form[f.Name] = valueOf(f)
		}
	}
	for _, r := range a.item.Requirements {
		cs.Materials = append(cs.Materials, casework.Material{Code: r.Material.Code, Applies: casework.Yes, State: casework.Provided, Source: casework.FromFile})
	}
	return cs, tx.InsertCase(ctx, cs)
}

// numberOf is the i-th of many made-up identity numbers (GB 11643).
func numberOf(i int) citizen.IDNumber {
	born := time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/1000)
	stem := fmt.Sprintf("440604%s%03d", born.Format("20060102"), i%1000)
	for _, check := range "0123456789X" {
		if n, err := citizen.ParseIDNumber(stem + string(check)); err == nil {
			return n
		}
	}
	return citizen.IDNumber{}
}

// valueOf is something that a field takes.
func valueOf(f catalog.Field) string {
	switch f.Type {
	case catalog.IDNumber:
		return "11010519491231002X"
	case catalog.USCC:
		return "91350100M000100Y43"
	case catalog.Phone:
		return "13800138000"
	case catalog.Enum:
		return f.Enum[0]
	case catalog.Number:
		return "1"
	case catalog.Date:
		return "2020-01-01"
	case catalog.Bool:
		return "true"
	default:
		return "佛山市禅城区样例路1号"
	}
}

// acceptFigure hands applications in from many goroutines; each is durable when
// it is counted.
func (a *applications) acceptFigure(ctx context.Context, r *Report) error {
	n := 30_000
	if r.Quick {
		n = bulkQuick
	}
	list, err := a.fill(ctx, n, casework.Draft)
	if err != nil {
		return err
	}
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make([]error, writers)
	began := time.Now()
	until := began.Add(r.Length)
	for w := range writers {
		group.Go(func() {
			for time.Now().Before(until) {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				got, err := a.counter.HandIn(ctx, list[i].Person, citizen.LevelFace, list[i].ID)
				if err == nil && got.Decision.Outcome != casework.Accept {
					err = errors.New("not accepted: " + string(got.Decision.Rule))
				}
				if err != nil {
					failed[w] = err
					return
				}
			}
		})
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	rate := float64(min(int(next.Load()), len(list))) / time.Since(began).Seconds()
	return r.Against(fmt.Sprintf("cases with 5 materials accepted, durable, %d at once", writers), rate, "1/s", acceptLeast, rate/acceptLeast, 1)
}

// findFigures fill the database with cases and look for them.
func (a *applications) findFigures(ctx context.Context, r *Report) error {
	n := r.Cases
	if n == 0 || r.Quick {
		n = bulkQuick
	}
	began := time.Now()
	var sample []casework.Case
	for left := n; left > 0; left -= 50 * bulk {
		list, err := a.fill(ctx, min(left, 50*bulk), casework.Accepted)
		if err != nil {
			return err
		}
		for i := 0; i < len(list); i += max(1, n/2000) {
			sample = append(sample, list[i])
		}
	}
	if err := r.Tell(fmt.Sprintf("filling in %d cases", n), time.Since(began).Seconds(), "s"); err != nil {
		return err
	}
	for _, look := range []struct {
		what string
		do   func(casework.Case) error
	}{
		{"a page of an office's list", func(cs casework.Case) error {
			_, err := a.counter.Store.Worklist(ctx, casework.Work{Office: a.office}, cs.ID, 21)
			return err
		}},
		{"a person's cases", func(cs casework.Case) error { _, err := a.counter.Mine(ctx, cs.Person, "", 21); return err }},
		{"a case by its number", func(cs casework.Case) error { _, err := a.counter.Store.CaseByNumber(ctx, cs.Number); return err }},
		{"a case opened with its materials", func(cs casework.Case) error { _, err := a.counter.Own(ctx, cs.Person, cs.ID); return err }},
	} {
		took := make([]time.Duration, 0, len(sample))
		for _, cs := range sample {
			began := time.Now()
			if err := look.do(cs); err != nil {
				return err
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		if err := r.Under(fmt.Sprintf("%s among %d, p99", look.what, n), milliseconds(percentile(took, 0.99)), "ms", lookMost); err != nil {
			return err
		}
	}
	return nil
}
