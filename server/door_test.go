package main

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// onTheRun is a parcel in a courier's hands, for its holder himself.
type onTheRun struct {
	crew
	town    *town
	citizen *client
	path    string // of the case
	office  string // the waybill as its office sees it
	parcel  string // as its courier does
}

func pickedUp(t *testing.T, c *town, w crew) *onTheRun {
	t.Helper()
	p := c.citizen(t)
	d := &onTheRun{crew: w, town: c, citizen: p, path: p.tolerated()}
	p.byCourier(d.path)
	w.grant(p, d.path)
	_, d.parcel = w.send(d.path)
	d.office = strings.Replace(d.parcel, "/courier/", "/village/", 1)
	w.clerk.post(d.office+"/hand-over", nil).ok()
	w.courier.post(d.parcel+"/pick-up", nil).ok()
	return d
}

func (d *onTheRun) code() string { return d.citizen.get(d.path + "/waybill").ok().text("code") }

func (d *onTheRun) state() string { return d.clerk.get(d.office).ok().text("state") }

// snap sends a picture of the parcel.
func snap(p *client, parcel, id, kind string, content []byte) *reply {
	p.t.Helper()
	body, media := formOf(map[string]string{"id": id, "kind": kind}, "proof.jpg", content)
	return p.send(request{method: http.MethodPost, path: parcel + "/evidence", key: rand.Text(), body: body, media: media})
}

func TestAPictureBelongsToItsParcelAndItsCourier(t *testing.T) {
	c := sharedTown(t)
	w := c.crew(t)
	d, e := pickedUp(t, c, w), pickedUp(t, c, w)
	first := snap(w.courier, d.parcel, "photo-0001", "photo", photo).ok()
	require.Len(t, first.text("sha256"), 64)
	require.Equal(t, first.text("sha256"), snap(w.courier, d.parcel, "photo-0001", "photo", photo).ok().text("sha256"), "twice is once")
	snap(w.courier, e.parcel, "photo-0001", "photo", photo).refused(409, "delivery.evidence_reused")
	snap(w.courier, d.parcel, "photo-0002", "photo", []byte("<html>")).refused(422, "scan.media")
	snap(w.courier, d.parcel, "photo-0002", "voice", photo).refused(422, "request.invalid")
	snap(w.courier, d.parcel, "short", "photo", photo).refused(422, "request.invalid")
	snap(c.courier(t, parcelCompany), d.parcel, "photo-0003", "photo", photo).refused(403, "delivery.with_colleague")
	snap(c.courier(t, "别家快递"), d.parcel, "photo-0003", "photo", photo).refused(404, "delivery.no_waybill")

	digits := d.citizen.person.IDNumber[12:]
	w.courier.post(d.parcel+"/deliver", map[string]string{"id_end": digits}).refused(422, "delivery.evidence")
	w.courier.post(e.parcel+"/deliver", map[string]string{"id_end": e.citizen.person.IDNumber[12:], "evidence": "photo-0001"}).
		refused(409, "delivery.evidence_missing")
	w.courier.post(d.parcel+"/deliver", map[string]string{"id_end": digits, "evidence": "photo-9999"}).refused(409, "delivery.evidence_missing")
	require.EqualValues(t, 0, w.clerk.get(d.office).ok().at("wrong_codes"))
	w.courier.post(d.parcel+"/deliver", map[string]string{"id_end": digits, "evidence": "photo-0001"}).ok()
	seen := w.clerk.get(d.office).ok()
	require.Equal(t, "delivered", seen.text("state"))
	require.Equal(t, first.text("sha256"), seen.text("evidence.0.sha256"))
	file := w.clerk.get(d.office + "/evidence/" + seen.text("evidence.0.file")).ok()
	require.True(t, bytes.HasPrefix(file.raw, []byte("\xff\xd8")))
	w.clerk.get(d.office+"/evidence/"+idOf(d.path)).refused(409, "delivery.evidence_missing")
	c.clerk(t, otherVillage).get(d.office+"/evidence/"+seen.text("evidence.0.file")).refused(403, "staff.other_office")
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM waybill_event WHERE evidence LIKE 'photo-0001 sha256:"+first.text("sha256")+"'"))
}

// A phone without signal sends the act before the picture, and the same act
// again after it; its clock is a day off, and the line breaks in between.
func TestAnActWaitsForItsPicture(t *testing.T) {
	c := sharedTown(t)
	w := c.crew(t)
	d, e := pickedUp(t, c, w), pickedUp(t, c, w)
	yesterday := c.clock.now().Add(-24 * time.Hour)
	act := func(id string, p *onTheRun, proof map[string]string) map[string]any {
		return map[string]any{"id": id, "at": yesterday.Add(-time.Minute), "waybill": idOf(p.parcel), "act": "deliver", "proof": proof}
	}
	batch := map[string]any{"sent_at": yesterday, "acts": []any{
		act("door-"+idOf(d.parcel), d, map[string]string{"id_end": d.citizen.person.IDNumber[12:], "evidence": "sign-" + idOf(d.parcel)}),
		act("door-"+idOf(e.parcel), e, map[string]string{"code": e.code()}),
	}}
	r := w.courier.post("/api/v1/courier/acts", batch).ok()
	require.Equal(t, []any{"conflict", "done"}, []any{r.at("acts.0.result"), r.at("acts.1.result")})
	require.Equal(t, "delivery.evidence_missing", r.text("acts.0.code"))
	require.Equal(t, "in_transit", d.state())
	snap(w.courier, d.parcel, "sign-"+idOf(d.parcel), "signature", photo).ok()
	r = w.courier.post("/api/v1/courier/acts", batch).ok()
	require.Equal(t, []any{"done", "already_done"}, []any{r.at("acts.0.result"), r.at("acts.1.result")}, "half of it had been applied")
	require.Equal(t, []string{"delivered", "delivered"}, []string{d.state(), e.state()})
	r = w.courier.post("/api/v1/courier/acts", batch).ok()
	require.Equal(t, []any{"already_done", "already_done"}, []any{r.at("acts.0.result"), r.at("acts.1.result")})
	foreign := c.courier(t, "别家快递").post("/api/v1/courier/acts", batch).ok()
	require.Equal(t, []any{"conflict", "conflict"}, []any{foreign.at("acts.0.result"), foreign.at("acts.1.result")})
}

func TestAnAgentsNumberProvesWhileTheAuthorityHolds(t *testing.T) {
	c := sharedTown(t)
	w := c.crew(t)
	p, agent := c.citizen(t), c.citizen(t)
	path := p.tolerated()
	w.grant(p, path)
	w.clerk.post(atWindow(path)+"/licence", nil).ok()
	number := agent.person.IDNumber[12:]
	collect := func() *reply { return w.clerk.post(atWindow(path)+"/collect", map[string]string{"proof": number}) }
	collect().refused(422, "delivery.wrong_proof")
	id := p.post("/api/v1/agencies", map[string]any{
		"name": agent.person.Name, "number": agent.person.IDNumber, "until": c.clock.now().AddDate(0, 1, 0).Format("2006-01-02"),
	}).ok().text("id")
	collect().refused(422, "delivery.wrong_proof")
	agent.post("/api/v1/agencies/"+id+"/accept", nil).ok()
	collect().ok()
	require.Equal(t, "closed", p.get(path).ok().text("state"))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM case_event WHERE case_id = '"+idOf(path)+"' AND note = 'agent'"))
}

func TestTheCourierArrivesAndTheOriginalGoesIntoNoLocker(t *testing.T) {
	c := sharedTown(t)
	w := c.crew(t)
	d := pickedUp(t, c, w)
	w.courier.post(d.parcel+"/arrive", nil).refused(409, "delivery.not_now")
	w.courier.post(d.parcel+"/set-out", nil).ok()
	w.courier.post(d.parcel+"/arrive", nil).ok()
	w.courier.post(d.parcel+"/arrive", nil).refused(409, "delivery.arrived")
	require.Equal(t, true, d.citizen.get(d.path+"/waybill").ok().at("arrived"))
	require.Equal(t, false, d.citizen.get(d.path+"/waybill").ok().at("locker_may"))
	d.citizen.post(d.path+"/waybill/redirect", map[string]string{"locker": "丰巢A12"}).refused(409, "delivery.no_locker")
	w.courier.post(d.parcel+"/deposit", map[string]string{"opens": "123456"}).refused(409, "delivery.not_to_locker")
	w.courier.post(d.parcel+"/fail", map[string]string{"reason": "absent"}).ok()
	w.courier.post(d.parcel+"/return", nil).ok()
	require.Equal(t, "returning", d.state(), "back it is when the office says so")
	w.clerk.post(d.office+"/take-back", nil).ok()
	require.Equal(t, "returned", d.state())
}

func TestALockerIsOpenedByThePersonAndEmptiedAfterTwoDays(t *testing.T) {
	c := newTown(t, tuesday)
	w := c.crew(t)
	lockered := func() *onTheRun {
		d := pickedUp(t, c, w)
		require.NoError(t, execOne(c.in.conf.database(), `UPDATE waybill SET locker_may = 1 WHERE id = '`+idOf(d.parcel)+`'`))
		d.citizen.post(d.path+"/waybill/redirect", map[string]string{"locker": "丰巢A12", "address": "佛山市禅城区样例路1号"}).refused(422, "delivery.choice")
		d.citizen.post(d.path+"/waybill/redirect", map[string]string{"locker": "丰巢A12"}).ok()
		w.courier.post(d.parcel+"/deposit", map[string]string{"opens": "1;drop"}).refused(422, "request.invalid")
		w.courier.post(d.parcel+"/deposit", map[string]string{"opens": "839201"}).ok()
		return d
	}
	d := lockered()
	seen := d.citizen.get(d.path + "/waybill").ok()
	require.Equal(t, "839201", seen.text("locker_code"))
	require.NotContains(t, string(w.clerk.get(d.office).ok().raw), "839201", "for the person's eyes alone")
	require.NotContains(t, string(w.courier.get("/api/v1/courier/run").ok().raw), "839201")
	w.courier.post(d.parcel+"/retrieve", nil).refused(409, "delivery.locker_kept")
	w.courier.post(d.parcel+"/deliver", map[string]string{"code": "123456"}).refused(409, "delivery.not_now")
	w.clerk.post(atWindow(d.path)+"/collect", map[string]string{"proof": d.citizen.person.IDNumber[12:]}).refused(403, "staff.other_office")
	d.citizen.post(d.path+"/waybill/confirm", map[string]bool{"received": true}).ok()
	require.Equal(t, "delivered", d.state())
	require.Empty(t, d.citizen.get(d.path+"/waybill").ok().text("locker_code"))

	e := lockered()
	c.clock.ahead.Add(int64(48*time.Hour + time.Minute))
	w.courier.login()
	w.courier.post(e.parcel+"/retrieve", nil).ok()
	w.clerk.login()
	require.Equal(t, "attempt_failed", e.state())
	require.EqualValues(t, 1, w.clerk.get(e.office).ok().at("attempts"))
	w.courier.post(e.parcel+"/pick-up", nil).ok()
}

func TestTheLabelIsAPageForA6WithoutNameOrAddress(t *testing.T) {
	c := sharedTown(t)
	w := c.crew(t)
	d := pickedUp(t, c, w)
	page := w.clerk.get(d.office + "/label.html").ok()
	require.Contains(t, page.header.Get("Content-Type"), "text/html")
	text := string(page.raw)
	for _, want := range []string{"105mm 148mm", "禅城区石湾镇街道", parcelCompany, "data:image/png;base64,"} {
		require.Contains(t, text, want)
	}
	for _, private := range []string{d.citizen.person.Name, d.citizen.person.Phone, "样例路1号2座301", "<script", "http://", "https://"} {
		require.NotContains(t, text, private)
	}
	w.courier.get(d.office+"/label.html").refused(403, "staff.not_allowed")
	c.member(t, staff.Member{Role: staff.WindowStaff, Office: place.OfficeCode(otherVillage)}).get(d.office+"/label.html").refused(403, "staff.other_office")
}
