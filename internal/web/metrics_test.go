package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/ledger"
)

// TestMetrics tell how the readings stand to the ledger.
func TestMetrics(t *testing.T) {
	inTrial(t, func(t *testing.T, tr *trial) {
		tr.fill(t, "rd_spend", "manufacturing_share")
		c := tr.client(t)
		c.page("/regions/350000")
		c.get("/regions/999999")
		c.get("/nowhere/at/all")
		c.do(httptest.NewRequest("BREW", "/", nil))
		want := func(lines ...string) {
			t.Helper()
			body := c.get("/metrics").Body.String()
			for _, line := range lines {
				if !strings.Contains(body, "\n"+line) {
					t.Errorf("lacks %s:\n%s", line, grep(body, "dabiao_"))
				}
			}
			if strings.Contains(body, "999999") || strings.Contains(body, "BREW") {
				t.Error("what was asked for is in a label")
			}
		}
		want(`dabiao_ledger_up 1`, "dabiao_ledger_version_seconds 1.795399200001e+09", "dabiao_snapshot_stale_seconds 0",
			`dabiao_http_requests_total{method="GET",route="/regions/:code",status="200"} 1`,
			`dabiao_http_requests_total{method="GET",route="/regions/:code",status="404"} 1`,
			`dabiao_http_requests_total{method="other",route="other",status="404"} 1`,
			`dabiao_snapshot_readings 896`, "dabiao_snapshot_bytes ", `dabiao_column_loads_total{outcome="damaged"} 0`,
			"dabiao_column_load_seconds_count ", "process_resident_memory_bytes ", `dabiao_build_info{version="test"} 1`)
		tr.faulty.away.Store(true)
		pause()
		c.page("/")
		synctest.Wait()
		time.Sleep(7 * time.Second)
		want("dabiao_ledger_up 0", "dabiao_snapshot_stale_seconds 7")
		tr.faulty.away.Store(false)
		tr.faulty.lose("rd_spend")
		tr.wait(time.Hour)
		tr.publish(t, ledger.Upload{ID: "half", Uploader: "demo"}, reading("rd_spend", "350000", 2024, 2))
		pause()
		c.page("/")
		synctest.Wait()
		want("dabiao_ledger_up 1", `dabiao_damaged_parts{indicator="rd_spend"} 1`, `dabiao_column_loads_total{outcome="damaged"} 1`)
	})
}

func grep(text, part string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, part) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// TestMetricsAreForTheMachine itself, not for who comes through a proxy on it or
// gets a browser there to ask under another name.
func TestMetricsAreForTheMachine(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"the machine":          {func(*http.Request) {}, 200},
		"the machine, IPv6":    {func(r *http.Request) { r.RemoteAddr, r.Host = "[::1]:4000", "localhost:8080" }, 200},
		"another machine":      {func(r *http.Request) { r.RemoteAddr = "192.0.2.7:4000" }, 403},
		"through a proxy":      {func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") }, 403},
		"one that ends TLS":    {func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, 403},
		"a proxy of its own":   {func(r *http.Request) { r.Header.Set("Forwarded", "for=127.0.0.1") }, 403},
		"under a public name":  {func(r *http.Request) { r.Host = "statistics.example" }, 403},
		"an address that lies": {func(r *http.Request) { r.RemoteAddr = "nonsense" }, 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:4000", "127.0.0.1:8080"
		c.change(r)
		w := httptest.NewRecorder()
		f.server.ServeHTTP(w, r)
		if w.Code != c.want || c.want == 403 && strings.Contains(w.Body.String(), "dabiao_") {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}
