package citizen_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	routes "github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/miniprogram-api/village"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// lobby is the appointment routes over a real store, on Monday 23 November
// 2026 at 8:00. Its tokens: "ann" and "bob" are people, "new" has proved
// nothing, "clerk" and "far-clerk" are window staff.
type lobby struct {
	t     *testing.T
	app   *api.App
	clock *storetest.Clock
	gate  gate
	keys  int
}

type gate map[string]staff.Principal

func (g gate) Admit(_ context.Context, token string) (staff.Principal, error) {
	if p, ok := g[token]; ok {
		return p, nil
	}
	return staff.Principal{}, staff.ErrSessionEnded
}

const townOffice = "440604010000-A" // Mon-Fri 08:30-12:00,14:00-17:30

func newLobby(t *testing.T) *lobby {
	db, clock := storetest.Open(t), storetest.ClockAt(time.Date(2026, 11, 23, 8, 0, 0, 0, workday.Zone))
	people := storetest.Citizens(t, db, 2)
	at := func(office place.OfficeCode) *staff.Member {
		return &staff.Member{ID: "m", Role: staff.WindowStaff, Office: office}
	}
	l := &lobby{t: t, clock: clock, gate: gate{
		"ann":       {Account: people[0]},
		"bob":       {Account: people[1]},
		"new":       {Account: citizen.Account{ID: "new"}},
		"clerk":     {Account: citizen.Account{ID: "c1"}, Member: at(townOffice)},
		"manager":   {Account: citizen.Account{ID: "c3"}, Member: &staff.Member{ID: "m3", Role: staff.OfficeManager, Office: townOffice}},
		"far-clerk": {Account: citizen.Account{ID: "c2"}, Member: at("440604011000-A")},
	}}
	l.app = api.New(api.Config{
		Version: "test", Gate: l.gate, Keeper: db, NewID: storetest.NewID,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Ready: func(context.Context) error { return nil },
	})
	desk := &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](db), City: storetest.Foshan(t), Calendar: workday.NewCalendar(),
		Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
	routes.Appointments(l.app, desk)
	village.Appointments(l.app, desk)
	village.Arrivals(l.app, &queue.Hall{
		Store: sqlstore.For[queue.Tx](db), City: desk.City, Calendar: desk.Calendar, Visits: desk,
		Now: clock.Now, NewID: storetest.NewID, Rules: queue.DefaultRules(),
	}, nil)
	village.Timetable(l.app, desk)
	require.NoError(t, l.app.Finish())
	return l
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a answer) text(name string) string { s, _ := a.body[name].(string); return s }

func (l *lobby) send(token, method, path, key, body string) answer {
	l.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := l.app.Fiber.Test(req, -1)
	require.NoError(l.t, err)
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header}
	raw, err := io.ReadAll(res.Body)
	require.NoError(l.t, err)
	require.NoError(l.t, json.Unmarshal(raw, &a.body), "%s", raw)
	return a
}

func (l *lobby) get(token, path string) answer { return l.send(token, "GET", path, "", "") }

func (l *lobby) post(token, path, body string) answer {
	l.keys++
	return l.send(token, "POST", path, fmt.Sprintf("key-%08d", l.keys), body)
}

func holding(startsAt string) string {
	return fmt.Sprintf(`{"office":%q,"item":"HJ-0001","starts_at":%q}`, townOffice, startsAt)
}

func TestFromSlotToCheckIn(t *testing.T) {
	l := newLobby(t)
	slots := l.get("", "/api/v1/offices/"+townOffice+"/slots?item=HJ-0001&days=2")
	require.Equal(t, 200, slots.status, slots.body)
	today := slots.body["items"].([]any)[0].(map[string]any)
	require.Equal(t, "2026-11-23", today["date"])
	first := today["slots"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{"starts_at": "2026-11-23T08:30:00+08:00", "ends_at": "2026-11-23T08:45:00+08:00", "free": 9.0}, first)

	hold := l.post("ann", "/api/v1/holds", holding("2026-11-23T01:00:00Z"))
	require.Equal(t, 200, hold.status, hold.body)
	require.Equal(t, []string{"held", "2026-11-23T09:00:00+08:00", "2026-11-23T08:05:00+08:00", ""},
		[]string{hold.text("state"), hold.text("starts_at"), hold.text("hold_ends"), hold.text("code")})

	booked := l.post("ann", "/api/v1/appointments", `{"hold":"`+hold.text("id")+`"}`)
	require.Equal(t, 200, booked.status, booked.body)
	require.Equal(t, "booked", booked.text("state"))
	require.Len(t, booked.text("code"), 8)

	moved := l.post("ann", "/api/v1/appointments/"+booked.text("id")+"/move", `{"starts_at":"2026-11-23T10:00:00+08:00"}`)
	require.Equal(t, 200, moved.status, moved.body)
	mine := l.get("ann", "/api/v1/appointments")
	require.Len(t, mine.body["items"], 1)
	require.Empty(t, l.get("bob", "/api/v1/appointments").body["items"])
	require.Empty(t, l.get("new", "/api/v1/appointments").body["items"])

	l.clock.Set(time.Date(2026, 11, 23, 9, 30, 0, 0, workday.Zone))
	list := l.get("clerk", "/api/v1/village/appointments?date=2026-11-23")
	require.Len(t, list.body["items"], 1)
	require.Equal(t, "staff.other_office", l.post("far-clerk", "/api/v1/village/appointments/check-in", `{"code":"`+booked.text("code")+`"}`).text("code"))
	in := l.post("clerk", "/api/v1/village/appointments/check-in", `{"code":"`+strings.ToLower(booked.text("code"))+`"}`)
	require.Equal(t, 200, in.status, in.body)
	require.Equal(t, []string{"checked_in", "2026-11-23T09:30:00+08:00"}, []string{in.text("state"), in.text("checked_at")})
	late := l.post("ann", "/api/v1/appointments/"+booked.text("id")+"/cancel", "")
	require.Equal(t, 409, late.status)
	require.Equal(t, "appointment.wrong_state", late.text("code"))
}

func TestTheSameKeyGivesTheSameHold(t *testing.T) {
	l := newLobby(t)
	body := holding("2026-11-23T09:00:00+08:00")
	first := l.send("ann", "POST", "/api/v1/holds", "same-key", body)
	again := l.send("ann", "POST", "/api/v1/holds", "same-key", body)
	require.Equal(t, first.body, again.body)
	require.Equal(t, "true", again.header.Get("Idempotent-Replayed"))
	other := l.send("ann", "POST", "/api/v1/holds", "same-key", holding("2026-11-23T10:00:00+08:00"))
	require.Equal(t, "request.key_reused", other.text("code"))
	require.Len(t, l.get("ann", "/api/v1/appointments").body["items"], 1)
}

func TestADoubleTapBooksOnce(t *testing.T) {
	l := newLobby(t)
	hold := l.post("ann", "/api/v1/holds", holding("2026-11-23T09:00:00+08:00")).text("id")
	codes := make([]string, 12)
	var group sync.WaitGroup
	for i := range codes {
		group.Go(func() {
			a := l.send("ann", "POST", "/api/v1/appointments", fmt.Sprintf("tap-%05d", i), `{"hold":"`+hold+`"}`)
			if codes[i] = a.text("state"); a.status != http.StatusOK {
				codes[i] = a.text("code")
			}
		})
	}
	group.Wait()
	slices.Sort(codes)
	require.Equal(t, append(slices.Repeat([]string{"appointment.wrong_state"}, 11), "booked"), codes)
}

func TestBadRequestsAreAnsweredClearly(t *testing.T) {
	l := newLobby(t)
	slots := "/api/v1/offices/" + townOffice + "/slots"
	const good = "2026-11-23T09:00:00+08:00"
	long := strings.Repeat("9", 400)
	for _, c := range []struct {
		token, path, body string // body "": GET
		status            int
		code              string
	}{
		{"", slots, "", 422, "request.invalid"},
		{"", slots + "?item=XX", "", 404, "catalog.no_item"},
		{"", slots + "?item=CZ-0001", "", 409, "appointment.not_here"},
		{"", "/api/v1/offices/nowhere/slots?item=HJ-0001", "", 404, "place.no_office"},
		{"", slots + "?item=HJ-0001&people=0", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&people=6", "", 422, "appointment.people"},
		{"", slots + "?item=HJ-0001&people=NaN", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&people=1.5", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&people=" + long, "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&days=32", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&days=0", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&from=2026-02-30", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&from=tomorrow", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&from=2026-11-23T00:00:00Z", "", 422, "request.invalid"},
		{"", slots + "?item=HJ-0001&length=5", "", 422, "request.invalid"},
		{"", "/api/v1/holds", holding(good), 401, "session.missing"},
		{"gone", "/api/v1/holds", holding(good), 401, "session.ended"},
		{"new", "/api/v1/holds", holding(good), 403, "citizen.need_real_name"},
		{"ann", "/api/v1/holds", `{}`, 422, "request.invalid"},
		{"ann", "/api/v1/holds", `[]`, 422, "request.invalid"},
		{"ann", "/api/v1/holds", `{"office":`, 400, "request.malformed"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"minutes":240,`, 1), 422, "request.invalid"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"ends_at":"`+good+`",`, 1), 422, "request.invalid"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"people":0,`, 1), 422, "request.invalid"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"people":6,`, 1), 422, "appointment.people"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"people":2.5,`, 1), 422, "request.invalid"},
		{"ann", "/api/v1/holds", strings.Replace(holding(good), "{", `{"people":1e300,`, 1), 422, "request.invalid"},
		{"ann", "/api/v1/holds", holding("2026-11-23T09:00:00"), 422, "request.invalid"},
		{"ann", "/api/v1/holds", holding("2026-11-31T09:00:00+08:00"), 422, "request.invalid"},
		{"ann", "/api/v1/holds", holding("2026-11-23T24:00:00+08:00"), 422, "request.invalid"},
		{"ann", "/api/v1/holds", holding("09:00"), 422, "request.invalid"},
		{"ann", "/api/v1/holds", holding("0000-01-01T00:00:00Z"), 409, "appointment.too_soon"},
		{"ann", "/api/v1/holds", holding("9999-12-31T23:59:59Z"), 409, "appointment.not_released"},
		{"ann", "/api/v1/holds", holding("2026-11-23T09:07:00+08:00"), 422, "appointment.not_offered"},
		{"ann", "/api/v1/holds", holding("2026-11-23T09:00:00.5+08:00"), 422, "appointment.not_offered"},
		{"ann", "/api/v1/holds", holding("2026-11-29T09:00:00+08:00"), 409, "appointment.closed"},
		{"ann", "/api/v1/appointments", `{"hold":"x"}`, 422, "request.invalid"},
		{"ann", "/api/v1/appointments", `{"hold":"019ad000-0000-7000-8000-000000000000"}`, 404, "appointment.not_found"},
		{"ann", "/api/v1/appointments/019ad000-0000-7000-8000-000000000000", "", 404, "appointment.not_found"},
		{"ann", "/api/v1/appointments/1", "", 422, "request.invalid"},
		{"ann", "/api/v1/appointments?limit=101", "", 422, "request.invalid"},
		{"ann", "/api/v1/appointments?cursor=nonsense", "", 422, "appointment.cursor"},
		{"ann", "/api/v1/village/appointments", "", 403, "staff.not_allowed"},
		{"clerk", "/api/v1/village/appointments?date=0000-00-00", "", 422, "request.invalid"},
		{"clerk", "/api/v1/village/appointments/check-in", `{"code":"ABC"}`, 422, "request.invalid"},
		{"clerk", "/api/v1/village/appointments/check-in", `{"code":"22222222"}`, 404, "appointment.no_code"},
	} {
		var a answer
		if c.body == "" {
			a = l.get(c.token, c.path)
		} else {
			a = l.post(c.token, c.path, c.body)
		}
		require.Equal(t, [2]any{c.status, c.code}, [2]any{a.status, a.text("code")}, "%s %s: %v", c.path, c.body, a.body)
		require.NotEmpty(t, a.text("detail"))
	}
	require.Empty(t, l.get("ann", "/api/v1/appointments").body["items"])
}

func TestOtherPeoplesAppointmentsDoNotExist(t *testing.T) {
	l := newLobby(t)
	hold := l.post("ann", "/api/v1/holds", holding("2026-11-23T09:00:00+08:00")).text("id")
	booked := l.post("ann", "/api/v1/holds", holding("2026-11-24T09:00:00+08:00")).text("id")
	require.Equal(t, 200, l.post("ann", "/api/v1/appointments", `{"hold":"`+booked+`"}`).status)
	for _, token := range []string{"bob", "new", "clerk"} {
		for _, a := range []answer{
			l.post(token, "/api/v1/appointments", `{"hold":"`+hold+`"}`),
			l.post(token, "/api/v1/holds/"+hold+"/release", ""),
			l.get(token, "/api/v1/appointments/"+booked),
			l.post(token, "/api/v1/appointments/"+booked+"/cancel", ""),
			l.post(token, "/api/v1/appointments/"+booked+"/move", `{"starts_at":"2026-11-25T09:00:00+08:00"}`),
		} {
			require.Equal(t, [2]any{404, "appointment.not_found"}, [2]any{a.status, a.text("code")}, token)
		}
		a := l.get(token, "/api/v1/appointments?cursor="+booked)
		require.Equal(t, "appointment.cursor", a.text("code"))
	}
	require.Equal(t, "held", l.get("ann", "/api/v1/appointments/"+hold).text("state"))
	require.Equal(t, "booked", l.get("ann", "/api/v1/appointments/"+booked).text("state"))
	require.Equal(t, "lapsed", l.post("ann", "/api/v1/holds/"+hold+"/release", "").text("state"))
}
