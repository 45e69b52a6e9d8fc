package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/scan"
)

type startUploadIn struct {
	CaseActIn
	Body struct {
		Material string `json:"material" maxLength:"32" doc:"which material this is"`
		Name     string `json:"name" maxLength:"120" doc:"of the file"`
		Bytes    int    `json:"bytes" minimum:"1" maximum:"10485760"`
		SHA256   string `json:"sha256" pattern:"^[0-9a-f]{64}$" patternDescription:"64 位十六进制小写" doc:"of the whole file, hex"`
		Direct   bool   `json:"direct,omitempty" doc:"send it to the store itself, by form; only where the service has such a store"`
	}
}

type UploadIn struct {
	ID string `path:"id" format:"uuid"`
}

type partIn struct {
	UploadIn
	N       int `path:"n" minimum:"0" maximum:"63" doc:"counted from 0"`
	RawBody []byte
}

type finishUploadIn struct {
	api.Write
	UploadIn
}

// partsOut is an upload under way.
type partsOut struct {
	ID        string            `json:"id" format:"uuid" doc:"also of the file, once it is handed in"`
	PartBytes int               `json:"part_bytes" doc:"of each part but the last"`
	Parts     int               `json:"parts"`
	Missing   []int             `json:"missing" doc:"the parts that have not come, counted from 0"`
	EndsAt    string            `json:"ends_at"`
	URL       string            `json:"url,omitempty" doc:"of a direct upload: where the file goes, with the fields before it"`
	Fields    map[string]string `json:"fields,omitempty"`
}

func partsFrom(u scan.Upload, form scan.Form) *partsOut {
	out := &partsOut{ID: u.ID, PartBytes: scan.PartBytes, Parts: u.Parts(), Missing: u.Missing(), EndsAt: api.At(u.Until), URL: form.URL, Fields: form.Fields}
	if u.Direct {
		out.Parts, out.Missing = 0, nil
	}
	if out.Missing == nil {
		out.Missing = []int{}
	}
	return out
}

// Uploads registers files that come in parts, over networks that break.
func Uploads(app *api.App, tray *scan.Tray, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "start-upload", Path: "/api/v1/cases/{id}/uploads", Tag: "cases", Summary: "Begin to upload a file in parts, or straight to the store"},
		func(ctx context.Context, in *startUploadIn) (*partsOut, error) {
			u, form, err := tray.Start(ctx, scan.Upload{
				Case: in.ID, Person: string(api.Person(ctx)), Material: catalog.MaterialCode(in.Body.Material), Name: fileName(in.Body.Name),
				Bytes: in.Body.Bytes, SHA256: in.Body.SHA256, Direct: in.Body.Direct,
			})
			return partsFrom(u, form), err
		})
	api.Get(app, api.Op{ID: "my-upload", Path: "/api/v1/uploads/{id}", Tag: "cases", Summary: "Which parts have come"},
		func(ctx context.Context, in *UploadIn) (*partsOut, error) {
			u, err := tray.Of(ctx, string(api.Person(ctx)), in.ID)
			return partsFrom(u, scan.Form{}), err
		})
	api.Put(app, api.Op{ID: "upload-part", Path: "/api/v1/uploads/{id}/parts/{n}", Tag: "cases", BodyMost: scan.PartBytes + 2,
		Summary: "Send one part; again where the network broke"},
		func(ctx context.Context, in *partIn) (*partsOut, error) {
			u, err := tray.Take(ctx, string(api.Person(ctx)), in.ID, in.N, in.RawBody)
			return partsFrom(u, scan.Form{}), err
		})
	api.Post(app, api.Op{ID: "finish-upload", Path: "/api/v1/uploads/{id}/finish", Tag: "cases", Summary: "Hand in the file that has come whole"},
		func(ctx context.Context, in *finishUploadIn) (*uploadOut, error) {
			u, err := tray.Finish(ctx, string(api.Person(ctx)), in.ID)
			if err != nil {
				return nil, err
			}
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(u.Case))
			return &uploadOut{File: u.ID, Case: CaseFrom(cs)}, err
		})
}
