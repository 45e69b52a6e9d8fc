package blob

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// shelf speaks as much S3 as our client asks for. It checks no signature: what
// a real server says is tested in s3_real_test.go.
type shelf struct {
	mu     sync.Mutex
	files  map[string][]byte
	asked  []http.Header
	broken int // answer with this status instead
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil && strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		body, err = unchunk(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Header)
	data, there := s.files[r.URL.Path]
	switch {
	case s.broken != 0:
		w.WriteHeader(s.broken)
	case err != nil || !strings.HasPrefix(r.URL.Path, "/files/") || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		w.WriteHeader(http.StatusBadRequest)
	case r.Method == http.MethodPut:
		s.files[r.URL.Path] = body
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(s.files, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `<Error><Code>NoSuchKey</Code></Error>`)
	default:
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
	}
}

// unchunk takes a body out of the signed chunks in which it travels without TLS.
func unchunk(body []byte) (whole []byte, err error) {
	for {
		head, rest, _ := bytes.Cut(body, []byte("\r\n"))
		size, err := strconv.ParseInt(string(bytes.Split(head, []byte(";"))[0]), 16, 32)
		if err != nil || int(size)+2 > len(rest) {
			return nil, fmt.Errorf("bad chunk %q: %w", head, err)
		}
		if size == 0 {
			return whole, nil
		}
		whole, body = append(whole, rest[:size]...), rest[size+2:]
	}
}

func onShelf(t *testing.T, change func(*Config)) (Store, *shelf) {
	t.Helper()
	sh := &shelf{files: map[string][]byte{}}
	server := httptest.NewUnstartedServer(sh)
	c := Config{
		Endpoint: server.Listener.Addr().String(), Bucket: "files", AccessKey: "key", SecretKey: "secret",
		PathStyle: true, Now: time.Now,
	}
	change(&c)
	if c.Plain {
		server.Start()
	} else {
		server.StartTLS()
	}
	t.Cleanup(server.Close)
	c.Transport = server.Client().Transport
	s, err := S3(c)
	require.NoError(t, err)
	return s, sh
}

func asItIs(*Config) {}

func TestTheClientOfS3KeepsItsPromises(t *testing.T) {
	t.Run("with TLS", func(t *testing.T) {
		s, _ := onShelf(t, asItIs)
		suite(t, s)
	})
	t.Run("without TLS", func(t *testing.T) {
		s, _ := onShelf(t, func(c *Config) { c.Plain = true })
		suite(t, s)
	})
}

func TestEncryptionAtRestIsAskedForWhenConfigured(t *testing.T) {
	for _, encrypt := range []bool{false, true} {
		s, sh := onShelf(t, func(c *Config) { c.Encrypt = encrypt })
		put(t, s, "a", []byte("x"))
		require.Equal(t, encrypt, sh.asked[0].Get("X-Amz-Server-Side-Encryption") == "AES256")
	}
}

func TestAnUnusableStoreIsToldAsUnavailable(t *testing.T) {
	s, sh := onShelf(t, asItIs)
	sh.broken = http.StatusForbidden
	_, _, err := s.Get(t.Context(), "a")
	require.ErrorIs(t, err, ErrUnavailable)
	require.Equal(t, fault.Unavailable, fault.From(err).Kind)
	require.ErrorIs(t, s.Put(t.Context(), "a", 1, strings.NewReader("x")), ErrUnavailable)
	require.ErrorIs(t, s.Delete(t.Context(), "a"), ErrUnavailable)

	gone, err := S3(Config{Endpoint: "127.0.0.1:1", Bucket: "files", AccessKey: "k", SecretKey: "s", Plain: true, Now: time.Now})
	require.NoError(t, err)
	_, _, err = gone.Get(t.Context(), "a")
	require.ErrorIs(t, err, ErrUnavailable)

	_, err = S3(Config{Endpoint: "not an endpoint"})
	require.Error(t, err)
}

func TestTheCauseOfUnavailabilityIsKept(t *testing.T) {
	s, _ := onShelf(t, asItIs)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := s.Get(ctx, "a")
	require.ErrorIs(t, err, context.Canceled)
}

// sign is AWS signature version 4 of a form's policy, by its specification.
func sign(secret, day, region, policy string) string {
	key := []byte("AWS4" + secret)
	for _, part := range []string{day, region, "s3", "aws4_request", policy} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

func TestAFormAllowsOneKeyUpToASizeUntilATime(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	s, _ := onShelf(t, func(c *Config) {
		c.Encrypt, c.Region, c.Now = true, "gd-foshan", func() time.Time { return now }
	})
	form, err := s.Form(t.Context(), "case/1/a.pdf", 1000, 15*time.Minute)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(form.URL, "/files/"), form.URL)
	require.Equal(t, "case/1/a.pdf", form.Fields["key"])

	text, err := base64.StdEncoding.DecodeString(form.Fields["policy"])
	require.NoError(t, err)
	var policy struct {
		Expiration time.Time
		Conditions []any
	}
	require.NoError(t, json.Unmarshal(text, &policy))
	require.True(t, now.Add(15*time.Minute).Equal(policy.Expiration))
	for _, want := range []any{
		[]any{"eq", "$bucket", "files"},
		[]any{"eq", "$key", "case/1/a.pdf"},
		[]any{"content-length-range", 1.0, 1000.0},
		[]any{"eq", "$x-amz-server-side-encryption", "AES256"},
	} {
		require.Contains(t, policy.Conditions, want)
	}
	for name := range form.Fields { // a store refuses fields that no condition covers
		if name != "policy" && name != "x-amz-signature" {
			require.Contains(t, string(bytes.ToLower(text)), `"$`+strings.ToLower(name)+`"`)
		}
	}
	day, region := form.Fields["x-amz-date"][:8], "gd-foshan"
	require.Contains(t, form.Fields["x-amz-credential"], "/"+region+"/s3/")
	require.Equal(t, sign("secret", day, region, form.Fields["policy"]), form.Fields["x-amz-signature"])
}

func TestAFormForNothingIsRefused(t *testing.T) {
	s, _ := onShelf(t, asItIs)
	_, err := s.Form(t.Context(), "../a", 1000, time.Minute)
	require.ErrorIs(t, err, ErrKey)
	_, err = s.Form(t.Context(), "a", 0, time.Minute)
	require.Error(t, err)
}
