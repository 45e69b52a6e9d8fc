package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// tab is a page in a real browser, on a phone of 360 by 640.
type tab struct {
	t    testing.TB
	town *town
	ctx  context.Context
}

// inChromium starts a browser of its own. Without a Chromium it skips,
// but not where what is real is asked for.
func (c *town) inChromium(t testing.TB) *tab {
	t.Helper()
	path := chromiumPath()
	if path == "" {
		if os.Getenv("YIMEN_REQUIRE_REAL") == "1" {
			require.Fail(t, "chromium is not on the PATH, and YIMEN_REQUIRE_REAL=1")
		}
		t.Skip("chromium is not on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "zh-CN"),
		chromedp.WSURLReadTimeout(60*time.Second))
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(stop)
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(end)
	ctx, closed := chromedp.NewContext(ctx)
	t.Cleanup(closed)
	tb := &tab{t: t, town: c, ctx: ctx}
	tb.run(chromedp.EmulateViewport(360, 640), network.Enable())
	return tb
}

func chromiumPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (b *tab) run(list ...chromedp.Action) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Run(b.ctx, list...))
}

func (b *tab) open(path string) { b.t.Helper(); b.run(chromedp.Navigate(b.town.url + path)) }

// text is what one reads on the page.
func (b *tab) text() (text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(`document.body ? document.body.innerText : ""`, &text))
	return text
}

// says waits until the page shows words.
func (b *tab) says(words string) {
	b.t.Helper()
	var text string
	for end := time.Now().Add(20 * time.Second); !strings.Contains(text, words); time.Sleep(50 * time.Millisecond) {
		require.True(b.t, time.Now().Before(end), "%s: %s", words, text)
		_ = chromedp.Run(b.ctx, chromedp.Evaluate(`document.body ? document.body.innerText : ""`, &text))
	}
}

// press sends the form that goes to an address by its button, and waits for
// the next page.
func (b *tab) press(to string) {
	b.t.Helper()
	var ok bool
	b.run(chromedp.Evaluate(`(() => { const f = document.querySelector('form[action="`+to+`"]'); if (!f) return false;
		const d = f.closest("details"); if (d) d.open = true; document.documentElement.dataset.old = 1;
		(f.querySelector("button:not([type])")).click(); return true })()`, &ok))
	require.True(b.t, ok, "no form to %s: %s", to, b.text())
	b.next()
}

// next waits until the page that was pressed on is gone.
func (b *tab) next() {
	b.t.Helper()
	require.Eventually(b.t, func() bool {
		var old bool
		err := chromedp.Run(b.ctx, chromedp.Evaluate(`document.readyState !== "complete" || !!document.documentElement.dataset.old`, &old))
		return err == nil && !old
	}, 15*time.Second, 30*time.Millisecond)
}

// fill writes into a field by its id.
func (b *tab) fill(id, value string) {
	b.t.Helper()
	var ok bool
	b.run(chromedp.Evaluate(`(() => { const e = document.getElementById(`+quoted(id)+`); if (!e) return false; e.value = `+quoted(value)+`; return true })()`, &ok))
	require.True(b.t, ok, "no field %s", id)
}

// quoted is a text as JavaScript writes it.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a text
	}
	return string(b)
}

// signInAs types the code from somebody's phone.
func (b *tab) signInAs(p *client) {
	b.t.Helper()
	b.open("/lite/")
	b.fill("code", p.pageCode())
	b.press("/lite/sign-in/code")
	b.says(p.person.Name)
}

// fits demands that nothing stands beside the screen, and that whatever is
// pressed is large enough for a thumb.
func (b *tab) fits() {
	b.t.Helper()
	require.Empty(b.t, b.unfit())
}

func (b *tab) unfit() (wrong []string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(`(() => { const bad = [], w = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth > w) bad.push("the page is " + document.documentElement.scrollWidth + " wide");
		for (const e of document.querySelectorAll("button,input:not([type=hidden]):not([type=radio]):not([type=checkbox]),select,textarea,a.button,summary,nav a,label.pick")) {
			const r = e.getBoundingClientRect();
			if (r.width && (r.height < 43.5 || r.width < 43.5)) bad.push(e.tagName + " " + (e.textContent || e.name).trim().slice(0, 20) + " " + Math.round(r.width) + "x" + Math.round(r.height));
			if (r.width && r.right > w + 1) bad.push(e.tagName + " stands out");
		}
		return bad })()`, &wrong))
	return wrong
}

// TestAClerksDayInARealBrowser goes from sign-in to the signed commitment and
// the receipt at 360 by 640.
func TestAClerksDayInARealBrowser(t *testing.T) {
	c := sharedTown(t)
	b := c.inChromium(t)
	clerk := c.clerk(t, otherVillage)
	old := c.newcomer()
	b.signInAs(clerk)
	b.open("/lite/queue")
	b.press("/lite/queue/open")
	b.open("/lite/give")
	b.fill("item", permitItem)
	b.press("/lite/give/ticket")
	b.says("已取号")
	b.open("/lite/queue")
	b.press("/lite/queue/next")
	b.says("再叫一次")
	b.fits()
	b.open("/lite/take-in")
	b.fill("item", permitItem)
	b.fill("name", old.Name)
	b.fill("number", old.IDNumber)
	b.press("/lite/take-in/open")
	b.says("第一步")
	b.fits()
	path := b.path()
	for id, value := range map[string]string{
		"f.residence_address": "佛山市禅城区样例路9号", "f.permit_basis": "合法稳定住所", "f.applicant_phone": "13800001234",
		"c." + permitLease: "yes", "c." + permitWork: "no", "c." + permitStudy: "no",
	} {
		b.fill(id, value)
	}
	b.press(path + "/fill")
	b.says("已保存")
	b.photo("#p-" + permitPhoto)
	b.says("已收下照片")
	b.open("/lite/commitments/" + idOf(path))
	b.says("自愿")
	b.draw()
	b.press("/lite/commitments/" + idOf(path) + "/sign")
	b.says("承诺书已签名")
	b.press(path + "/submit")
	b.says("已容缺受理")
	b.fits()
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM commitment WHERE signature_sealed IS NOT NULL AND case_id = '"+idOf(path)+"'"))
	b.open("/lite/today")
	b.press("/lite/sign-in/out")
	b.says("登录码")
	b.run(chromedp.NavigateBack())
	b.says("登录码")
	require.NotContains(t, b.text(), "人在等候", "the back button shows nothing of before")
}

func (b *tab) path() (path string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(`location.pathname`, &path))
	return path
}

// photo chooses a file as the camera would give it and sends its form.
func (b *tab) photo(selector string) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "photo.jpg")
	require.NoError(b.t, os.WriteFile(file, photo, 0o600))
	b.run(chromedp.SetUploadFiles(selector, []string{file}, chromedp.ByQuery))
	b.run(chromedp.Evaluate(`(() => { document.documentElement.dataset.old = 1; document.querySelector("`+selector+`").form.querySelector("button").click() })()`, nil))
	b.next()
}

// draw signs on the canvas with the mouse.
func (b *tab) draw() {
	b.t.Helper()
	var at []float64
	b.run(chromedp.ScrollIntoView("canvas"), chromedp.Evaluate(`(() => { const r = document.querySelector("canvas").getBoundingClientRect(); return [r.left, r.top] })()`, &at))
	b.run(chromedp.MouseEvent("mousePressed", at[0]+30, at[1]+40, chromedp.ButtonLeft))
	for i := range 8 {
		b.run(chromedp.MouseEvent("mouseMoved", at[0]+30+float64(i*12), at[1]+40+float64(i*5), chromedp.ButtonLeft))
	}
	b.run(chromedp.MouseEvent("mouseReleased", at[0]+130, at[1]+80, chromedp.ButtonLeft))
}

// TestAPageIsThereWithinASecondOverAWeakSignal loads the heaviest pages at 400
// kbit/s with 400 ms latency. The promise is a second; the test leaves the
// machine half of one.
func TestAPageIsThereWithinASecondOverAWeakSignal(t *testing.T) {
	s := sharedScene(t)
	b := s.town.inChromium(t)
	for _, tc := range []struct {
		who  *client
		path string
	}{{s.clerk, "/lite/today"}, {s.clerk, "/lite/cases/" + idOf(s.draft)}, {s.courier, "/lite/run"}} {
		b.run(network.ClearBrowserCookies(), network.EmulateNetworkConditions(false, 0, -1, -1))
		b.signInAs(tc.who)
		b.run(network.SetCacheDisabled(true), network.EmulateNetworkConditions(false, 400, 400_000/8, 400_000/8))
		b.open(tc.path)
		var ms float64
		b.run(chromedp.Evaluate(`(() => { const n = performance.getEntriesByType("navigation")[0]; return (performance.getEntriesByName("first-contentful-paint")[0] || { startTime: n.domInteractive }).startTime })()`, &ms))
		t.Logf("%s: readable after %.0f ms", tc.path, ms)
		require.Less(t, ms, 1500.0, tc.path)
	}
}

// TestScreenshots writes a picture of every page to the folder that
// YIMEN_SCREENSHOTS names (make screenshots), in the colours of day and night.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("YIMEN_SCREENSHOTS")
	if dir == "" {
		t.Skip("YIMEN_SCREENSHOTS names no folder: see make screenshots")
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	s := newScene(t, newTown(t, tuesday))
	s.crowd(t)
	b := s.town.inChromium(t)
	list := s.pages(t)
	for _, pg := range list {
		b.picture(dir, pg.name, pg)
	}
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
	for _, pg := range list {
		if pg.name == "case-draft" || pg.name == "today" || pg.name == "courier-run" {
			b.picture(dir, pg.name+"-night", pg)
		}
	}
}

// crowd fills the office: 200 cases, and a clerk with a long name.
func (s *scene) crowd(t testing.TB) {
	t.Helper()
	for range 200 {
		s.citizen.open(permitItem, villageOffice)
	}
	s.town.crowdOffice(t)
	id := s.town.in.sandbox.AddPerson(sandbox.Person{Name: "阿卜杜热西提·买买提依明江·吐尔逊古丽阿依努尔帕提曼", Phone: "13900001111"})
	p, _ := s.town.in.sandbox.Person(id)
	long := &client{t: t, town: s.town, person: p}
	long.login()
	long.prove()
	long.post("/api/v1/me/post", map[string]string{"code": s.town.invite(t, p.Name, staff.Member{Role: staff.VillageStaff, Office: villageOffice})}).ok()
	s.clerk = long
}

// crowdOffice gives tickets until the office takes no more.
func (c *town) crowdOffice(t testing.TB) {
	t.Helper()
	w := c.clerk(t, villageOffice)
	for range 200 {
		if w.post("/api/v1/village/tickets", map[string]any{"item": visitItem}).status != 200 {
			return
		}
	}
}

// picture shows a page with the cookies of its browser, whole.
func (b *tab) picture(dir, name string, pg shownPage) {
	b.t.Helper()
	b.run(network.ClearBrowserCookies())
	for _, k := range pg.by.cookies() {
		b.run(network.SetCookie(k.Name, k.Value).WithURL(b.town.url + "/lite/").WithPath("/lite"))
	}
	b.open(pg.path)
	var png []byte
	b.run(chromedp.FullScreenshot(&png, 100))
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
	if bad := b.unfit(); len(bad) > 0 {
		b.t.Errorf("%s: %v", name, bad)
	}
}
