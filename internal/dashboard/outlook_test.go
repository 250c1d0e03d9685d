package dashboard

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// spied counts how many times series are forecast and backtested.
func spied() (o *Outlooks, forecasts, backtests *atomic.Int32) {
	o, forecasts, backtests = NewOutlooks(), &atomic.Int32{}, &atomic.Int32{}
	all, test := o.all, o.test
	o.all = func(ctx context.Context, s []forecast.Series, f forecast.Options) ([]forecast.Forecast, error) {
		forecasts.Add(1)
		return all(ctx, s, f)
	}
	o.test = func(ctx context.Context, s []forecast.Series, f forecast.Options, n int) (forecast.Report, error) {
		backtests.Add(1)
		return test(ctx, s, f, n)
	}
	return o, forecasts, backtests
}

// TestForecastsOncePerVersion: however many pages ask, an indicator is forecast
// once, and again only when its own readings have changed.
func TestForecastsOncePerVersion(t *testing.T) {
	t.Parallel()
	l := testLedger(t)
	cache, catalog := snapshot.New(l), testCatalog()
	o, forecasts, backtests := spied()
	look := func() {
		t.Helper()
		cache.Refresh()
		snap, err := cache.At(context.Background(), time.Time{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Params{{Region: "350000"}, {Region: "330000"}, {Region: indicator.Nation}, {Target: "outline-1-rd_spend"}} {
			name := "region"
			if p.Target != "" {
				name = "target"
			}
			p.Now, p.Outlooks = today, o
			if _, err := Build(context.Background(), snap, catalog, page(t, name), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	const indicators = 4 // of the targets: rd_intensity, energy, rd_spend, secondary_share
	look()
	look()
	if n, m := forecasts.Load(), backtests.Load(); n != indicators || m != indicators {
		t.Errorf("%d forecasts and %d backtests, want %d of each", n, m, indicators)
	}
	if _, err := l.Publish(context.Background(), ledger.Upload{ID: "more", Released: today}, yearly("rd_spend", "350000", 2024, 130)); err != nil {
		t.Fatal(err)
	}
	look()
	look()
	if n, m := forecasts.Load(), backtests.Load(); n != indicators+1 || m != indicators+1 {
		t.Errorf("%d forecasts and %d backtests after a revision of one indicator, want %d", n, m, indicators+1)
	}
}

// TestOutlookOfThePast: a past moment is forecast from what was public then.
func TestOutlookOfThePast(t *testing.T) {
	t.Parallel()
	cache, catalog, o := snapshot.New(testLedger(t)), testCatalog(), NewOutlooks()
	of := func(asOf time.Time, limit indicator.Period) *Outlook {
		t.Helper()
		snap, err := cache.At(context.Background(), asOf, 0)
		if err != nil {
			t.Fatal(err)
		}
		out, err := o.Of(context.Background(), snap, catalog, "rd_intensity", "350000", limit)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	now, before, nothing, cut := of(time.Time{}, indicator.Period{}), of(day(2025, 10, 1), indicator.Period{}),
		of(day(2025, 1, 1), indicator.Period{}), of(time.Time{}, indicator.Year(2023))
	if now.None != "" || now.Last != 2024 || now.Used != 7 || len(now.Steps) != 11 || now.Steps[10].Year != Horizon {
		t.Fatalf("now: %+v", now)
	}
	if before.Steps[0].Mean == now.Steps[0].Mean {
		t.Error("the revision of October is in the forecast of before")
	}
	if nothing.None != OutlookTooFew || nothing.Last != 0 || nothing.Steps != nil {
		t.Errorf("before the first release: %+v", nothing)
	}
	if cut.Last != 2023 || cut.Steps[0].Year != 2024 || len(cut.Steps) != 12 {
		t.Errorf("up to 2023: %+v", cut)
	}
}

func TestOutlookUnknown(t *testing.T) {
	t.Parallel()
	snap, o := at(t, time.Time{}), NewOutlooks()
	for _, c := range []struct{ code, region, parameter string }{{"nonsense", "350000", "indicator"}, {"rd_spend", "999999", "region"}} {
		_, err := o.Of(context.Background(), snap, testCatalog(), c.code, c.region, indicator.Period{})
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Parameter != c.parameter {
			t.Errorf("%s in %s: %v", c.code, c.region, err)
		}
	}
}

// outlookOf forecasts one region among four quiet ones.
func outlookOf(t *testing.T, i indicator.Indicator, points ...forecast.Point) *Outlook {
	t.Helper()
	p := &pool{outlooks: map[string]*Outlook{}}
	add := func(code string, s forecast.Series) {
		p.outlooks[code] = &Outlook{Indicator: i.Code, Region: code, None: OutlookTooFew, Last: s.Points[len(s.Points)-1].Time}
		p.series, p.regions = append(p.series, s), append(p.regions, code)
	}
	s := indicator.Series{}
	for _, point := range points {
		status := indicator.Normal
		if point.Break {
			status = indicator.Break
		}
		s.Points = append(s.Points, indicator.Point{Period: indicator.Year(point.Time), Value: point.Value, Status: status})
	}
	add("own", forecastSeries(s, &i))
	if err := p.look(context.Background(), forecast.All); err != nil {
		t.Fatal(err)
	}
	return p.outlooks["own"]
}

func points(first int, values ...float64) []forecast.Point {
	list := make([]forecast.Point, len(values))
	for n, v := range values {
		list[n] = forecast.Point{Time: first + n, Value: v}
	}
	return list
}

func TestNoOutlook(t *testing.T) {
	t.Parallel()
	broken := points(2015, 5, 6, 7, 8, 9, 20, 21, 22, 23)
	broken[5].Break = true
	enough := points(2015, 5, 6, 7, 8, 20, 21, 22, 23, 24)
	enough[4].Break = true
	bridged := append(points(2015, 5, 6), points(2018, 8, 9, 10)...)
	for _, c := range []struct {
		name   string
		points []forecast.Point
		none   NoOutlook
		says   string // in the sentence that tells why, or on what it rests
	}{
		{"four readings", points(2020, 5, 6, 7, 8), OutlookTooFew, "只有4期数据"},
		{"five readings", points(2020, 5, 6, 7, 8, 9), "", "2020—2024年5期"},
		{"a break", broken, OutlookBreak, "2020年起口径变化，此后只有4期"},
		{"a break long ago", enough, "", "2019年起口径变化，此前数据不用"},
		{"a gap", append(points(2010, 1, 2, 3, 4, 5), points(2018, 5, 6, 7)...), OutlookGap, "2018年以前有三年以上缺数"},
		{"a short gap", bridged, "", "2017年缺数，预测时按直线补齐"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := outlookOf(t, indicator.Indicator{Code: "x"}, c.points...)
			if o.None != c.none || (o.None == "") != (len(o.Steps) > 0) {
				t.Fatalf("none is %q with %d steps, want %q", o.None, len(o.Steps), c.none)
			}
			text := outlookBasis(o)
			if c.none != "" {
				text = noOutlookText(o)
			}
			if !strings.Contains(text.ZH, c.says) || text.EN == "" {
				t.Errorf("%q does not say %q", text, c.says)
			}
		})
	}
}

func TestPoolLeavesOut(t *testing.T) {
	t.Parallel()
	l := testLedger(t)
	publish := func(id string, list []indicator.Reading) {
		t.Helper()
		if _, err := l.Publish(context.Background(), ledger.Upload{ID: id, Released: today}, list); err != nil {
			t.Fatal(err)
		}
	}
	publish("old", yearly("green", "320000", 2008, 1, 2, 3, 4, 5, 6))
	publish("wild", yearly("green", "360000", 2019, 10, 11, 12, 13, -14, 15))
	publish("over", yearly("staff", "350000", 2030, 1, 2, 3, 4, 5, 6))
	snap, err := snapshot.New(l).At(context.Background(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	o := NewOutlooks()
	for _, c := range []struct {
		code, region string
		none         NoOutlook
	}{
		{"green", "320000", OutlookOld}, {"green", "360000", OutlookRange}, {"green", "350000", ""},
		{"green", "710000", OutlookTooFew}, {"green", "350100", OutlookTooFew}, {"staff", "350000", OutlookOver},
	} {
		out, err := o.Of(context.Background(), snap, testCatalog(), c.code, c.region, indicator.Period{})
		if err != nil || out.None != c.none || out.Region != c.region {
			t.Errorf("%s in %s: %+v, %v; want %q", c.code, c.region, out, err, c.none)
		}
	}
}

// TestOutlookStaysInRange: shares lie between their ends, counts not below zero,
// and what has neither may cross it.
func TestOutlookStaysInRange(t *testing.T) {
	t.Parallel()
	falling, rising := points(2015, 40, 33, 27, 20, 14, 9, 5, 2, 1), points(2015, 60, 70, 78, 85, 90, 94, 97, 98.5, 99.5)
	share := indicator.Indicator{Code: "share", Min: number(0), Max: number(100)}
	for _, c := range []struct {
		name     string
		i        indicator.Indicator
		points   []forecast.Point
		min, max float64
	}{
		{"a falling share", share, falling, 0, 100}, {"a rising share", share, rising, 0, 100},
		{"a count", indicator.Indicator{Code: "count", Counted: indicator.InForce}, falling, 0, math.Inf(1)},
	} {
		for _, s := range outlookOf(t, c.i, c.points...).Steps {
			ends := []float64{s.Lower95, s.Lower80, s.Mean, s.Upper80, s.Upper95}
			if !slices.IsSorted(ends) || ends[0] < c.min || ends[4] > c.max {
				t.Errorf("%s, %d: %v", c.name, s.Year, ends)
			}
		}
	}
	if end := outlookOf(t, indicator.Indicator{Code: "growth", Measure: indicator.Growth}, falling...).Steps[10]; end.Lower95 >= 0 {
		t.Errorf("a growth rate without a range cannot fall below zero: %+v", end)
	}
}

func TestTrials(t *testing.T) {
	t.Parallel()
	snap, o := at(t, time.Time{}), NewOutlooks()
	trials, err := o.Trials(context.Background(), snap, testCatalog(), "rd_spend", "350000", indicator.Period{})
	if err != nil || trials == nil {
		t.Fatalf("%v, %v", trials, err)
	}
	// Seven readings: three held out from four and from three, and no origin before.
	if len(trials.List) != 6 || trials.Own.N != 6 || trials.List[0].Origin != 2021 || trials.List[5].Origin != 2020 {
		t.Errorf("trials %+v", trials.List)
	}
	if trials.Pool.N != 36 {
		t.Errorf("the pool of six series has %d trials, want 36", trials.Pool.N)
	}
	held, sum := 0, 0.0
	for _, trial := range trials.List {
		if trial.Lower <= trial.Actual && trial.Actual <= trial.Upper {
			held++
		}
		sum += 200 * math.Abs(trial.Actual-trial.Mean) / (trial.Actual + trial.Mean)
	}
	if held != trials.Held || math.Abs(trials.Own.Coverage-float64(held)/6*100) > 1e-9 || math.Abs(trials.Own.SMAPE-sum/6) > 1e-9 {
		t.Errorf("held %d, scores %+v; want %d and sMAPE %v", trials.Held, trials.Own, held, sum/6)
	}
	if len(trials.Methods) != len(forecast.Methods()) || trials.Methods[0].Weight < trials.Methods[1].Weight {
		t.Errorf("methods %+v", trials.Methods)
	}
	if none, err := o.Trials(context.Background(), snap, testCatalog(), "staff", "350000", indicator.Period{}); none != nil || err != nil {
		t.Errorf("without a forecast: %v, %v", none, err)
	}
}
