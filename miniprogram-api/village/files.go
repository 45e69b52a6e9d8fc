package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/scan"
)

type fileIn struct {
	CaseIn
	File string `path:"file" format:"uuid"`
}

// Files registers how staff see the files of cases.
func Files(app *api.App, counter *casework.Counter, links scan.Links) {
	api.Get(app, api.Op{ID: "case-file", Path: "/api/v1/village/cases/{id}/files/{file}", Tag: "staff", Summary: "A short-lived link to one file of a case; the person sees who looked"},
		func(ctx context.Context, in *fileIn) (*citizen.FileLinkOut, error) {
			m := *api.Who(ctx).Member
			f, err := counter.ShowFile(ctx, m, casework.ID(in.ID), in.File)
			if err != nil {
				return nil, err
			}
			f.Name = api.MaskFile(f.Name)
			return citizen.LinkTo(links, f, scan.Link{Who: string(m.ID), Staff: true}), nil
		})
}
