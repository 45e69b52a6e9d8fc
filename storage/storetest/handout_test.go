package storetest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"image"
	"image/jpeg"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// handout is where results go out, over an empty database.
type handout struct {
	t        *testing.T
	db       *sqlstore.DB
	clock    *storetest.Clock
	registry *licence.Registry
	desk     *delivery.Desk
	box      *rating.Box
	people   []citizen.Account
	clerk    staff.Member // of the office that accepts
	other    staff.Member // of another office
}

const sent catalog.ItemCode = "HJ-0001" // its result can be sent

func openHandout(t *testing.T) *handout { return handoutOver(t, storetest.Open(t)) }

func handoutOver(t *testing.T, db *sqlstore.DB) *handout {
	city := storetest.Foshan(t)
	clock := storetest.ClockAt(time.Date(2026, 11, 23, 9, 0, 0, 0, workday.Zone))
	_, _, err := db.AddEdition(t.Context(), "digest", []byte("files"), clock.Now())
	require.NoError(t, err)
	var offices []place.OfficeCode
	for _, o := range city.Only.Places.Offices() {
		if o.Level == place.Town {
			offices = append(offices, o.Code)
		}
	}
	return &handout{
		t: t, db: db, clock: clock,
		registry: &licence.Registry{
			Store: sqlstore.For[licence.Tx](db), City: city, Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader, Letters: "FS",
		},
		desk: &delivery.Desk{
			Store: sqlstore.For[delivery.Tx](db), City: city, Calendar: workday.NewCalendar(), Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader,
			Files: &drawer{}, Inspector: scan.NewGuard(nil),
		},
		box:    &rating.Box{Store: sqlstore.For[rating.Tx](db), Calendar: workday.NewCalendar(), Rules: rating.DefaultRules(), Now: clock.Now},
		people: storetest.Citizens(t, db, 3),
		clerk:  staff.Member{ID: "clerk", Role: staff.WindowStaff, Office: offices[0]},
		other:  staff.Member{ID: "other", Role: staff.WindowStaff, Office: offices[1]},
	}
}

// itemLike finds an item of the sample city.
func (h *handout) itemLike(fits func(*catalog.Item) bool) catalog.ItemCode {
	e, err := h.desk.City.Current(h.t.Context())
	require.NoError(h.t, err)
	for _, item := range e.Catalogue.Items() {
		if fits(item) {
			return item.Code
		}
	}
	h.t.Fatal("the sample city has no such item")
	return ""
}

// caseIn puts a new case of the first person into a state.
func (h *handout) caseIn(state casework.State, item catalog.ItemCode) string {
	id := storetest.NewID()
	cs := casework.Case{
		ID: casework.ID(id), Number: "N-" + id, Edition: 1, Item: item, Person: h.me(), Office: h.clerk.Office,
		State: casework.Draft, Form: map[string]string{}, OpenedAt: h.clock.Now(),
	}
	err := sqlstore.For[casework.Tx](h.db).InTx(h.t.Context(), func(tx casework.Tx) error {
		if err := tx.InsertCase(h.t.Context(), cs); err != nil {
			return err
		}
		cs.State = state
		return tx.SaveCase(h.t.Context(), cs, casework.Draft)
	})
	require.NoError(h.t, err)
	return id
}

func (h *handout) me() citizen.ID { return h.people[0].Person }

func (h *handout) stateOf(caseID string) casework.State {
	cs, err := h.db.Case(h.t.Context(), casework.ID(caseID))
	require.NoError(h.t, err)
	return cs.State
}

// courier lets somebody take up a courier's post.
func (h *handout) courier(company string) staff.Member {
	name, err := citizen.ParseName("何师傅")
	require.NoError(h.t, err)
	account := citizen.Account{ID: citizen.AccountID(storetest.NewID()), OpenID: storetest.NewID(), MadeAt: h.clock.Now()}
	m := staff.Member{ID: staff.ID(storetest.NewID()), Account: account.ID, Role: staff.Courier, Name: name, Company: company}
	err = sqlstore.For[citizen.Tx](h.db).InTx(h.t.Context(), func(tx citizen.Tx) error { return tx.InsertAccount(h.t.Context(), account) })
	require.NoError(h.t, err)
	err = sqlstore.For[staff.Tx](h.db).InTx(h.t.Context(), func(tx staff.Tx) error { return tx.InsertMember(h.t.Context(), m) })
	require.NoError(h.t, err)
	return m
}

func (h *handout) issued(item catalog.ItemCode) (caseID string, l licence.Licence) {
	caseID = h.caseIn(casework.Granted, item)
	l, err := h.registry.Issue(h.t.Context(), h.clerk, caseID, workday.Date{})
	require.NoError(h.t, err)
	return caseID, l
}

var wish = delivery.Wish{
	Way: delivery.ByCourier, Recipient: "张三丰", Phone: "13800138000", Address: "人民路1号302", Area: "禅城区祖庙街道",
}

// chosen is a case whose licence is to go by courier.
func (h *handout) chosen() string {
	caseID, _ := h.issued(sent)
	_, err := h.desk.Choose(h.t.Context(), h.me(), caseID, wish)
	require.NoError(h.t, err)
	return caseID
}

// handedOver is a parcel that waits for a company's couriers.
func (h *handout) handedOver(company string) delivery.Waybill {
	w, err := h.desk.Make(h.t.Context(), h.clerk, h.chosen(), delivery.Load{Company: company})
	require.NoError(h.t, err)
	w, err = h.desk.HandOver(h.t.Context(), h.clerk, w.ID)
	require.NoError(h.t, err)
	return w
}

func (h *handout) pickedUp(by staff.Member) delivery.Waybill {
	w := h.handedOver(by.Company)
	_, err := h.desk.PickUp(h.t.Context(), by, w.ID)
	require.NoError(h.t, err)
	return w
}

func (h *handout) waybill(id string) delivery.Waybill {
	w, err := h.db.Waybill(h.t.Context(), id)
	require.NoError(h.t, err)
	return w
}

// told is what the first person was told, oldest first.
func (h *handout) told() []notify.Notice {
	list, err := h.db.Notices(h.t.Context(), h.me(), "", 1000)
	require.NoError(h.t, err)
	slices.Reverse(list)
	return list
}

func (h *handout) kinds() (list []string) {
	for _, n := range h.told() {
		list = append(list, string(n.Kind))
	}
	return list
}

// history is the record of a case.
func (h *handout) history(caseID string) (acts []string) {
	events, err := h.db.Events(h.t.Context(), casework.ID(caseID))
	require.NoError(h.t, err)
	for _, e := range events {
		acts = append(acts, string(e.Act)+" "+e.Actor+" "+e.Note)
	}
	return acts
}

// acts is the timeline of a waybill.
func (h *handout) acts(waybill string) (list []delivery.Act) {
	events, err := h.db.WaybillEvents(h.t.Context(), waybill)
	require.NoError(h.t, err)
	for _, e := range events {
		list = append(list, e.Act)
	}
	return list
}

// sees checks what the recipient is shown.
func (h *handout) sees(caseID string, state delivery.State, code delivery.Code) {
	h.t.Helper()
	track, err := h.desk.Track(h.t.Context(), h.me(), caseID)
	require.NoError(h.t, err)
	require.Equal(h.t, state, track.Waybill.State)
	require.Equal(h.t, code, track.Code)
}

func (h *handout) round(by staff.Member) delivery.Round {
	r, err := h.desk.Round(h.t.Context(), by, "", 100)
	require.NoError(h.t, err)
	return r
}

// proof is the end of the first person's identity number.
func (h *handout) proof() string {
	number := storetest.Number(0).String()
	return number[len(number)-6:]
}

// wrong is a code that is not this one.
func wrong(c delivery.Code) string {
	if c == "000000" {
		return "000001"
	}
	return "000000"
}

// broughtBack is a parcel that its courier brings and its office takes.
func (h *handout) broughtBack(by staff.Member, id string) {
	h.t.Helper()
	_, err := h.desk.Return(h.t.Context(), by, id)
	require.NoError(h.t, err)
	_, err = h.desk.TakeBack(h.t.Context(), h.clerk, id)
	require.NoError(h.t, err)
}

// filed is a photo that the courier has taken of a parcel.
func (h *handout) filed(by staff.Member, waybill string) string {
	h.t.Helper()
	f, err := h.desk.File(h.t.Context(), by, delivery.ProofFile{ID: "photo-" + storetest.NewID(), Waybill: waybill, Kind: "photo"}, picture)
	require.NoError(h.t, err)
	return f.ID
}

// picture is a small JPEG.
var picture = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}()

// drawer keeps files in memory.
type drawer struct{ files sync.Map }

func (d *drawer) Put(_ context.Context, id string, content []byte) error {
	d.files.Store(id, content)
	return nil
}

func (d *drawer) Get(_ context.Context, id string) ([]byte, error) {
	content, _ := d.files.Load(id)
	return content.([]byte), nil
}
