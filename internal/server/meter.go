package server

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// durations are the upper bounds of the classes in which requests are counted
// by how long they took, in seconds.
var durations = []float64{0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60}

// meter counts requests.
type meter struct {
	set      *metrics.Set
	inFlight atomic.Int64
	routes   sync.Map // of *routeMeter by routeKey
}

type routeKey struct{ method, route string }

type routeMeter struct {
	answers [6]*metrics.Counter // by the first digit of the status
	took    *metrics.PrometheusHistogram
}

func newMeter(gauges map[string]func() float64) *meter {
	m := &meter{set: metrics.NewSet()}
	m.set.NewGauge("takhti_http_requests_in_flight", func() float64 { return float64(m.inFlight.Load()) })
	for name, now := range gauges {
		m.set.NewGauge(name, now)
	}
	return m
}

// count counts one request. All that no route answers counts as one, whatever
// addresses and methods clients make up.
func (m *meter) count(method, route string, status int, took time.Duration) {
	if route == "" {
		method, route = "any", "none"
	}
	r := m.of(routeKey{method, route})
	if class := status / 100; class > 0 && class < len(r.answers) {
		r.answers[class].Inc()
	}
	r.took.Update(took.Seconds())
}

func (m *meter) of(key routeKey) *routeMeter {
	if r, ok := m.routes.Load(key); ok {
		return r.(*routeMeter)
	}
	labels := fmt.Sprintf("method=%q,route=%q", key.method, key.route)
	r := &routeMeter{took: m.set.GetOrCreatePrometheusHistogramExt("takhti_http_request_seconds{"+labels+"}", durations)}
	for class := 1; class < len(r.answers); class++ {
		r.answers[class] = m.set.GetOrCreateCounter(fmt.Sprintf(`takhti_http_requests_total{%s,status="%dxx"}`, labels, class))
	}
	kept, _ := m.routes.LoadOrStore(key, r) // both count in the same metrics
	return kept.(*routeMeter)
}

// write writes all metrics, those of the process too, in Prometheus's text form.
func (m *meter) write(w io.Writer) {
	m.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}
