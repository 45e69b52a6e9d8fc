package terminal

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

type askPrintIn struct {
	api.Write
	Body struct {
		Kind    string `json:"kind" enum:"receipt,notice,tolerance,commitment,decision,delivery,licence"`
		Subject string `json:"subject" format:"uuid" doc:"my case; with licence, my licence"`
	}
}

// PrintIn names a print; it is exported because others embed it.
type PrintIn struct {
	ID string `path:"id" format:"uuid"`
}

type beginPrintIn struct {
	api.Write
	PrintIn
}

type reportPrintIn struct {
	PrintIn
	Body struct {
		Outcome string `json:"outcome" enum:"printed,paper_out,jam,offline"`
	}
}

type printOut struct {
	ID      string `json:"id" format:"uuid"`
	Kind    string `json:"kind" enum:"receipt,notice,tolerance,commitment,decision,delivery,licence"`
	State   string `json:"state" enum:"asked,printing,printed,failed,dropped"`
	Reason  string `json:"reason,omitempty" enum:"paper_out,jam,offline"`
	AskedAt string `json:"asked_at"`
}

func printFrom(p terminal.Print, err error) (*printOut, error) {
	return &printOut{p.ID, string(p.Kind), string(p.State), string(p.Reason), api.At(p.AskedAt)}, err
}

// Press is what prints need besides their keeper.
type Press struct {
	Papers   *paper.Press
	Counter  *casework.Counter
	Licences *licence.Registry
	Verify   string // address that a licence's code is checked under, ending in "/"
}

// Prints registers what a person has printed, and what the device tells of it.
func Prints(app *api.App, k *terminal.Keeper, with Press) {
	api.Post(app, api.Op{ID: "ask-print", Path: "/api/v1/terminal/prints", Tag: "terminal", Summary: "Have a paper of my case, or a licence of mine, printed here",
		About: "Three times a day each; what failed does not count."},
		func(ctx context.Context, in *askPrintIn) (*printOut, error) {
			subject, err := with.subject(ctx, in.Body.Kind, in.Body.Subject)
			if err != nil {
				return nil, err
			}
			return printFrom(k.Ask(ctx, api.Who(ctx).Session.ID, terminal.Kind(in.Body.Kind), subject))
		})
	api.Post(app, api.Op{ID: "begin-print", Path: "/api/v1/terminal/prints/{id}/begin", Tag: "terminal", Summary: "The device begins to print; what failed may be begun again"},
		func(ctx context.Context, in *beginPrintIn) (*printOut, error) {
			return printFrom(k.Begin(ctx, device(ctx), in.ID))
		})
	api.Get(app, api.Op{ID: "print-page", Path: "/api/v1/terminal/prints/{id}/page", Tag: "terminal", Summary: "The page to print, while the device prints it"},
		func(ctx context.Context, in *PrintIn) (*api.File, error) {
			p, err := k.Page(ctx, device(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			page, err := with.page(ctx, k, p)
			return &api.File{Name: p.ID + ".html", Media: "text/html; charset=utf-8", Content: page}, err
		})
	api.Put(app, api.Op{ID: "report-print", Path: "/api/v1/terminal/prints/{id}", Tag: "terminal", Summary: "What became of a print",
		About: "After paper_out, jam or offline nothing is printed here until the device reports its printer ready."},
		func(ctx context.Context, in *reportPrintIn) (*printOut, error) {
			why := terminal.Printer(in.Body.Outcome)
			if in.Body.Outcome == "printed" {
				why = terminal.Ready
			}
			return printFrom(k.Told(ctx, device(ctx), in.ID, why))
		})
}

// subject is the id of the paper or licence, which must be the person's own.
// Errors: casework.ErrNoCase, paper.ErrNotYet, licence.ErrNoLicence.
func (w Press) subject(ctx context.Context, kind, id string) (string, error) {
	if kind == string(terminal.Certificate) {
		l, err := w.Licences.Licence(ctx, api.Person(ctx), id)
		return l.ID, err
	}
	cs, err := w.Counter.Own(ctx, api.Person(ctx), casework.ID(id))
	if err != nil {
		return "", err
	}
	p, err := w.Papers.Issue(ctx, cs, paper.Kind(kind))
	return p.ID, err
}

func (w Press) page(ctx context.Context, k *terminal.Keeper, p terminal.Print) ([]byte, error) {
	if p.Kind != terminal.Certificate {
		sheet, err := w.Papers.Store.Paper(ctx, p.Subject)
		return sheet.Page, err
	}
	sheet, err := k.Sheet(ctx, p.Subject, w.Verify)
	if err != nil {
		return nil, err
	}
	return citizen.PrintPaper(sheet)
}
