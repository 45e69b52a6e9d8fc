package hub

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

const base = "商事登记库"

type playing struct {
	*Sandbox
	url    string
	client *Client
}

func play(t *testing.T, l Limits, wrap func(http.Handler) http.Handler) playing {
	t.Helper()
	s := NewSandbox(SampleKeys(base), SampleRecords(), time.Now)
	var h http.Handler = s
	if wrap != nil {
		h = wrap(s)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := New(server.URL, SampleKeys(base), server.Client(), l, time.Now)
	require.NoError(t, err)
	return playing{s, server.URL, c}
}

func question(t *testing.T) exchange.Question {
	name, err := citizen.ParseName("贾示例")
	require.NoError(t, err)
	number, err := citizen.ParseIDNumber("440605198009088612")
	require.NoError(t, err)
	return exchange.Question{
		Source: base, About: citizen.Person{Kind: citizen.Natural, Name: name, Number: number}, Item: "X", Purpose: "办理样例", Basis: "法", Wants: []string{"M-0009"},
	}
}

func TestAQuestionIsSignedAndAnswered(t *testing.T) {
	p := play(t, Limits{}, nil)
	list, err := p.client.Ask(t.Context(), question(t))
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "SC-0001", list[0].Ref)
	q := question(t)
	q.Basis = ""
	_, err = p.client.Ask(t.Context(), q)
	require.ErrorIs(t, err, exchange.ErrDown, "a hub answers no question without a legal basis")
	q = question(t)
	q.Source = "没有钥匙的库"
	_, err = p.client.Ask(t.Context(), q)
	require.ErrorIs(t, err, exchange.ErrDown)
}

// TestARequestThatWasChangedOrRepeatedIsRefused: each part is signed, and a
// nonce counts once.
func TestARequestThatWasChangedOrRepeatedIsRefused(t *testing.T) {
	var kept *http.Request
	var body []byte
	p := play(t, Limits{}, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			kept = r.Clone(r.Context())
			h.ServeHTTP(w, r)
		})
	})
	_, err := p.client.Ask(t.Context(), question(t))
	require.NoError(t, err)
	send := func(change func(*http.Request) string) int {
		r := kept.Clone(t.Context())
		text := string(body)
		if change != nil {
			text = change(r)
		}
		r.Body = io.NopCloser(strings.NewReader(text))
		w := httptest.NewRecorder()
		p.Sandbox.ServeHTTP(w, r)
		return w.Code
	}
	for name, change := range map[string]func(*http.Request) string{
		"the same again": nil,
		"another body":   func(*http.Request) string { return strings.Replace(string(body), "M-0009", "M-0010", 1) },
		"another path":   func(r *http.Request) string { r.URL.Path = pathRevoked; return string(body) },
		"another nonce":  func(r *http.Request) string { r.Header.Set(headerNonce, strings.Repeat("a", 32)); return string(body) },
		"another time":   func(r *http.Request) string { r.Header.Set(headerTime, "1"); return string(body) },
		"no signature":   func(r *http.Request) string { r.Header.Del(headerSignature); return string(body) },
		"an unknown key": func(r *http.Request) string { r.Header.Set(headerKey, "local-00000000"); return string(body) },
		"nothing at all": func(r *http.Request) string { r.Header = http.Header{}; return "" },
	} {
		require.Equal(t, http.StatusUnauthorized, send(change), name)
	}
	require.Equal(t, 8, p.Refused())
	old, _ := New(p.url, SampleKeys(base), http.DefaultClient, Limits{}, func() time.Time { return time.Now().Add(-6 * time.Minute) })
	_, err = old.Ask(t.Context(), question(t))
	require.ErrorIs(t, err, exchange.ErrDown, "who takes five minutes is too late")
}

// TestAnAnswerThatSomebodyChangedIsNoAnswer.
func TestAnAnswerThatSomebodyChangedIsNoAnswer(t *testing.T) {
	p := play(t, Limits{}, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			w.Header().Set(headerSignature, rec.Header().Get(headerSignature))
			_, _ = io.WriteString(w, strings.Replace(rec.Body.String(), "营业执照", "假执照", 1))
		})
	})
	_, err := p.client.Ask(t.Context(), question(t))
	require.ErrorIs(t, err, exchange.ErrDown)
}

// TestASlowBaseIsLeftAloneForAWhile: three calls wait out their time, the
// others do not wait at all; after its rest it is asked again.
func TestASlowBaseIsLeftAloneForAWhile(t *testing.T) {
	p := play(t, Limits{Timeout: 40 * time.Millisecond, Rest: 200 * time.Millisecond}, nil)
	p.Set(base, Mood{Slow: 5 * time.Second})
	for range tripAfter {
		_, err := p.client.Ask(t.Context(), question(t))
		require.ErrorIs(t, err, exchange.ErrDown)
	}
	began := time.Now()
	for range 100 {
		_, err := p.client.Ask(t.Context(), question(t))
		require.ErrorIs(t, err, exchange.ErrDown)
	}
	require.Less(t, time.Since(began), 40*time.Millisecond)
	p.Set(base, Mood{})
	require.Eventually(t, func() bool { _, err := p.client.Ask(t.Context(), question(t)); return err == nil }, 5*time.Second, 20*time.Millisecond)
}

// TestKeysAreReadLineByLine, and what is wrong is told without its secret.
func TestKeysAreReadLineByLine(t *testing.T) {
	keys, err := ReadKeys(strings.NewReader("# 说明\n\n" + SampleKeys(base).Text([]string{base})))
	require.NoError(t, err)
	require.Equal(t, SampleKeys(base), keys)
	for text, line := range map[string]string{
		"库 k1": "line 1", "库 k1 zz": "line 1", "库 k1 00112233": "line 1", "#\n库 k1 " + strings.Repeat("ab", 16) + "\n库 k2 " + strings.Repeat("cd", 16): "line 3",
	} {
		_, err := ReadKeys(strings.NewReader(text))
		require.ErrorContains(t, err, line)
		require.NotContains(t, err.Error(), "ab")
	}
}
