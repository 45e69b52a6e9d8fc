package meter

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Figure is a value that is reckoned now and then and shown until the next one.
type Figure struct {
	Name   string
	Labels []string // in the order of its row in figures
	Value  float64
}

// figures are all that can be told, with their labels. The city's own figures
// are those of the instance that leads; the others show none.
var figures = map[string]*prometheus.Desc{}

func figure(name, help string, labels ...string) string {
	figures[name] = prometheus.NewDesc(name, help, labels, nil)
	return name
}

// The figures of the jobs and of the city.
var (
	JobsWaiting     = figure("yimen_jobs_waiting", "Jobs that are not done yet, by kind.", "kind")
	JobsDead        = figure("yimen_jobs_dead", "Jobs that were given up, by kind.", "kind")
	JobsAge         = figure("yimen_jobs_oldest_due_seconds", "How long the oldest job that is due has been due, by kind.", "kind")
	QueueWaiting    = figure("yimen_queue_waiting", "Tickets that wait now, by office.", "office")
	QueueWait       = figure("yimen_queue_wait_seconds", "Mean wait of the tickets called today, by office.", "office")
	CasesDecided    = figure("yimen_cases_decided", "Cases decided in the last 30 days, by office.", "office")
	CasesOnTime     = figure("yimen_cases_on_time_share", "Share of them, 0 to 1, that no alarm found overdue, by office.", "office")
	Tolerances      = figure("yimen_tolerance_acceptances", "Tolerance acceptances of the last 90 days, by the state they are in.", "state")
	TolerancesAt    = figure("yimen_tolerance_acceptances_office", "Tolerance acceptances of the last 90 days, by office.", "office")
	Deliveries      = figure("yimen_deliveries", "Parcels whose way ended in the last 30 days, by company and end.", "company", "end")
	DeliveryTime    = figure("yimen_delivery_seconds", "Mean time from waybill to delivery in the last 30 days, by company.", "company")
	FiguresReckoned = figure("yimen_figures_reckoned_timestamp_seconds", "When the city's figures were reckoned, in Unix time.")
)

// told shows figures that somebody else reckons, until they are too old.
type told struct {
	now  func() time.Time
	mu   sync.Mutex
	sets map[string]set
}

type set struct {
	list []Figure
	ends time.Time
}

func newTold(now func() time.Time) *told { return &told{now: now, sets: map[string]set{}} }

// Tell shows figures in place of those told before under the same name, for as
// long as they are good: who stops leading shows none.
func (m *Meter) Tell(name string, list []Figure, good time.Duration) {
	m.told.mu.Lock()
	defer m.told.mu.Unlock()
	m.told.sets[name] = set{list: list, ends: m.told.now().Add(good)}
}

// Describe implements prometheus.Collector.
func (t *told) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range figures {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (t *told) Collect(ch chan<- prometheus.Metric) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.sets {
		if t.now().After(s.ends) {
			continue
		}
		for _, f := range s.list {
			ch <- prometheus.MustNewConstMetric(figures[f.Name], prometheus.GaugeValue, f.Value, f.Labels...)
		}
	}
}

// Names are the figures that can be told.
func Names() (list []string) {
	for name := range figures {
		list = append(list, name)
	}
	return list
}
