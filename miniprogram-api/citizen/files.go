package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type fileIn struct {
	CaseIn
	File string `path:"file" format:"uuid"`
}

// FileOut is one file as its person sees it.
type FileOut struct {
	ID       string `json:"id" format:"uuid"`
	Material string `json:"material"`
	Name     string `json:"name"`
	Media    string `json:"media"`
	Bytes    int64  `json:"bytes"`
	AddedAt  string `json:"added_at"`
}

type filesOut struct {
	Items []FileOut `json:"items"`
}

// FileLinkOut is where a file can be fetched, for a short time.
type FileLinkOut struct {
	URL    string `json:"url" doc:"path; good until ends_at, for whom it was made"`
	Small  string `json:"small_url,omitempty" doc:"path of the small picture, of photos"`
	Name   string `json:"name"`
	Media  string `json:"media"`
	Bytes  int64  `json:"bytes"`
	EndsAt string `json:"ends_at"`
}

// LinkTo makes the links to a file for one person or member of staff.
func LinkTo(links scan.Links, f casework.File, l scan.Link) *FileLinkOut {
	l.File, l.Case = f.ID, string(f.Case)
	token, until := links.Token(l)
	out := &FileLinkOut{URL: addressOf(f.ID, token), Name: f.Name, Media: f.Media, Bytes: f.Bytes, EndsAt: api.At(until)}
	if f.Media != "application/pdf" {
		l.Small = true
		token, _ = links.Token(l)
		out.Small = addressOf(f.ID, token)
	}
	return out
}

func addressOf(file, token string) string { return "/api/v1/files/" + file + "?token=" + token }

type downloadIn struct {
	File  string `path:"file" format:"uuid"`
	Token string `query:"token" maxLength:"200" doc:"from url or small_url"`
}

// MemberReader tells who holds a post today.
type MemberReader interface {
	Member(ctx context.Context, id staff.ID) (staff.Member, error)
}

// download fetches files by link.
type download struct {
	counter *casework.Counter
	links   scan.Links
	members MemberReader
}

// Files registers one's files and the fetching of any file by its link.
func Files(app *api.App, counter *casework.Counter, links scan.Links, members MemberReader) {
	d := download{counter, links, members}
	api.Get(app, api.Op{ID: "my-files", Path: "/api/v1/cases/{id}/files", Tag: "cases", Summary: "The files of one of my cases"},
		func(ctx context.Context, in *CaseIn) (*filesOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			list, err := counter.Store.Files(ctx, cs.ID)
			out := &filesOut{Items: []FileOut{}}
			for _, f := range list {
				out.Items = append(out.Items, FileOut{f.ID, string(f.Material), f.Name, f.Media, f.Bytes, api.At(f.AddedAt)})
			}
			return out, err
		})
	api.Get(app, api.Op{ID: "my-file", Path: "/api/v1/cases/{id}/files/{file}", Tag: "cases", Summary: "A short-lived link to a file of one of my cases"},
		func(ctx context.Context, in *fileIn) (*FileLinkOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			f, err := counter.Store.File(ctx, cs.ID, in.File)
			if err != nil {
				return nil, err
			}
			return LinkTo(links, f, scan.Link{Who: string(api.Person(ctx))}), nil
		})
	api.Get(app, api.Op{ID: "download-file", Path: "/api/v1/files/{file}", Tag: "cases", Summary: "Fetch a file by its link (wx.downloadFile)",
		About: "No session is needed; with one, it must be that of whom the link was made for. Whether they still may is looked at again."},
		d.file)
}

func (d download) file(ctx context.Context, in *downloadIn) (*api.File, error) {
	l, err := d.links.Open(in.File, in.Token)
	if err != nil {
		return nil, err
	}
	cs, err := d.allowed(ctx, l)
	if err != nil {
		return nil, err
	}
	f, content, err := d.counter.Content(ctx, cs, l.File, l.Small)
	return &api.File{Name: f.Name, Media: f.Media, Content: content}, err
}

// allowed is the case, where whom the link was made for may still see it and
// nobody else has come with it.
func (d download) allowed(ctx context.Context, l scan.Link) (casework.Case, error) {
	who := api.Who(ctx)
	if !l.Staff {
		if who.Account.ID != "" && string(who.Account.Person) != l.Who {
			return casework.Case{}, scan.ErrLink
		}
		return d.counter.Own(ctx, domain.ID(l.Who), casework.ID(l.Case))
	}
	if who.Account.ID != "" && (who.Member == nil || string(who.Member.ID) != l.Who) {
		return casework.Case{}, scan.ErrLink
	}
	m, err := d.members.Member(ctx, staff.ID(l.Who))
	if err != nil {
		return casework.Case{}, scan.ErrLink.Because(err)
	}
	return d.counter.Seen(ctx, m, casework.ID(l.Case))
}
