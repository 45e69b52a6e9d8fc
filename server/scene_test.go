package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// The places and things that most tests are about.
const (
	villageOffice = "440604012207-A" // 郊边公共服务站
	otherVillage  = "440604012001-A"
	townOffice    = "440604012000-A" // decides for villageOffice
	bagOffice     = "440605000000-A" // where the scene's bag goes, at which nobody else works
	permitItem    = "SZ-0004"        // 居住证申领: villages accept, the town decides, tolerant 8 of 10 days
	permitPhoto   = "M-0071"         // core
	permitLease   = "M-0012"         // tolerable, conditional
	permitWork    = "M-0014"
	permitStudy   = "M-0030"
	permitForm    = "M-0048"  // the application itself
	visitItem     = "CZ-0005" // decided on the spot by the village, ends in nothing
	parcelCompany = "样例快递"
)

// permitFilled answers everything that the permit asks, with a lease.
var permitFilled = map[string]any{
	"form":       map[string]string{"residence_address": "佛山市禅城区样例路1号", "permit_basis": "合法稳定住所"},
	"conditions": map[string]bool{permitLease: true, permitWork: false, permitStudy: false},
}

// open starts a case and returns its path.
func (p *client) open(item, office string) string {
	p.t.Helper()
	return "/api/v1/cases/" + p.post("/api/v1/cases", map[string]string{"item": item, "office": office}).ok().text("id")
}

// permitDraft opens a permit and fills its form.
func (p *client) permitDraft() string {
	p.t.Helper()
	path := p.open(permitItem, villageOffice)
	p.put(path+"/form", permitFilled).ok()
	return path
}

// promise signs the commitment of a case.
func (p *client) promise(path string) *reply {
	p.t.Helper()
	digest := p.get(path + "/commitment").ok().text("digest")
	return p.post(path+"/commitment", map[string]string{"digest": digest}).ok()
}

// tolerated is a permit that was accepted without the lease. Each is for an
// address of its own: no two are the same application.
func (p *client) tolerated() string {
	p.t.Helper()
	path := p.permitDraft()
	address := fmt.Sprintf("佛山市禅城区样例路%d号", 100+p.town.born.Add(1))
	p.put(path+"/form", map[string]any{"form": map[string]string{"residence_address": address}}).ok()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.promise(path)
	r := p.post(path+"/submit", nil).ok()
	require.Equal(p.t, "tolerant_accept", r.text("outcome"))
	return path
}

// atWindow is where staff see the case.
func atWindow(path string) string { return strings.Replace(path, "/api/v1/", "/api/v1/village/", 1) }

// idOf is the last part of a path.
func idOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// book takes the first free slot for the permit.
func (p *client) book(item string) string {
	p.t.Helper()
	return p.post("/api/v1/appointments", map[string]string{"hold": idOf(p.hold(item))}).ok().text("id")
}

// hold keeps the first slot that this person can have.
func (p *client) hold(item string) string {
	p.t.Helper()
	for _, starts := range p.freeSlots(item) {
		r := p.post("/api/v1/holds", map[string]any{"office": villageOffice, "item": item, "starts_at": starts})
		if r.status == 200 {
			return "/api/v1/holds/" + r.text("id")
		}
	}
	require.Fail(p.t, "no slot to hold")
	return ""
}

func (p *client) freeSlots(item string) (list []string) {
	p.t.Helper()
	for _, day := range p.get("/api/v1/offices/" + villageOffice + "/slots?days=14&item=" + item).ok().list("items") {
		for _, s := range listAt(day, "slots") {
			if s["free"].(float64) > 0 {
				list = append(list, s["starts_at"].(string))
			}
		}
	}
	return list
}

// crew is one of each who serve people, all at the places above.
type crew struct{ clerk, window, manager, reviewer, courier, auditor, administrator *client }

func (c *town) crew(t testing.TB) crew {
	t.Helper()
	post := func(role staff.Role, office place.OfficeCode) *client {
		return c.member(t, staff.Member{Role: role, Office: office})
	}
	return crew{
		clerk:         c.clerk(t, villageOffice),
		window:        post(staff.WindowStaff, villageOffice),
		manager:       post(staff.OfficeManager, villageOffice),
		reviewer:      c.reviewer(t, townOffice, "GA"),
		courier:       c.courier(t, parcelCompany),
		auditor:       post(staff.Auditor, ""),
		administrator: post(staff.Administrator, ""),
	}
}

// take lets the clerk take a case in hand.
func (w crew) take(path string) string {
	w.clerk.post(atWindow(path)+"/take", nil).ok()
	return atWindow(path)
}

// grant carries an accepted permitItem through to a granted one.
func (w crew) grant(p *client, path string) {
	w.take(path)
	p.upload(path+"/files", permitLease, photo).ok()
	for _, m := range []string{permitForm, permitPhoto, permitLease} {
		w.reviewer.post(atWindow(path)+"/materials/"+m+"/judge", map[string]bool{"fit": true}).ok()
	}
	w.reviewer.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).ok()
}

// byCourier chooses courier delivery.
func (p *client) byCourier(path string) {
	p.t.Helper()
	p.put(path+"/delivery", map[string]string{
		"way": "courier", "recipient": p.person.Name, "phone": p.person.Phone,
		"address": "佛山市禅城区样例路1号2座301", "area": "禅城区石湾镇街道",
	}).ok()
}

// send issues the licence and makes the waybill; it returns their paths.
func (w crew) send(path string) (licence, waybill string) {
	licence = "/api/v1/licences/" + w.clerk.post(atWindow(path)+"/licence", nil).ok().text("id")
	waybill = "/api/v1/courier/waybills/" + w.clerk.post(atWindow(path)+"/waybill", map[string]string{"company": parcelCompany}).ok().text("id")
	return licence, waybill
}

// scene is a day in which everything has happened to somebody: each operation
// finds something of its caller's that it could be done to.
type scene struct {
	crew
	town                                       *town
	citizen                                    *client
	draft, accepted, granted, due, closed      string // cases
	hold, booked, licence, label, parcel, file string
	verify, face, ticket                       string
	agency, session, account, bag, original    string
	machine                                    *kiosk  // a terminal of the village's
	visitor                                    *client // who stands before it: the citizen
}

// newScene plays that day.
func newScene(t testing.TB, c *town) *scene {
	t.Helper()
	s := &scene{town: c, crew: c.crew(t), citizen: c.citizen(t)}
	p := s.citizen
	s.booked = "/api/v1/appointments/" + p.book(visitItem)
	s.hold = p.hold(permitItem)
	s.draft = p.permitDraft()
	p.upload(s.draft+"/files", permitPhoto, photo).ok()
	s.accepted = p.tolerated()
	s.take(s.accepted)
	s.file = s.accepted + "/files/" + p.upload(s.accepted+"/files", permitPhoto, photo).ok().text("file")
	p.byCourier(s.accepted)
	s.play()
	s.face = "/api/v1/me/faces/" + p.post("/api/v1/me/faces", nil).ok().text("id")
	s.ticket = s.clerk.post("/api/v1/village/tickets", map[string]any{
		"item": visitItem, "person": map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "现场取号"},
	}).ok().text("id")
	s.agency, _ = p.lets(c.citizen(t), permitItem)
	s.session = p.get("/api/v1/sessions").ok().text("items.0.id")
	s.account = p.get("/api/v1/me/accounts").ok().text("items.0.id")
	s.bag = s.clerk.post("/api/v1/village/bags", map[string]string{"to": bagOffice}).ok().text("id")
	s.original = s.clerk.post(atWindow(s.accepted)+"/paper", map[string]string{"material": permitLease, "label": "租赁合同"}).ok().text("id")
	s.atTerminal()
	c.settle(t)
	return s
}

// play brings three more cases to where a licence is due, a parcel is made and
// a parcel is on its way.
func (s *scene) play() {
	p := s.citizen
	s.due = p.tolerated()
	s.grant(p, s.due)
	s.granted = p.tolerated()
	p.byCourier(s.granted)
	s.grant(p, s.granted)
	s.licence, s.label = s.send(s.granted)
	s.closed = p.tolerated()
	p.byCourier(s.closed)
	s.grant(p, s.closed)
	_, s.parcel = s.send(s.closed)
	s.clerk.post(strings.Replace(s.parcel, "/courier/", "/village/", 1)+"/hand-over", nil).ok()
	s.courier.post(s.parcel+"/pick-up", nil).ok()
	s.verify = p.get(s.licence).ok().text("code")
}

// settle waits until no job is left to be done.
func (c *town) settle(t testing.TB) {
	t.Helper()
	require.Eventually(t, func() bool { return c.count(t, "SELECT count(*) FROM message WHERE due_at > 0") == 0 },
		20*time.Second, 20*time.Millisecond, "jobs")
}

// commonScene is the scene of the shared instance; what it holds stays as it is.
var commonScene *scene

func sharedScene(t testing.TB) *scene {
	t.Helper()
	if commonScene == nil {
		commonScene = newScene(t, sharedTown(t))
	}
	return commonScene
}
