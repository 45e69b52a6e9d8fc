package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// eyes is a real browser with a screen of a given size.
type eyes struct {
	t   *testing.T
	ctx context.Context
}

// look opens Chromium; the test is skipped where there is none.
func look(t *testing.T, width, height int) *eyes {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		require.Empty(t, os.Getenv("YIMEN_REQUIRE_REAL"), "chromium is not on the PATH")
		t.Skip("chromium is not on the PATH")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.WindowSize(width, height))
	all, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(all)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(late)
	e := &eyes{t, ctx}
	e.do(chromedp.EmulateViewport(int64(width), int64(height)))
	return e
}

func (e *eyes) do(acts ...chromedp.Action) *eyes {
	e.t.Helper()
	require.NoError(e.t, chromedp.Run(e.ctx, acts...))
	return e
}

// says waits until the page shows words, across pages.
func (e *eyes) says(words string) *eyes {
	e.t.Helper()
	var seen string
	require.Eventually(e.t, func() bool {
		err := chromedp.Run(e.ctx, chromedp.Evaluate(`document.body ? document.body.innerText : ''`, &seen))
		return err == nil && strings.Contains(seen, words)
	}, 20*time.Second, 50*time.Millisecond, "waited for %q", words)
	return e
}

func (e *eyes) text(js string) (s string) {
	e.t.Helper()
	e.do(chromedp.Evaluate(`String(`+js+`)`, &s))
	return s
}

// press presses the button that begins with words.
func (e *eyes) press(words string) *eyes {
	e.t.Helper()
	return e.do(chromedp.Poll(`(() => { const b = [...document.querySelectorAll('button')].find(b => b.innerText.startsWith(`+quote(words)+`) && !b.disabled); if (b) { dispatchEvent(new Event('pointerdown')); b.click() } return !!b })()`,
		nil, chromedp.WithPollingTimeout(15*time.Second)))
}

// shot keeps a picture of the page where YIMEN_SCREENSHOTS names a folder.
func (e *eyes) shot(name string) *eyes {
	e.t.Helper()
	folder := os.Getenv("YIMEN_SCREENSHOTS")
	if folder == "" {
		return e
	}
	var png []byte
	e.do(chromedp.FullScreenshot(&png, 100))
	require.NoError(e.t, os.MkdirAll(folder, 0o755))
	require.NoError(e.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644))
	return e
}

func quote(s string) string { return string(encoded([]string{s})[1 : len(encoded([]string{s}))-1]) }

// TestTheHallsScreenComesBackByItself: calls appear as they are made; while the
// service is down the screen says that it may be old; afterwards it shows what
// was called meanwhile. Its numbers can be read at ten metres: a digit a tenth
// of the screen's height.
func TestTheHallsScreenComesBackByItself(t *testing.T) {
	e := look(t, 1920, 1080)
	c := newTown(t, tuesday)
	address := parseAddr(t, c.url)
	clerk := c.clerk(t, townOffice).onDuty(1)
	clerk.ticket(nil).ok()
	e.do(chromedp.Navigate(c.url + "/display/" + townOffice)).says("请留意叫号").shot("display-empty")
	clerk.next().ok()
	e.says("B001").says("1号窗口")
	require.Equal(t, "true", e.text(`[...document.querySelectorAll('main p b')].every(b => parseFloat(getComputedStyle(b).fontSize) >= 120)`))
	require.Equal(t, "true", e.text(`document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight`))
	e.shot("display")

	require.NoError(t, c.stop())
	e.says("正在恢复连接").shot("display-old")
	c.reopen(t, address)
	clerk.ticket(nil).ok()
	e.do(chromedp.Poll(`document.getElementById('note').hidden`, nil, chromedp.WithPollingTimeout(20*time.Second)))
	require.Equal(t, http.StatusNotFound, c.nobody(t).get("/display/nowhere").status)
}

func parseAddr(t *testing.T, url string) *net.TCPAddr {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", url[len("http://"):])
	require.NoError(t, err)
	return a
}

// reopen brings the instance up again at the address that it had.
func (c *town) reopen(t *testing.T, at *net.TCPAddr) {
	t.Helper()
	c.address = at.String()
	require.NoError(t, c.open())
}

// TestAPlannerSeesWhoLivesOutside: the map, and the same as tables.
func TestAPlannerSeesWhoLivesOutside(t *testing.T) {
	e := look(t, 360, 640)
	c := sharedTown(t)
	boss := c.manager(t, villageOffice)
	e.do(chromedp.Navigate(c.url+"/lite/coverage"), chromedp.SendKeys("#code", boss.pageCode()), chromedp.Submit("#code"))
	e.says("怎么去").shot("planner-choose")
	e.do(chromedp.SetValue("#item", permitItem)).press("查看服务圈").says("住在圈外的").shot("planner")
	require.Equal(t, "true", e.text(`document.documentElement.scrollWidth <= innerWidth && document.querySelector('svg').getBoundingClientRect().width > 250`))
	page := boss.atPages().get("/lite/coverage?item=" + permitItem).is(http.StatusOK).says("再授权一个网点")
	require.Less(t, page.packed, 30_000)
	t.Logf("planner: %d bytes packed", page.packed)
	require.Equal(t, http.StatusNotFound, boss.atPages().get("/lite/coverage?item=XX-1").status)
	c.clerk(t, villageOffice).atPages().get("/lite/coverage").is(http.StatusForbidden)
}

// TestATerminalsDay: enrolled in a real browser with a key that does not leave
// it; a ticket without signing in; signed in by phone; an application, a print
// with the paper out, and the finish.
func TestATerminalsDay(t *testing.T) {
	e := look(t, 1080, 1920)
	c := newTown(t, tuesday)
	boss, p := c.manager(t, villageOffice), c.citizen(t)
	p.tolerated()
	code := boss.terminalCode(map[string]any{"slip_from": 901, "slip_to": 903})
	e.do(chromedp.Navigate(c.url + "/terminal")).says("登记这台终端").shot("terminal-enrol").
		do(chromedp.SendKeys("main input", code)).press("登记").says("请选择").shot("terminal-home")
	require.Equal(t, "true", e.text(`[...document.querySelectorAll('button')].every(b => b.getBoundingClientRect().height >= 100)`))

	e.press("不登录").says("您来办什么事").do(chromedp.SendKeys("main input", "居住证")).press("查找").says("居住证申领").shot("terminal-ticket-choose").
		press("居住证申领").says("B001").shot("terminal-ticket").press("好了")
	e.do(chromedp.Evaluate(`{ const f = fetch; window.fetch = async (...a) => { const r = await f(...a); if (a[0].endsWith('terminal/codes')) window.lastCode = (await r.clone().json()).code; return r }; window.print = () => {} }`, nil)) // what a phone would read
	e.press("手机扫码办理").says("请用手机微信扫码").shot("terminal-code")
	p.post("/api/v1/terminal-codes/"+e.text("window.lastCode")+"/confirm", map[string]any{}).ok()
	e.says("您好").shot("terminal-menu")
	e.says("秒后自动退出")
	e.press("自助申请").says("流动人口居住登记").shot("terminal-items").press("流动人口居住登记").says("提交申请").shot("terminal-form").
		press("提交申请").says("办件编号").shot("terminal-submitted").press("好了")
	e.press("打印受理回执").says("受理回执：").shot("terminal-papers").press("受理回执：").says("打印出来了吗").shot("terminal-print")
	e.press("没有纸了").says("没有打印成功").press("打印受理回执").press("受理回执：").says("缺纸").shot("terminal-paper-out")
	e.press("返回").press("结束并退出").says("请选择")
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM terminal_print WHERE state = 'failed' AND reason = 'paper_out'"))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM terminal_visit WHERE state = 'finished'"))
}
