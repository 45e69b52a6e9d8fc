package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

const replayedHeader = "Idempotent-Replayed"

// together lets n clients act at the same moment and gives what each was told.
func together(n int, act func(i int) *reply) []*reply {
	list := make([]*reply, n)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-start
			list[i] = act(i)
		})
	}
	close(start)
	group.Wait()
	return list
}

// tally counts answers by code; "" counts the 200s.
func tally(list []*reply) map[string]int {
	counts := map[string]int{}
	for _, r := range list {
		counts[r.text("code")]++
	}
	return counts
}

// TestARepeatedWriteIsAnsweredAgainAndNotDoneAgain repeats one write of each
// kind: made, changed, refused with an effect.
func TestARepeatedWriteIsAnsweredAgainAndNotDoneAgain(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.permitDraft()
	for _, w := range []struct {
		path string
		body any
	}{
		{"/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}},
		{path + "/submit", nil},
		{"/api/v1/holds", map[string]any{"office": villageOffice, "item": permitItem, "starts_at": p.freeSlots(permitItem)[3]}},
		{"/api/v1/me/faces", nil},
		{"/api/v1/sessions", map[string]string{"code": c.in.sandbox.LoginCode(p.person.OpenID)}},
	} {
		key := rand.Text()
		first := p.postAs(key, w.path, w.body).ok()
		require.Empty(t, first.header.Get(replayedHeader))
		c.settle(t)
		before := c.rows(t)
		again := p.postAs(key, w.path, w.body).ok()
		require.Equal(t, "true", again.header.Get(replayedHeader), w.path)
		require.Equal(t, string(first.raw), string(again.raw), w.path)
		require.Equal(t, first.header.Get("Content-Type"), again.header.Get("Content-Type"))
		require.Equal(t, before, c.rows(t), w.path)
	}
}

// TestAKeyStandsForOneRequest gives a used key to another body, another path,
// another query.
func TestAKeyStandsForOneRequest(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	key := rand.Text()
	body := map[string]string{"item": permitItem, "office": villageOffice}
	p.postAs(key, "/api/v1/cases", body).ok()
	c.settle(t)
	before := c.rows(t)
	for _, r := range []*reply{
		p.postAs(key, "/api/v1/cases", map[string]string{"item": permitItem, "office": otherVillage}),
		p.postAs(key, "/api/v1/cases", `{"item": "`+permitItem+`", "office": "`+villageOffice+`"}`), // other bytes
		p.postAs(key, "/api/v1/me/faces", nil),
	} {
		r.refused(http.StatusConflict, "request.key_reused")
	}
	require.Equal(t, before, c.rows(t))
}

// TestAKeyIsTheAccountsOwn lets another account use the same key.
func TestAKeyIsTheAccountsOwn(t *testing.T) {
	c := sharedTown(t)
	p, q := c.citizen(t), c.citizen(t)
	key := rand.Text()
	body := map[string]string{"item": permitItem, "office": villageOffice}
	mine := p.postAs(key, "/api/v1/cases", body).ok()
	yours := q.postAs(key, "/api/v1/cases", body).ok()
	require.Empty(t, yours.header.Get(replayedHeader))
	require.NotEqual(t, mine.text("id"), yours.text("id"))
	require.Equal(t, q.person.Name, yours.text("form.applicant_name"))
}

// TestARefusedWriteMayBeTriedAgainWithItsKey: where nothing was done, nothing
// is kept, and the corrected request goes through.
func TestARefusedWriteMayBeTriedAgainWithItsKey(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	key := rand.Text()
	p.postAs(key, "/api/v1/cases", map[string]string{"item": "XX-0000", "office": villageOffice}).refused(http.StatusNotFound, "catalog.no_item")
	p.postAs(key, "/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}).ok()
}

// TestManyAtOnceWithOneKeyAreOneWrite sends each kind of write thirty times at
// the same moment, as an impatient phone on a bad line would.
func TestManyAtOnceWithOneKeyAreOneWrite(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	visitor := c.visitor(t)
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.promise(path)
	form, media := formOf(map[string]string{"material": permitPhoto}, "photo.jpg", photo)
	for why, r := range map[string]request{
		"open":   {path: "/api/v1/cases", body: encoded(map[string]string{"item": permitItem, "office": villageOffice})},
		"submit": {path: path + "/submit"},
		"face":   {path: "/api/v1/me/faces"},
		"upload": {path: path + "/files", body: form, media: media},
		"login":  {path: "/api/v1/sessions", body: encoded(map[string]string{"code": c.in.sandbox.LoginCode(p.person.OpenID)})},
		"phone":  {path: "/api/v1/me/phone", body: encoded(map[string]string{"code": c.in.sandbox.PhoneCode(visitor.person.OpenID)})},
	} {
		r.method, r.key, r.media = http.MethodPost, rand.Text(), orText(r.media, jsonMedia)
		who := p
		if why == "phone" {
			who = visitor
		}
		list := together(30, func(int) *reply { return who.send(r) })
		fresh := 0
		for _, got := range list {
			got.ok()
			require.Equal(t, string(list[0].raw), string(got.raw), why)
			if got.header.Get(replayedHeader) == "" {
				fresh++
			}
		}
		require.Equal(t, 1, fresh, "%s: answers that were not replayed", why)
	}
	require.Zero(t, c.counted(t, fault.ErrInternal.Code), "who waited for the first answer is told as no defect")
	require.Equal(t, 2, c.count(t, "SELECT count(*) FROM cases"))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM face_check"))
	require.Equal(t, 2, c.count(t, "SELECT count(*) FROM case_file"), "the photo before, and one of thirty")
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM message WHERE kind = 'case.tolerated'"))
}

// TestAnAnswerOutlivesTheServer restarts the instance between a write and its
// repetition.
func TestAnAnswerOutlivesTheServer(t *testing.T) {
	c, err := openTown(t.TempDir(), tuesday)
	require.NoError(t, err)
	p := c.citizen(t)
	body := map[string]string{"item": permitItem, "office": villageOffice}
	first := p.postAs("the-same-key", "/api/v1/cases", body).ok()
	require.NoError(t, c.close())
	require.NoError(t, c.open())
	t.Cleanup(func() { require.NoError(t, c.close()) })
	again := p.postAs("the-same-key", "/api/v1/cases", body).ok()
	require.Equal(t, "true", again.header.Get(replayedHeader))
	require.Equal(t, string(first.raw), string(again.raw))
	p.postAs("the-same-key", "/api/v1/me/faces", nil).refused(http.StatusConflict, "request.key_reused")
	require.Len(t, p.get("/api/v1/cases").ok().list("items"), 1)
}

// TestAnUploadRetriedWithAnotherBoundaryIsTheSame repeats a form as phones do,
// and changes each of its parts.
func TestAnUploadRetriedWithAnotherBoundaryIsTheSame(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.permitDraft() + "/files"
	send := func(material, name string, content []byte) *reply {
		body, media := formOf(map[string]string{"material": material}, name, content)
		return p.send(request{method: http.MethodPost, path: path, key: "upload-key-1", body: body, media: media})
	}
	first := send(permitPhoto, "a.jpg", photo).ok()
	again := send(permitPhoto, "a.jpg", photo).ok()
	require.Equal(t, "true", again.header.Get(replayedHeader))
	require.Equal(t, string(first.raw), string(again.raw))
	send(permitPhoto, "b.jpg", photo).refused(http.StatusConflict, "request.key_reused")
	send(permitLease, "a.jpg", photo).refused(http.StatusConflict, "request.key_reused")
	send(permitPhoto, "a.jpg", append(photo, 1)).refused(http.StatusConflict, "request.key_reused")
}

// TestAnAnswerIsKeptTwoDays asks again a day later.
func TestAnAnswerIsKeptTwoDays(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	first := p.postAs("a-day-later", "/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}).ok()
	c.clock.moveTo(c.clock.now().Add(47 * time.Hour))
	require.NoError(t, c.in.db.ForgetAnswers(t.Context()))
	again := p.postAs("a-day-later", "/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}).ok()
	require.Equal(t, first.text("id"), again.text("id"))
}

// TestKeptAnswersAreSealed looks for a token and a name in the database file.
func TestKeptAnswersAreSealed(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	p.permitDraft()
	c.settle(t)
	db := c.database(t)
	for _, table := range tables(t, db) {
		rows, err := db.Query(fmt.Sprintf(`SELECT * FROM "%s"`, table))
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for i, v := range values {
				text := fmt.Sprintf("%s", *v.(*any))
				for _, own := range []string{p.token, p.person.Name, p.person.IDNumber, p.person.Phone, p.person.OpenID, "样例路"} {
					require.NotContains(t, text, own, "%s.%s", table, columns[i])
				}
			}
		}
		require.NoError(t, rows.Err())
	}
}
