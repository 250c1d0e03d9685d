package upload_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// datedCatalog is newCatalog with a calendar for rd_spend, which is due on 30
// September of the year after, and a region that is not collected.
func datedCatalog() *indicator.Catalog {
	c := newCatalog()
	c.Indicators[0].Release = indicator.Release{YearsAfter: 1, Month: 9, Day: 30}
	c.Indicators[1].Levels = []indicator.Level{indicator.Province}
	c.Regions = append(c.Regions, indicator.Region{Code: "710000", Name: indicator.T("台湾省", "Taiwan"), Level: indicator.Province, Parent: indicator.Nation})
	c.Index()
	return c
}

func rd(region string, year int, value float64, status indicator.Status) indicator.Reading {
	return indicator.Reading{Indicator: "rd_spend", Region: region, Period: indicator.Year(year), Value: value, Status: status}
}

func day(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, indicator.Shanghai)
}

// covered is a coverage as lines “indicator region period state days”.
func covered(v upload.Coverage) string {
	var lines []string
	for _, c := range v.Cells {
		lines = append(lines, fmt.Sprint(c.Indicator, " ", c.Region, " ", c.Period, " ", c.State, " ", c.Days))
	}
	return strings.Join(lines, "\n")
}

func (f *fixture) cover(c *upload.Coverer, who account.User, asOf time.Time, q upload.CoverageQuery) upload.Coverage {
	f.t.Helper()
	f.Snapshots.Refresh()
	q.Snapshot = must(f.Snapshots.At(f.t.Context(), asOf, 0))(f.t)
	q.Catalog = f.Catalog()
	return must(c.Coverage(f.t.Context(), who, q))(f.t)
}

func coverageFixture(t *testing.T) (*fixture, *upload.Coverer) {
	t.Helper()
	f := newFixture(t, true)
	catalog := datedCatalog()
	f.Catalog = func() *indicator.Catalog { return catalog }
	f.now.Store(day(2026, 10, 2).Add(12 * time.Hour).UnixMilli())
	return f, upload.NewCoverer(f.Service)
}

func (f *fixture) give(id string, released time.Time, rows ...indicator.Reading) {
	f.t.Helper()
	must(f.ledger.Publish(f.t.Context(), ledger.Upload{ID: id, Uploader: "wang", Released: released}, rows))(f.t)
}

// TestCoverageStates: the day itself is on time, the day after is not, by the
// calendar of Shanghai and the first release, whatever came later.
func TestCoverageStates(t *testing.T) {
	t.Parallel()
	f, c := coverageFixture(t)
	f.give("a", day(2025, 9, 30).Add(24*time.Hour-time.Second), rd("350000", 2024, 1, "A"))
	f.give("b", day(2025, 10, 1), rd("110000", 2024, 1, "A"), rd("350100", 2024, 0, "N"))
	f.give("again", day(2026, 1, 1), rd("350000", 2024, 1.5, "A"), rd("110000", 2024, 1, "A")) // a revision, and the same once more
	f.give("c", day(2026, 9, 29), rd("350100", 2025, 0, "M"))
	f.give("d", day(2026, 10, 1), rd("350100", 2025, 5, "P")) // the mark became a value
	q := upload.CoverageQuery{Indicators: []string{"rd_spend"}, Periods: 2}
	want := `rd_spend 000000 2024 overdue 367
rd_spend 000000 2025 overdue 2
rd_spend 350000 2024 on_time 0
rd_spend 350000 2025 overdue 2
rd_spend 350100 2024 not_collected 0
rd_spend 350100 2025 late 1
rd_spend 110000 2024 late 1
rd_spend 110000 2025 overdue 2`
	v := f.cover(c, nobody, time.Time{}, q)
	if got := covered(v); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	tally := v.Tally(nil)
	if rate, ok := tally.Rate(); tally.Due != 7 || tally.OnTime != 1 || !ok || rate < 14.28 || rate > 14.29 {
		t.Errorf("the tally is %+v, %v", tally, rate)
	}
	if asks := v.ToAsk(); len(asks) != 4 || asks[0].Days != 2 || asks[3].Days != 367 {
		t.Errorf("to ask for: %+v", asks)
	}
	if last, ok := v.LastValue(upload.CoverageCell{Key: indicator.Key{Indicator: "rd_spend", Region: "350000"}}); !ok || last.Value != 1.5 {
		t.Errorf("the last value is %+v", last)
	}
	past := f.cover(c, nobody, day(2025, 9, 30).Add(time.Hour), q) // the due day is not over
	if got := covered(past); strings.Contains(got, "overdue") && !strings.Contains(got, "000000 2023 overdue") || !strings.Contains(got, "000000 2024 not_due 0") {
		t.Errorf("on the due day itself:\n%s", got)
	}
	if _, ok := f.cover(c, nobody, day(2026, 9, 30), upload.CoverageQuery{Period: indicator.Year(2025)}).Tally(nil).Rate(); ok {
		t.Error("there is a rate of a period that is not due")
	}
}

// TestCoverageWithoutCalendar, and of what is not collected at all.
func TestCoverageWithoutCalendar(t *testing.T) {
	t.Parallel()
	f, c := coverageFixture(t)
	f.give("a", day(2026, 1, 1), indicator.Reading{Indicator: "gdp", Region: "350000", Period: indicator.Year(2025), Value: 1, Status: "A"})
	want := "gdp 350000 2025 published 0\ngdp 110000 2025 no_calendar 0"
	v := f.cover(c, nobody, time.Time{}, upload.CoverageQuery{Indicators: []string{"gdp"}, Periods: 1})
	if got := covered(v); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, ok := v.Tally(nil).Rate(); ok {
		t.Error("an on-time rate without a calendar")
	}
	for name, q := range map[string]upload.CoverageQuery{
		"quarters": {Freq: indicator.Quarterly}, "counties": {Level: indicator.County},
		"a region that is not collected": {Regions: []string{"710000"}},
	} {
		if v := f.cover(c, nobody, time.Time{}, q); len(v.Cells) != 0 || len(v.Regions) != 0 {
			t.Errorf("%s: %s", name, covered(v))
		}
	}
	if v := f.cover(c, nobody, time.Time{}, upload.CoverageQuery{}); len(v.Periods) != 5 || v.Periods[4] != indicator.Year(2025) || len(v.Cells) != 5*(4+2) {
		t.Errorf("everything: %v, %d cells", v.Periods, len(v.Cells))
	}
}

// TestCoverageOfOpenUploads: those who may not see them read what is published,
// also of one that is scheduled.
func TestCoverageOfOpenUploads(t *testing.T) {
	t.Parallel()
	f, c := coverageFixture(t)
	draft := f.stage(wang, upload.Options{}, "rd_spend 350000 2024 1")
	sent := f.inAnHour(2025)
	q := upload.CoverageQuery{Indicators: []string{"rd_spend"}, Regions: []string{"350000"}, Periods: 2}
	for _, who := range []account.User{nobody, zhao, bj, {Name: "viewer", Role: account.Viewer}} {
		for _, cell := range f.cover(c, who, time.Time{}, q).Cells {
			if cell.State != upload.Overdue || cell.Upload != "" {
				t.Errorf("%q learns %+v", who.Name, cell)
			}
		}
	}
	for _, who := range []account.User{wang, li, admin} {
		v := f.cover(c, who, time.Time{}, q)
		if got := covered(v); got != "rd_spend 350000 2024 draft 0\nrd_spend 350000 2025 submitted 0" ||
			v.Cells[0].Upload != draft.ID || v.Cells[1].Upload != sent.ID || len(v.ToAsk()) != 0 || v.Tally(nil).Due != 2 {
			t.Errorf("%s reads\n%s", who.Name, got)
		}
	}
	if past := f.cover(c, wang, f.clock().Add(-time.Hour), q); past.Tally(nil).States[upload.Overdue] != 2 {
		t.Errorf("as of the past: %s", covered(past))
	}
	f.later(2 * time.Hour)
	f.publishDue()
	if got := covered(f.cover(c, nobody, time.Time{}, q)); got != "rd_spend 350000 2024 overdue 367\nrd_spend 350000 2025 late 2" {
		t.Errorf("published: %s", got)
	}
}

// TestCoverageOfDamage leaves an indicator out that does not add up, and says so.
func TestCoverageOfDamage(t *testing.T) {
	t.Parallel()
	f, c := coverageFixture(t)
	f.give("a", day(2026, 1, 1), rd("350000", 2024, 1, "A"), rd("350000", 2023, 1, "A"))
	f.ledger.lost.Store(&lost{"rd_spend", 2024})
	v := f.cover(c, nobody, time.Time{}, upload.CoverageQuery{})
	if len(v.Damages) != 1 || v.Damages[0].Indicator != "rd_spend" || len(v.Indicators) != 1 || v.Indicators[0].Code != "gdp" {
		t.Errorf("damages %v, indicators %v", v.Damages, v.Indicators)
	}
}

// TestCoverageReadsOnce: the vintages of an indicator are read once for the same
// publications, however many ask, and again when there is another upload of it.
func TestCoverageReadsOnce(t *testing.T) {
	t.Parallel()
	f, c := coverageFixture(t)
	f.give("a", day(2026, 1, 1), rd("350000", 2024, 1, "A"))
	q := upload.CoverageQuery{Indicators: []string{"rd_spend"}, Periods: 1}
	f.cover(c, nobody, time.Time{}, q)
	away := ledger.ErrUnavailable
	snap := must(f.Snapshots.At(t.Context(), time.Time{}, 0))(t)
	f.ledger.away.Store(&away) // whoever reads it now fails
	q.Snapshot, q.Catalog = snap, f.Catalog()
	var many sync.WaitGroup
	for range 8 {
		many.Go(func() {
			if _, err := c.Coverage(t.Context(), nobody, q); err != nil {
				t.Error(err)
			}
		})
	}
	many.Wait()
	q.Periods = 3
	_, err := c.Coverage(t.Context(), nobody, q)
	wantKind(t, err, upload.Unavailable)
	f.ledger.away.Store(nil)
	f.give("b", day(2026, 9, 30), rd("350000", 2025, 1, "A"))
	if got := covered(f.cover(c, nobody, time.Time{}, upload.CoverageQuery{Indicators: []string{"rd_spend"}, Regions: []string{"350000"}, Periods: 1})); got != "rd_spend 350000 2025 on_time 0" {
		t.Errorf("after another upload: %s", got)
	}
}

func BenchmarkCoverage(b *testing.B) {
	f := newFixture(b, true)
	catalog := datedCatalog()
	f.Catalog = func() *indicator.Catalog { return catalog }
	var rows []indicator.Reading
	for year := 1950; year < 2026; year++ {
		for _, region := range []string{"000000", "350000", "350100", "110000"} {
			rows = append(rows, rd(region, year, 1, "A"))
		}
	}
	f.give("a", day(2026, 1, 1), rows...)
	c := upload.NewCoverer(f.Service)
	snap := must(f.Snapshots.At(b.Context(), time.Time{}, 0))(b)
	for b.Loop() {
		if _, err := c.Coverage(b.Context(), nobody, upload.CoverageQuery{Snapshot: snap, Catalog: catalog, Periods: 30}); err != nil {
			b.Fatal(err)
		}
	}
}
