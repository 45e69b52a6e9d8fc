package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/scan"
)

func (p *client) paper(path, kind string) *reply {
	p.t.Helper()
	return p.post(path+"/papers", map[string]string{"kind": kind})
}

// page is a printable page as it came.
func (p *client) page(url string) string {
	p.t.Helper()
	r := p.get(url).ok()
	require.True(p.t, strings.HasPrefix(r.header.Get("Content-Type"), "text/html"))
	policy := r.header.Get("Content-Security-Policy")
	require.Contains(p.t, policy, "default-src 'none'")
	require.NotContains(p.t, policy, "script")
	require.NotContains(p.t, string(r.raw), "<script")
	return string(r.raw)
}

func TestAPaperStaysAsItWasIssuedAndAnybodyCanCheckIt(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, stranger := c.crew(t), c.citizen(t), c.citizen(t)
	path := p.tolerated()
	require.Equal(t, []any{"receipt", "tolerance", "commitment"}, p.get(path + "/papers").ok().body["due"])
	p.paper(path, "decision").refused(409, "paper.not_yet")
	stranger.paper(path, "receipt").refused(404, "casework.not_found")

	first := map[string]string{}
	for _, kind := range []string{"receipt", "tolerance", "commitment"} {
		issued := p.paper(path, kind).ok()
		page := p.page(issued.text("url"))
		sum := sha256.Sum256([]byte(page))
		require.Equal(t, issued.text("digest"), hex.EncodeToString(sum[:]))
		require.Contains(t, page, issued.text("number"))
		require.Contains(t, page, "二〇二六年十一月二十四日")
		require.Contains(t, page, p.person.Name)
		require.NotContains(t, page, p.person.IDNumber, "masked")
		first[kind] = page
		show(t, kind, page)
	}
	require.Contains(t, first["tolerance"], "房屋租赁")
	require.Contains(t, first["commitment"], "自愿申请容缺受理")

	w.grant(p, path)
	for kind, page := range first {
		again := w.clerk.paper(atWindow(path), kind).ok()
		require.Equal(t, page, w.clerk.page(again.text("url")), "the same bytes, whatever the case has become")
	}
	decision := w.clerk.paper(atWindow(path), "decision").ok()
	show(t, "decision", p.page(decision.text("url")))

	check := c.nobody(t).page(decision.text("check"))
	for _, part := range []string{"属实", decision.text("number"), decision.text("digest"), "准予决定书"} {
		require.Contains(t, check, part)
	}
	require.NotContains(t, check, p.person.Name)
	spaced := strings.ToLower(decision.text("code")[:4] + "%20" + decision.text("code")[4:])
	require.Contains(t, c.nobody(t).page("/verify/paper/"+spaced), "属实")
	for _, wrong := range []string{"AAAAAAAAAAAAAAAA", "x", "%3Cscript%3E"} {
		r := c.nobody(t).get("/verify/paper/" + wrong)
		require.Equal(t, http.StatusNotFound, r.status)
		require.NotContains(t, string(r.raw), "<script")
	}
	url := decision.text("url")
	p.get(strings.Replace(url, "token=", "token=x", 1)).refused(404, "scan.link")
	c.clock.moveTo(c.clock.now().Add(scan.LinkLife + time.Second))
	p.get(url).refused(404, "scan.link")
}

func TestANoticeIsIssuedAnewForEachRound(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.permitDraft()
	evil := "佛山市<script>alert(1)</script>路1号"
	p.put(path+"/form", map[string]any{"form": map[string]string{"residence_address": evil}}).ok()
	require.Equal(t, "one_time_notice", p.post(path+"/submit", nil).ok().text("outcome"))
	first := p.paper(path, "notice").ok()
	require.Equal(t, first.text("id"), p.paper(path, "notice").ok().text("id"))
	show(t, "notice", p.page(first.text("url")))
	c.clock.moveTo(c.clock.now().Add(time.Hour))
	p.post(path+"/submit", nil).ok()
	second := p.paper(path, "notice").ok()
	require.NotEqual(t, first.text("number"), second.text("number"))
	require.Len(t, p.get(path+"/papers").ok().list("items"), 2)
}

// show writes a page to a folder for people to look at, where one is named.
func show(t *testing.T, name, page string) {
	if dir := os.Getenv("YIMEN_SHOW"); dir != "" {
		require.NoError(t, os.WriteFile(dir+"/"+name+".html", []byte(page), 0o600))
	}
}
