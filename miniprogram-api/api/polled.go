package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// polled marks answers that phones ask for every few seconds: they carry an
// ETag, and one that the phone has already is not sent again.
type polled interface{ Polled() }

// sinceLast answers with a body, or with 304 where the reader has it already.
func sinceLast(ctx context.Context, body []byte) *answer {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	for known := range strings.SplitSeq(of(ctx).known, ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			return &answer{Status: http.StatusNotModified, Tag: tag}
		}
	}
	return &answer{Status: http.StatusOK, Type: "application/json", Tag: tag, Body: body}
}
