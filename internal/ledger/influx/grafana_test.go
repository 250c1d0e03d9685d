package influx

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// TestGrafanaExamples runs the queries of deploy/influxdb/README.md as Grafana
// does, on a ledger that Dabiao wrote: first where they give its own answer, then
// where the page says that they do not.
func TestGrafanaExamples(t *testing.T) {
	t.Parallel()
	newest, compared, events := "", "", ""
	if list := examples(t, "influxql"); len(list) == 3 {
		newest, compared, events = list[0], list[1], list[2]
	} else {
		t.Fatalf("%d examples, want 3", len(list))
	}
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		g := &grafana{t, s, s.Bucket(t), ledgertest.NewClock(), nil}
		g.ledger = openOn(t, s, g.bucket, g.clock.Now)
		g.publish("first", time.Time{}, of("350000", 2021, 960), of("350000", 2022, 1082.1),
			of("330000", 2021, 2157.7), of("440000", 2021, 4002.2), of("440000", 2022, 4411.9))
		withdrawn := of("440000", 2022, 0)
		withdrawn.Status = indicator.Missing
		second := g.publish("second", time.Time{}, of("350000", 2021, 968.7), of("350000", 2023, 1171.7), withdrawn)

		fujian := []string{"350000 2021 968.7", "350000 2022 1082.1", "350000 2023 1171.7"}
		g.want("the value of every year", newest, fujian, true)
		g.want("three regions", compared, append([]string{"330000 2021 2157.7"}, append(fujian, "440000 2021 4002.2")...), true)

		if _, err := g.ledger.Revert(t.Context(), "second", "li", "wrong file"); err != nil {
			t.Fatal(err)
		}
		g.want("a reverted upload stays", newest, fujian, false)
		g.publish("older", g.clock.Now().AddDate(-5, 0, 0), of("350000", 2021, 900), of("350000", 2022, 1000))
		g.want("older figures loaded later come last", newest,
			[]string{"350000 2021 900", "350000 2022 1000", "350000 2023 1171.7"}, false)
		left := appendReadings(nil, []indicator.Reading{of("350000", 2022, 7)}, second.Seq+1000*seqStep*1000)
		if err := g.ledger.write(t.Context(), left); err != nil {
			t.Fatal(err)
		}
		g.want("rows without a commit count", newest,
			[]string{"350000 2021 900", "350000 2022 7", "350000 2023 1171.7"}, false)
		g.wantEvents(events)
	})
}

func of(region string, year int, value float64) indicator.Reading {
	return indicator.Reading{Indicator: "rd_spend", Region: region, Period: indicator.Year(year), Value: value, Status: indicator.Normal}
}

// examples are the fenced blocks of that kind, in order.
func examples(t *testing.T, kind string) []string {
	t.Helper()
	page, err := os.ReadFile("../../../deploy/influxdb/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, block := range regexp.MustCompile("(?sm)^ *```"+kind+"\n(.*?)^ *```").FindAllStringSubmatch(string(page), -1) {
		list = append(list, strings.Join(strings.Fields(block[1]), " "))
	}
	return list
}

// grafana is somebody who asks a bucket without Dabiao.
type grafana struct {
	*testing.T
	server *influxtest.Server
	bucket string
	clock  *ledgertest.Clock
	ledger *Ledger
}

func (g *grafana) publish(id string, released time.Time, readings ...indicator.Reading) ledger.Publication {
	g.Helper()
	g.clock.Advance(time.Minute)
	p, err := g.ledger.Publish(g.Context(), ledger.Upload{ID: id, Released: released}, readings)
	if err != nil {
		g.Fatal(err)
	}
	return p
}

// want holds the answer of a query, as lines of region, year and value, against
// what is expected, and tells whether that is what Dabiao itself would say.
func (g *grafana) want(what, query string, want []string, own bool) {
	g.Helper()
	slices.Sort(want)
	got := []string{}
	for _, row := range g.ask(query) {
		region := row["region"]
		if region == nil {
			region = "350000"
		}
		at := time.Unix(0, int64(row["time"].(float64))).UTC()
		if at != time.Date(at.Year(), 1, 1, 0, 0, 0, 0, time.UTC) {
			g.Errorf("%s: a point lies at %s", what, at)
		}
		got = append(got, fmt.Sprint(region, " ", at.Year(), " ", row["value"]))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		g.Errorf("%s (-want +got):\n%s", what, diff)
	}
	if is := slices.Equal(g.current(got), got); is != own {
		g.Errorf("%s: Dabiao says\n%v, the query\n%v; the same: %v, want %v", what, g.current(got), got, is, own)
	}
}

// current is Dabiao's own answer for the regions that occur in other lines.
func (g *grafana) current(lines []string) []string {
	g.Helper()
	h, err := g.ledger.History(g.Context())
	if err != nil {
		g.Fatal(err)
	}
	rank := ledger.Rank(h.Visible(time.Time{}, 0))
	best := map[string]ledger.Vintage{}
	for v, err := range g.ledger.Vintages(g.Context(), ledger.Query{Indicator: "rd_spend", Freq: indicator.Annual}) {
		if err != nil {
			g.Fatal(err)
		}
		key := fmt.Sprint(v.Region, " ", v.Period.Year())
		place, counts := rank[v.Seq]
		if b, ok := best[key]; counts && (!ok || place < rank[b.Seq]) {
			best[key] = v
		}
	}
	values := []string{}
	for _, key := range slices.Sorted(maps.Keys(best)) {
		asked := slices.ContainsFunc(lines, func(line string) bool { return line[:6] == key[:6] })
		if asked && best[key].Status.HasValue() {
			values = append(values, fmt.Sprint(key, " ", best[key].Value))
		}
	}
	return values
}

// wantEvents holds the third query against the history.
func (g *grafana) wantEvents(query string) {
	g.Helper()
	h, err := g.ledger.History(g.Context())
	if err != nil {
		g.Fatal(err)
	}
	var want, got []string
	for _, p := range h.Publications {
		want = append(want, fmt.Sprintf("%d commit %d %d %d %s", p.Seq, p.At, p.Released.UnixMilli(), p.Rows, p.ID))
		if p.RevertedAt != 0 {
			want = append(want, fmt.Sprintf("%d undo %d %s %s", p.Seq, p.RevertedAt, p.RevertedBy, p.RevertNote))
		}
	}
	for _, row := range g.ask(query) {
		seq, at := int64(row["time"].(float64)), int64(row["at"].(float64))
		switch row["kind"] {
		case "commit":
			got = append(got, fmt.Sprintf("%d commit %d %d %v %v", seq, at, int64(row["released"].(float64)), row["rows"], row["upload"]))
		default:
			got = append(got, fmt.Sprintf("%d %v %d %v %v", seq, row["kind"], at, row["by"], row["reason"]))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		g.Errorf("events (-want +got):\n%s", diff)
	}
}

// ask sends a query as Grafana does: with the database alone, on 2.x the bucket.
func (g *grafana) ask(query string) []map[string]any {
	g.Helper()
	database, _, _ := strings.Cut(g.bucket, "/")
	address := g.server.URL + "/query?" + url.Values{"db": {database}, "epoch": {"ns"}, "q": {query}}.Encode()
	request, err := http.NewRequestWithContext(g.Context(), http.MethodGet, address, nil)
	if err != nil {
		g.Fatal(err)
	}
	request.Header.Set("Authorization", "Token "+g.server.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		g.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Results []struct {
			Error  string
			Series []struct {
				Tags    map[string]string
				Columns []string
				Values  [][]any
			}
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Results) != 1 || answer.Results[0].Error != "" {
		g.Fatalf("%s: %s %+v %v", query, response.Status, answer, err)
	}
	var rows []map[string]any
	for _, series := range answer.Results[0].Series {
		for _, values := range series.Values {
			row := map[string]any{}
			for key, value := range series.Tags {
				row[key] = value
			}
			for i, column := range series.Columns {
				row[column] = values[i]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// TestBucketByHand: the statement of the page makes the bucket as Dabiao wants it.
func TestBucketByHand(t *testing.T) {
	t.Parallel()
	list := examples(t, "influxql 1.x")
	if len(list) != 1 || !strings.Contains(list[0], `"dabiao"`) {
		t.Fatalf("the page has no such statement: %q", list)
	}
	s := influxtest.Start(t, influxtest.V1)
	l := openOn(t, s, "dabiao/rp", time.Now)
	if err := l.ask(t.Context(), list[0], discard); err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Inspect(t.Context()).Findings {
		if f.State != Right {
			t.Errorf("%s: %s", f.Check, f.Text.EN)
		}
	}
}
