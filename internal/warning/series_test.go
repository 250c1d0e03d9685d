package warning_test

import (
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// made is n values of a formula, rounded to so many decimals.
func made(n, decimals int, f func(i float64) float64) []float64 {
	place := math.Pow(10, float64(decimals))
	var list []float64
	for i := range n {
		list = append(list, math.Round(f(float64(i))*place)/place)
	}
	return list
}

func line(from, step float64) func(float64) float64 {
	return func(i float64) float64 { return from + step*i }
}

func TestSynthetic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		b    *builder
		want string
	}{
		{"a straight line", build("money").fresh(fujian, 2014, made(7, 2, line(10123.45, 512.37))...), "synthetic_series 350000 2014 query"},
		{"a straight line, rounded", build("money").fresh(fujian, 2014, made(7, 2, line(10123.45, 512.3712))...), "synthetic_series 350000 2014 query"},
		{"a constant rate", build("money").fresh(fujian, 2014, made(7, 2, func(i float64) float64 { return 10123.45 * math.Pow(1.073, i) })...),
			"synthetic_series 350000 2014 query"},
		{"between surveys", build("people").fresh(fujian, 2010, 10234, 11541, 12848, 14155, 15462, 16769, 21020, 19811), "synthetic_series 350000 2010 query"},
		{"a published line that goes on", build("money").old(fujian, 2014, made(6, 2, line(10123.45, 512.37))...).
			fresh(fujian, 2020, 13197.67), "synthetic_series 350000 2020 query"},
		{"a published line that ends", build("money").old(fujian, 2014, made(6, 2, line(10123.45, 512.37))...).fresh(fujian, 2020, 13480.31), ""},
		{"always the same", build("money").fresh(fujian, 2014, 10123.45, 10123.45, 10123.45, 10123.45, 10123.45), "synthetic_series 350000 2014 note"},
		{"estimates may look so", estimated(build("money").fresh(fujian, 2014, made(7, 2, line(10123.45, 512.37))...)), "synthetic_series 350000 2014 note"},

		{"four points", build("money").fresh(fujian, 2014, made(4, 2, line(10123.45, 512.37))...), ""},
		{"a small count, one more each year", build("count").fresh(fujian, 2014, 3, 4, 5, 6, 7, 8, 9, 10), ""},
		{"a hundred more each year, in whole hundreds", build("count").fresh(fujian, 2014, made(8, 0, line(1200, 100))...), ""},
		{"a count that stands still", build("count").fresh(fujian, 2014, 12, 12, 12, 12, 12, 12, 12, 12), ""},
		{"a share with one place", build("share").fresh(fujian, 2014, 30.1, 30.2, 30.3, 30.4, 30.5, 30.6, 30.7), ""},
		{"a rate that has reached everything", build("share").fresh(fujian, 2014, 100, 100, 100, 100, 100, 100, 100), ""},
		{"an ordinary series", build("money").fresh(fujian, 2014, history...), ""},
		{"with a gap in the middle", build("money").fresh(fujian, 2014, 10123.45, 10635.82, 11148.19, 0, 12172.93, 12685.30, 13197.67), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checks := warning.DefaultChecks()
			checks.Notes = nil
			if got := tt.b.found(checks); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func estimated(b *builder) *builder {
	for _, points := range b.series {
		for i := range points {
			points[i].Status = indicator.Estimated
		}
	}
	return b
}

// TestSyntheticIsNoted: as long as nobody wants more of it.
func TestSyntheticIsNoted(t *testing.T) {
	t.Parallel()
	b := build("money").fresh(fujian, 2014, made(7, 2, line(10123.45, 512.37))...)
	if got, want := b.found(warning.DefaultChecks()), "synthetic_series 350000 2014 note"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	past := make([]float64, 40)
	for i := range past {
		past[i] = 0.001 * float64(i%20)
	}
	old := func() *builder { return build("money").old(fujian, 2014, history...) }
	tests := []struct {
		name string
		b    *builder
		past []float64
		want string
	}{
		{"the newest year, a little", old().revise(fujian, 2021, 1720), nil, ""},
		{"one year", old().revise(fujian, 2019, 1310), nil, ""},
		{"a census revision of the newest years", old().revise(fujian, 2019, 1310, 1420, 1530), nil, "revision_partial 350000 2019 query"},
		{"of the oldest years", old().revise(fujian, 2014, 800, 860), nil, "revision_partial 350000 2015 query"},
		{"with the break flagged", breakAt(old().revise(fujian, 2019, 1310, 1420, 1530), 5), nil, ""},
		{"the whole series, by little", old().revise(fujian, 2014, 960, 1030, 1120, 1200, 1300, 1400, 1510, 1630), nil, ""},
		{"the whole series, by much", old().revise(fujian, 2014, 700, 752, 816, 875, 952, 1023, 1108, 1191), nil, "revision_large file query"},
		{"a value that did not fit is corrected", build("money").old(fujian, 2014, 1000, 1075, 1166, 1251, 2360, 1462, 1583, 1702).
			revise(fujian, 2018, 1360), nil, "revision_large 350000 2018 query"},
		{"no more than before", old().revise(fujian, 2021, 1735), past, ""},
		{"more than ever before", old().revise(fujian, 2014, 950, 1021, 1107, 1188, 1292, 1389, 1504, 1617), past, "revision_large file query"},
		{"too little past to tell", old().revise(fujian, 2014, 950, 1021, 1107, 1188, 1292, 1389, 1504, 1617), past[:20], ""},
		{"a short series", build("money").old(fujian, 2020, 1583, 1702).revise(fujian, 2021, 3000), nil, ""},
		{"many regions, one finding", manyRevised(), nil, "revision_partial file query"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.b.past = tt.past
			if got := tt.b.found(warning.DefaultChecks()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func breakAt(b *builder, k int) *builder {
	b.series[fujian][k].Status = indicator.Break
	return b
}

func manyRevised() *builder {
	b := country(build("money"), 2014, 8)
	for i, region := range provinces {
		for y := 5; y < 8; y++ {
			b.revise(region, 2014+y, math.Round(grown(200+100*float64(i), 0.08, y, i)*9)/10)
		}
	}
	return b
}

func TestRevisionSizes(t *testing.T) {
	t.Parallel()
	pairs := [][2]float64{{100, 110}, {100, 90}, {0, 5}}
	money, share := indicators["money"], indicators["share"]
	got := warning.RevisionSizes(&money, pairs)
	if len(got) != 2 || math.Abs(got[0]-math.Log(1.1)) > 1e-12 || math.Abs(got[1]+math.Log(0.9)) > 1e-12 {
		t.Errorf("of a flow: %v, want the logarithms and nothing of a revision from zero", got)
	}
	if got = warning.RevisionSizes(&share, pairs); len(got) != 3 || got[0] != 10 || got[1] != 10 || got[2] != 5 {
		t.Errorf("of a ratio: %v, want the differences", got)
	}
}
