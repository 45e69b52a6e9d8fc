package blob

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"
)

// program finds a real server on the PATH. Without it the test is skipped, or
// fails where YIMEN_REQUIRE_REAL=1 demands real servers.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("YIMEN_REQUIRE_REAL") == "1" {
		t.Fatalf("%s is not on the PATH, and YIMEN_REQUIRE_REAL=1 demands it", name)
	}
	t.Skipf("%s is not on the PATH: the S3 store is not tested against a real server", name)
	return ""
}

// realS3 starts an S3 server on a directory of its own, with an empty bucket.
func realS3(t *testing.T) Store {
	t.Helper()
	server := program(t, "versitygw")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())

	var said bytes.Buffer
	cmd := exec.Command(server, "--access", "key", "--secret", "a-secret-for-tests", "--port", address, "posix", t.TempDir())
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	s, err := S3(Config{
		Endpoint: address, Bucket: "files", AccessKey: "key", SecretKey: "a-secret-for-tests",
		Plain: true, PathStyle: true, Now: time.Now,
	})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		return s.(*s3).client.MakeBucket(ctx, "files", minio.MakeBucketOptions{}) == nil
	}, 20*time.Second, 100*time.Millisecond, "the S3 server did not come up")
	return s
}

func TestARealS3ServerKeepsThePromises(t *testing.T) {
	s := realS3(t)
	suite(t, s)
	t.Run("a file sent in parts", func(t *testing.T) {
		data := bytes.Repeat([]byte("0123456789abcdef"), 40<<16) // 40 MiB
		put(t, s, "parts", data)
		require.True(t, bytes.Equal(data, get(t, s, "parts")))
		require.ErrorIs(t, s.Put(t.Context(), "parts-cut", int64(len(data)+1), bytes.NewReader(data)), ErrSize)
		absent(t, s, "parts-cut")
	})
	t.Run("a signed form", func(t *testing.T) { testForm(t, s) })
	t.Run("a check at start", func(t *testing.T) { testCheck(t, s.(*s3).Config) })
}

func testCheck(t *testing.T, c Config) {
	for name, try := range map[string]struct {
		change func(*Config)
		mark   string
		want   error
	}{
		"ours":              {asItIs, "ours", nil},
		"ours again":        {asItIs, "ours", nil},
		"no such bucket":    {func(c *Config) { c.Bucket = "missing" }, "ours", ErrNoBucket},
		"a wrong secret":    {func(c *Config) { c.SecretKey = "wrong" }, "ours", ErrKeyPair},
		"no store there":    {func(c *Config) { c.Endpoint = "127.0.0.1:1" }, "ours", ErrUnavailable},
		"a misspelt region": {func(c *Config) { c.Region = "nowhere" }, "ours", ErrUnavailable},
	} {
		changed := c
		try.change(&changed)
		s, err := S3(changed)
		require.NoError(t, err)
		_, err = Check(t.Context(), s, []byte(try.mark), "incoming/")
		require.ErrorIs(t, err, try.want, name)
	}
	s, err := S3(c)
	require.NoError(t, err)
	_, err = Check(t.Context(), s, []byte("another installation"), "incoming/")
	require.ErrorIs(t, err, ErrForeign)
}

func testForm(t *testing.T, s Store) {
	form, err := s.Form(t.Context(), "by/form.pdf", 10, time.Minute)
	require.NoError(t, err)
	require.GreaterOrEqual(t, post(t, form, "eleven byte"), 400, "too long")
	require.GreaterOrEqual(t, post(t, form, ""), 400, "empty")
	absent(t, s, "by/form.pdf")
	require.Less(t, post(t, form, "ten bytes!"), 300)
	require.Equal(t, "ten bytes!", string(get(t, s, "by/form.pdf")))

	form.Fields["key"] = "by/another.pdf"
	require.GreaterOrEqual(t, post(t, form, "x"), 400, "another key than signed")
	absent(t, s, "by/another.pdf")

	late, err := s.Form(t.Context(), "by/late.pdf", 10, -time.Minute)
	require.NoError(t, err)
	require.GreaterOrEqual(t, post(t, late, "x"), 400, "expired")
	absent(t, s, "by/late.pdf")
}

// post sends a form as a browser does, and gives the status.
func post(t *testing.T, form Form, file string) int {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range form.Fields {
		require.NoError(t, w.WriteField(name, value))
	}
	part, err := w.CreateFormFile("file", "a.pdf")
	require.NoError(t, err)
	_, err = io.Copy(part, strings.NewReader(file))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	resp, err := http.Post(form.URL, w.FormDataContentType(), &body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}
