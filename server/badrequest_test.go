package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestNoWriteIsDoneWithoutAProperKey sends every POST with what is no
// Idempotency-Key.
func TestNoWriteIsDoneWithoutAProperKey(t *testing.T) {
	c := newTown(t, tuesday)
	s := newScene(t, c)
	before := c.rows(t)
	for _, o := range c.operations(t) {
		if o.method != http.MethodPost {
			continue
		}
		for _, key := range []string{
			"", "short", strings.Repeat("k", 65), "with blank", "键键键键键键键键", "a/b/c/d/e", "tab\tinside", "\xff\xfe\xff\xfe\xff\xfe\xff\xfe",
			"quote\"quote", "semi;colon", strings.Repeat("k", 4000),
		} {
			r := s.good(o)
			r.key, r.header = "", http.Header{"Idempotency-Key": {key}}
			got := s.actor(t, o.id).send(r)
			if key == "" || got.text("code") == "request.invalid" {
				got.refused(http.StatusUnprocessableEntity, "request.invalid")
				require.Equal(t, "header.Idempotency-Key", got.text("fields.0.path"), "%s: %s", o.id, got.raw)
			}
			requireProblem(t, got)
			require.Contains(t, []int{400, 422}, got.status, "%s with %q: %s", o.id, key, got.raw)
		}
	}
	require.Equal(t, before, c.rows(t))
}

// TestNoBadQueryIsTaken gives every query parameter, and some that there are
// not, what they do not take.
func TestNoBadQueryIsTaken(t *testing.T) {
	c := sharedTown(t)
	s := sharedScene(t)
	for _, o := range c.operations(t) {
		if o.method != http.MethodGet {
			continue
		}
		t.Run(o.id, func(t *testing.T) {
			p := s.actor(t, o.id)
			good := goodQuery(o)
			for _, extra := range []string{"unknown=1", "Cursor=1", "limit[]=1", "%FF=1", "a%00b=1", "=1", "unknown"} {
				refuseQuery(t, p, s.path(o)+"?"+joined(good, extra), extra)
			}
			for _, q := range o.queries() {
				for _, value := range badQueryValues(o, q) {
					name := q["name"].(string)
					refuseQuery(t, p, s.path(o)+"?"+joined(without(good, name), name+"="+value), value)
				}
				name := q["name"].(string)
				refuseQuery(t, p, s.path(o)+"?"+joined(without(good, name), name+"="+good[name]+"&"+name+"="+good[name]), "doubled "+name)
				if q["required"] == true {
					refuseQuery(t, p, s.path(o)+"?"+joined(without(good, name), ""), "missing "+name)
					refuseQuery(t, p, s.path(o)+"?"+joined(without(good, name), name+"="), "empty "+name)
				}
			}
		})
	}
}

func refuseQuery(t *testing.T, p *client, path, why string) {
	t.Helper()
	r := p.get(path)
	r.asked += " (" + why + ")"
	requireProblem(t, r)
	require.Contains(t, []int{400, 422}, r.status, "%s: %s", r.asked, r.raw)
}

// goodQuery has a value for each parameter.
func goodQuery(o operation) map[string]string {
	special := map[string]string{"lng": "113.1145", "lat": "22.9980", "item": permitItem, "q": "jzz", "division": homeVillage, "more_items": visitItem}
	good := map[string]string{}
	for _, q := range o.queries() {
		name := q["name"].(string)
		good[name] = url.QueryEscape(orText(special[name], fmt.Sprint(o.valid(q["schema"]))))
	}
	return good
}

func without(good map[string]string, name string) map[string]string {
	rest := map[string]string{}
	for k, v := range good {
		if k != name {
			rest[k] = v
		}
	}
	return rest
}

func joined(good map[string]string, more string) string {
	parts := []string{}
	for k, v := range good {
		parts = append(parts, k+"="+v)
	}
	return strings.Trim(strings.Join(append(parts, more), "&"), "&")
}

func badQueryValues(o operation, q map[string]any) []string {
	values := []string{"%FF", "a%00", "%ED%A0%80", strings.Repeat("9", 5000), strings.Repeat("x", 300)}
	schema := o.schema(q["schema"])
	switch kind := kindOf(schema); {
	case kind == "integer":
		values = append(values, "0", "-1", "1.0", "1e2", "0x10", "1_0", "%201", "NaN", "Infinity", "99999999999999999999", "a", "1000000", "+")
	case kind == "number":
		values = append(values, "NaN", "-NaN", "Inf", "%2BInfinity", "-Infinity", "1e999", "1e400", "1,5", "a", "999", "-999", "%201", "--1")
	case schema["enum"] != nil, schema["format"] != nil:
		values = append(values, "x", "%20", "NULL", "1")
	}
	return values
}

// TestNoBadIdIsTaken puts malformed and unknown ids into every path.
func TestNoBadIdIsTaken(t *testing.T) {
	c := newTown(t, tuesday)
	s := newScene(t, c)
	before := c.rows(t)
	for _, o := range c.operations(t) {
		if !strings.Contains(o.path, "{") {
			continue
		}
		for _, part := range []string{
			unknownID, "x", "0", "-1", "null", "..", "%2e%2e", "%2F", "%252F", "%00", "%FF", "' OR 1=1 --", "1;DROP TABLE cases",
			strings.ToUpper(unknownID) + "0", unknownID + unknownID, strings.Repeat("9", 3000), "%E4%BD%A0", "{id}", "*", "%0d%0aX:1", " ",
		} {
			r := s.good(o)
			r.path = strings.NewReplacer("{id}", part, "{item}", part, "{office}", part, "{theme}", part,
				"{code}", part, "{material}", part, "{file}", part).Replace(o.path)
			r.path = strings.ReplaceAll(r.path, " ", "%20")
			got := s.actor(t, o.id).send(r)
			requireProblem(t, got)
			require.NotContains(t, string(got.raw), "DROP TABLE", o.id)
		}
	}
	require.Equal(t, before, c.rows(t))
}

// TestOtherMethodsAreRefused tries the methods that no operation has.
func TestOtherMethodsAreRefused(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	for _, method := range []string{"HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "FOO", "get", "PROPFIND"} {
		for _, path := range []string{"/api/v1/cases", "/api/v1/sessions", "/api/v1/items/" + permitItem, "/nowhere"} {
			r := p.send(request{method: method, path: path, key: "12345678", body: []byte("{}"), media: jsonMedia})
			require.Contains(t, []int{404, 405}, r.status, "%s %s: %s", method, path, r.raw)
			if method != "HEAD" {
				requireProblem(t, r)
			}
			if path != "/nowhere" && r.status == 405 {
				require.NotEmpty(t, r.header.Get("Allow"), "%s %s", method, path)
			}
		}
	}
	p.delete("/api/v1/cases").refused(http.StatusMethodNotAllowed, "request.method")
	p.get("/api/v1/sessions/current").refused(http.StatusMethodNotAllowed, "request.method")
	p.get("/nowhere").refused(http.StatusNotFound, "request.no_route")
	p.get("/api/v1/CASES").refused(http.StatusNotFound, "request.no_route")
}

// TestATokenThatIsNoneOpensNothing tries what is no session.
func TestATokenThatIsNoneOpensNothing(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	q := c.citizen(t)
	own := p.permitDraft()
	tokens := []string{
		"x", strings.Repeat("A", 43), p.token[:42], p.token + "A", strings.ToLower(p.token), "' OR ''='", "\xff\xfe",
		strings.Repeat("x", 8000), "null", "Bearer " + p.token, p.token + "," + q.token,
	}
	for _, token := range tokens {
		p.as(token).get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
		p.as(token).get(own).refused(http.StatusUnauthorized, "session.ended")
	}
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic " + p.token, p.token, "bearer" + p.token, "Token " + p.token} {
		r := p.as("").send(request{method: http.MethodGet, path: "/api/v1/me", header: http.Header{"Authorization": {header}}})
		r.refused(http.StatusUnauthorized, "session.missing")
	}
	p.get("/api/v1/me").ok()
	c.clock.moveTo(c.clock.now().Add(31 * 24 * time.Hour))
	p.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
	p.get("/api/v1/items?q=jzz").ok() // open to everybody, whatever the token
	p.login()                         // with the ended token in hand
	p.get("/api/v1/me").ok()
	p.delete("/api/v1/sessions/current").ok()
	p.get("/api/v1/me").refused(http.StatusUnauthorized, "session.ended")
	p.delete("/api/v1/sessions/current").refused(http.StatusUnauthorized, "session.ended")
}

// as is the same phone with another token.
func (p *client) as(token string) *client {
	q := *p
	q.token = token
	return &q
}

// TestACodeIsGoodOnce spends login and phone codes twice.
func TestACodeIsGoodOnce(t *testing.T) {
	c := sharedTown(t)
	p := c.visitor(t)
	login := map[string]string{"code": c.in.sandbox.LoginCode(p.person.OpenID)}
	phone := map[string]string{"code": c.in.sandbox.PhoneCode(p.person.OpenID)}
	p.post("/api/v1/sessions", login).ok()
	p.post("/api/v1/me/phone", phone).ok()
	for _, r := range []*reply{
		p.post("/api/v1/sessions", login), p.post("/api/v1/me/phone", phone),
		p.post("/api/v1/sessions", phone), p.post("/api/v1/me/phone", map[string]string{"code": "made-up"}),
	} {
		requireProblem(t, r)
		require.Contains(t, []int{409, 422}, r.status, "%s", r.raw)
	}
}
