package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
)

// BenchmarkServe starts the program itself on SQLite ledgers of three sizes:
// how soon the first page is there, what a page takes afterwards, and what the
// process takes in memory with all readings in it. One run takes all it needs.
func BenchmarkServe(b *testing.B) {
	program := filepath.Join(b.TempDir(), "dabiao")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var smallest float64
	for _, size := range []struct {
		name     string
		readings int
	}{{"54k", 54_000}, {"650k", 650_000}, {"10M", 10_000_000}} {
		b.Run(size.name, func(b *testing.B) {
			dir := b.TempDir()
			readings := fillYearly(b, dir, size.readings)
			b.ResetTimer()
			for b.Loop() {
				s := serveFor(b, program, dir)
				first := time.Since(s.began)
				s.waitFor("dabiao_snapshot_readings", float64(readings))
				var took []time.Duration
				heap := math.Inf(1) // at its lowest: what is left of it after a collection
				for n := range 200 {
					took = append(took, s.page("/regions/350000"))
					if n%5 == 0 {
						heap = min(heap, s.metric("go_memstats_heap_alloc_bytes"))
					}
				}
				slices.Sort(took)
				p50 := took[len(took)/2].Seconds() * 1000
				if smallest == 0 {
					smallest = p50
				}
				b.ReportMetric(first.Seconds()*1000, "first-page-ms")
				b.ReportMetric(p50, "p50-ms")
				b.ReportMetric(p50/smallest, "p50÷54k")
				b.ReportMetric(s.metric("process_resident_memory_bytes")/1e6, "RSS-MB")
				b.ReportMetric(heap/1e6, "heap-MB")
				b.ReportMetric(s.metric("dabiao_snapshot_bytes")/float64(readings), "bytes/reading")
				s.stop()
			}
		})
	}
}

// fillYearly publishes 25 years of every indicator for the catalogue's regions
// and as many counties as make up the size, and tells how many readings that is.
func fillYearly(b *testing.B, dir string, size int) (total int) {
	b.Helper()
	s, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	l, err := sqlite.Open(b.Context(), filepath.Join(dir, "ledger.db"), someDay)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	const years = 25
	var regions []string
	for _, r := range s.Catalog.Regions {
		regions = append(regions, r.Code)
	}
	for n := 0; len(regions)*len(s.Catalog.Indicators)*years < size; n++ {
		regions = append(regions, fmt.Sprintf("9%05d", n))
	}
	for _, i := range s.Catalog.Indicators {
		var readings []indicator.Reading
		for n, region := range regions {
			for year := range years {
				readings = append(readings, indicator.Reading{Indicator: i.Code, Region: region, Period: indicator.Year(2000 + year),
					Value: float64(10+n%40) + float64(year)/10, Status: indicator.Normal})
			}
		}
		if _, err := l.Publish(b.Context(), ledger.Upload{ID: i.Code, Uploader: "bench"}, readings); err != nil {
			b.Fatal(err)
		}
		total += len(readings)
	}
	return total
}

// served is a running program.
type served struct {
	b       *testing.B
	base    string
	began   time.Time
	command *exec.Cmd
	cancel  context.CancelFunc
}

// serveFor starts the program and waits until it has given its first page.
func serveFor(b *testing.B, program, dir string) *served {
	b.Helper()
	conf := b.TempDir()
	if err := os.WriteFile(filepath.Join(conf, "dabiao.yaml"), []byte("public: true\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	s := &served{b: b, began: time.Now(), cancel: cancel}
	s.command = exec.CommandContext(ctx, program, "serve", "--data-dir", dir, "--config", conf, "--addr", "127.0.0.1:0")
	s.command.Cancel = func() error { return s.command.Process.Signal(os.Interrupt) }
	out, err := s.command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if s.base = addressPattern.FindString(lines.Text()); s.base != "" {
			break
		}
	}
	go io.Copy(io.Discard, out)
	s.page("/regions/350000")
	return s
}

func (s *served) stop() {
	s.cancel()
	_ = s.command.Wait()
}

func (s *served) get(path string) string {
	s.b.Helper()
	response, err := http.Get(s.base + path)
	if err != nil {
		s.b.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.b.Fatalf("%s: %d %v %.300s", path, response.StatusCode, err, body)
	}
	return string(body)
}

func (s *served) page(path string) time.Duration {
	s.b.Helper()
	began := time.Now()
	s.get(path)
	return time.Since(began)
}

func (s *served) metric(name string) float64 {
	s.b.Helper()
	for line := range strings.Lines(s.get("/metrics")) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				s.b.Fatal(err)
			}
			return v
		}
	}
	s.b.Fatalf("no metric %s", name)
	return 0
}

func (s *served) waitFor(name string, value float64) {
	s.b.Helper()
	for deadline := time.Now().Add(5 * time.Minute); s.metric(name) != value; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.b.Fatalf("%s is %v, want %v", name, s.metric(name), value)
		}
	}
}
