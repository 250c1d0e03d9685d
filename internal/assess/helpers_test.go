package assess

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

const fujian, zhejiang = "350000", "330000"

// series reads "2019:100 2020:110B 2021:-M": year, value, status (A where none).
func series(t testing.TB, text string) indicator.Series {
	t.Helper()
	s := indicator.Series{Indicator: "x", Region: fujian, Freq: indicator.Annual}
	for _, field := range strings.Fields(text) {
		period, value, ok := strings.Cut(field, ":")
		p, err := indicator.ParsePeriod(period)
		if !ok || err != nil {
			t.Fatalf("bad point %q", field)
		}
		point := indicator.Point{Period: p, Status: indicator.Normal}
		if last := value[len(value)-1:]; strings.Contains("ABEMNOP", last) {
			point.Status, value = indicator.Status(last), value[:len(value)-1]
		}
		if point.Status.HasValue() {
			if point.Value, err = strconv.ParseFloat(value, 64); err != nil {
				t.Fatalf("bad point %q", field)
			}
		}
		s.Points = append(s.Points, point)
	}
	return s
}

// line is a series of n years up to 2024 that ends at last and changes by step.
func line(last, step float64, n int) indicator.Series {
	s := indicator.Series{Indicator: "x", Region: fujian, Freq: indicator.Annual}
	for i := range n {
		s.Points = append(s.Points, indicator.Point{Period: indicator.Year(2024 - n + 1 + i),
			Value: last - step*float64(n-1-i), Status: indicator.Normal})
	}
	return s
}

func ptr(v float64) *float64 { return &v }

func day(s string) time.Time {
	at, err := indicator.ParseAsOf(s)
	if err != nil {
		panic(err)
	}
	return at
}

// spending is an indicator that should rise, counting enterprises in force.
func spending() *indicator.Indicator {
	return &indicator.Indicator{Code: "x", Name: indicator.T("研发经费", "R&D spending"), Unit: "亿元", Decimals: 1,
		Direction: indicator.Up, Measure: indicator.Flow, Price: indicator.CurrentPrice}
}

func share() *indicator.Indicator {
	return &indicator.Indicator{Code: "x", Name: indicator.T("研发经费投入强度", "R&D intensity"), Unit: "%", Decimals: 2,
		Direction: indicator.Up, Measure: indicator.Ratio}
}

func factories(counted indicator.Counted) *indicator.Indicator {
	return &indicator.Indicator{Code: "x", Name: indicator.T("绿色工厂", "green factories"), Unit: "家",
		Direction: indicator.Up, Measure: indicator.Stock, Counted: counted}
}

func target(kind indicator.Kind, change ...func(*indicator.Target)) *indicator.Target {
	t := &indicator.Target{ID: "t", Region: fujian, Indicator: "x", Kind: kind, Link: indicator.Named}
	for _, c := range change {
		c(t)
	}
	return t
}

type opt = func(*indicator.Target)

func value(v float64) opt            { return func(t *indicator.Target) { t.Value = &v } }
func bound(b indicator.Bound) opt    { return func(t *indicator.Target) { t.Bound = b } }
func by(y int) opt                   { return func(t *indicator.Target) { t.By = y } }
func until(y int) opt                { return func(t *indicator.Target) { t.Until = y } }
func from(y int) opt                 { return func(t *indicator.Target) { t.From = y } }
func approximate() opt               { return func(t *indicator.Target) { t.Approximate = true } }
func rel(r indicator.Relative) opt   { return func(t *indicator.Target) { t.Relative = r } }
func counts(c indicator.Counted) opt { return func(t *indicator.Target) { t.Counted = c } }
func wants(d indicator.Direction) opt {
	return func(t *indicator.Target) { t.Direction = d }
}
func prices(p indicator.Price) opt { return func(t *indicator.Target) { t.Price = p } }
func base(year int, stated ...float64) opt {
	return func(t *indicator.Target) {
		t.Baseline = &indicator.Baseline{Year: year}
		if len(stated) > 0 {
			t.Baseline.Value = &stated[0]
		}
	}
}
func within(v float64, percent bool) opt {
	return func(t *indicator.Target) { t.Tolerance = &indicator.Tolerance{Value: v, Percent: percent} }
}
func force(from, until indicator.Date) opt {
	return func(t *indicator.Target) { t.InForceFrom, t.InForceUntil = from, until }
}

type verdictCase struct {
	name    string
	method  string // pace where empty
	target  *indicator.Target
	of      *indicator.Indicator // nil: spending()
	series  string               // or points
	points  indicator.Series
	asOf    string // 2025-06-30 where empty
	period  string
	region  string // fujian where empty
	status  Status
	reason  Reason
	closed  bool
	early   bool
	pending bool
	old     bool
}

func (c verdictCase) input(t *testing.T) Input {
	t.Helper()
	in := Input{Target: c.target, Indicator: c.of, Region: c.region, Series: c.points, AsOf: day("2025-06-30")}
	if c.series != "" {
		in.Series = series(t, c.series)
	}
	if in.Indicator == nil {
		in.Indicator = spending()
	}
	if in.Region == "" {
		in.Region = fujian
	}
	if c.asOf != "" {
		in.AsOf = day(c.asOf)
	}
	if c.period != "" {
		p, err := indicator.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		in.AsOfPeriod = p
	}
	return in
}

func (c verdictCase) assess(t *testing.T, in Input) Assessment {
	t.Helper()
	a, err := Run(c.method, in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// check holds the verdict of the case against what it must be.
func (c verdictCase) check(t *testing.T) {
	t.Helper()
	a := c.assess(t, c.input(t))
	if a.Status != c.status || a.Reason != c.reason {
		t.Errorf("got %s/%s, want %s/%s; numbers %v", a.Status, a.Reason, c.status, c.reason, a.Numbers)
	}
	if a.Closed != c.closed || a.Early != c.early || a.Pending != c.pending || a.Old != c.old {
		t.Errorf("closed %v early %v pending %v old %v, want %v %v %v %v",
			a.Closed, a.Early, a.Pending, a.Old, c.closed, c.early, c.pending, c.old)
	}
}

func run(t *testing.T, cases []verdictCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
