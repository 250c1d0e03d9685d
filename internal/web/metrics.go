package web

import (
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dabiao/dabiao/internal/snapshot"
)

// metrics are the counters of one server, in a registry of their own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	loads    *prometheus.CounterVec
	loading  prometheus.Histogram
}

// The outcomes of a load.
const (
	loadWhole   = "whole"
	loadDamaged = "damaged" // it did not add up
	loadFailed  = "failed"
)

func newMetrics(snapshots *snapshot.Cache, version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dabiao_http_requests_total", Help: "Requests answered, by route and status."}, []string{"method", "route", "status"}),
		loads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dabiao_column_loads_total", Help: "Columns read from the ledger; damaged: what came did not add up."}, []string{"outcome"}),
		loading: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dabiao_column_load_seconds", Help: "How long it took to read a column from the ledger.",
			Buckets: []float64{.001, .005, .025, .1, .5, 1, 2.5, 5, 10, 30, 60}}),
	}
	for _, outcome := range []string{loadWhole, loadDamaged, loadFailed} {
		m.loads.WithLabelValues(outcome)
	}
	m.registry.MustRegister(m.requests, m.loads, m.loading, ledgerGauges{snapshots},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "dabiao_build_info", Help: "The program that runs; always 1.",
			ConstLabels: prometheus.Labels{"version": version}}, func() float64 { return 1 }))
	return m
}

// answered counts a request by the route that it matched: what else somebody
// may have asked for has no place in a label.
func (m *metrics) answered(method, route string, known bool, status int) {
	if !known {
		method, route = "other", "other"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
}

func (m *metrics) loaded(l snapshot.Load) {
	var damage *snapshot.DamageError
	outcome := loadFailed
	switch {
	case l.Err == nil:
		outcome = loadWhole
	case errors.As(l.Err, &damage):
		outcome = loadDamaged
	}
	m.loads.WithLabelValues(outcome).Inc()
	m.loading.Observe(l.Took.Seconds())
}

// ledgerGauges tell how the snapshots stand to the ledger at the moment of asking.
type ledgerGauges struct{ snapshots *snapshot.Cache }

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("dabiao_"+name, help, labels, nil)
}

var (
	ledgerUp        = gauge("ledger_up", "1: the ledger gave its last answer.")
	ledgerVersion   = gauge("ledger_version_seconds", "Unix time of the newest event that the ledger told of.")
	snapshotVersion = gauge("snapshot_version_seconds", "Unix time of the newest event that pages show.")
	snapshotStale   = gauge("snapshot_stale_seconds", "How long pages may not have shown the newest version; 0: they do.")
	snapshotSize    = gauge("snapshot_readings", "Readings in memory.")
	snapshotBytes   = gauge("snapshot_bytes", "What the readings in memory take.")
	damagedParts    = gauge("damaged_parts", "Parts of uploads that do not add up, by indicator.", "indicator")
)

func (g ledgerGauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{ledgerUp, ledgerVersion, snapshotVersion, snapshotStale, snapshotSize, snapshotBytes, damagedParts} {
		ch <- d
	}
}

func (g ledgerGauges) Collect(ch chan<- prometheus.Metric) {
	send := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	state := g.snapshots.State()
	up := 0.0
	if state.Up {
		up = 1
	}
	stale := 0.0
	for _, trouble := range state.Stale {
		stale = max(stale, time.Since(trouble.Since).Seconds())
	}
	send(ledgerUp, up)
	send(ledgerVersion, float64(state.Newest)/1000)
	send(snapshotVersion, float64(state.Current)/1000)
	send(snapshotStale, stale)
	send(snapshotSize, float64(state.Readings))
	send(snapshotBytes, float64(state.Bytes))
	damaged := map[string]int{}
	for _, damage := range state.Damages {
		damaged[damage.Indicator]++
	}
	for code, n := range damaged {
		send(damagedParts, float64(n), code)
	}
}

// metricsPage is for the program that gathers them, on the server's own machine.
func (s *Server) metricsPage(c echo.Context) error {
	options := promhttp.HandlerOpts{DisableCompression: true, ErrorHandling: promhttp.ContinueOnError}
	promhttp.HandlerFor(s.metrics.registry, options).ServeHTTP(c.Response(), c.Request())
	return nil
}

// fromMachine reports whether a request comes from the server's own machine, not
// through a proxy on it, and by a name that only the machine itself can mean.
func fromMachine(r *http.Request) bool {
	for name := range r.Header {
		if slices.Contains([]string{"Forwarded", "X-Real-Ip", "Via"}, name) || strings.HasPrefix(name, "X-Forwarded-") {
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback() && isLoopback(r)
}
