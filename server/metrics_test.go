package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/demo"
)

// scraped is what Prometheus would read now.
func (c *town) scraped(t *testing.T) string {
	t.Helper()
	return scrapedFrom(t, c.in)
}

func scrapedFrom(t *testing.T, in *instance) string {
	t.Helper()
	w := httptest.NewRecorder()
	in.meter.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

// TestTheCityIsSeenFromOutside: after a journey the figures tell of it, and of
// nobody in it.
func TestTheCityIsSeenFromOutside(t *testing.T) {
	c := newTown(t, tuesday)
	var out bytes.Buffer
	_, err := demo.Play(t.Context(), c.in.stage(c.url, c.clock), &out)
	require.NoError(t, err, out.String())
	require.NoError(t, c.in.tellFigures(t.Context()))
	seen := c.scraped(t)
	for _, line := range []string{
		`yimen_http_requests_total{operation="login",status="200"} [1-9]`,
		`yimen_call_seconds_count{call="[a-z0-9_]+",outcome="ok",peer="wechat"} [1-9]`,
		`yimen_db_group_size_count [1-9]`,
		`yimen_cases_decided{office="[^"]+"} [1-9]`,
		`yimen_cases_on_time_share{office="[^"]+"} 1\b`,
		`yimen_tolerance_acceptances{state="(granted|closed)"} 1\b`,
		`yimen_deliveries{company="[^"]+",end="delivered"} 1\b`,
		`yimen_delivery_seconds{company="[^"]+"} [0-9]`,
		`yimen_jobs_waiting{kind="notify.message"} \d`,
		`yimen_cache_gone 0\b`,
		`yimen_ready 1\b`,
		`yimen_build_info{version="[^"]+"} 1\b`,
	} {
		require.Regexp(t, `(?m)^`+line, seen)
	}
	for _, p := range c.in.sandbox.Persons() {
		require.NotContains(t, seen, p.Name)
		require.NotContains(t, seen, p.OpenID)
	}
	require.NotRegexp(t, `[0-9a-f]{8}-[0-9a-f]{4}-7`, seen, "no id of anything is a label")

	c.clock.ahead.Add(int64(3*figuresEvery + 1))
	require.NotContains(t, c.scraped(t), "yimen_cases_decided{", "who stopped leading shows old figures to nobody")
}

func TestMetricsAreNotOnThePublicAddress(t *testing.T) {
	nobody := sharedTown(t).nobody(t)
	require.Equal(t, http.StatusNotFound, nobody.get("/metrics").status)
}

// TestMetricsHaveAnAddressOfTheirOwn that is refused in one line where it is taken.
func TestMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	p := launch(t, t.TempDir(), []string{anyPort, "YIMEN_METRICS=127.0.0.1:0"}).ready()
	at := regexp.MustCompile(`msg=metrics addr=(http://\S+)`).FindStringSubmatch(p.out.String())
	require.NotNil(t, at, "%s", &p.out)
	res, err := http.Get(at[1])
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), "yimen_ready 1")
	require.Contains(t, string(body), `yimen_http_requests_total{operation="other",status="200"}`, "the probes are counted")

	taken := strings.TrimSuffix(strings.TrimPrefix(at[1], "http://"), "/metrics")
	status, printed := once(t, t.TempDir(), []string{anyPort, "YIMEN_METRICS=" + taken})
	require.Equal(t, 1, status)
	requireOneLine(t, strings.TrimSpace(printed), "YIMEN_METRICS", taken)
}

// TestWhoIsTurnedAwayIsCounted by the operation and the code that they are told.
func TestWhoIsTurnedAwayIsCounted(t *testing.T) {
	c := sharedTown(t)
	c.nobody(t).get("/api/v1/me").refused(http.StatusUnauthorized, "session.missing")
	require.Regexp(t, `(?m)^yimen_problems_total\{code="session.missing"\} [1-9]`, c.scraped(t))
}
