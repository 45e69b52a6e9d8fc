package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// pageMost is how many bytes a page may take over the wire.
const pageMost = 30 << 10

// shownPage is a page as somebody sees it.
type shownPage struct {
	name string
	by   *browser
	path string
}

// pages are all pages of the scene, each as somebody who may see it.
func (s *scene) pages(t testing.TB) []shownPage {
	t.Helper()
	clerk, manager, reviewer, courier := s.clerk.atPages(), s.manager.atPages(), s.reviewer.atPages(), s.courier.atPages()
	nobody, citizen := s.town.browser(t), s.citizen.atPages()
	return []shownPage{
		{"sign-in", nobody, "/lite/sign-in"}, {"home-without-post", citizen, "/lite/"}, {"home", clerk, "/lite/"},
		{"second-factor", s.auditor.atPages(), "/lite/second-factor"}, {"not-found", clerk, "/lite/nowhere"},
		{"today", clerk, "/lite/today"}, {"queue", clerk, "/lite/queue"}, {"ticket", clerk, "/lite/tickets/" + s.ticket},
		{"give", clerk, "/lite/give"}, {"take-in", clerk, "/lite/take-in"}, {"find", clerk, "/lite/find"},
		{"cases", clerk, "/lite/cases"}, {"case-accepted", clerk, "/lite/cases/" + idOf(s.accepted)},
		{"case-granted", clerk, "/lite/cases/" + idOf(s.due)}, {"case-draft", clerk, "/lite/cases/" + idOf(s.draft)},
		{"case-closed", clerk, "/lite/cases/" + idOf(s.closed)},
		{"parcels", clerk, "/lite/parcels"}, {"bag", clerk, "/lite/bags/" + s.bag},
		{"manager-office", manager, "/lite/office"}, {"manager-today", manager, "/lite/today"},
		{"reviewer-cases", reviewer, "/lite/cases"}, {"reviewer-case", reviewer, "/lite/cases/" + idOf(s.accepted)},
		{"courier-run", courier, "/lite/run"},
	}
}

func TestEveryPageIsSmallAndRunsNoScriptButOurs(t *testing.T) {
	s := sharedScene(t)
	for _, pg := range s.pages(t) {
		t.Run(pg.name, func(t *testing.T) {
			got := pg.by.get(pg.path)
			require.Less(t, got.status, 500)
			require.LessOrEqual(t, got.packed, pageMost)
			policy := got.header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'sha256-", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
				require.Contains(t, policy, part)
			}
			require.NotContains(t, policy, "unsafe")
			require.Equal(t, "no-store", got.header.Get("Cache-Control"))
			require.Equal(t, "nosniff", got.header.Get("X-Content-Type-Options"))
			requirePlain(t, got)
		})
	}
}

// requirePlain looks at what a page is made of.
func requirePlain(t *testing.T, s *seenPage) {
	t.Helper()
	labels, fields := map[string]bool{}, []*html.Node{}
	eachNode(s.root, func(n *html.Node) {
		switch n.Data {
		case "script":
			require.NotEmpty(t, attr(n, "src"), "a script within the page")
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			fields = append(fields, n)
		}
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on") || a.Key == "style", "%s in %s", a.Key, n.Data)
		}
		if n.Data == "form" {
			require.Equal(t, "post", attr(n, "method"), "what is typed stands in no address")
		}
	})
	ids := map[string]bool{}
	for _, n := range fields {
		kind, id := attr(n, "type"), attr(n, "id")
		if kind == "hidden" || kind == "radio" || kind == "checkbox" {
			continue
		}
		require.NotEmpty(t, id, "a field without id: %s", attr(n, "name"))
		require.True(t, labels[id], "no label for %s", id)
		require.False(t, ids[id], "%s twice", id)
		ids[id] = true
	}
}

func TestNamesWithScriptInThemAreText(t *testing.T) {
	s := sharedScene(t)
	b := s.clerk.atPages()
	evil := `"><script>alert(1)</script>`
	for path, fields := range map[string][]string{
		"/lite/take-in/open": {"item", "name", "number", "purpose"}, "/lite/find/case": {"case_number"}, "/lite/find/person": {"name", "number", "purpose"},
	} {
		f := b.get(path[:strings.LastIndexByte(path, '/')]).form(path)
		for _, name := range fields {
			f.with(name, evil)
		}
		got := f.send()
		require.GreaterOrEqual(t, got.status, 400)
		require.NotContains(t, got.raw, "<script>alert")
		requirePlain(t, got)
	}
}

func TestBadFormsAreToldAndChangeNothing(t *testing.T) {
	s := sharedScene(t)
	b := s.clerk.atPages()
	for name, value := range map[string]string{"bad UTF-8": "\xff\xfe", "a NUL": "a\x00b", "a long text": strings.Repeat("长", 5000)} {
		got := b.get("/lite/take-in").form("/lite/take-in/open").with("name", value).send()
		require.GreaterOrEqual(t, got.status, 400, name)
		require.Less(t, got.status, 500, name)
		require.Contains(t, got.header.Get("Content-Type"), "text/html", name)
	}
	path := "/lite/cases/" + idOf(s.accepted)
	b.get(path).form(path+"/reveal").with("purpose", "").send().is(http.StatusUnprocessableEntity)
	b.get("/lite/queue").form("/lite/sign-in/large") // the page is there
	courier := s.courier.atPages()
	courier.get("/lite/run").form("/lite/run/deliver").with("code", "000000").with("waybill", "nonsense").send().is(http.StatusNotFound)
}
