package main

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// requireProblem demands what every refusal promises: no 5xx, the form of RFC
// 9457 with all its parts, Chinese for people, an id to quote.
func requireProblem(t testing.TB, r *reply) {
	t.Helper()
	require.GreaterOrEqual(t, r.status, 400, "%s: %s", r.asked, r.raw)
	require.Less(t, r.status, 500, "%s: %s", r.asked, r.raw)
	require.Equal(t, "application/problem+json", r.header.Get("Content-Type"), "%s: %s", r.asked, r.raw)
	require.Equal(t, float64(r.status), r.at("status"), "%s: %s", r.asked, r.raw)
	require.Equal(t, "urn:yimen:problem:"+r.text("code"), r.text("type"), r.asked)
	require.Contains(t, r.text("code"), ".", r.asked)
	for _, part := range []string{"title", "detail"} {
		require.True(t, isChinese(r.text(part)), "%s: %s is %q", r.asked, part, r.text(part))
	}
	_, err := uuid.Parse(r.text("request_id"))
	require.NoError(t, err, "%s: %s", r.asked, r.raw)
	require.Equal(t, r.header.Get("X-Request-Id"), r.text("request_id"), r.asked)
	for _, f := range r.list("fields") {
		require.NotEmpty(t, f["path"], "%s: %s", r.asked, r.raw)
		require.True(t, isChinese(f["text"].(string)), "%s: %s", r.asked, r.raw)
	}
}

// isChinese says whether a sentence is for the people here: it begins with a
// Chinese character or a quotation mark before one.
func isChinese(s string) bool {
	for _, r := range strings.TrimLeft(s, "“《") {
		return unicode.Is(unicode.Han, r)
	}
	return false
}
