package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/meter"
)

// TestNothingPersonalLiesOpen plays the whole journey and then looks for
// everything that is somebody's: in the database, in the files, in the log, in
// metrics and traces, and in whatever was printed.
func TestNothingPersonalLiesOpen(t *testing.T) {
	printed := capture(t)
	collector, spans := collecting(t)
	t.Setenv(meter.TraceVariable, collector)
	h := newHouse(t)
	h.journey()
	h.talk()
	secrets := h.secrets()
	require.Greater(t, len(secrets), 40)

	heaps := map[string]string{"the log": h.log.String(), "what was printed": printed()}
	readAll(t, h.conf.Data, heaps)
	for at, text := range cells(t, h.conf.database()) {
		heaps[at] = text
	}
	heaps["the metrics"] = scrapedFrom(t, h.in)
	require.Eventually(t, func() bool { return len(spans()) > 500 }, 20*time.Second, 100*time.Millisecond, "traces")
	for i, span := range spans() {
		heaps[fmt.Sprintf("trace span %d", i)] = span.String()
	}
	require.Greater(t, len(heaps), 100, "there is something to look through")
	for what, secret := range secrets {
		for at, text := range heaps {
			for form, looksLike := range forms(secret) {
				require.False(t, holds(text, looksLike), "%s stands in %s (%s)", what, at, form)
			}
		}
	}
	require.NotContains(t, heaps, "keys.txt")
}

// talk lets everybody write names and numbers where they do not belong: into
// addresses, searches, file names, notes, reasons and ratings.
func (h *house) talk() {
	person := h.people()[0]
	citizen, clerk := h.token(person.OpenID), h.token(h.people()[4].OpenID)
	for _, path := range []string{
		"/api/v1/items?q=" + url.QueryEscape(person.Name), "/api/v1/nothing/" + person.IDNumber, "/api/v1/items?q=%ff&x=" + person.Phone,
		"/api/v1/verify/" + person.IDNumber, "/api/v1/cases/" + person.Phone, "/callback/wechat?echostr=" + person.OpenID,
	} {
		h.ask(http.MethodGet, path, citizen, nil)
	}
	opened := h.api.found(http.MethodPost, "/api/v1/cases")[1]
	status, answer := h.ask(http.MethodPost, "/api/v1/cases", citizen, map[string]any{"item": opened.in["item"], "office": opened.in["office"]})
	require.Equal(h.t, http.StatusOK, status, answer)
	var cs struct{ ID string }
	require.NoError(h.t, json.Unmarshal([]byte(answer), &cs))
	own, desk := "/api/v1/cases/"+cs.ID, "/api/v1/village/cases/"+cs.ID
	about := "申请人" + person.Name + person.IDNumber + "电话" + person.Phone
	for _, step := range []struct {
		method, path, token string
		body                any
	}{
		{http.MethodPut, own + "/form", citizen, map[string]any{"form": map[string]string{
			"service_type": about, "residence_address": about, "appointment_date": "2027-03-01"}}},
		{http.MethodPost, own + "/submit", citizen, nil},
		{http.MethodPost, desk + "/take", clerk, nil},
		{http.MethodPost, desk + "/materials/M-0048/judge", clerk, map[string]any{"fit": false, "note": about}},
		{http.MethodPost, desk + "/reveal", clerk, map[string]string{"purpose": about}},
		{http.MethodPost, desk + "/decision", clerk, map[string]any{"grant": false, "text": about}},
		{http.MethodPost, own + "/rating", citizen, map[string]any{"grade": 1, "text": about}},
	} {
		status, answer := h.ask(step.method, step.path, step.token, step.body)
		require.Equal(h.t, http.StatusOK, status, "%s %s: %s", step.method, step.path, answer)
	}
}

// secrets are what the journey has shown of its people, by what it is.
func (h *house) secrets() map[string]string {
	all := map[string]string{
		"the address of the form":   "样例路1号",
		"the address of the parcel": "2座301",
		"the phone of the parcel":   "19900000101",
		"the decision's text":       "符合条件，准予办理",
		"the name of a file":        "租赁备案.jpg",
		"the beginning of a photo":  "\xff\xd8\xff\xdb\x00\x84",
	}
	for i, p := range h.people() {
		all[fmt.Sprintf("the name of person %d", i)] = p.Name
		all[fmt.Sprintf("the number of person %d", i)] = p.IDNumber
		all[fmt.Sprintf("the phone of person %d", i)] = p.Phone
		all[fmt.Sprintf("the openid of person %d", i)] = p.OpenID
	}
	add := func(what string, values ...any) {
		for i, v := range values {
			require.NotEmpty(h.t, v, what)
			all[fmt.Sprintf("%s %d", what, i)] = v.(string)
		}
	}
	for i, e := range h.api.found(http.MethodPost, "/api/v1/sessions") {
		add(fmt.Sprintf("a token %d", i), e.out["token"], e.in["code"])
	}
	for i, e := range h.api.found(http.MethodPost, "/api/v1/me/phone") {
		add(fmt.Sprintf("a phone code %d", i), e.in["code"])
	}
	for i, code := range h.codes {
		add(fmt.Sprintf("an invitation %d", i), code)
	}
	for _, e := range h.api.found(http.MethodGet, "/waybill") {
		add("the one-time code", e.out["code"])
	}
	return all
}

// forms are the ways in which a secret could have been written down: plain,
// encoded, or as a bare hash that a list of all numbers would undo.
func forms(secret string) map[string]string {
	sum := sha256.Sum256([]byte(secret))
	all := map[string]string{"plain": secret}
	if len(secret) < 8 { // short ones would be found everywhere
		return all
	}
	all["hex"] = hex.EncodeToString([]byte(secret))
	all["base64"] = strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
	all["escaped"] = strings.Trim(fmt.Sprintf("%+q", secret), `"`)
	if !token.MatchString(secret) && !strings.HasPrefix(secret, "\xff") { // their hashes are how they are known again
		all["hash"], all["hex of hash"] = string(sum[:]), hex.EncodeToString(sum[:])
	}
	return all
}

// token matches what is random enough for its bare hash to tell nothing.
var token = regexp.MustCompile(`^[A-Za-z0-9_-]{16,}$`)

var six = regexp.MustCompile(`^[0-9]{6}$`)

// holds says whether text has a secret; one of six digits must stand alone.
func holds(text, secret string) bool {
	if !six.MatchString(secret) {
		return strings.Contains(text, secret)
	}
	return len(text) < 1<<16 && regexp.MustCompile(`(^|[^0-9a-f])`+secret+`($|[^0-9a-f])`).MatchString(text)
}

// readAll reads every file of the data folder but the keys.
func readAll(t *testing.T, root string, into map[string]string) {
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "keys.txt" {
			return err
		}
		content, err := os.ReadFile(path)
		into[strings.TrimPrefix(path, root+"/")+" and its name"] = string(content) + path
		return err
	}))
}

// cells reads every value of the database: in the file itself a long one may
// be cut in two.
func cells(t *testing.T, path string) map[string]string {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	require.NoError(t, err)
	defer db.Close()
	all := map[string]string{}
	for _, table := range strings.Fields(cellOf(t, db, `SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'table'`)) {
		rows, err := db.Query(`SELECT * FROM "` + table + `"`)
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for n := 0; rows.Next(); n++ {
			values := make([]sql.NullString, len(columns))
			dest := make([]any, len(columns))
			for i := range values {
				dest[i] = &values[i]
			}
			require.NoError(t, rows.Scan(dest...))
			for i, v := range values {
				all[fmt.Sprintf("%s.%s, row %d", table, columns[i], n)] = v.String
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return all
}

func cellOf(t *testing.T, db *sql.DB, query string) (text string) {
	require.NoError(t, db.QueryRow(query).Scan(&text))
	return text
}

// capture diverts what anybody prints past the log.
func capture(t *testing.T) (printed func() string) {
	f, err := os.CreateTemp(t.TempDir(), "printed")
	require.NoError(t, err)
	out, errs, logged := os.Stdout, os.Stderr, log.Writer()
	os.Stdout, os.Stderr = f, f
	log.SetOutput(f)
	t.Cleanup(func() {
		os.Stdout, os.Stderr = out, errs
		log.SetOutput(logged)
	})
	return func() string {
		text, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		return string(text)
	}
}

// TestStaffSeeMaskedUntilTheySayWhatFor: and then the person sees that.
func TestStaffSeeMaskedUntilTheySayWhatFor(t *testing.T) {
	h := newHouse(t)
	h.journey()
	people := h.people()
	person, clerk, reviewer, courier := people[0], h.token(people[4].OpenID), h.token(people[5].OpenID), h.token(people[6].OpenID)
	opened := h.api.found(http.MethodPost, "/api/v1/cases")[0].out["id"].(string)
	at := "/api/v1/village/cases/" + opened

	for _, token := range []string{clerk, reviewer} {
		status, body := h.ask(http.MethodGet, at, token, nil)
		require.Equal(t, http.StatusOK, status, body)
		for _, secret := range []string{person.Name, person.IDNumber, person.Phone, "样例路1号"} {
			require.NotContains(t, body, secret)
		}
		name := string([]rune(person.Name)[:1]) + "**"
		number := person.IDNumber[:4] + "**********" + person.IDNumber[14:]
		require.Equal(t, 2, strings.Count(body, `"`+name+`"`), "beside the form and in it: %s", body)
		require.Equal(t, 2, strings.Count(body, `"`+number+`"`))
		require.Equal(t, 2, strings.Count(body, `"`+person.Phone[:3]+"****"+person.Phone[7:]+`"`))
	}
	for _, e := range h.api.seen {
		if strings.HasPrefix(e.path, "/api/v1/village/") {
			for _, secret := range []string{person.Name, person.IDNumber, person.Phone, "租赁备案"} {
				require.NotContains(t, e.raw, secret, "%s %s", e.method, e.path)
			}
		}
	}

	for _, purpose := range []string{"", "查", " \u3000 ", strings.Repeat("长", 101)} {
		status, _ := h.ask(http.MethodPost, at+"/reveal", clerk, map[string]string{"purpose": purpose})
		require.Equal(t, http.StatusUnprocessableEntity, status, "purpose %q", purpose)
	}
	status, _ := h.ask(http.MethodPost, at+"/reveal", courier, map[string]string{"purpose": "核对身份"})
	require.Equal(t, http.StatusForbidden, status)
	status, _ = h.ask(http.MethodPost, at+"/reveal", "", map[string]string{"purpose": "核对身份"})
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, 0, h.looks("case"), "who saw nothing left no trace")

	status, body := h.ask(http.MethodPost, at+"/reveal", clerk, map[string]string{"purpose": "与本人核对身份证"})
	require.Equal(t, http.StatusOK, status)
	for _, whole := range []string{person.Name, person.IDNumber, person.Phone, "样例路1号"} {
		require.Contains(t, body, whole)
	}
	require.Equal(t, 1, h.looks("case"))
	a, err := h.in.db.AccountOf(t.Context(), person.OpenID)
	require.NoError(t, err)
	looks, err := h.in.rooms.door.Looks(t.Context(), a, "", 10)
	require.NoError(t, err)
	require.Equal(t, "与本人核对身份证", looks[0].Purpose)
	require.Equal(t, "case", looks[0].What)
	require.Equal(t, a.Person, looks[0].Person)
	require.NotEmpty(t, looks[0].Staff)
}

// looks counts the person's looks of a kind.
func (h *house) looks(what string) (n int) {
	a, err := h.in.db.AccountOf(h.t.Context(), h.people()[0].OpenID)
	require.NoError(h.t, err)
	list, err := h.in.rooms.door.Looks(h.t.Context(), a, "", 100)
	require.NoError(h.t, err)
	for _, l := range list {
		if l.What == what {
			n++
		}
	}
	return n
}
