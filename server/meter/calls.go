package meter

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Call watches one call to a peer: it measures from here until what it returns
// is told the outcome, "ok" or a short word for what went wrong. The context
// is the call's.
func (m *Meter) Call(ctx context.Context, peer, call string) (context.Context, func(outcome string)) {
	begun := time.Now()
	ctx, end := m.tracer.start(ctx, peer+" "+call, trace.SpanKindClient)
	return ctx, func(outcome string) {
		m.calls.WithLabelValues(peer, call, outcome).Observe(time.Since(begun).Seconds())
		end(outcome)
	}
}

// wire watches what goes over HTTP to one peer. The call's name is its method:
// paths hold keys of files, and queries hold secrets.
type wire struct {
	meter *Meter
	peer  string
	next  http.RoundTripper
}

// Wire puts a watch before a transport.
func (m *Meter) Wire(peer string, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return wire{meter: m, peer: peer, next: next}
}

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, end := w.meter.Call(r.Context(), w.peer, r.Method)
	res, err := w.next.RoundTrip(r.WithContext(ctx))
	switch {
	case err != nil:
		end("unreachable")
	case res.StatusCode < http.StatusMultipleChoices:
		end("ok")
	default:
		end(strconv.Itoa(res.StatusCode))
	}
	return res, err
}
