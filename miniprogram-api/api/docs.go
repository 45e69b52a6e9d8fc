package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

// docsView is what the page about the API shows.
type docsView struct {
	Title, Version, About string
	Tags                  []docsTag
}

type docsTag struct {
	Name string
	Ops  []docsOp
}

type docsOp struct {
	Method, Path, ID, Summary, About string
	Session                          bool
	Params, Body, Answer             []docsField
}

// docsField is one line of a table; Depth indents what lies inside another.
type docsField struct {
	Depth            int
	Name, Kind, Text string
	Required         bool
}

// docsPage renders the description as one page without a script.
func docsPage(d *huma.OpenAPI) ([]byte, error) {
	v := docsView{Title: d.Info.Title, Version: d.Info.Version, About: d.Info.Description}
	byTag := map[string][]docsOp{}
	for path, item := range d.Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete} {
			if op != nil {
				byTag[op.Tags[0]] = append(byTag[op.Tags[0]], docsOf(d, method, path, op))
			}
		}
	}
	for _, name := range sorted(byTag) {
		ops := byTag[name]
		slices.SortFunc(ops, func(a, b docsOp) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
		v.Tags = append(v.Tags, docsTag{name, ops})
	}
	var page bytes.Buffer
	err := docsTemplate.Execute(&page, v)
	return page.Bytes(), err
}

func docsOf(d *huma.OpenAPI, method, path string, op *huma.Operation) docsOp {
	o := docsOp{
		Method: method, Path: path, ID: op.OperationID, Summary: op.Summary,
		About: strings.TrimSpace(op.Description), Session: len(op.Security) > 0,
	}
	for _, p := range op.Parameters {
		o.Params = append(o.Params, docsField{Name: p.Name, Kind: p.In + " " + kind(d, p.Schema), Text: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			o.Body = fields(d, m.Schema, 0)
		}
	}
	for _, m := range op.Responses["200"].Content {
		o.Answer = fields(d, m.Schema, 0)
	}
	return o
}

// fields lists a schema's properties, two levels into what they hold.
func fields(d *huma.OpenAPI, s *huma.Schema, depth int) (list []docsField) {
	s = resolved(d, s)
	if s == nil || depth > 2 {
		return nil
	}
	if s.Items != nil {
		return fields(d, s.Items, depth)
	}
	for _, name := range sorted(s.Properties) {
		p := s.Properties[name]
		list = append(list, docsField{depth, name, kind(d, p), about(p), slices.Contains(s.Required, name)})
		list = append(list, fields(d, p, depth+1)...)
	}
	return list
}

func resolved(d *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return d.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// kind says a schema's type in a few words.
func kind(d *huma.OpenAPI, s *huma.Schema) string {
	s = resolved(d, s)
	switch {
	case s == nil:
		return ""
	case s.Items != nil:
		return "list of " + kind(d, s.Items)
	case s.Format != "":
		return s.Type + " (" + s.Format + ")"
	}
	return s.Type
}

// about is a property's text with what it may be.
func about(s *huma.Schema) string {
	text := s.Description
	if len(s.Enum) > 0 {
		text = strings.TrimSpace(text + " One of: " + strings.Trim(fmt.Sprint(s.Enum...), "[]"))
	}
	return text
}
