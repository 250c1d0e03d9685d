package influx

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

func TestWhatShowsLate(t *testing.T) {
	t.Parallel()
	for p, want := range map[product]bool{
		{influxDB, "1.8.10"}: false, {influxDB, "v2.7.12"}: false, {influxDB, "1.11.8-c1.11.8"}: true, {openGemini, "1.5.2"}: true, {influxDB, "3.0"}: true,
	} {
		if p.showsLate() != want {
			t.Errorf("%v shows late: %v", p, !want)
		}
	}
}

// TestShowsLate takes a real server for a cluster whose rows show a while after
// they were acknowledged, in any order and twice: the commit waits for them, and
// readers get them once and in order.
func TestShowsLate(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.through.server = product{influxDB, "1.11.8-c1.11.8"}
		var looked atomic.Int64
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() == "commit" && looked.Load() < 4 {
				b.Error("the commit came before the rows showed")
			}
			if strings.Contains(string(q.Body), "FROM+reading") && looked.Add(1) < 4 {
				q.Refuse(http.StatusOK, `{"results":[{"statement_id":0}]}`)
				return
			}
			q.Forward()
		})
		if _, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1)); err != nil {
			b.Fatal(err)
		}
		b.published()
		query := ledger.Query{Indicator: "indicator_0000", Freq: indicator.Annual}
		if plain, sorted := vintagesOf(b.T, b.beside, query), vintagesOf(b.T, b.through, query); len(plain) != 20_000 || !slices.Equal(plain, sorted) {
			b.Errorf("%d vintages as one machine, %d as a cluster, or they differ", len(plain), len(sorted))
		}
		shuffled := `{"results":[{"statement_id":0,"series":[` +
			`{"name":"reading","tags":{"region":"350000"},"columns":["time","value","status"],"values":[[SEQ,2,"A"]]},` +
			`{"name":"reading","tags":{"region":"110000"},"columns":["time","value","status"],"values":[[SEQ,1,"A"]]},` +
			`{"name":"reading","tags":{"region":"350000"},"columns":["time","value","status"],"values":[[SEQ,2,"A"]]}]}]}`
		body := strings.ReplaceAll(shuffled, "SEQ", strconv.FormatInt(b.before.Seq, 10))
		b.proxy.On(func(q influxtest.Request) {
			if strings.Contains(string(q.Body), "FROM+reading") {
				q.Refuse(http.StatusOK, body)
				return
			}
			q.Forward()
		})
		var regions []string
		for _, v := range vintagesOf(b.T, b.through, query) {
			regions = append(regions, v.Region)
		}
		if !slices.Equal(regions, []string{"110000", "350000"}) {
			b.Errorf("the regions came as %v", regions)
		}
		b.through.server = product{influxDB, "1.8.10"}
		for _, err := range b.through.Vintages(b.Context(), query) {
			if err != nil && strings.Contains(err.Error(), "out of order") {
				return
			}
		}
		b.Error("one machine may answer out of order unnoticed")
	})
}

func vintagesOf(t *testing.T, l *Ledger, q ledger.Query) (list []ledger.Vintage) {
	t.Helper()
	for v, err := range l.Vintages(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// TestNothingWrittenYet: openGemini answers an error where InfluxDB answers no rows.
func TestNothingWrittenYet(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() != "read" || strings.HasSuffix(q.Path(), "/ping") {
				q.Forward()
				return
			}
			q.Refuse(http.StatusOK, `{"results":[{"statement_id":0,"error":"measurement not found"},{"statement_id":1,"error":"not executed"}]}`)
		})
		if v, err := b.through.Version(b.Context()); v != 0 || err != nil {
			b.Errorf("version %d, %v", v, err)
		}
		if h, err := b.through.History(b.Context()); len(h.Publications) != 0 || err != nil {
			b.Errorf("%d publications, %v", len(h.Publications), err)
		}
		if got := vintagesOf(b.T, b.through, ledger.Query{Indicator: "gdp", Freq: indicator.Annual}); len(got) != 0 {
			b.Errorf("vintages %v", got)
		}
	})
}

// TestOldYearsOnOpenGemini: refused with a word on which, before anything is written.
func TestOldYearsOnOpenGemini(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.through.server = product{openGemini, "1.5.2"}
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() != "read" {
				b.Errorf("%s was written", q.Step())
			}
			q.Forward()
		})
		_, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, []indicator.Reading{reading(2023, 1), reading(1969, 1)})
		if err == nil || !strings.Contains(err.Error(), "reading rd_spend 350000 1969: openGemini keeps the years 1970 to 2200 only") {
			b.Errorf("error %v", err)
		}
	}, func(o *Options) { o.Timeout = time.Second })
}
