package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// The item of a terminal: a village takes it, marked self-service, real name.
const selfItem = "SZ-0006" // 流动人口居住登记

// kiosk is a terminal: a client with a key.
type kiosk struct {
	client
	id  string
	key ed25519.PrivateKey
}

func signed(key ed25519.PrivateKey, words string) string {
	return base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(words)))
}

// enrolling is a request to become a terminal.
func enrolling(key ed25519.PrivateKey, code string) map[string]string {
	return map[string]string{
		"code": code, "key": base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey)),
		"signature": signed(key, "yimen terminal enrolment\n"+code),
	}
}

// terminalCode is a manager's code for a new terminal.
func (p *client) terminalCode(more map[string]any) string {
	p.t.Helper()
	body := map[string]any{"name": "1号机", "zone": "hall"}
	for k, v := range more {
		body[k] = v
	}
	return p.post("/api/v1/village/terminals/codes", body).ok().text("code")
}

// enrol makes a new device a terminal of the manager's office and lets it in.
func (p *client) enrol(name string, more ...map[string]any) *kiosk {
	p.t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(p.t, err)
	body := map[string]any{"name": name}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	m := &kiosk{client: client{t: p.t, town: p.town}, key: key}
	m.id = m.post("/api/v1/terminals", enrolling(key, p.terminalCode(body))).ok().text("id")
	m.signIn()
	return m
}

// challenge is a number signed by the device.
func (m *kiosk) challenge() map[string]string {
	m.t.Helper()
	n := m.town.nobody(m.t).post("/api/v1/terminals/"+m.id+"/challenges", nil).ok().text("challenge")
	return map[string]string{"challenge": n, "signature": signed(m.key, "yimen terminal session\n"+m.id+"\n"+n)}
}

func (m *kiosk) signIn() {
	m.t.Helper()
	m.token = m.town.nobody(m.t).post("/api/v1/terminals/"+m.id+"/sessions", m.challenge()).ok().text("token")
}

// code shows a code on the screen.
func (m *kiosk) code() string {
	m.t.Helper()
	return m.post("/api/v1/terminal/codes", nil).ok().text("code")
}

// visit lets somebody in before the screen.
func (m *kiosk) visit(p *client) *client {
	m.t.Helper()
	p.post("/api/v1/terminal-codes/"+m.code()+"/confirm", map[string]any{}).ok()
	return m.collect(p)
}

func (m *kiosk) collect(p *client) *client {
	m.t.Helper()
	return &client{t: m.t, town: m.town, person: p.person, token: m.post("/api/v1/terminal/visit", nil).ok().text("token")}
}

func (m *kiosk) state() string {
	m.t.Helper()
	return m.get("/api/v1/terminal/visit").ok().text("state")
}

// later moves the clock.
func (c *town) later(d time.Duration) { c.clock.moveTo(c.clock.now().Add(d)) }

func (c *town) manager(t testing.TB, office string) *client {
	t.Helper()
	return c.member(t, staff.Member{Role: staff.OfficeManager, Office: place.OfficeCode(office)})
}

// TestATerminalHasAKeyOfItsOwn: codes are good once and for half an hour, only
// who holds the private key gets in, a signature is good once, another session
// ends the first, and who is revoked is out at once.
func TestATerminalHasAKeyOfItsOwn(t *testing.T) {
	c := newTown(t, tuesday)
	boss, nobody := c.manager(t, villageOffice), c.nobody(t)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	_, thief, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)

	code := boss.terminalCode(nil)
	forged := enrolling(key, code)
	forged["signature"] = signed(thief, "yimen terminal enrolment\n"+code)
	nobody.post("/api/v1/terminals", forged).refused(http.StatusUnauthorized, "terminal.bad_signature")
	nobody.post("/api/v1/terminals", enrolling(key, "AAAAAAAAAAAAAAAA")).refused(http.StatusNotFound, "terminal.no_invitation")
	nobody.post("/api/v1/terminals", enrolling(key, code)).ok()
	nobody.post("/api/v1/terminals", enrolling(thief, code)).refused(http.StatusNotFound, "terminal.no_invitation")
	nobody.post("/api/v1/terminals", enrolling(key, boss.terminalCode(nil))).refused(http.StatusConflict, "terminal.enrolled")
	late := boss.terminalCode(nil)
	c.later(30 * time.Minute)
	nobody.post("/api/v1/terminals", enrolling(thief, late)).refused(http.StatusNotFound, "terminal.no_invitation")
	boss.post("/api/v1/village/terminals/codes", map[string]any{"name": "2号机", "zone": "zone_24h"}).refused(http.StatusUnprocessableEntity, "terminal.no_zone")

	m, other := boss.enrol("2号机"), boss.enrol("3号机")
	open := "/api/v1/terminals/" + m.id + "/sessions"
	once := m.challenge()
	nobody.post("/api/v1/terminals/"+other.id+"/sessions", once).refused(http.StatusUnauthorized, "terminal.bad_signature")
	nobody.post(open, once).ok()
	nobody.post(open, once).refused(http.StatusUnauthorized, "terminal.challenge_used")
	m.get("/api/v1/terminal/items").refused(http.StatusUnauthorized, "session.ended") // that was another session of it
	slow := m.challenge()
	c.later(time.Minute)
	nobody.post(open, slow).refused(http.StatusUnauthorized, "terminal.challenge_used")
	m.signIn()
	m.get("/api/v1/terminal/items").ok()
	c.later(15 * time.Minute)
	m.get("/api/v1/terminal/items").refused(http.StatusUnauthorized, "session.ended")

	m.signIn()
	p := c.citizen(t)
	visitor := m.visit(p)
	c.manager(t, otherVillage).delete("/api/v1/village/terminals/"+m.id).refused(http.StatusForbidden, "staff.other_office")
	boss.delete("/api/v1/village/terminals/" + m.id).ok()
	m.get("/api/v1/terminal/items").refused(http.StatusUnauthorized, "session.ended")
	visitor.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
	nobody.post("/api/v1/terminals/"+m.id+"/challenges", nil).refused(http.StatusNotFound, "terminal.not_found")
	require.NotEmpty(t, boss.get("/api/v1/village/terminals").ok().list("items")[2]["revoked_at"])
}

// TestOneCodeLetsInOnePersonAtOneTerminal: of two phones one, of two terminals
// its own, for a minute, once, near by, with a real name.
func TestOneCodeLetsInOnePersonAtOneTerminal(t *testing.T) {
	c := newTown(t, tuesday)
	boss := c.manager(t, villageOffice)
	m, other := boss.enrol("1号机"), boss.enrol("2号机")
	p, q := c.citizen(t), c.citizen(t)
	confirm := func(p *client, code string) *reply {
		return p.post("/api/v1/terminal-codes/"+code+"/confirm", map[string]any{})
	}

	m.get("/api/v1/terminal/visit").refused(http.StatusConflict, "terminal.nobody")
	code := m.code()
	require.Equal(t, "shown", m.state())
	seen := p.get("/api/v1/terminal-codes/" + code).ok()
	require.Equal(t, []string{"1号机", villageOffice}, []string{seen.text("terminal"), seen.text("office")})
	confirm(c.visitor(t), code).refused(http.StatusForbidden, "citizen.need_real_name")
	p.post("/api/v1/terminal-codes/"+code+"/confirm", map[string]any{"at": map[string]any{"lng": 113.1, "lat": 23.5, "datum": "wgs84"}}).
		refused(http.StatusConflict, "terminal.far")
	m.post("/api/v1/terminal/visit", nil).refused(http.StatusConflict, "terminal.nobody")

	got := tally(together(6, func(i int) *reply { return confirm([]*client{p, q}[i%2], code) }))
	require.Equal(t, map[string]int{"": 3, "terminal.code_taken": 3}, got, "one phone has it, however often it asks")
	who, not := p, q
	if p.get("/api/v1/terminal-codes/"+code).status != http.StatusOK {
		who, not = q, p
	}
	not.delete("/api/v1/terminal-codes/"+code).refused(http.StatusConflict, "terminal.code_taken")
	other.post("/api/v1/terminal/visit", nil).refused(http.StatusConflict, "terminal.nobody")
	visitor := m.collect(who)
	m.post("/api/v1/terminal/visit", nil).refused(http.StatusConflict, "terminal.nobody")
	require.Equal(t, who.get("/api/v1/me").ok().text("name"), visitor.get("/api/v1/me").ok().text("name"))
	require.Contains(t, string(who.get("/api/v1/sessions").ok().raw), "自助终端（")

	lapsed := other.code()
	c.later(time.Minute)
	confirm(p, lapsed).refused(http.StatusNotFound, "terminal.no_code")
	replaced := other.code()
	fresh := other.code()
	confirm(p, replaced).refused(http.StatusNotFound, "terminal.no_code")
	confirm(p, fresh).ok()
	c.later(30 * time.Second)
	other.post("/api/v1/terminal/visit", nil).refused(http.StatusConflict, "terminal.nobody")
	require.Equal(t, "lapsed", other.state())
}

// TestAVisitEndsWhenItsPersonIsGone: by the clock, the finish, the phone in both
// ways, another code, a restart; and a session of before opens nothing.
func TestAVisitEndsWhenItsPersonIsGone(t *testing.T) {
	c := newTown(t, tuesday)
	boss := c.manager(t, villageOffice)
	m, p := boss.enrol("1号机"), c.citizen(t)
	for name, end := range map[string]struct {
		do   func(visitor *client, visit string)
		want string
	}{
		"untouched": {func(*client, string) { c.later(time.Minute) }, "left"},
		"five minutes": {func(v *client, _ string) {
			for range 6 {
				c.later(50 * time.Second)
				v.get("/api/v1/me")
			}
		}, "left"},
		"finished by the person": {func(v *client, _ string) { v.delete("/api/v1/terminal/visit").ok() }, "finished"},
		"finished by the device": {func(*client, string) { m.delete("/api/v1/terminal/visit").ok() }, "finished"},
		"sign-in ended":          {func(_ *client, visit string) { p.delete("/api/v1/sessions/" + visit).ok() }, "ended"},
		"another code":           {func(*client, string) { m.code() }, "shown"},
	} {
		m.signIn()
		visitor := m.visit(p)
		visit := m.get("/api/v1/terminal/visit").ok().text("visit")
		end.do(visitor, visit)
		visitor.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
		require.Equal(t, end.want, m.state(), name)
		require.NotContains(t, string(p.get("/api/v1/sessions").ok().raw), "自助终端", name)
	}
	m.signIn()
	code := m.code()
	p.post("/api/v1/terminal-codes/"+code+"/confirm", map[string]any{}).ok()
	visitor := m.collect(p)
	p.delete("/api/v1/terminal-codes/" + code).ok()
	visitor.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
	visitor = m.visit(p)
	m.signIn() // the device was started anew
	visitor.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
	require.Equal(t, "replaced", m.state())
}

// TestAVisitorIsNothingElse: at a terminal nobody is staff or changes an
// account, and messages, data and sign-ins are not shown.
func TestAVisitorIsNothingElse(t *testing.T) {
	c := newTown(t, tuesday)
	boss := c.manager(t, villageOffice)
	m, clerk := boss.enrol("1号机"), c.clerk(t, villageOffice)
	clerk.prove()
	visitor := m.visit(clerk)
	for _, path := range []string{"/api/v1/village/cases", "/api/v1/messages", "/api/v1/sessions", "/api/v1/me/data", "/api/v1/agencies"} {
		visitor.get(path).refused(http.StatusForbidden, "staff.not_allowed")
	}
	visitor.post("/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}).refused(http.StatusForbidden, "staff.not_allowed")
	m.get("/api/v1/me").refused(http.StatusForbidden, "staff.not_allowed")
	clerk.get("/api/v1/village/cases").ok() // the phone is what it was
}

// TestAnApplicationBegunAtATerminalGoesOnOnThePhone: an item marked
// self-service is begun; its person walks away, is told, and hands it in on the
// phone. Another item is refused.
func TestAnApplicationBegunAtATerminalGoesOnOnThePhone(t *testing.T) {
	c := newTown(t, tuesday)
	m, p := c.manager(t, villageOffice).enrol("1号机"), c.citizen(t)
	visitor := m.visit(p)
	require.Contains(t, string(visitor.get("/api/v1/terminal/items").ok().raw), selfItem)
	visitor.post("/api/v1/terminal/cases", map[string]string{"item": permitItem}).refused(http.StatusConflict, "terminal.not_self_service")
	own := p.permitDraft()
	visitor.post("/api/v1/terminal/cases/"+idOf(own)+"/submit", nil).refused(http.StatusConflict, "terminal.not_self_service")
	id := visitor.post("/api/v1/terminal/cases", map[string]string{"item": selfItem}).ok().text("id")
	c.later(2 * time.Minute)
	_, err := c.in.rooms.machines.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, "left", m.state())
	require.Contains(t, string(p.get("/api/v1/messages").ok().raw), "存为草稿")
	require.Equal(t, "draft", p.get("/api/v1/cases/"+id).ok().text("state"))

	visitor = m.visit(p)
	require.Equal(t, id, visitor.get("/api/v1/cases").ok().text("items.0.id"))
	require.NotEmpty(t, visitor.post("/api/v1/terminal/cases/"+id+"/submit", nil).text("code"), "an empty form is told, not taken")
}

// TestTicketsAndCheckInAtATerminal: with and without a person, once each.
func TestTicketsAndCheckInAtATerminal(t *testing.T) {
	c := newTown(t, tuesday)
	m, p := c.manager(t, villageOffice).enrol("1号机", map[string]any{"slip_from": 901, "slip_to": 910}), c.citizen(t)
	r := m.post("/api/v1/terminal/tickets", map[string]string{"item": visitItem}).ok()
	require.Equal(t, []string{"B001", "kiosk"}, []string{r.text("number"), r.text("origin")})
	visitor := m.visit(p)
	visitor.post("/api/v1/terminal/tickets", map[string]string{"item": visitItem}).ok()
	visitor.post("/api/v1/terminal/tickets", map[string]string{"item": visitItem}).refused(http.StatusConflict, "queue.has_ticket")
	visitor.post("/api/v1/terminal/check-in", nil).refused(http.StatusNotFound, "appointment.none_today")
	require.Equal(t, "B002", p.get("/api/v1/tickets").ok().text("items.0.number"))

	now := c.clock.now()
	slip := func(n int) map[string]any {
		return map[string]any{"sent_at": now.Format(time.RFC3339), "slips": []any{map[string]any{
			"id": "slip-0001", "number": n, "item": visitItem, "taken_at": now.Add(-10 * time.Minute).Format(time.RFC3339)}}}
	}
	m.post("/api/v1/terminal/slips", slip(7)).refused(http.StatusUnprocessableEntity, "terminal.other_block")
	require.Equal(t, "done", m.post("/api/v1/terminal/slips", slip(901)).ok().text("items.0.result"))
	require.Equal(t, "already_done", m.post("/api/v1/terminal/slips", slip(901)).ok().text("items.0.result"))
}

// TestPrintsAreRecorded: the page is there only while the device prints it;
// paper out stops the printer for all, a failure does not count, three a day
// do, and what was not begun is dropped when the person leaves.
func TestPrintsAreRecorded(t *testing.T) {
	c := newTown(t, tuesday)
	boss := c.manager(t, villageOffice)
	m, other, p := boss.enrol("1号机"), boss.enrol("2号机"), c.citizen(t)
	accepted := p.tolerated()
	visitor := m.visit(p)
	ask := func(subject string) *reply {
		return visitor.post("/api/v1/terminal/prints", map[string]string{"kind": "receipt", "subject": subject})
	}
	ask(idOf(c.citizen(t).tolerated())).refused(http.StatusNotFound, "casework.not_found")
	ask(idOf(p.permitDraft())).refused(http.StatusConflict, "paper.not_yet")
	path := "/api/v1/terminal/prints/" + ask(idOf(accepted)).ok().text("id")
	m.get(path+"/page").refused(http.StatusConflict, "terminal.print_moved")
	other.post(path+"/begin", nil).refused(http.StatusNotFound, "terminal.no_print")
	m.post(path+"/begin", nil).ok()
	other.get(path+"/page").refused(http.StatusNotFound, "terminal.no_print")
	require.Contains(t, string(m.get(path+"/page").ok().raw), "受理通知书")
	require.Equal(t, "failed", m.put(path, map[string]string{"outcome": "paper_out"}).ok().text("state"))
	m.put(path, map[string]string{"outcome": "paper_out"}).ok() // said twice
	m.get(path+"/page").refused(http.StatusConflict, "terminal.print_moved")
	require.Contains(t, ask(idOf(accepted)).refused(http.StatusConflict, "terminal.printer").text("detail"), "缺纸")
	require.Equal(t, "paper_out", boss.get("/api/v1/village/terminals").ok().list("items")[1]["printer"])
	m.put("/api/v1/terminal/status", map[string]string{"printer": "ready"}).ok()
	m.post(path+"/begin", nil).ok()
	require.Equal(t, "printed", m.put(path, map[string]string{"outcome": "printed"}).ok().text("state"))
	m.put(path, map[string]string{"outcome": "jam"}).refused(http.StatusConflict, "terminal.print_moved")
	ask(idOf(accepted)).ok()
	waits := "/api/v1/terminal/prints/" + ask(idOf(accepted)).ok().text("id")
	ask(idOf(accepted)).refused(http.StatusConflict, "terminal.prints_most")
	m.delete("/api/v1/terminal/visit").ok()
	m.post(waits+"/begin", nil).refused(http.StatusConflict, "terminal.visit_over")
	require.Equal(t, 2, c.count(t, "SELECT count(*) FROM terminal_print WHERE state = 'dropped'"))
}
