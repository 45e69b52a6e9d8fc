package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type meOut struct {
	Level  int      `json:"level" doc:"1 login, 2 phone, 3 real name, 4 face"`
	Name   string   `json:"name,omitempty" doc:"masked"`
	Number string   `json:"number,omitempty" doc:"masked identity number"`
	Phone  string   `json:"phone,omitempty" doc:"masked"`
	Post   *postOut `json:"post,omitempty" doc:"the post that the account holds, if any"`
}

type postOut struct {
	Role       string `json:"role"`
	Office     string `json:"office,omitempty"`
	Department string `json:"department,omitempty"`
	Company    string `json:"company,omitempty"`
	CodeDue    bool   `json:"code_due,omitempty" doc:"the post acts only after POST /api/v1/me/post/code"`
}

type phoneIn struct {
	api.Write
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"128" doc:"the code of getPhoneNumber; one use"`
	}
}

type realNameIn struct {
	api.Write
	Body struct {
		Name   string `json:"name" minLength:"1" maxLength:"60"`
		Number string `json:"number" minLength:"15" maxLength:"24" doc:"resident identity number (GB 11643)"`
	}
}

type faceStartIn struct{ api.Write }

type faceOut struct {
	ID       string `json:"id" format:"uuid"`
	VerifyID string `json:"verify_id" doc:"for wx.requestFacialVerify"`
	EndsAt   string `json:"ends_at"`
}

type faceIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

// Me registers who one is: phone, real name, face.
func Me(app *api.App, door *citizen.Door, now func() time.Time) {
	me := func(ctx context.Context, a citizen.Account) (*meOut, error) { return meFrom(ctx, door, a, now()) }
	api.Get(app, api.Op{ID: "me", Path: "/api/v1/me", Tag: "account", Summary: "Who I am and how far that is proved"},
		func(ctx context.Context, _ *nothing) (*meOut, error) { return me(ctx, api.Who(ctx).Account) })
	api.Post(app, api.Op{ID: "bind-phone", Path: "/api/v1/me/phone", Tag: "account", Summary: "Bind the phone number that WeChat vouches for"},
		func(ctx context.Context, in *phoneIn) (*meOut, error) {
			a, err := door.BindPhone(ctx, api.Who(ctx).Account.ID, in.Body.Code)
			return orErr(me, ctx, a, err)
		})
	api.Post(app, api.Op{ID: "prove-real-name", Path: "/api/v1/me/real-name", Tag: "account", Summary: "Prove name and identity number"},
		func(ctx context.Context, in *realNameIn) (*meOut, error) {
			name, number, err := identity(in.Body.Name, in.Body.Number)
			if err != nil {
				return nil, err
			}
			a, err := door.ProveRealName(ctx, api.Who(ctx).Account.ID, name, number)
			return orErr(me, ctx, a, err)
		})
	faces(app, door, me)
}

func faces(app *api.App, door *citizen.Door, me func(context.Context, citizen.Account) (*meOut, error)) {
	api.Post(app, api.Op{ID: "start-face", Path: "/api/v1/me/faces", Tag: "account", Summary: "Start a face check"},
		func(ctx context.Context, _ *faceStartIn) (*faceOut, error) {
			f, err := door.StartFace(ctx, api.Who(ctx).Account.ID)
			return &faceOut{ID: f.ID, VerifyID: f.VerifyID, EndsAt: api.At(f.EndsAt)}, err
		})
	api.Post(app, api.Op{ID: "finish-face", Path: "/api/v1/me/faces/{id}/finish", Tag: "account", Summary: "Finish a face check after wx.requestFacialVerify"},
		func(ctx context.Context, in *faceIn) (*meOut, error) {
			a, err := door.FinishFace(ctx, api.Who(ctx).Account.ID, in.ID)
			return orErr(me, ctx, a, err)
		})
}

func orErr(me func(context.Context, citizen.Account) (*meOut, error), ctx context.Context, a citizen.Account, err error) (*meOut, error) {
	if err != nil {
		return nil, err
	}
	return me(ctx, a)
}

func meFrom(ctx context.Context, door *citizen.Door, a citizen.Account, now time.Time) (*meOut, error) {
	out := &meOut{Level: int(a.Level(now)), Phone: a.Phone.Masked(), Post: postFrom(api.Who(ctx).Member, api.Who(ctx).Raised)}
	if a.Person == "" {
		return out, nil
	}
	p, err := door.Person(ctx, a)
	out.Name, out.Number = p.Name.Masked(), p.Masked()
	return out, err
}

func postFrom(m *staff.Member, raised bool) *postOut {
	if m == nil {
		return nil
	}
	return &postOut{string(m.Role), string(m.Office), string(m.Department), m.Company, m.Twofold() && !raised}
}
