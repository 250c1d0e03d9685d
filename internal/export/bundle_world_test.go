package export_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// world is a made-up catalogue with a ledger over it, in which everything comes
// up that a verdict can depend on. Its values are few and round, so that bounds
// are met exactly.
type world struct {
	*rand.Rand
	catalog *indicator.Catalog
	ledger  ledger.Ledger
	now     time.Time
}

var worldRegions = []string{"000000", "110000", "350000", "440000"}

func newWorld(t *testing.T, seed uint64, targets int) *world {
	t.Helper()
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1)), catalog: &indicator.Catalog{}, now: worldDay(2020, 1, 1)}
	for _, code := range worldRegions {
		w.catalog.Regions = append(w.catalog.Regions, indicator.Region{Code: code, Name: indicator.T("地区"+code, "Region, \""+code+"\""), Collected: true})
	}
	w.catalog.Documents = []indicator.Document{{ID: "plan", Title: indicator.T("=规划", "Plan\nof two lines")}}
	for i := range 24 {
		w.catalog.Indicators = append(w.catalog.Indicators, w.indicator(i))
	}
	for i := range targets {
		w.catalog.Targets = append(w.catalog.Targets, w.target(i))
	}
	w.addEdges()
	w.catalog.Index()
	var err error
	if w.ledger, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), func() time.Time { return w.now }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.ledger.Close() })
	w.publish(t)
	return w
}

func worldDay(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, indicator.Shanghai)
}

// bundle assesses the world by every method.
func (w *world) bundle(t *testing.T, asOf time.Time, period indicator.Period) export.Bundle {
	t.Helper()
	snap, err := snapshot.New(w.ledger).At(t.Context(), asOf, 0)
	if err != nil {
		t.Fatal(err)
	}
	day := worldDay(2026, 11, 26)
	b := export.Bundle{Catalog: w.catalog, AsOf: asOf, Day: day, AsOfPeriod: period, Version: int64(snap.Version()),
		Readings: export.Rows(snap.AllVintages(t.Context(), snapshot.Selection{}))}
	if !asOf.IsZero() {
		b.Day = asOf
	}
	for _, m := range assess.Methods() {
		list, err := dashboard.Assess(t.Context(), snap, w.catalog, dashboard.Query{Method: m.ID(), AsOfPeriod: period, Now: day})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			b.Assessments = append(b.Assessments, a.Assessment)
		}
	}
	return b
}

func (w *world) chance(percent int) bool { return w.IntN(100) < percent }

func pick[T any](w *world, list ...T) T { return list[w.IntN(len(list))] }

func (w *world) maybe(percent int, list ...float64) *float64 {
	if !w.chance(percent) {
		return nil
	}
	v := pick(w, list...)
	return &v
}

func (w *world) indicator(i int) indicator.Indicator {
	ind := indicator.Indicator{Code: fmt.Sprintf("i%02d", i), Name: indicator.T("指标", "Indicator"), Unit: pick(w, "亿元", "家", "%", "1", "‰"),
		Direction: pick(w, indicator.Up, indicator.Up, indicator.Down, ""),
		Measure:   pick(w, indicator.Stock, indicator.Flow, indicator.Ratio, indicator.Growth)}
	if ind.Unit == "亿元" {
		ind.Price = pick(w, indicator.CurrentPrice, indicator.ConstantPrice)
	}
	if i%3 == 0 {
		ind.Unit, ind.Counted = "家", pick(w, indicator.InForce, indicator.Cumulative, indicator.New, indicator.New)
	}
	return ind
}

func (w *world) target(i int) indicator.Target {
	ind := &w.catalog.Indicators[w.IntN(len(w.catalog.Indicators))]
	t := indicator.Target{ID: fmt.Sprintf("plan-%03d", i), Document: "plan", Region: pick(w, worldRegions...), Indicator: ind.Code,
		Link: pick(w, indicator.Named, indicator.Proxy), Approximate: w.chance(15),
		Kind:  pick(w, indicator.Reach, indicator.Reach, indicator.Reach, indicator.Hold, indicator.Hold, indicator.Grow, indicator.Directed, indicator.StatedOnly),
		Value: w.maybe(90, -10, 0, 1, 1.5, 5, 7, 10, 80, 100, 105, 110, 120, 200, 1e6, 2.5e6),
		Bound: pick(w, "", "", indicator.AtLeast, indicator.AtMost), Direction: pick(w, "", indicator.Up, indicator.Down)}
	last := 2017 + w.IntN(19)
	if w.chance(10) {
		last = 0
	}
	if w.chance(60) {
		t.Baseline = &indicator.Baseline{Year: 2010 + w.IntN(14), Value: w.maybe(30, -50, 0, 50, 90, 100, 110)}
	}
	if w.chance(30) {
		t.ReferenceFor = []string{"110000"}
		if t.Region == "110000" {
			t.ReferenceFor = []string{"350000", "440000"}
		}
	}
	if w.chance(20) {
		t.InForceFrom = pick[indicator.Date](w, "2012-01-01", "2024-12-31", "2026-11-26", "2026-11-27")
		t.InForceUntil = pick[indicator.Date](w, "", "2024-02-28", "2024-02-29", "2024-12-31", "2026-11-26", "2030-12-31")
	}
	if w.chance(10) {
		t.Counted = pick(w, indicator.New, ind.Counted)
	}
	if w.chance(5) {
		t.Price = pick(w, indicator.ConstantPrice, ind.Price)
	}
	if i > 0 && w.chance(5) {
		t.SupersededBy = "plan-000"
	}
	w.byKind(&t, last)
	return t
}

// byKind fills what the kind has a use for.
func (w *world) byKind(t *indicator.Target, last int) {
	tolerance := &indicator.Tolerance{Value: pick[float64](w, 0, 1, 5, 10, 20), Percent: w.chance(50)}
	switch t.Kind {
	case indicator.Reach:
		t.By = last
		if w.chance(50) { // as plans are written, so that the methods that count from a baseline have something to say
			t.Baseline, t.By = &indicator.Baseline{Year: 2014 + w.IntN(8)}, 2026+w.IntN(10)
			t.Relative, t.Value = indicator.Percent, w.maybe(100, 10, 20, 25, 50, 100)
			t.Bound, t.Approximate, t.InForceFrom = indicator.AtLeast, false, ""
		} else if w.chance(30) {
			t.Relative, t.Value = indicator.Percent, w.maybe(100, -20, 5, 10, 50, 100)
			if w.chance(50) {
				t.Relative, t.Value = indicator.Times, w.maybe(100, 0.5, 1, 2, 3, 1e308)
			}
		}
		if w.chance(15) {
			t.Tolerance = tolerance
		}
		if w.chance(30) {
			t.Milestones = []indicator.Milestone{{Year: 2015 + w.IntN(15), Value: pick(w, 50, 100, 110.5)}, {Year: 2032, Value: 1e6}}
		}
	case indicator.Hold:
		t.Until = last
		if w.chance(60) {
			t.Tolerance = tolerance
			if w.chance(60) {
				t.Value = nil
			}
		}
	case indicator.Grow:
		t.From, t.Until, t.Baseline = 2011+w.IntN(16), last, nil
		if w.chance(10) {
			t.From = 0
		}
	default:
		t.From, t.Until = 2015, last
	}
}

// edgeSteps are yearly changes from 100 in 2014 on, with which 104 by 2034, or 2
// more than in 2024, lies exactly on a bound: q = 0.75, m = 20 %, q = 0.95 and
// m = 5 %, q = 1.05; and ones that lie just beyond.
var edgeSteps = []float64{0.15, 0.16, 0.19, 0.21, 0.1495, 0.159, 0.1895, 0.2095}

func (w *world) addEdges() {
	for i, step := range edgeSteps {
		code := fmt.Sprintf("edge%d", i)
		w.catalog.Indicators = append(w.catalog.Indicators, indicator.Indicator{Code: code, Unit: "家", Direction: indicator.Up, Measure: indicator.Stock})
		for _, value := range []float64{104, 102 + 10*step} {
			w.catalog.Targets = append(w.catalog.Targets, indicator.Target{ID: fmt.Sprintf("%s-%g", code, value), Document: "plan", Region: "350000", Indicator: code,
				Link: indicator.Named, Kind: indicator.Reach, Value: &value, Bound: indicator.AtLeast, By: 2034, Baseline: &indicator.Baseline{Year: 2014}})
		}
	}
	for _, value := range []float64{90, 200} { // about a value, without a baseline: no side on which it is met
		w.catalog.Targets = append(w.catalog.Targets, indicator.Target{ID: fmt.Sprintf("about-%g", value), Document: "plan", Region: "350000", Indicator: "edge0",
			Link: indicator.Named, Kind: indicator.Reach, Value: &value, Approximate: true, By: 2034})
	}
}

// edges are the readings of the indicators that addEdges added.
func edges() []indicator.Reading {
	var list []indicator.Reading
	for i, step := range edgeSteps {
		for year := 2014; year <= 2024; year++ {
			list = append(list, indicator.Reading{Indicator: fmt.Sprintf("edge%d", i), Region: "350000", Period: indicator.Year(year),
				Status: indicator.Normal, Value: 100 + step*float64(year-2014)})
		}
	}
	return list
}

// publish fills the ledger: series of every shape, revisions, figures loaded late
// with an older release, uploads taken back.
func (w *world) publish(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	for i := range 40 {
		w.now = worldDay(2020+i/7, 1+i%7, 10).Add(time.Duration(w.IntN(1000)) * time.Millisecond)
		u := ledger.Upload{ID: fmt.Sprintf("u%02d", i), Uploader: "anna", Source: pick(w, "=统计公报", "年鉴", "census, \"fifth\"")}
		if w.chance(50) {
			u.Released = w.now.AddDate(0, 0, -w.IntN(900))
		}
		published, err := w.ledger.Publish(ctx, u, w.readings(i))
		if err != nil {
			t.Fatal(err)
		}
		if w.chance(20) {
			w.now = w.now.AddDate(0, w.IntN(12), 0)
			if _, err := w.ledger.Revert(ctx, published.ID, "li", "wrong"); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.now = worldDay(2026, 11, 26)
	if _, err := w.ledger.Publish(ctx, ledger.Upload{ID: "edges", Uploader: "anna"}, edges()); err != nil {
		t.Fatal(err)
	}
}

// readings are those of one upload: some indicators, regions and years. The first
// uploads have nearly all, so that later ones revise them.
func (w *world) readings(upload int) []indicator.Reading {
	var list []indicator.Reading
	for i, ind := range w.catalog.Indicators[:24] {
		if upload >= 4 && !w.chance(20) {
			continue
		}
		for _, region := range worldRegions {
			level, step := pick(w, -100, 0, 10, 50, 90, 100, 1e6, 2.5e6), pick(w, -10, -5, -1, 0, 0, 1, 2, 2, 5, 10, 0.1)
			if ind.Measure == indicator.Growth {
				level, step = pick[float64](w, 5, 7, 7), pick[float64](w, 0, 0, 0, 0.5, -1)
			}
			first, last := 2008+w.IntN(4), 2014+w.IntN(13)
			anchor, growth := pick(w, 2014, last), pick[float64](w, 1, 1, 1.1, 0.97)
			if w.chance(40) { // calm
				level, step, growth = pick[float64](w, 50, 80, 100), pick[float64](w, 0, 1, 2, 4), pick(w, 1, 1.02, 1.03)
			}
			for year := first; year <= last; year++ {
				if w.chance(3) || upload >= 4 && w.chance(50) {
					continue
				}
				r := indicator.Reading{Indicator: ind.Code, Region: region, Period: indicator.Year(year), Status: indicator.Normal,
					Value: (level + step*float64(year-anchor)) * math.Pow(growth, float64(year-anchor))}
				switch {
				case w.chance(2):
					r.Status = indicator.Break
				case w.chance(2):
					r.Status, r.Value = indicator.Missing, 0
				case w.chance(5):
					r.Value = r.Value * 1.07
				}
				list = append(list, r)
			}
		}
		if i == 0 {
			quarter, _ := indicator.ParsePeriod("2024-Q3")
			list = append(list, indicator.Reading{Indicator: ind.Code, Region: "350000", Period: quarter, Status: indicator.Normal, Value: float64(upload)})
		}
	}
	if len(list) == 0 {
		list = append(list, indicator.Reading{Indicator: "i00", Region: "350000", Period: indicator.Year(2020), Status: indicator.Normal, Value: float64(upload)})
	}
	return list
}
