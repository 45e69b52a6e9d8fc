package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// operation is one operation as the description has it.
type operation struct {
	method, path, id string
	raw              map[string]any
	document         map[string]any
}

// operations reads /openapi.json.
func (c *town) operations(t testing.TB) (list []operation) {
	t.Helper()
	doc := c.nobody(t).get("/openapi.json").ok().body
	paths := at(doc, "paths").(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for method, raw := range paths[path].(map[string]any) {
			o := raw.(map[string]any)
			list = append(list, operation{strings.ToUpper(method), path, textAt(o, "operationId"), o, doc})
		}
	}
	require.NotEmpty(t, list)
	return list
}

// schema follows a reference.
func (o operation) schema(s any) map[string]any {
	m, _ := s.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		return o.schema(at(o.document, strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", ".")))
	}
	return m
}

// media is what the operation takes as its body, "" for nothing.
func (o operation) media() string {
	content, _ := at(o.raw, "requestBody.content").(map[string]any)
	for media := range content {
		return media
	}
	return ""
}

// body is the schema of the JSON body.
func (o operation) body() map[string]any {
	content, _ := at(o.raw, "requestBody.content").(map[string]any)
	m, _ := content["application/json"].(map[string]any)
	return o.schema(m["schema"])
}

// properties of the JSON body, sorted by name.
func (o operation) properties() (names []string, schemas map[string]any) {
	schemas, _ = o.body()["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(schemas)), schemas
}

// required says whether the JSON body must have a property.
func (o operation) required(name string) bool {
	list, _ := o.body()["required"].([]any)
	return slices.Contains(list, any(name))
}

// queries lists the query parameters.
func (o operation) queries() (list []map[string]any) {
	for _, p := range listAt(o.raw, "parameters") {
		if p["in"] == "query" {
			list = append(list, p)
		}
	}
	return list
}

// valid makes a value that the schema takes; whether it means something is
// another matter.
func (o operation) valid(s any) any {
	m := o.schema(s)
	if list, ok := m["enum"].([]any); ok {
		return list[0]
	}
	switch kindOf(m) {
	case "object":
		return o.object(m)
	case "array":
		return []any{o.valid(m["items"])}
	case "integer", "number":
		return max(1, orZero(m["minimum"]))
	case "boolean":
		return true
	}
	return validText(m)
}

func (o operation) object(m map[string]any) map[string]any {
	out := map[string]any{}
	names, _ := m["properties"].(map[string]any)
	for name, s := range names {
		out[name] = o.valid(s)
	}
	return out
}

// kindOf is a schema's type; one that may be null counts as its other type.
func kindOf(m map[string]any) string {
	if list, ok := m["type"].([]any); ok {
		return list[0].(string)
	}
	kind, _ := m["type"].(string)
	return kind
}

func validText(m map[string]any) string {
	switch m["format"] {
	case "uuid":
		return unknownID
	case "date-time":
		return "2026-11-26T09:00:00+08:00"
	case "date":
		return "2026-11-26"
	}
	if pattern, ok := m["pattern"].(string); ok {
		return rapid.StringMatching(pattern).Example(1)
	}
	return strings.Repeat("a", int(max(2, orZero(m["minLength"]))))
}

func orZero(v any) float64 {
	n, _ := v.(float64)
	return n
}

// unknownID is well formed and nobody's.
const unknownID = "01890a5d-ac96-774b-bcce-b302099a8057"

// actor is somebody who may call the operation.
func (s *scene) actor(t testing.TB, id string) *client {
	t.Helper()
	grants, ok := staff.Grants(id)
	require.True(t, ok, "%s has no row in the table of roles", id)
	return s.as(grants[0].Role).in(t)
}

// atTerminal is the scene's terminal and who stands before it, both let in anew
// where time or an act has ended that.
func (s *scene) atTerminal() (device, visitor *client) {
	if s.machine == nil {
		s.machine = s.manager.enrol("1号机")
	}
	if s.visitor == nil || s.visitor.get("/api/v1/me").status != http.StatusOK || s.machine.get("/api/v1/terminal/items").status != http.StatusOK {
		s.machine.signIn()
		s.visitor = s.machine.visit(s.citizen)
	}
	return &s.machine.client, s.visitor
}

// as is the scene's member with a role.
func (s *scene) as(role staff.Role) *client {
	if role == staff.Terminal || role == staff.Visitor {
		device, visitor := s.atTerminal()
		return map[staff.Role]*client{staff.Terminal: device, staff.Visitor: visitor}[role]
	}
	return map[staff.Role]*client{
		staff.Anyone: s.town.nobody(nil), staff.Citizen: s.citizen, staff.Courier: s.courier,
		staff.VillageStaff: s.clerk, staff.WindowStaff: s.window, staff.Reviewer: s.reviewer,
		staff.OfficeManager: s.manager, staff.Auditor: s.auditor, staff.Administrator: s.administrator,
	}[role]
}

// path is the operation's path with things that the scene's people own.
func (s *scene) path(o operation) string {
	return strings.NewReplacer(
		"{item}", permitItem, "{office}", villageOffice, "{theme}", "ZT-01", "{code}", s.verify,
		"{material}", permitPhoto, "{file}", idOf(s.file), "{n}", "0", "{date}", "2026-11-24", "{id}", s.id(o),
	).Replace(o.path)
}

func (s *scene) id(o operation) string {
	switch part := strings.TrimPrefix(strings.TrimPrefix(o.path, "/api/v1/"), "village/"); {
	case o.id == "issue-licence", o.id == "collect-licence", o.id == "make-waybill":
		return idOf(s.due)
	case o.id == "hand-over-waybill", o.id == "office-waybill":
		return idOf(s.label)
	case o.id == "track-waybill":
		return idOf(s.granted)
	case strings.Contains(o.path, "/agencies/"):
		return idOf(s.agency)
	case strings.Contains(o.path, "/bags/"):
		return s.bag
	case strings.Contains(o.path, "/originals/"):
		return s.original
	case o.id == "end-session":
		return s.session
	case o.id == "unbind-account":
		return s.account
	case o.id == "revoke-licence", o.id == "my-licence":
		return idOf(s.licence)
	case strings.HasPrefix(part, "courier/"):
		return idOf(s.parcel)
	case strings.HasPrefix(part, "appointments/"):
		return idOf(s.booked)
	case strings.HasPrefix(part, "tickets/"):
		return s.ticket
	case strings.HasPrefix(part, "holds/"):
		return idOf(s.hold)
	case strings.HasPrefix(part, "me/faces/"):
		return idOf(s.face)
	case o.id == "fill-case", o.id == "submit-case", o.id == "sign-commitment", o.id == "commitment", o.id == "submit-at-window":
		return idOf(s.draft)
	default:
		return idOf(s.accepted)
	}
}

// meant are bodies for operations that look closer than their schema does.
var meant = map[string]any{
	"choose-delivery": map[string]string{
		"way": "courier", "recipient": "测试", "phone": "13800000000", "address": "佛山市禅城区样例路1号", "area": "禅城区",
	},
	"fill-case": permitFilled,
}

// good is a request of the operation that is well formed in every part.
func (s *scene) good(o operation) request {
	r := request{method: o.method, path: s.path(o), media: o.media()}
	if o.method == http.MethodPost {
		r.key = "good-" + o.id
	}
	switch r.media {
	case jsonMedia:
		r.body = encoded(o.valid(o.body()))
		if body, ok := meant[o.id]; ok {
			r.body = encoded(body)
		}
	case "application/octet-stream":
		r.body = make([]byte, scan.PartBytes+1) // one more than any part has
	case "multipart/form-data":
		r.body, r.media = formOf(map[string]string{"material": permitPhoto}, "photo.jpg", photo)
	}
	return r
}

// with is a copy of a JSON object with one property changed, or left out where
// value is nil.
func with(object map[string]any, name string, value any) []byte {
	c := maps.Clone(object)
	if c == nil {
		c = map[string]any{}
	}
	c[name] = value
	if value == nil {
		delete(c, name)
	}
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return b
}

// raw is a value that stands in JSON as it is, right or wrong.
func withRaw(object map[string]any, name, value string) []byte {
	const mark = "the place of the raw value"
	return []byte(strings.Replace(string(with(object, name, mark)), fmt.Sprintf("%q", mark), value, 1))
}
