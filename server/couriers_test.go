package main

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	tariffDistrict = "440604000000"
	remoteCompany  = "样例速运"
)

// dispatched is a town with a parcel for the company that has an interface.
type dispatched struct {
	crew
	town    *town
	t       *testing.T
	citizen *client
	path    string // of the case
	waybill string
}

func newDispatch(t *testing.T) *dispatched {
	c := newTown(t, tuesday)
	c.in.conf.PublicURL = c.url
	d := &dispatched{crew: c.crew(t), town: c, t: t, citizen: c.citizen(t)}
	d.send()
	return d
}

// send makes one more parcel that its office has handed over, and waits for the
// order.
func (d *dispatched) send() {
	d.path, d.waybill = d.again()
	d.settled()
}

// settled waits until the company has been asked.
func (d *dispatched) settled() {
	d.t.Helper()
	require.Eventually(d.t, func() bool { return d.town.count(d.t, "SELECT count(*) FROM job WHERE state = 'ready'") == 0 },
		20*time.Second, 20*time.Millisecond, "jobs")
}

func (d *dispatched) office() *reply {
	return d.clerk.get("/api/v1/village/waybills/" + d.waybill).ok()
}

func (d *dispatched) state() string { return d.office().text("state") }

func (d *dispatched) number() string { return d.office().text("order.number") }

func (d *dispatched) tell(status int) (url.Values, error) {
	return d.town.in.courierPlay.Tell(d.t.Context(), d.number(), status)
}

func (d *dispatched) trace(state int, at time.Time) (url.Values, error) {
	return d.town.in.courierPlay.Trace(d.t.Context(), d.number(), state, at)
}

// push posts a form as a company would.
func (d *dispatched) push(about string, form url.Values) *reply {
	d.t.Helper()
	return d.town.nobody(d.t).send(request{
		method: http.MethodPost, path: "/callback/couriers/" + d.waybill + "/" + about,
		media: "application/x-www-form-urlencoded", body: []byte(form.Encode()),
	})
}

func TestAParcelGoesWithACompanyThroughItsInterface(t *testing.T) {
	d := newDispatch(t)
	require.EqualValues(t, 1200, d.citizen.get(d.path+"/waybill").ok().at("fee_fen"))

	orders := d.town.in.courierPlay.Orders()
	require.Len(t, orders, 1)
	o := orders[0]
	require.Equal(t, "shunfeng", o.Param["kuaidicom"])
	require.Equal(t, strings.ReplaceAll(d.waybill, "-", ""), o.Param["thirdOrderId"])
	require.Equal(t, "佛山市禅城区样例路1号2座301", o.Param["recManPrintAddr"])
	require.Contains(t, o.Param["sendManPrintAddr"], "佛山市禅城区")
	require.Equal(t, "placed", d.office().text("order.state"))
	require.Equal(t, o.Number, d.number())

	for _, step := range []struct {
		tell func() (url.Values, error)
		want string
	}{
		{func() (url.Values, error) { return d.tell(1) }, "handed_over"},
		{func() (url.Values, error) { return d.tell(10) }, "in_transit"},
		{func() (url.Values, error) { return d.trace(5, tuesday.Add(time.Hour)) }, "out_for_delivery"},
		{func() (url.Values, error) { return d.trace(2, tuesday.Add(2*time.Hour)) }, "attempt_failed"},
		{func() (url.Values, error) { return d.trace(5, tuesday.Add(3*time.Hour)) }, "out_for_delivery"},
	} {
		_, err := step.tell()
		require.NoError(t, err)
		require.Equal(t, step.want, d.state())
	}
	seen := d.citizen.get(d.path + "/waybill").ok()
	require.Empty(t, seen.text("code"), "its couriers ask for no code of ours")
	require.Equal(t, o.Number, seen.text("carrier_number"))
	d.citizen.post(d.path+"/waybill/confirm", map[string]bool{"received": true}).refused(409, "delivery.not_claimed")

	_, err := d.tell(13)
	require.NoError(t, err)
	require.Equal(t, "out_for_delivery", d.state(), "what a company says proves no delivery")
	require.True(t, d.citizen.get(d.path+"/waybill").ok().at("claimed").(bool))
	require.Equal(t, "granted", d.citizen.get(d.path).ok().text("state"))
	d.citizen.post(d.path+"/waybill/confirm", map[string]bool{"received": false}).ok()
	require.Equal(t, "out_for_delivery", d.state())
	_, err = d.trace(3, tuesday.Add(4*time.Hour))
	require.NoError(t, err)
	d.town.citizen(t).post(d.path+"/waybill/confirm", map[string]bool{"received": true}).refused(404, "casework.not_found")
	d.citizen.post(d.path+"/waybill/confirm", map[string]bool{"received": true}).ok()
	require.Equal(t, "delivered", d.state())
	require.Equal(t, "closed", d.citizen.get(d.path).ok().text("state"))
	line := d.office().list("timeline")
	require.Equal(t, "recipient", line[len(line)-1]["proof"])
}

func TestForgedRepeatedAndReorderedPushesChangeNothing(t *testing.T) {
	d := newDispatch(t)
	forged := url.Values{"param": {`{"kuaidinum":"SF1","data":{"status":13}}`}, "sign": {strings.Repeat("A", 32)}}
	for name, form := range map[string]url.Values{
		"forged": forged, "unsigned": {"param": forged["param"]}, "empty": {}, "without a param": {"sign": forged["sign"]},
	} {
		d.push("order", form).refused(403, "courier.push_signature")
		d.push("track", form).refused(403, "courier.push_signature")
		require.Equal(t, "handed_over", d.state(), name)
	}
	elsewhere := d.waybill
	d.waybill = "0190a0a0-0000-7000-8000-000000000000"
	d.push("order", forged).refused(403, "courier.push_signature")
	d.waybill = elsewhere

	out, err := d.trace(5, tuesday.Add(2*time.Hour))
	require.NoError(t, err)
	require.Equal(t, "out_for_delivery", d.state(), "a station that was skipped is caught up on")
	for _, late := range []func() (url.Values, error){
		func() (url.Values, error) { return d.tell(10) },
		func() (url.Values, error) { return d.trace(1, tuesday.Add(time.Hour)) },
		func() (url.Values, error) { return d.trace(2, tuesday.Add(time.Hour)) },
	} {
		_, err := late()
		require.NoError(t, err, "it is taken, so that it does not come again")
		require.Equal(t, "out_for_delivery", d.state())
	}
	before := len(d.office().list("timeline"))
	_, err = d.trace(2, tuesday.Add(3*time.Hour))
	require.NoError(t, err)
	require.Equal(t, "attempt_failed", d.state())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { d.push("track", out).ok() })
	}
	all.Wait()
	require.Equal(t, "attempt_failed", d.state(), "a replayed push starts no second outing")
	require.Len(t, d.office().list("timeline"), before+1)

	// Its signature is good for this one parcel.
	first, firstID := out, d.waybill
	d.send()
	d.push("track", first).refused(403, "courier.push_signature")
	d.waybill = firstID
	tampered := url.Values{"param": {strings.Replace(out.Get("param"), `"5"`, `"3"`, 1)}, "sign": out["sign"]}
	require.NotEqual(t, out, tampered)
	d.push("track", tampered).refused(403, "courier.push_signature")
	for _, odd := range []string{`{}`, `[]`, `{"lastResult":{"state":"x"}}`, `{"lastResult":null}`, "\xff", `{"lastResult":{"state":99999999999999999999}}`} {
		form := url.Values{"param": {odd}, "sign": {signedBy(d, odd)}}
		d.push("track", form).refused(422, "courier.push")
	}
}

func signedBy(d *dispatched, param string) string {
	o, err := d.town.in.db.OrderOf(context.Background(), d.waybill)
	require.NoError(d.t, err)
	sum := md5.Sum([]byte(param + o.Salt))
	return hex.EncodeToString(sum[:])
}

func TestACompanyThatJumpsAGuardIsNotFollowed(t *testing.T) {
	d := newDispatch(t)
	for i := range 3 {
		_, err := d.trace(2, tuesday.Add(time.Duration(2*i+1)*time.Hour))
		require.NoError(t, err)
		_, err = d.trace(5, tuesday.Add(time.Duration(2*i+2)*time.Hour))
		require.NoError(t, err)
	}
	o := d.office()
	require.Equal(t, "attempt_failed", o.text("state"), "a fourth outing is one too many")
	told := o.list("tidings")
	require.Equal(t, "refused", told[len(told)-1]["result"])
	require.Equal(t, "delivery.attempts_used", told[len(told)-1]["code"])
	_, err := d.trace(6, tuesday.Add(9*time.Hour))
	require.NoError(t, err)
	require.Equal(t, "returning", d.state())
	_, err = d.trace(4, tuesday.Add(10*time.Hour))
	require.NoError(t, err)
	require.Equal(t, "returning", d.state(), "back it is when its office says so")
	d.clerk.post("/api/v1/village/waybills/"+d.waybill+"/take-back", nil).ok()
	d.clerk.post(atWindow(d.path)+"/collect", map[string]string{"proof": d.citizen.person.IDNumber[12:]}).ok()
}

func TestAnOrderIsPlacedOnceHoweverOftenItIsAsked(t *testing.T) {
	d := newDispatch(t)
	ctx := context.Background()
	require.NoError(t, d.town.in.rooms.parcels.Place(ctx, d.waybill))
	require.Len(t, d.town.in.courierPlay.Orders(), 1)
	require.NoError(t, execOne(d.town.in.conf.database(), `UPDATE courier_order SET state = 'asked', task = ''`))
	require.NoError(t, d.town.in.rooms.parcels.Place(ctx, d.waybill), "the answer had been lost on its way")
	require.Len(t, d.town.in.courierPlay.Orders(), 1)
	require.Equal(t, 2, d.town.in.courierPlay.Orders()[0].Asked)
	require.Equal(t, "placed", d.office().text("order.state"))

	d.town.in.courierPlay.Break(2)
	d.path, d.waybill = d.again()
	require.Eventually(t, func() bool {
		d.town.clock.ahead.Add(int64(5 * time.Second))
		return d.office().text("order.state") == "placed"
	},
		10*time.Second, 50*time.Millisecond, "a busy company is asked again")
	require.Len(t, d.town.in.courierPlay.Orders(), 2)
}

// again is send without waiting for its job.
func (d *dispatched) again() (path, waybill string) {
	p := d.citizen
	path = p.tolerated()
	p.put(path+"/delivery", map[string]string{
		"way": "courier", "recipient": p.person.Name, "phone": p.person.Phone, "address": "佛山市禅城区样例路1号2座301",
		"area": "禅城区石湾镇街道", "division": tariffDistrict, "company": remoteCompany,
	}).ok()
	d.grant(p, path)
	d.clerk.post(atWindow(path)+"/licence", nil).ok()
	waybill = d.clerk.post(atWindow(path)+"/waybill", nil).ok().text("id")
	d.clerk.post("/api/v1/village/waybills/"+waybill+"/hand-over", nil).ok()
	return path, waybill
}

func TestAnOrderIsCalledOffAndOrderedAnew(t *testing.T) {
	d := newDispatch(t)
	d.clerk.post("/api/v1/village/waybills/"+d.waybill+"/order", nil).refused(409, "delivery.order_stands")
	_, err := d.tell(99)
	require.NoError(t, err)
	require.Equal(t, "failed", d.office().text("order.state"))
	require.Equal(t, "handed_over", d.state(), "the parcel has not moved")
	d.citizen.post(d.path+"/waybill/redirect", map[string]string{"office": villageOffice}).refused(409, "delivery.ordered")
	d.clerk.post("/api/v1/village/waybills/"+d.waybill+"/order", nil).ok()
	d.settled()
	require.Equal(t, "placed", d.office().text("order.state"))
	require.Len(t, d.town.in.courierPlay.Orders(), 2)

	d.clerk.post("/api/v1/village/waybills/"+d.waybill+"/cancel", map[string]string{"reason": "申请人改为窗口领取"}).ok()
	d.settled()
	require.Equal(t, 9, d.town.in.courierPlay.Orders()[1].Status)
	require.Equal(t, "dropped", d.office().text("order.state"))
	require.Equal(t, "returning", d.state())
	d.clerk.post("/api/v1/village/waybills/"+d.waybill+"/take-back", nil).ok()
}

func TestASilentCompanyIsAsked(t *testing.T) {
	d := newDispatch(t)
	quiet := d.town.in.courierPlay.Client
	d.town.in.courierPlay.Client = &http.Client{Transport: broken{}}
	_, err := d.tell(10)
	require.Error(t, err, "the push is lost")
	d.town.in.courierPlay.Client = quiet
	require.Equal(t, "handed_over", d.state())
	asked, err := d.town.in.rooms.parcels.Listen(context.Background())
	require.NoError(t, err)
	require.Zero(t, asked, "it has been heard of just now")
	d.town.clock.ahead.Add(int64(7 * time.Hour))
	asked, err = d.town.in.rooms.parcels.Listen(context.Background())
	require.NoError(t, err)
	require.Equal(t, 1, asked)
	require.Equal(t, "in_transit", d.state())
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }

func TestACompanySeesItsOwnParcelsAlone(t *testing.T) {
	d := newDispatch(t)
	theirs, others := d.town.courier(t, remoteCompany), d.courier
	for _, c := range []*client{theirs, others} {
		require.Empty(t, c.get("/api/v1/courier/run").ok().list("waiting.items"), "it goes through the interface")
	}
	others.post("/api/v1/courier/waybills/"+d.waybill+"/pick-up", nil).refused(404, "delivery.no_waybill")
	others.post("/api/v1/courier/acts", map[string]any{"sent_at": d.town.clock.now(), "acts": []map[string]any{
		{"id": "act-foreign-1", "at": d.town.clock.now(), "waybill": d.waybill, "act": "pick_up"},
	}}).ok()
	require.Equal(t, "handed_over", d.state())
}

func TestTariffsAreShownAndAgreedTo(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.tolerated()
	list := p.get(path + "/delivery/companies?division=" + tariffDistrict).ok().list("items")
	require.Len(t, list, 3)
	require.EqualValues(t, 0, list[0]["fee_fen"])
	require.Equal(t, remoteCompany, list[2]["company"])
	require.EqualValues(t, 1200, list[2]["fee_fen"])
	require.EqualValues(t, 1500, p.get(path + "/delivery/companies?division=440605000000").ok().list("items")[1]["fee_fen"])
	p.get(path+"/delivery/companies?division=999999999999").refused(404, "place.no_division")
	p.get(path+"/delivery/companies").refused(422, "request.invalid")
	c.citizen(t).get(path+"/delivery/companies?division="+tariffDistrict).refused(404, "casework.not_found")
	wish := map[string]string{
		"way": "courier", "recipient": p.person.Name, "phone": p.person.Phone, "address": "佛山市南海区样例路1号", "area": "南海区桂城街道",
		"division": "440605000000", "company": "政务专送",
	}
	p.put(path+"/delivery", wish).refused(422, "delivery.company_area")
	wish["division"] = ""
	p.put(path+"/delivery", wish).refused(422, "delivery.choice")
	wish["division"], wish["company"] = "440605000000", remoteCompany
	require.EqualValues(t, 1500, p.put(path+"/delivery", wish).ok().at("fee_fen"))
	wish["company"] = "没有的公司"
	p.put(path+"/delivery", wish).refused(422, "delivery.company_area")
}
