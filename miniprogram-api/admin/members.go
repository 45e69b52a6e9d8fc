// Package admin (管理端接口) holds the routes of administrators and auditors:
// invitations, posts and their end, and the audit trail.
package admin

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type invitationIn struct {
	api.Write
	Body struct {
		Role       string `json:"role" enum:"courier,village_staff,window_staff,reviewer,office_manager,auditor,administrator"`
		Name       string `json:"name" minLength:"1" maxLength:"60" doc:"who is invited"`
		Office     string `json:"office,omitempty" maxLength:"32" doc:"village and window staff, office managers, reviewers"`
		Department string `json:"department,omitempty" maxLength:"32" doc:"reviewers"`
		Company    string `json:"company,omitempty" maxLength:"40" doc:"couriers"`
		Hours      int    `json:"hours,omitempty" minimum:"1" maximum:"720" default:"72" doc:"how long the invitation is good for"`
	}
}

type invitationOut struct {
	Code   string `json:"code" doc:"to be handed to the person; one use, shown only here"`
	EndsAt string `json:"ends_at"`
}

// MemberIn names a post; it is exported because others embed it.
type MemberIn struct {
	ID string `path:"id" format:"uuid"`
}

type memberActIn struct {
	api.Write
	MemberIn
}

type membersIn struct{ api.Page }

type memberOut struct {
	ID         string `json:"id" format:"uuid"`
	Role       string `json:"role"`
	Name       string `json:"name"`
	Office     string `json:"office,omitempty"`
	Department string `json:"department,omitempty"`
	Company    string `json:"company,omitempty"`
	InvitedBy  string `json:"invited_by,omitempty" doc:"post of the administrator; absent: from the command line"`
	TakenAt    string `json:"taken_at,omitempty"`
	LeftAt     string `json:"left_at,omitempty"`
	LeftBy     string `json:"left_by,omitempty"`
}

// Members registers invitations and posts. now dates an invitation's end.
func Members(app *api.App, gate *staff.Gate, now func() time.Time) {
	api.Post(app, api.Op{ID: "invite", Path: "/api/v1/admin/invitations", Tag: "admin", Summary: "Invite somebody to a post"},
		func(ctx context.Context, in *invitationIn) (*invitationOut, error) {
			post, err := invited(ctx, in)
			if err != nil {
				return nil, err
			}
			life := time.Duration(in.Body.Hours) * time.Hour
			code, err := gate.Invite(ctx, post, life)
			return &invitationOut{code, api.At(now().Add(life))}, err
		})
	api.Get(app, api.Op{ID: "members", Path: "/api/v1/admin/members", Tag: "admin", Summary: "Posts, held and left, newest first"},
		func(ctx context.Context, in *membersIn) (*api.List[memberOut], error) {
			list, err := gate.Members(ctx, staff.ID(in.Cursor), in.Most())
			return api.Paged(in.Page, list, memberFrom, func(m staff.Member) string { return string(m.ID) }), err
		})
	api.Post(app, api.Op{ID: "end-post", Path: "/api/v1/admin/members/{id}/leave", Tag: "admin",
		Summary: "End a post: access ends at once, what was in hand at the window is free"},
		func(ctx context.Context, in *memberActIn) (*memberOut, error) {
			m, err := gate.Leave(ctx, api.Who(ctx).Member.ID, staff.ID(in.ID))
			out := memberFrom(m)
			return &out, err
		})
	api.Post(app, api.Op{ID: "reset-code", Path: "/api/v1/admin/members/{id}/authenticator/reset", Tag: "admin",
		Summary: "Let somebody who has lost the authenticator enrol again"},
		func(ctx context.Context, in *memberActIn) (*memberOut, error) {
			m, err := gate.ResetFactor(ctx, staff.ID(in.ID))
			out := memberFrom(m)
			return &out, err
		})
}

func invited(ctx context.Context, in *invitationIn) (staff.Member, error) {
	name, err := citizen.ParseName(in.Body.Name)
	return staff.Member{
		Role: staff.Role(in.Body.Role), Name: name, Office: place.OfficeCode(in.Body.Office),
		Department: catalog.DepartmentCode(in.Body.Department), Company: in.Body.Company,
		InvitedBy: api.Who(ctx).Member.ID,
	}, err
}

func memberFrom(m staff.Member) memberOut {
	return memberOut{
		string(m.ID), string(m.Role), m.Name.String(), string(m.Office), string(m.Department), m.Company,
		string(m.InvitedBy), api.At(m.TakenAt), api.At(m.LeftAt), string(m.LeftBy),
	}
}
