package web_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/web"
)

// generated is a ledger without a store: yearly readings of every indicator of
// the catalogue for its regions and as many counties as make up the size.
type generated struct {
	ledger.Ledger // nothing else is asked of it
	catalog       *indicator.Catalog
	regions       []string
	history       ledger.History
}

const generatedYears = 25

func newGenerated(catalog *indicator.Catalog, readings int) *generated {
	g := &generated{catalog: catalog}
	for i := range catalog.Regions {
		g.regions = append(g.regions, catalog.Regions[i].Code)
	}
	for n := 0; len(g.regions)*len(catalog.Indicators)*generatedYears < readings; n++ {
		g.regions = append(g.regions, fmt.Sprintf("9%05d", n)) // codes of no catalogue
	}
	slices.Sort(g.regions)
	p := ledger.Publication{Upload: ledger.Upload{ID: "all", Released: today}, Seq: 1, At: ledger.Version(today.UnixMilli())}
	for i := range catalog.Indicators {
		part := ledger.Part{Indicator: catalog.Indicators[i].Code, Freq: indicator.Annual}
		for v := range g.Vintages(context.Background(), ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			part.Rows++
			part.Checksum += ledger.Checksum(v.Reading)
		}
		p.Parts, p.Rows = append(p.Parts, part), p.Rows+part.Rows
	}
	g.history = ledger.History{Version: p.At, Publications: []ledger.Publication{p}}
	return g
}

func (g *generated) Version(context.Context) (ledger.Version, error) { return g.history.Version, nil }

func (g *generated) History(context.Context) (ledger.History, error) { return g.history, nil }

func (g *generated) Vintages(_ context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	ind := g.catalog.Indicator(q.Indicator)
	return func(yield func(ledger.Vintage, error) bool) {
		if q.Freq != indicator.Annual {
			return
		}
		for n, region := range g.regions {
			for year := range generatedYears {
				r := indicator.Reading{Indicator: q.Indicator, Region: region, Period: indicator.Year(2000 + year),
					Status: indicator.Normal, Value: madeUp(ind, n%40, year)}
				if !yield(ledger.Vintage{Reading: r, Seq: 1}, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkPageBySize asks servers over ledgers of three sizes for a page, in
// turn: it must cost what it shows, not what the ledger holds.
func BenchmarkPageBySize(b *testing.B) {
	names, sizes := []string{"54k", "650k", "10M"}, []int{54_000, 650_000, 10_000_000}
	var servers []http.Handler
	for _, size := range sizes {
		servers = append(servers, newFixtureOver(b, func(l ledger.Ledger) ledger.Ledger { return l }, func(c *web.Config) {
			c.Snapshots = snapshot.New(newGenerated(c.Catalog(), size))
		}).server)
	}
	for name, path := range map[string]string{"region": "/regions/350000", "overview": "/", "indicator": "/indicators/rd_spend"} {
		b.Run(name, func(b *testing.B) {
			took := make([][]time.Duration, len(servers))
			for _, server := range servers {
				timed(b, server, path) // loads the columns
			}
			for b.Loop() {
				for i, server := range servers {
					took[i] = append(took[i], timed(b, server, path))
				}
			}
			p50 := make([]float64, len(servers))
			for i := range took {
				slices.Sort(took[i])
				p50[i] = took[i][len(took[i])/2].Seconds() * 1000
				b.ReportMetric(p50[i], "p50-ms/"+names[i])
			}
			b.ReportMetric(p50[1]/p50[0], "650k÷54k")
			b.ReportMetric(p50[2]/p50[0], "10M÷54k")
		})
	}
}

// timed is how long a page takes.
func timed(b *testing.B, server http.Handler, path string) time.Duration {
	b.Helper()
	r, w := httptest.NewRequest(http.MethodGet, path, nil), httptest.NewRecorder()
	began := time.Now()
	server.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return time.Since(began)
}
