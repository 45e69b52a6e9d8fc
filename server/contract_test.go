package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestEveryProblemIsInTheContract: the mini-program is written against these
// codes. One that changes or goes is a break; write the list anew with -update
// only where that is meant.
func TestEveryProblemIsInTheContract(t *testing.T) {
	const golden = "testdata/problems.golden"
	var b strings.Builder
	for _, f := range fault.All() {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", f.Code, f.Kind, f.Text)
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "the contract with the mini-program has changed: see -update")
}

// TestEveryProblemIsCodedOnce: a code that two faults share tells neither.
func TestEveryProblemIsCodedOnce(t *testing.T) {
	form := regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
	seen := map[string]string{}
	for _, f := range fault.All() {
		require.True(t, form.MatchString(f.Code) || f.Code == "internal", f.Code)
		require.Empty(t, seen[f.Code], "%s is declared twice", f.Code)
		seen[f.Code] = f.Text
	}
}

// latin are the words that a person may meet in a sentence: units, file kinds,
// and what only programmers are told.
var latin = []string{"JPG", "PNG", "PDF", "MB", "MiB", "JSON", "Idempotency-Key", "application/json", "multipart/form-data", "ID", "CSV", "GB", "UTF-8", "X", "GPS", "gcj", "wgs", "walk", "ebike", "car", "KB", "PEM", "SM",
	"OpenStreetMap", "PBF", "WGS", "lng", "lat", "people", "server", "circle", "build"}

// TestEveryProblemTellsWhatToDoNext reads each sentence as a person would.
func TestEveryProblemTellsWhatToDoNext(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z][A-Za-z/-]*[A-Za-z]|[A-Za-z]`)
	advice := regexp.MustCompile(`请|可以|可在|可到|再试|重试`)
	for _, f := range fault.All() {
		assert.True(t, isChinese(f.Text), "%s: %s", f.Code, f.Text)
		assert.Regexp(t, advice, f.Text, "%s says no next step", f.Code)
		assert.NotRegexp(t, `[.!?,;:]`, strings.NewReplacer("UTF-8", "", "application/json", "").Replace(f.Text), "%s: punctuation of another script", f.Code)
		for _, w := range word.FindAllString(f.Text, -1) {
			assert.Contains(t, latin, w, "%s: %s", f.Code, f.Text)
		}
	}
}

// TestTheDescriptionIsOpenAPI31 checks what readers and generators rely on.
func TestTheDescriptionIsOpenAPI31(t *testing.T) {
	c := sharedTown(t)
	r := c.nobody(t).get("/openapi.json").ok()
	require.True(t, json.Valid(r.raw))
	require.True(t, strings.HasPrefix(r.header.Get("Content-Type"), "application/json"))
	require.Regexp(t, `^3\.1\.\d+$`, r.text("openapi"))
	require.NotEmpty(t, r.text("info.title"))
	require.NotEmpty(t, r.text("info.version"))
	require.Equal(t, "bearer", r.text("components.securitySchemes.session.scheme"))
	requireRefs(t, r.body, r.body)
	ids := map[string]bool{}
	for _, o := range c.operations(t) {
		require.Contains(t, []string{"GET", "POST", "PUT", "DELETE"}, o.method, "wx.request knows no other")
		require.Regexp(t, `^[a-z][a-z-]*$`, o.id)
		require.False(t, ids[o.id], "%s twice", o.id)
		ids[o.id] = true
		require.NotEmpty(t, textAt(o.raw, "summary"), o.id)
		tags, _ := o.raw["tags"].([]any)
		require.Len(t, tags, 1, o.id)
		requireAnswers(t, o)
		requireParameters(t, o)
	}
}

// requireAnswers: a schema for what comes back, and for problems.
func requireAnswers(t *testing.T, o operation) {
	t.Helper()
	answers := o.raw["responses"].(map[string]any)
	content := answers["200"].(map[string]any)["content"].(map[string]any)
	require.Len(t, content, 1, o.id)
	for media, m := range content {
		require.NotEmpty(t, o.schema(m.(map[string]any)["schema"]), "%s: %s", o.id, media)
	}
	problem := answers["default"].(map[string]any)["content"].(map[string]any)["application/problem+json"].(map[string]any)
	properties := o.schema(problem["schema"])["properties"].(map[string]any)
	for _, name := range []string{"type", "title", "status", "code", "detail", "fields", "request_id", "retry_after"} {
		require.Contains(t, properties, name, o.id)
	}
	grants, _ := staff.Grants(o.id)
	_, secured := o.raw["security"].([]any)
	require.Equal(t, !staff.Allows(grants, staff.Principal{}), secured, "%s: whether it needs a session", o.id)
}

// requireParameters: each part of the path is described, every POST takes an
// Idempotency-Key, and no schema refuses doubles of what it has not yet looked at.
func requireParameters(t *testing.T, o operation) {
	t.Helper()
	in := map[string]bool{}
	for _, p := range listAt(o.raw, "parameters") {
		in[p["in"].(string)+" "+p["name"].(string)] = true
		require.NotEmpty(t, o.schema(p["schema"])["type"], "%s: %s", o.id, p["name"])
	}
	for _, part := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(o.path, -1) {
		require.True(t, in["path "+part[1]], "%s: %s", o.id, part[1])
	}
	require.Equal(t, o.method == http.MethodPost, in["header Idempotency-Key"], o.id)
	require.True(t, !in["query cursor"] || in["query limit"], o.id)
	if o.media() == jsonMedia {
		require.Equal(t, false, o.body()["additionalProperties"], "%s: unknown fields are refused", o.id)
	}
}

// requireRefs looks whether every reference leads somewhere.
func requireRefs(t *testing.T, document, v any) {
	t.Helper()
	switch in := v.(type) {
	case map[string]any:
		if ref, ok := in["$ref"].(string); ok {
			require.NotNil(t, at(document, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", ".")), ref)
		}
		require.NotEqual(t, true, in["uniqueItems"], "the validator panics on lists of objects")
		for _, e := range in {
			requireRefs(t, document, e)
		}
	case []any:
		for _, e := range in {
			requireRefs(t, document, e)
		}
	}
}

// TestAnswersKeepToTheirSchema reads with every GET what the scene holds and
// compares it with what the description promises.
func TestAnswersKeepToTheirSchema(t *testing.T) {
	s := sharedScene(t)
	for _, o := range s.town.operations(t) {
		if o.method != http.MethodGet {
			continue
		}
		path := s.path(o)
		if query := joined(goodQuery(o), ""); query != "" {
			path += "?" + query
		}
		path = strings.Replace(path, "cursor="+validText(nil), "cursor=", 1)
		r := s.actor(t, o.id).get(path)
		if r.status == http.StatusNotFound {
			requireProblem(t, r) // nothing of that kind happens in the scene
			continue
		}
		r.ok()
		content := at(o.raw, "responses.200").(map[string]any)["content"].(map[string]any)
		if m, ok := content[jsonMedia].(map[string]any); ok {
			requireShape(t, o, m["schema"], any(r.body), o.id)
		}
	}
}

// requireShape checks a value against its schema: types, required and unknown
// properties, enums, dates and times.
func requireShape(t *testing.T, o operation, s, v any, where string) {
	t.Helper()
	m := o.schema(s)
	switch value := v.(type) {
	case map[string]any:
		requireObject(t, o, m, value, where)
	case []any:
		for i, e := range value {
			requireShape(t, o, m["items"], e, fmt.Sprintf("%s.%d", where, i))
		}
	case string:
		require.Equal(t, "string", kindOf(m), where)
		if list, ok := m["enum"].([]any); ok {
			require.Contains(t, list, v, where)
		}
	case float64:
		require.Contains(t, []string{"integer", "number"}, kindOf(m), where)
	case bool:
		require.Equal(t, "boolean", kindOf(m), where)
	case nil:
		require.Fail(t, "null", where)
	}
}

func requireObject(t *testing.T, o operation, m, value map[string]any, where string) {
	t.Helper()
	require.Equal(t, "object", kindOf(m), where)
	properties, named := m["properties"].(map[string]any)
	required, _ := m["required"].([]any)
	for _, name := range required {
		require.Contains(t, value, name, where)
	}
	for name, e := range value {
		if !named {
			requireShape(t, o, m["additionalProperties"], e, where+"."+name)
			continue
		}
		require.Contains(t, properties, name, where)
		requireShape(t, o, properties[name], e, where+"."+name)
		if text, ok := e.(string); ok {
			requireMoment(t, where+"."+name, text)
		}
	}
}

// TestThePageAboutTheAPIStandsAlone: /docs asks no other host for anything.
func TestThePageAboutTheAPIStandsAlone(t *testing.T) {
	c := sharedTown(t)
	r := c.nobody(t).get("/docs").ok()
	page := string(r.raw)
	require.True(t, strings.HasPrefix(r.header.Get("Content-Type"), "text/html"))
	require.NotRegexp(t, `(?i)(src|href|action|url|import)\s*[=(]\s*["']?\s*(https?:)?//`, page)
	require.NotContains(t, strings.ToLower(page), "<script")
	require.NotContains(t, strings.ToLower(page), "<link")
	require.Contains(t, r.header.Get("Content-Security-Policy"), "default-src 'none'")
	for _, o := range c.operations(t) {
		require.Contains(t, page, o.id)
	}
	require.Less(t, len(page), 1<<20)
	require.False(t, slices.Contains([]string{"", "*"}, r.header.Get("Content-Security-Policy")))
}
