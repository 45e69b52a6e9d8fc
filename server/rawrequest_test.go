package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dial opens a bare connection to the listener.
func (c *town) dial(t testing.TB) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(40*time.Second)))
	return conn
}

// answerOn reads one answer.
func answerOn(t testing.TB, conn net.Conn, asked string) *reply {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err, asked)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err, asked)
	return replyOf(t, asked, resp.StatusCode, resp.Header, raw)
}

// raw sends bytes as they are and half-closes the connection.
func (c *town) raw(t testing.TB, text string) *reply {
	t.Helper()
	conn := c.dial(t)
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	return answerOn(t, conn, text[:min(len(text), 60)])
}

// TestBytesThatAreNoRequestAreAnswered sends what no HTTP library would.
func TestBytesThatAreNoRequestAreAnswered(t *testing.T) {
	c := sharedTown(t)
	const login = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: 12345678\r\n"
	for why, text := range map[string]string{
		"nonsense":                 "nonsense\r\n\r\n",
		"another protocol":         "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"a header of 100 KB":       "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("h", 100<<10) + "\r\n\r\n",
		"a path of 100 KB":         "GET /api/v1/items/" + strings.Repeat("p", 100<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"2,000 headers":            "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("X-A: b\r\n", 2000) + "\r\n",
		"a NUL in the path":        "GET /api/v1/\x00me HTTP/1.1\r\nHost: x\r\n\r\n",
		"raw bytes in the path":    "GET /api/v1/items?q=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
		"a broken escape":          "GET /api/v1/items?q=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"a length that is none":    login + "Content-Length: many\r\n\r\n{}",
		"a negative length":        login + "Content-Length: -1\r\n\r\n{}",
		"a length too short":       login + "Content-Length: 5\r\n\r\n{\"code\":\"x\"}",
		"a length too long":        login + "Content-Length: 500\r\n\r\n{\"code\":\"x\"}",
		"a body past the end":      login + "Content-Length: 99999999999999999999\r\n\r\n{}",
		"broken chunks":            login + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
		"a chunk longer than told": login + "Transfer-Encoding: chunked\r\n\r\n2\r\n{\"code\":1}\r\n0\r\n\r\n",
		"a key with a DEL":         strings.Replace(login, "12345678", "1234567\x7f8", 1) + "Content-Length: 2\r\n\r\n{}",
		"a line break in a header": "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n b\r\n\r\n",
		"two lengths":              login + "Content-Length: 2\r\nContent-Length: 12\r\n\r\n{\"code\":\"x\"}",
		"length and chunks":        login + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	} {
		t.Run(why, func(t *testing.T) { requireProblem(t, c.raw(t, text)) })
	}
}

// TestAHeaderCannotBeInjected looks for what was sent among the headers of the
// answer.
func TestAHeaderCannotBeInjected(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	for _, path := range []string{"/api/v1/items/a%0d%0aX-Evil:%201", "/nowhere%0d%0aX-Evil:%201", "/api/v1/items?q=%0d%0aX-Evil:1"} {
		require.Empty(t, p.get(path).header.Get("X-Evil"), path)
	}
	r := p.send(request{method: http.MethodGet, path: "/api/v1/me", header: http.Header{"X-Request-Id": {"mine"}, "X-Forwarded-Host": {"evil"}}}).ok()
	require.NotEqual(t, "mine", r.header.Get("X-Request-Id"), "a client's id is no key into our logs")
}

// TestAFileKeepsToItsName uploads under names that a header, a screen or a
// file system would trip over, and downloads each again.
func TestAFileKeepsToItsName(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.permitDraft()
	for name, want := range map[string]string{
		"回执.jpg":                          "回执.jpg",
		"a\r\nX-Evil: 1.jpg":              "",
		`"quoted".jpg`:                    "",
		"../../etc/passwd":                "passwd",
		`C:\Users\me\photo.jpg`:           "photo.jpg",
		"..":                              "",
		"":                                "",
		"gpj.\u202eexe":                   "gpj.exe",
		strings.Repeat("长", 300) + ".jpg": strings.Repeat("长", 76) + ".jpg",
	} {
		body, media := formOf(map[string]string{"material": permitPhoto}, name, photo)
		up := p.send(request{method: http.MethodPost, path: path + "/files", key: fmt.Sprintf("%x", sha256.Sum256([]byte(name))), body: body, media: media})
		if up.status != http.StatusOK {
			requireProblem(t, up) // the form itself was unreadable
			continue
		}
		down := p.get(p.get(path + "/files/" + up.text("file")).ok().text("url")).ok()
		require.Equal(t, photo, down.raw)
		require.Equal(t, "image/jpeg", down.header.Get("Content-Type"))
		require.Equal(t, "nosniff", down.header.Get("X-Content-Type-Options"))
		saved := down.header.Get("Content-Disposition")
		require.True(t, strings.HasPrefix(saved, "attachment"), "%q: %q", name, saved)
		require.NotContains(t, saved, "/")
		require.Empty(t, down.header.Get("X-Evil"))
		if want != "" {
			require.Equal(t, want, fileNameOf(t, saved), "%q", name)
		}
	}
}

// TestABodyOf13MBIsRefusedAndTold sends more than any request may hold, as a
// client does that writes all before it reads.
func TestABodyOf13MBIsRefusedAndTold(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.permitDraft()
	big := append(photo, make([]byte, 13<<20)...)
	for range 3 {
		r := p.upload(path+"/files", permitPhoto, big)
		r.refused(http.StatusRequestEntityTooLarge, "request.too_large")
	}
	p.post("/api/v1/sessions", `{"code":"`+strings.Repeat("x", 13<<20)+`"}`).refused(http.StatusRequestEntityTooLarge, "request.too_large")
	p.put(path+"/form", `{"form":{"a":"`+strings.Repeat("x", 13<<20)+`"}}`).refused(http.StatusRequestEntityTooLarge, "request.too_large")
	require.Equal(t, "missing", p.get(path).ok().material("", permitPhoto)["state"])
}

// TestASlowBodyIsCutOff begins a request and never ends it.
func TestASlowBodyIsCutOff(t *testing.T) {
	c := newTown(t, tuesday, func(in *instance) {
		require.Equal(t, 20*time.Second, in.app.Fiber.Server().ReadTimeout)
		in.app.Fiber.Server().ReadTimeout = time.Second // a test need not wait so long
	})
	conn := c.dial(t)
	_, err := io.WriteString(conn, "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: 12345678\r\nContent-Length: 500\r\n\r\n{\"code\":")
	require.NoError(t, err)
	answerOn(t, conn, "slow").refused(http.StatusRequestTimeout, "request.timeout")
}
