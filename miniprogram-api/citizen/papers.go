package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/scan"
)

// PaperBody names a paper.
type PaperBody struct {
	Kind string `json:"kind" enum:"receipt,notice,tolerance,commitment,decision,delivery"`
}

type issuePaperIn struct {
	CaseActIn
	Body PaperBody
}

// PaperOut is a paper that was issued.
type PaperOut struct {
	ID       string `json:"id" format:"uuid"`
	Kind     string `json:"kind" enum:"receipt,notice,tolerance,commitment,decision,delivery"`
	Title    string `json:"title"`
	Number   string `json:"number"`
	Code     string `json:"code" doc:"verification code"`
	Check    string `json:"check" doc:"path of the page where anybody may check it"`
	IssuedAt string `json:"issued_at"`
	Digest   string `json:"digest" doc:"SHA-256 of the page, which never changes"`
	URL      string `json:"url" doc:"path of the printable page; good until ends_at"`
	EndsAt   string `json:"ends_at"`
}

// PaperFrom encodes a paper with a link for whoever asks.
func PaperFrom(p paper.Paper, links scan.Links) PaperOut {
	token, until := links.Token(scan.Link{File: p.ID, Case: p.Case})
	return PaperOut{
		p.ID, string(p.Kind), p.Title, p.Number, p.Code, PaperCheck + p.Code, api.At(p.IssuedAt), p.Digest,
		"/papers/" + p.ID + "?token=" + token, api.At(until),
	}
}

// PapersOut are the papers of a case.
type PapersOut struct {
	Items []PaperOut `json:"items"`
	Due   []string   `json:"due" doc:"kinds that can be issued now"`
}

// Issued issues a paper of a case that the caller may see.
func Issued(ctx context.Context, press *paper.Press, links scan.Links, kind string, cs casework.Case, err error) (*PaperOut, error) {
	if err != nil {
		return nil, err
	}
	p, err := press.Issue(ctx, cs, paper.Kind(kind))
	if err != nil {
		return nil, err
	}
	out := PaperFrom(p, links)
	return &out, nil
}

// PapersOfCase lists the papers of a case that the caller may see.
func PapersOfCase(ctx context.Context, press *paper.Press, links scan.Links, cs casework.Case, err error) (*PapersOut, error) {
	if err != nil {
		return nil, err
	}
	list, due, err := press.Of(ctx, cs)
	out := &PapersOut{Items: []PaperOut{}, Due: []string{}}
	for _, p := range list {
		out.Items = append(out.Items, PaperFrom(p, links))
	}
	for _, kind := range due {
		out.Due = append(out.Due, string(kind))
	}
	return out, err
}

// Papers registers the papers of one's cases.
func Papers(app *api.App, press *paper.Press, counter *casework.Counter, links scan.Links) {
	api.Get(app, api.Op{ID: "my-papers", Path: "/api/v1/cases/{id}/papers", Tag: "cases", Summary: "The papers of my case, and which can be had"},
		func(ctx context.Context, in *CaseIn) (*PapersOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			return PapersOfCase(ctx, press, links, cs, err)
		})
	api.Post(app, api.Op{ID: "issue-paper", Path: "/api/v1/cases/{id}/papers", Tag: "cases", Summary: "Have a paper of my case, to print or keep"},
		func(ctx context.Context, in *issuePaperIn) (*PaperOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			return Issued(ctx, press, links, in.Body.Kind, cs, err)
		})
	paperPages(app, press, links)
}
