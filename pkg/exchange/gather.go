package exchange

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Desk asks the bases and keeps what they told.
type Desk struct {
	Store Store
	Hub   Hub // nil = there is none, and nothing is asked
	Now   func() time.Time
	NewID func() string
}

// Asks says whether there is a hub to ask.
func (d *Desk) Asks() bool { return d != nil && d.Hub != nil }

// Need is what somebody's application could take from bases.
type Need struct {
	Person    citizen.Person
	Case      string
	Catalogue *catalog.Catalogue
	Item      *catalog.Item
	Consents  map[string]time.Time // by base
	Skip      map[string]bool      // bases that are not to be asked
	BareForm  bool                 // materials only: whoever acts does not read the person's registers
}

// Gathered is what the bases told for one application.
type Gathered []Found

// Found is where one base stands.
type Found struct {
	Want  Want
	State State
	Facts map[string]Fact
	fresh []Fact
}

// State is where a base stands in an application.
type State string

// The states of a base.
const (
	NeedsConsent State = "needs_consent" // 待同意
	Taken        State = "taken"         // 已共享
	None         State = "none"          // 无记录
	Down         State = "down"          // 未应答
	Objected     State = "objected"      // 本人不同意
)

// answerAgain is how long it holds that a base has nothing.
const answerAgain = 10 * time.Minute

// Gather asks every base that the application needs, side by side, as far as
// no kept answer holds. A base that is down is no error: it is found Down.
// A Need without an item needs nothing. Call it outside transactions; Keep
// stores what it found inside one.
func (d *Desk) Gather(ctx context.Context, n Need) (Gathered, error) {
	if !d.Asks() || n.Item == nil {
		return nil, nil
	}
	var g Gathered
	for _, w := range Plan(n.Catalogue, n.Item) {
		if n.BareForm {
			w.Fields = nil
		}
		if !n.Skip[w.Source.Name] && len(w.whats()) > 0 {
			g = append(g, Found{Want: w})
		}
	}
	errs := make([]error, len(g))
	var group sync.WaitGroup
	for i := range g {
		group.Go(func() { errs[i] = d.find(ctx, n, &g[i]) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (d *Desk) find(ctx context.Context, n Need, f *Found) error {
	s := f.Want.Source
	consent := n.Consents[s.Name]
	if s.Consent && consent.IsZero() {
		f.State = NeedsConsent
		return nil
	}
	kept, err := d.Store.FactsOn(ctx, n.Person.ID, s.Name, d.Now())
	if err != nil {
		return err
	}
	f.Facts = map[string]Fact{}
	q := Question{
		Source: s.Name, About: n.Person, Item: n.Item.Code, Purpose: "办理" + n.Item.Name, Case: n.Case, Basis: s.Basis, Consent: consent,
	}
	for _, what := range f.Want.whats() {
		if k, ok := kept[what]; ok {
			f.Facts[what] = k
		} else {
			q.Wants = append(q.Wants, what)
		}
	}
	if len(q.Wants) > 0 && !d.ask(ctx, q, s, f) {
		f.State = Down
		return nil
	}
	f.State = None
	for fact := range maps.Values(f.Facts) {
		if fact.Given {
			f.State = Taken
		}
	}
	return nil
}

// ask puts the question and dates the answer; false where the base is down.
func (d *Desk) ask(ctx context.Context, q Question, s *catalog.Source, f *Found) bool {
	told, err := d.Hub.Ask(ctx, q)
	if err != nil {
		return false
	}
	now := d.Now()
	for _, what := range q.Wants {
		fact := Fact{What: what, FetchedAt: now, EndsAt: now.Add(min(answerAgain, s.Keep))}
		for _, t := range told {
			if t.What == what && t.sound(now) {
				fact = t
				fact.FetchedAt = now
				if last := now.Add(s.Keep); fact.EndsAt.IsZero() || fact.EndsAt.After(last) {
					fact.EndsAt = last
				}
			}
		}
		f.Facts[what] = fact
		f.fresh = append(f.fresh, fact)
	}
	return true
}

// sound says whether what a base told can be used: there, readable, and not
// over already.
func (f Fact) sound(now time.Time) bool {
	return f.Given && f.Value != "" && catalog.Field{Type: catalog.Text}.Check(f.Value) == "" &&
		(f.EndsAt.IsZero() || f.EndsAt.After(now))
}

// Voucher is what vouches for a material, in words. While the base is down
// nothing of it counts but what is kept.
func (g Gathered) Voucher(code catalog.MaterialCode) (words string, ok bool) {
	for _, f := range g {
		if fact := f.Facts[string(code)]; fact.Given {
			return voucherWords(f.Want.Source.Name, fact.Value), true
		}
	}
	return "", false
}

func voucherWords(source, value string) string { return source + "已核验：" + value }

// Value is what fills a field.
func (g Gathered) Value(field catalog.Field) (Value, bool) {
	for _, f := range g {
		if column := f.Want.Source.Column(field); column != "" {
			if fact := f.Facts[column]; fact.Given {
				return Value{fact.Value, Origin(f.Want.Source.Name)}, true
			}
		}
	}
	return Value{}, false
}

// Why says why a material was not had from the base that may know it, "" where
// the base has none, or was not asked.
func (g Gathered) Why(code catalog.MaterialCode) string {
	for _, f := range g {
		for _, m := range f.Want.Materials {
			if m.Code != code || f.Facts[string(code)].Given {
				continue
			}
			switch f.State {
			case Down:
				return f.Want.Source.Name + "暂时没有应答，请先自行提交；恢复后提交申请时会再次查询"
			case NeedsConsent:
				return "经您同意，可从" + f.Want.Source.Name + "获取，不必提交"
			}
		}
	}
	return ""
}
