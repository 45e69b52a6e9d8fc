package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/server/demo"
)

var complete = regexp.MustCompile(`(?m)^journey complete: (\d+) steps\n\z`)

// TestTheJourneyIsComplete runs the command as people do.
func TestTheJourneyIsComplete(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, 0, run([]string{"demo"}, &out, &errs), "%s\n%s", &out, &errs)
	last := complete.FindStringSubmatch(out.String())
	require.NotNil(t, last, out.String())
	steps, err := strconv.Atoi(last[1])
	require.NoError(t, err)
	lines := regexp.MustCompile(`(?m)^ *\d+  (citizen|clerk|reviewer|courier|anyone) .* ms  \S`).FindAllString(out.String(), -1)
	require.Len(t, lines, steps, "a line a step: who, what, milliseconds, answer\n%s", out.String())
}

// TestTheJourneyIsCompleteOnAnyDay begins it at hours and on days when offices
// are closed, years end, and nothing is arranged yet.
func TestTheJourneyIsCompleteOnAnyDay(t *testing.T) {
	for why, at := range map[string]time.Time{
		"Saturday night":                  moment(2026, 11, 21, 23, 30),
		"Sunday before dawn":              moment(2026, 11, 22, 3, 0),
		"a lunch break":                   moment(2026, 11, 24, 12, 30),
		"a minute before midnight":        moment(2026, 11, 30, 23, 59),
		"before the National Day holiday": moment(2026, 9, 30, 17, 0),
		"in the National Day holiday":     moment(2026, 10, 3, 10, 0),
		"before the Spring Festival":      moment(2026, 2, 14, 18, 0),
		"New Year's Eve":                  moment(2026, 12, 31, 23, 59),
		"New Year's Day":                  moment(2027, 1, 1, 0, 1),
		"a year not arranged yet":         moment(2028, 6, 15, 9, 0),
		"a leap day":                      moment(2028, 2, 29, 16, 45),
	} {
		t.Run(why, func(t *testing.T) {
			c := newTown(t, at)
			var out bytes.Buffer
			_, err := demo.Play(t.Context(), c.in.stage(c.url, c.clock), &out)
			require.NoError(t, err, out.String())
			require.Regexp(t, complete, out.String())
		})
	}
}

func moment(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, workday.Zone)
}

// TestAWrongAnswerEndsTheJourneyAndIsShown lets one answer be wrong, in three
// ways.
func TestAWrongAnswerEndsTheJourneyAndIsShown(t *testing.T) {
	for _, v := range []struct {
		path, old, new string
		shown          []string
	}{
		{"/api/v1/me/phone", `"level":2`, `"level":1`, []string{"POST /api/v1/me/phone", `"level":1`, "level 2"}},
		{"/api/v1/items/SZ-0004", `{"code"`, `{"kode"`, nil},
		{"/api/v1/holds", `{`, `[{`, []string{"POST /api/v1/holds", "[{"}},
		{"/api/v1/appointments", `"state":"booked"`, `"state":"held"`, []string{"POST /api/v1/appointments", "booked"}},
	} {
		c := newTown(t, tuesday)
		lying := liar(t, c, v.path, v.old, v.new)
		var out bytes.Buffer
		_, err := demo.Play(t.Context(), c.in.stage(lying, c.clock), &out)
		if v.shown == nil {
			require.NoError(t, err) // a field that the journey does not look at
			continue
		}
		require.Error(t, err, v.path)
		for _, part := range append(v.shown, "request:", "answer:", "expected:") {
			require.Contains(t, err.Error(), part, v.path)
		}
		require.NotContains(t, out.String(), "journey complete")
	}
}

// liar stands before the town and changes the answers of one path.
func liar(t *testing.T, c *town, path, old, new string) string {
	t.Helper()
	target, err := url.Parse(c.url)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.URL.Path != path || r.Request.Method == http.MethodGet && path == "/api/v1/appointments" {
			return nil
		}
		body, err := io.ReadAll(r.Body)
		changed := strings.Replace(string(body), old, new, 1)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
		r.Header.Set("Content-Length", strconv.Itoa(len(changed)))
		return err
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// TestAJourneyThatFailsIsStatus1 lets WeChat refuse every login.
func TestAJourneyThatFailsIsStatus1(t *testing.T) {
	c := newTown(t, tuesday)
	require.NoError(t, c.in.sandbox.Fail("/sns/jscode2session", "garbage", 50))
	var out, errs bytes.Buffer
	err := demoCmd{}.play(t.Context(), c.in, c.clock, streams{&out, &errs})
	require.Error(t, err)
	require.Contains(t, err.Error(), "POST /api/v1/sessions")
	require.Contains(t, err.Error(), "503")
	require.Contains(t, err.Error(), "expected: 200")

	t.Setenv("TMPDIR", "/no/such/folder")
	require.Equal(t, 1, run([]string{"demo"}, &out, &errs))
	requireOneLine(t, errs.String(), "/no/such/folder")
}
