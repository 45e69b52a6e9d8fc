package meter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracer starts spans; the empty one starts none and costs nothing.
type tracer struct {
	of       trace.Tracer
	provider *sdk.TracerProvider
}

// TraceVariable names the collector and turns traces on. It and the other
// variables of OpenTelemetry (headers, sampler) are read by its own library.
const TraceVariable = "OTEL_EXPORTER_OTLP_ENDPOINT"

// Trace begins to send spans to the collector that the environment names.
// Spans hold operations, statements without their values, and outcomes.
func (m *Meter) Trace(ctx context.Context, version string) error {
	out, err := otlptracehttp.New(ctx, otlptracehttp.WithTimeout(5*time.Second))
	if err != nil {
		return fmt.Errorf("%s: %w", TraceVariable, err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "yimen"), attribute.String("service.version", version))
	m.tracer.provider = sdk.NewTracerProvider(sdk.WithBatcher(out), sdk.WithResource(about))
	m.tracer.of = m.tracer.provider.Tracer("yimen")
	return nil
}

// Close sends what is still held.
func (m *Meter) Close() error {
	if m.tracer.provider == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return m.tracer.provider.Shutdown(ctx)
}

// Tracing says whether spans are sent.
func (m *Meter) Tracing() bool { return m.tracer.of != nil }

func (t tracer) start(ctx context.Context, name string, kind trace.SpanKind, about ...attribute.KeyValue) (context.Context, func(outcome string)) {
	if t.of == nil {
		return ctx, func(string) {}
	}
	ctx, span := t.of.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(about...))
	return ctx, func(outcome string) {
		if outcome != "ok" {
			span.SetStatus(codes.Error, outcome)
		}
		span.End()
	}
}

// Served begins the span of a request.
func (m *Meter) Served(ctx context.Context, operation, requestID string) (context.Context, func(status int)) {
	ctx, end := m.tracer.start(ctx, operation, trace.SpanKindServer, attribute.String("request_id", requestID))
	return ctx, func(status int) {
		if status < 500 {
			end("ok")
			return
		}
		end(fmt.Sprint(status))
	}
}

// Statement begins the span of a statement: its text has marks in place of
// values. Work that no request asked for has none.
func (m *Meter) Statement(ctx context.Context, text string) func(error) {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return func(error) {}
	}
	text = strings.Join(strings.Fields(text), " ")
	verb, _, _ := strings.Cut(text, " ")
	_, end := m.tracer.start(ctx, "sql "+verb, trace.SpanKindClient, attribute.String("db.query.text", text))
	return func(err error) {
		if err != nil {
			end("failed")
			return
		}
		end("ok")
	}
}
