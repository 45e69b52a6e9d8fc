package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/server/meter"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// openMeter begins to count. Where YIMEN_METRICS names an address, Prometheus
// is answered there and nowhere else: the public listener shows no figures.
func (in *instance) openMeter(ctx context.Context) error {
	in.meter = meter.New(version, in.now)
	if os.Getenv(meter.TraceVariable) != "" {
		if err := in.meter.Trace(ctx, version); err != nil {
			return err
		}
	}
	if in.conf.Metrics == "" {
		return nil
	}
	l, err := net.Listen("tcp", in.conf.Metrics)
	if err != nil {
		return fmt.Errorf("listen on YIMEN_METRICS: %w", err)
	}
	in.metricsAddr = l.Addr().String()
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", in.meter.Handler())
	in.metrics = &http.Server{Handler: routes, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = in.metrics.Serve(l) }()
	in.log.Info("metrics", "addr", "http://"+in.metricsAddr+"/metrics")
	return nil
}

// showState registers what is looked at only when Prometheus asks.
func (in *instance) showState() {
	flag := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	in.meter.Gauge("yimen_cache_gone", "1 while the shared cache is set and cannot be reached.", func() float64 { return flag(in.cacheGone()) })
	in.meter.Gauge("yimen_files_gone", "1 while the store of files cannot be reached.", func() float64 { return flag(in.filesGone.Load()) })
	in.meter.Gauge("yimen_ready", "1 while requests can be answered.", func() float64 { return flag(in.ready(context.Background()) == nil) })
	in.meter.Gauge("yimen_db_readers_open", "Connections that read, open now.", func() float64 { return float64(in.db.Pool().OpenConnections) })
	in.meter.Gauge("yimen_db_readers_busy", "Connections that read, in use now.", func() float64 { return float64(in.db.Pool().InUse) })
	in.meter.Gauge("yimen_db_readers_waited_seconds", "Time that reads have waited for a connection since the start.",
		func() float64 { return in.db.Pool().WaitDuration.Seconds() })
}

// followed is how requests are traced, nil where they are not.
func (in *instance) followed() api.Trace {
	if !in.meter.Tracing() {
		return nil
	}
	return func(ctx context.Context, operation, requestID string) (context.Context, func(status int)) {
		ctx, end := in.meter.Served(ctx, operation, requestID)
		return sqlstore.Traced(ctx, in.meter.Statement), end
	}
}

// calling watches calls to WeChat.
func (in *instance) calling(ctx context.Context, call string) (context.Context, func(outcome string)) {
	return in.meter.Call(ctx, "wechat", call)
}

// outward is a client to a peer, watched.
func (in *instance) outward(peer string, most time.Duration) *http.Client {
	return &http.Client{Timeout: most, Transport: in.meter.Wire(peer, nil)}
}

// How often figures are reckoned; they are good for a little more than that.
const (
	backlogEvery = 15 * time.Second
	figuresEvery = 5 * time.Minute
)

// tellFigures shows what only the instance that leads shows: the backlog each
// time, the city's figures when they are due.
func (in *instance) tellFigures(ctx context.Context) error {
	if err := in.tellBacklog(ctx); err != nil {
		return err
	}
	if in.now().Sub(in.reckoned) < figuresEvery {
		return nil
	}
	in.reckoned = in.now()
	return in.tellCity(ctx)
}

// tellBacklog shows the jobs that are not done.
func (in *instance) tellBacklog(ctx context.Context) error {
	list, err := in.db.Backlogs(ctx)
	if err != nil {
		return err
	}
	var told []meter.Figure
	for _, b := range list {
		kind, age := []string{string(b.Kind)}, 0.0
		if !b.Due.IsZero() {
			age = max(0, in.now().Sub(b.Due).Seconds())
		}
		told = append(told, meter.Figure{Name: meter.JobsWaiting, Labels: kind, Value: float64(b.Waiting)},
			meter.Figure{Name: meter.JobsDead, Labels: kind, Value: float64(b.Dead)},
			meter.Figure{Name: meter.JobsAge, Labels: kind, Value: age})
	}
	in.meter.Tell("backlog", told, 3*backlogEvery)
	return nil
}
