package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// TestEachRoleMayDoWhatTheTableSays calls every operation as nobody and as
// each role, about things that there are not.
func TestEachRoleMayDoWhatTheTableSays(t *testing.T) {
	s := sharedScene(t)
	for _, o := range s.town.operations(t) {
		grants, ok := staff.Grants(o.id)
		require.True(t, ok, "%s has no row in the table of roles", o.id)
		t.Run(o.id, func(t *testing.T) {
			public := staff.Allows(grants, staff.Principal{})
			requireAdmission(t, s.town.nobody(t), o, "nobody", public, http.StatusUnauthorized, "session.missing")
			for _, role := range staff.Roles[1:] {
				p := s.as(role).in(t)
				if o.id == "logout" && granted(grants, role) {
					p = s.town.visitor(t) // is a citizen, and may lose the session
				}
				requireAdmission(t, p, o, string(role), granted(grants, role), http.StatusForbidden, "staff.not_allowed")
			}
		})
	}
}

// granted says whether a role has a row: everybody signed in is a citizen too,
// but at a terminal, where one is a visitor and nothing else.
func granted(grants []staff.Grant, role staff.Role) bool {
	for _, g := range grants {
		if g.Role == role || g.Role == staff.Anyone || g.Role == staff.Citizen && role != staff.Terminal && role != staff.Visitor {
			return true
		}
	}
	return false
}

func requireAdmission(t *testing.T, p *client, o operation, who string, may bool, status int, code string) {
	t.Helper()
	r := p.send(request{method: o.method, path: emptyPath(o), key: "12345678-" + o.id, body: wrongBody(o), media: o.media()})
	if !may {
		r.refused(status, code)
		return
	}
	require.NotEqual(t, http.StatusUnauthorized, r.status, "%s as %s: %s", o.id, who, r.raw)
	require.NotContains(t, []string{"staff.not_allowed", "session.missing"}, r.text("code"), "%s as %s: %s", o.id, who, r.raw)
	require.Less(t, r.status, 500, "%s as %s: %s", o.id, who, r.raw)
}

// emptyPath names nothing that there is.
func emptyPath(o operation) string {
	return strings.NewReplacer("{id}", unknownID, "{file}", unknownID, "{item}", "XX-0000", "{office}", "0-A",
		"{theme}", "ZT-00", "{material}", "M-0000", "{code}", "AAAAAAAAAAAAAAAA").Replace(o.path)
}

// wrongBody is refused by whoever reads it, after admission.
func wrongBody(o operation) []byte {
	if o.method == http.MethodGet || o.method == http.MethodDelete {
		return nil
	}
	return []byte(`{"unknown_field":1}`)
}

// TestEveryRowOfTheTableIsAnOperation finds rows that nothing asks for.
func TestEveryRowOfTheTableIsAnOperation(t *testing.T) {
	ids := map[string]bool{}
	c := sharedTown(t)
	for _, o := range c.operations(t) {
		ids[o.id] = true
	}
	for id := range staff.Table {
		require.True(t, ids[id] || c.in.app.Needed(id), "%s stands in the table, but there is no such operation or page", id)
	}
}

// TestAnOperationWithoutARowCannotBeRegistered: forgetting the table stops the
// program, not the guard.
func TestAnOperationWithoutARowCannotBeRegistered(t *testing.T) {
	app := api.New(api.Config{NewID: uuid.NewString, Log: slog.New(slog.DiscardHandler)})
	require.PanicsWithValue(t, "no-such-row: no row in the table of roles (pkg/staff)", func() {
		api.Get(app, api.Op{ID: "no-such-row", Path: "/x", Tag: "x"}, func(context.Context, *struct{}) (*api.Done, error) { return nil, nil })
	})
}

// TestNobodyTouchesWhatIsNotTheirs repeats, well formed and about things that
// there are, each operation on single things, as somebody of the right role to
// whom they do not belong.
func TestNobodyTouchesWhatIsNotTheirs(t *testing.T) {
	c := newTown(t, tuesday)
	s := newScene(t, c)
	strangers := map[staff.Role][]*client{
		staff.Citizen:       {c.citizen(t), c.visitor(t), s.clerk, s.courier, s.reviewer},
		staff.VillageStaff:  {c.clerk(t, otherVillage), c.clerk(t, townOffice)},
		staff.WindowStaff:   {c.member(t, staff.Member{Role: staff.WindowStaff, Office: otherVillage})},
		staff.OfficeManager: {c.member(t, staff.Member{Role: staff.OfficeManager, Office: otherVillage})},
		staff.Reviewer:      {c.reviewer(t, townOffice, "SC"), c.reviewer(t, "440605000000-A", "GA"), c.reviewer(t, villageOffice, "GA")},
		staff.Courier:       {c.courier(t, "别家快递")},
	}
	c.settle(t)
	const parcels = "SELECT group_concat(id || state || courier || attempts || wrong_codes) FROM waybill"
	before, carried := c.rows(t), c.word(t, parcels)
	for _, o := range c.operations(t) {
		if !strings.Contains(o.path, "{id}") {
			continue
		}
		grants, _ := staff.Grants(o.id)
		for _, g := range grants {
			for _, stranger := range strangers[g.Role] {
				r := stranger.in(t).send(s.good(o))
				requireProblem(t, r)
				if r.text("code") != "circulation.elsewhere" { // said to whoever has the paper before them
					require.Contains(t, []int{403, 404, 422}, r.status, "%s as %s: %s", o.id, g.Role, r.raw)
				}
				if g.Role == staff.Citizen && !strings.HasPrefix(r.text("code"), "citizen.need_") {
					require.NotEqual(t, 403, r.status, "%s tells a stranger that there is such a thing: %s", o.id, r.raw)
				}
			}
		}
	}
	// Refused acts on a parcel are counted, and that answer is kept.
	after := c.rows(t)
	for _, table := range []string{"waybill", "answer"} {
		delete(before, table)
		delete(after, table)
	}
	require.Equal(t, before, after, "somebody changed what is not theirs")
	require.Equal(t, carried, c.word(t, parcels))
}

// TestListsHoldOnlyOnesOwn reads every list as a newcomer of each role.
func TestListsHoldOnlyOnesOwn(t *testing.T) {
	s := sharedScene(t)
	c := s.town
	for path, newcomer := range map[string]*client{
		"/api/v1/cases":                   c.citizen(t),
		"/api/v1/appointments":            c.citizen(t),
		"/api/v1/licences":                c.citizen(t),
		"/api/v1/messages":                c.citizen(t),
		"/api/v1/village/cases":           c.clerk(t, bagOffice),
		"/api/v1/village/appointments":    c.clerk(t, bagOffice),
		"/api/v1/village/waybills":        c.clerk(t, bagOffice),
		"/api/v1/village/cases?limit=100": c.reviewer(t, townOffice, "SC"),
	} {
		require.Empty(t, newcomer.get(path).ok().list("items"), path)
	}
	run := c.courier(t, "又一家快递").get("/api/v1/courier/run").ok()
	require.Empty(t, run.list("mine"))
	require.Empty(t, run.list("waiting.items"))
}

// TestAnotherCourierCannotDeliverMyParcel: the same company is not enough.
func TestAnotherCourierCannotDeliverMyParcel(t *testing.T) {
	c := newTown(t, tuesday)
	s := newScene(t, c)
	colleague := c.courier(t, parcelCompany)
	c.settle(t)
	parcel := c.count(t, "SELECT count(*) FROM waybill WHERE state = 'in_transit'")
	for act, body := range map[string]any{
		"/deliver": map[string]string{"code": "123456"}, "/fail": map[string]string{"reason": "absent"}, "/return": nil, "/pick-up": nil,
	} {
		r := colleague.post(s.parcel+act, body)
		requireProblem(t, r)
		require.Contains(t, []int{403, 404, 409}, r.status, "%s: %s", act, r.raw)
	}
	require.Equal(t, parcel, c.count(t, "SELECT count(*) FROM waybill WHERE state = 'in_transit'"))
}

// TestAPostIsTakenUpOnce spends an invitation twice, late, and with a post.
func TestAPostIsTakenUpOnce(t *testing.T) {
	c := newTown(t, tuesday)
	p, q := c.visitor(t), c.visitor(t)
	post := staff.Member{Role: staff.VillageStaff, Office: villageOffice}
	code := map[string]string{"code": c.invite(t, p.person.Name, post)}
	p.get("/api/v1/village/cases").refused(http.StatusForbidden, "staff.not_allowed")
	p.post("/api/v1/me/post", code).ok()
	p.get("/api/v1/village/cases").ok()
	q.post("/api/v1/me/post", code).refused(http.StatusNotFound, "staff.no_invitation")
	second := map[string]string{"code": c.invite(t, p.person.Name, post)}
	p.post("/api/v1/me/post", second).refused(http.StatusConflict, "staff.has_post")
	q.post("/api/v1/me/post", second).ok() // the refusal did not spend it
	late := map[string]string{"code": c.invite(t, p.person.Name, post)}
	c.clock.moveTo(c.clock.now().Add(2 * 3600e9))
	c.visitor(t).post("/api/v1/me/post", late).refused(http.StatusNotFound, "staff.no_invitation")
}
