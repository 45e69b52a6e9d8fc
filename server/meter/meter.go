// Package meter (运行指标) decides what is seen of a running service from
// outside: its metrics for Prometheus and its traces. No label holds a person,
// a case or an address, and each has few values.
package meter

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Buckets of times in seconds: from a row in memory to the limit of a request.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 15}

// Meter counts what one instance does.
type Meter struct {
	list     *prometheus.Registry
	requests *prometheus.CounterVec
	times    *prometheus.HistogramVec
	problems *prometheus.CounterVec
	sizes    prometheus.Histogram
	waits    prometheus.Histogram
	groups   prometheus.Histogram
	again    prometheus.Counter
	calls    *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	told     *told
	tracer   tracer
	gauges   []string
}

// New makes a meter for a build. now is the clock by which told figures age.
func New(version string, now func() time.Time) *Meter {
	m := &Meter{
		list: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "yimen_http_requests_total",
			Help: "Requests answered, by operation and status."}, []string{"operation", "status"}),
		times: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "yimen_http_request_seconds",
			Help: "Time to answer, by operation.", Buckets: []float64{.005, .025, .1, .3, 1, 3, 15}}, []string{"operation"}),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "yimen_problems_total",
			Help: "Problems that callers were told, by code."}, []string{"code"}),
		sizes: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "yimen_db_group_size",
			Help: "Writes that shared one commit.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64}}),
		waits: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "yimen_db_wait_seconds",
			Help: "Time that the first write of a group stood in line.", Buckets: seconds}),
		groups: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "yimen_db_group_seconds",
			Help: "Time of a group from its begin to its commit, its turn among the instances included.", Buckets: seconds}),
		again: prometheus.NewCounter(prometheus.CounterOpts{Name: "yimen_db_again_total",
			Help: "Writes that the database did not let end and that were run again."}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "yimen_call_seconds",
			Help: "Calls to other services by peer, call and outcome.", Buckets: seconds}, []string{"peer", "call", "outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "yimen_limit_refused_total",
			Help: "Requests turned away because a limit was used up, by operation."}, []string{"operation"}),
		told: newTold(now),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "yimen_build_info", Help: "1; the version is a label.",
		ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.list.MustRegister(m.requests, m.times, m.problems, m.sizes, m.waits, m.groups, m.again, m.calls, m.refused, m.told, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers Prometheus.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.list, promhttp.HandlerOpts{Registry: m.list, MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Gauge shows a value as it is whenever somebody looks.
func (m *Meter) Gauge(name, help string, value func() float64) {
	m.gauges = append(m.gauges, name)
	m.list.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Counted are the names of all that is counted or looked at, beside the
// figures that are told.
func (m *Meter) Counted() (list []string) {
	all := make(chan *prometheus.Desc)
	go func() {
		defer close(all)
		for _, c := range []prometheus.Collector{m.requests, m.times, m.problems, m.sizes, m.waits, m.groups, m.again, m.calls, m.refused} {
			c.Describe(all)
		}
	}()
	for d := range all {
		name, _, _ := strings.Cut(strings.TrimPrefix(d.String(), `Desc{fqName: "`), `"`)
		list = append(list, name)
	}
	return append(list, m.gauges...)
}

// Request implements api.Watch.
func (m *Meter) Request(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Inc()
	m.times.WithLabelValues(operation).Observe(took.Seconds())
}

// Problem implements api.Watch.
func (m *Meter) Problem(code string) { m.problems.WithLabelValues(code).Inc() }

// Refused implements api.Watch.
func (m *Meter) Refused(operation string) { m.refused.WithLabelValues(operation).Inc() }

// Group implements sqlstore.Watch.
func (m *Meter) Group(size int, waited, took time.Duration) {
	m.sizes.Observe(float64(size))
	m.waits.Observe(waited.Seconds())
	m.groups.Observe(took.Seconds())
}

// Again implements sqlstore.Watch.
func (m *Meter) Again(writes int) { m.again.Add(float64(writes)) }
