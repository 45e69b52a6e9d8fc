package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/yimen-gov/yimen/server/meter"
)

// collecting is a collector of OpenTelemetry that keeps what comes.
func collecting(t *testing.T) (url string, spans func() []*traces.Span) {
	var mu sync.Mutex
	var list []*traces.Span
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var in collector.ExportTraceServiceRequest
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &in) != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range in.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				list = append(list, scope.Spans...)
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []*traces.Span { mu.Lock(); defer mu.Unlock(); return list }
}

// TestARequestIsFollowedToDatabaseAndWeChat where a collector is named; the
// spans hang together and hold nothing of the person.
func TestARequestIsFollowedToDatabaseAndWeChat(t *testing.T) {
	url, spans := collecting(t)
	t.Setenv(meter.TraceVariable, url)
	c, err := openTown(t.TempDir(), tuesday)
	require.NoError(t, err)
	p := c.citizen(t)
	require.NoError(t, c.close()) // sends what is held

	roots := map[string][]byte{} // trace by operation
	for _, s := range spans() {
		if s.Kind == traces.Span_SPAN_KIND_SERVER {
			roots[s.Name] = s.TraceId
		}
		require.NotContains(t, s.String(), p.person.Name)
		require.NotContains(t, s.String(), p.person.OpenID)
		require.NotContains(t, s.String(), p.person.Phone)
	}
	require.Contains(t, roots, "login")
	var below []string
	for _, s := range spans() {
		if string(s.TraceId) == string(roots["login"]) && s.Kind == traces.Span_SPAN_KIND_CLIENT {
			below = append(below, s.Name)
		}
	}
	require.Contains(t, below, "sql INSERT")
	require.Contains(t, strings.Join(below, " "), "wechat ")
}
