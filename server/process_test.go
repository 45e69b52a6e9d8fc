package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is the server as a process of its own.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	out   writer
	url   string
	begun time.Time
}

// writer collects what a process prints, line by line.
type writer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}

func (w *writer) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// launch starts the server in a folder with nothing in its environment but
// what is given.
func launch(t testing.TB, dir string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, begun: time.Now()}
	p.cmd = exec.Command(os.Args[0], args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, &p.out, &p.out
	p.cmd.Env = append([]string{asCommand + "=1", "HOME=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	if url := databaseOf(dir); url != "" {
		p.cmd.Env = append(p.cmd.Env, "YIMEN_DB="+url)
	}
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

var readyLine = regexp.MustCompile(`msg=ready addr=(http://\S+)`)

// ready waits until the process says where it listens and /readyz agrees.
func (p *process) ready() *process {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		m := readyLine.FindStringSubmatch(p.out.String())
		if m == nil {
			return false
		}
		p.url = m[1]
		resp, err := http.Get(p.url + "/readyz")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil && resp.StatusCode == http.StatusOK
	}, 20*time.Second, 10*time.Millisecond, "%s", &p.out)
	return p
}

// status waits for the end and gives the exit status.
func (p *process) status() int {
	p.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		require.Fail(p.t, "the process does not end", "%s", &p.out)
	}
	return p.cmd.ProcessState.ExitCode()
}

// once runs a command to its end.
func once(t testing.TB, dir string, env []string, args ...string) (status int, printed string) {
	t.Helper()
	p := launch(t, dir, env, args...)
	return p.status(), p.out.String()
}

const anyPort = "YIMEN_ADDR=127.0.0.1:0"

// TestItStartsWithNoConfigurationAtAll: an empty folder and no settings; only
// where its port is taken on this machine does it get another.
func TestItStartsWithNoConfigurationAtAll(t *testing.T) {
	dir := t.TempDir()
	var env []string
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err == nil {
		require.NoError(t, l.Close())
	} else {
		env = append(env, anyPort)
	}
	p := launch(t, dir, env).ready()
	if env == nil {
		require.Equal(t, "http://127.0.0.1:8080", p.url)
	}
	require.FileExists(t, filepath.Join(dir, "var", "yimen.db"))
	require.Contains(t, p.out.String(), "YIMEN_WECHAT_APPID", "it says that a local WeChat plays, and why")
	info, err := os.Stat(filepath.Join(dir, "var", "keys.txt"))
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077, "nobody else reads the keys")

	address := strings.TrimPrefix(p.url, "http://")
	status, printed := once(t, t.TempDir(), []string{"YIMEN_ADDR=" + address})
	require.Equal(t, 1, status)
	requireOneLine(t, printed, "YIMEN_ADDR", address)
}

// requireOneLine demands a failure that one reads at a glance.
func requireOneLine(t *testing.T, printed string, parts ...string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(strings.TrimSpace(printed), "\n")+1, printed)
	require.True(t, strings.HasPrefix(printed, "server: "), printed)
	require.NotContains(t, printed, "goroutine")
	for _, part := range parts {
		require.Contains(t, printed, part)
	}
}

// TestItIsReadyInTwoSecondsAndSmall with the whole sample city loaded. The best
// of three counts: other tests run beside it.
func TestItIsReadyInTwoSecondsAndSmall(t *testing.T) {
	best, least := time.Hour, 1<<40
	for range 3 {
		p := launch(t, t.TempDir(), []string{anyPort}).ready()
		best = min(best, time.Since(p.begun))
		least = min(least, resident(t, p))
		require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
		require.Zero(t, p.status(), "%s", &p.out)
		if best < 2*time.Second && least < 120<<20 {
			return
		}
	}
	require.Less(t, best, 2*time.Second)
	require.Less(t, least, 120<<20)
}

// resident is how much memory a process holds, in bytes.
func resident(t *testing.T, p *process) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Skip("no /proc on this machine")
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(text)
	require.NotNil(t, m)
	n, err := strconv.Atoi(string(m[1]))
	require.NoError(t, err)
	return n << 10
}

// TestProductionNamesEverythingThatIsMissingAtOnce and makes nothing.
func TestProductionNamesEverythingThatIsMissingAtOnce(t *testing.T) {
	dir := t.TempDir()
	status, printed := once(t, dir, []string{"YIMEN_ENV=production"})
	require.Equal(t, 1, status)
	requireOneLine(t, printed, "YIMEN_WECHAT_APPID", "YIMEN_WECHAT_SECRET", "YIMEN_WECHAT_TOKEN", "YIMEN_WECHAT_AES_KEY", "YIMEN_POPULATION_URL", "YIMEN_KEYS")
	require.NoDirExists(t, filepath.Join(dir, "var"))
	status, printed = once(t, dir, []string{
		"YIMEN_ENV=production", "YIMEN_WECHAT_APPID=wx1", "YIMEN_WECHAT_SECRET=s", "YIMEN_KEYS=" + filepath.Join(dir, "none.txt"),
	})
	require.Equal(t, 1, status)
	requireOneLine(t, printed, "YIMEN_WECHAT_TOKEN", "YIMEN_WECHAT_AES_KEY", "YIMEN_POPULATION_URL", "the file that YIMEN_KEYS names")
	require.NotContains(t, printed, "YIMEN_WECHAT_APPID")
}

// TestHelpConfigListsEverySetting: variable, flag, default and meaning.
func TestHelpConfigListsEverySetting(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, 0, run([]string{"help", "config"}, &out, &errs), &errs)
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		require.True(t, strings.HasPrefix(tag.Get("env"), "YIMEN_"), fields.Field(i).Name)
		require.NotEmpty(t, tag.Get("help"), fields.Field(i).Name)
		line := regexp.MustCompile(`(?m)^` + tag.Get("env") + ` +(--\S+) +(.*)$`).FindStringSubmatch(out.String())
		require.NotNil(t, line, "%s\n%s", tag.Get("env"), &out)
		require.Contains(t, line[2], tag.Get("default"))
		var help bytes.Buffer
		require.Equal(t, 0, run([]string{"--help"}, &help, &errs))
		require.Contains(t, help.String(), line[1], "the flag is one that the command line knows")
	}
}

// TestAWrongCommandLineIsStatus2WithAHint: flags, commands, values.
func TestAWrongCommandLineIsStatus2WithAHint(t *testing.T) {
	for _, args := range [][]string{
		{"--no-such-flag"}, {"no-such-command"}, {"help", "nonsense"}, {"import"}, {"import", "--city"}, {"demo", "extra"},
		{"serve", "--env", "staging"}, {"--log", "xml"}, {"staff", "invite", "--role", "king", "--name", "测试"},
	} {
		var out, errs bytes.Buffer
		require.Equal(t, 2, run(args, &out, &errs), "%v: %s%s", args, &out, &errs)
		require.Contains(t, errs.String(), "server --help", "%v", args)
		require.Empty(t, out.String(), "%v", args)
	}
}

// TestASettingThatCannotBeIsOneClearLine: data that cannot be written, an
// address that is none, keys that are none, a database that is none.
func TestASettingThatCannotBeIsOneClearLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("not a key"), 0o600))
	broken := filepath.Join(dir, "broken")
	require.NoError(t, os.Mkdir(broken, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(broken, "yimen.db"), bytes.Repeat([]byte("no database "), 1000), 0o600))
	for _, v := range []struct {
		env   []string
		shown string
	}{
		{[]string{"YIMEN_DATA=" + filepath.Join(file, "var")}, filepath.Join(file, "var")},
		{[]string{"YIMEN_DATA=/proc/no/such"}, "/proc/no"},
		{[]string{"YIMEN_ADDR=nonsense"}, "YIMEN_ADDR"},
		{[]string{"YIMEN_ADDR=127.0.0.1:99999"}, "YIMEN_ADDR"},
		{[]string{"YIMEN_ADDR=192.0.2.1:80"}, "YIMEN_ADDR"},
		{[]string{"YIMEN_KEYS=" + file, anyPort}, file},
		{[]string{"YIMEN_KEYS=" + filepath.Join(dir, "absent"), anyPort}, "absent"},
		{[]string{"YIMEN_DATA=" + broken, anyPort}, broken},
		{[]string{"YIMEN_WECHAT_APPID=wx1", anyPort}, "YIMEN_WECHAT_SECRET"},
	} {
		status, printed := once(t, t.TempDir(), v.env)
		require.Equal(t, 1, status, "%v: %s", v.env, printed)
		requireOneLine(t, printed, v.shown)
	}
}

// TestTheJourneyIsCompleteInAnyTimeZone: the machine's zone does not matter.
func TestTheJourneyIsCompleteInAnyTimeZone(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Pacific/Kiritimati"} {
		status, printed := once(t, t.TempDir(), []string{"TZ=" + zone}, "demo")
		require.Zero(t, status, printed)
		require.Regexp(t, complete, printed)
	}
}

// TestTheDemoLeavesNothingBehind in its folder or in the temporary one.
func TestTheDemoLeavesNothingBehind(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	status, printed := once(t, dir, []string{"TMPDIR=" + temp}, "demo")
	require.Zero(t, status, printed)
	for _, folder := range []string{dir, temp} {
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

// TestTheDemoMayBeKept: it prints its addresses, runs on, and ends when told.
func TestTheDemoMayBeKept(t *testing.T) {
	p := launch(t, t.TempDir(), nil, "demo", "--keep")
	address := regexp.MustCompile(`API +(http://\S+)`)
	require.Eventually(t, func() bool { return address.MatchString(p.out.String()) }, 20*time.Second, 20*time.Millisecond, "%s", &p.out)
	resp, err := http.Get(address.FindStringSubmatch(p.out.String())[1] + "/readyz")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGINT))
	require.Zero(t, p.status(), "%s", &p.out)
}

// TestItFinishesWhatIsInHandWhenToldToStop: a request that is half way in when
// the signal comes is answered; then the process ends with status 0.
func TestItFinishesWhatIsInHandWhenToldToStop(t *testing.T) {
	p := launch(t, t.TempDir(), []string{anyPort}).ready()
	c := &town{url: p.url}
	idle := c.dial(t)
	defer idle.Close()
	conn := c.dial(t)
	_, err := conn.Write([]byte("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: 12345678\r\nContent-Length: 12\r\n\r\n{\"code\""))
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	time.Sleep(300 * time.Millisecond)
	_, err = conn.Write([]byte(":\"x\"}"))
	require.NoError(t, err)
	requireProblem(t, answerOn(t, conn, "in hand")) // a code that WeChat does not know
	require.Zero(t, p.status(), "%s", &p.out)
	require.NotContains(t, p.out.String(), "level=ERROR")
}
