package warning_test

import (
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// history is a series that grows by about 8 % a year.
var history = []float64{1000, 1075, 1166, 1251, 1360, 1462, 1583, 1702}

func TestRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		b    *builder
		want string
	}{
		// outlier_history
		{"an ordinary year", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 1840), ""},
		{"twice the usual growth", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 2010), ""},
		{"an unusual year is noted", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 2400), "outlier_history 350000 2022 note"},
		{"a threefold year is asked about", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 5100), "outlier_history 350000 2022 query"},
		{"a drop to a third", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 560), "outlier_history 350000 2022 query"},
		{"a year without growth", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 1702), ""},
		{"four years are no history", build("money").old(fujian, 2018, history[4:]...).fresh(fujian, 2022, 5100), ""},
		{"a survey year 19 times its neighbours", build("money").fresh(fujian, 2014, 1000, 1075, 1166, 23769, 1360, 1462, 1583, 1702),
			"outlier_history 350000 2017 query"},
		{"a published survey year is no measure of the next", build("money").old(fujian, 2014, 1000, 1075, 1166, 1251, 1360, 1462, 1583, 30000).
			fresh(fujian, 2022, 1840), ""},
		{"only the first year of a new level", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 5100, 5500, 5900),
			"outlier_history 350000 2022 query"},
		{"a flagged break is no outlier", flagged(build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 5100)), ""},
		{"changes that are all alike", build("share").old(fujian, 2014, 30, 30, 30, 30, 30, 30, 30, 30).fresh(fujian, 2022, 30.6), ""},
		{"a share that leaves its place", build("share").old(fujian, 2014, 30.1, 30.4, 30.2, 30.5, 30.9, 30.6, 30.8, 31).fresh(fujian, 2022, 52),
			"outlier_history 350000 2022 query"},
		{"a share that turned", build("share").old(fujian, 2014, 30.1, 30.4, 30.2, 30.5, 30.9, 30.6, 30.8, 31).fresh(fujian, 2022, 29.5), ""},
		{"few things vary by chance", build("count").old(fujian, 2014, 3, 4, 4, 6, 5, 7, 7, 8).fresh(fujian, 2022, 14), ""},
		{"many things do not", build("count").old(fujian, 2014, 3000, 3100, 3210, 3300, 3400, 3520, 3600, 3700).fresh(fujian, 2022, 8000),
			"outlier_history 350000 2022 query"},
		{"growth through zero", build("growth").old(fujian, 2014, 8.1, 7.8, 8.3, 7.6, 8.1, 7.6, 3.3, 8.0).fresh(fujian, 2022, 4.7), ""},
		{"a long gap", build("money").old(fujian, 2010, 1000, 1075, 1166, 1251, 1360, 1462, 1583).fresh(fujian, 2022, 2950), ""},

		// unit_suspect
		{"10,000 yuan for 100 million", build("money").old(fujian, 2021, 1702).fresh(fujian, 2022, 18400000), "unit_suspect 350000 2022 query"},
		{"yuan", build("money").old(fujian, 2021, 1702).fresh(fujian, 2022, 184000000000), "unit_suspect 350000 2022 query"},
		{"the other way", build("money").old(fujian, 2021, 1702).fresh(fujian, 2022, 0.184), "unit_suspect 350000 2022 query"},
		{"a fraction for per cent", build("share").old(fujian, 2021, 31).fresh(fujian, 2022, 0.312), "unit_suspect 350000 2022 query"},
		{"a corrected unit is no doubt about the correction", build("money").old(fujian, 2014, 1000, 1075, 1166, 1251, 1360, 1462, 1583, 17020000).
			revise(fujian, 2021, 1702), "revision_large 350000 2021 query"},
		{"a revision into another unit", build("money").old(fujian, 2014, history...).revise(fujian, 2021, 17020000), "unit_suspect 350000 2021 query"},
		{"fifty times", build("money").old(fujian, 2021, 100).fresh(fujian, 2022, 4000), ""},
		{"tenfold after two years", build("money").old(fujian, 2020, 100, 110).fresh(fujian, 2022, 1100), ""},
		{"tenfold after eight", build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 18400), "unit_suspect 350000 2022 query"},
		{"a new programme grows a hundredfold", build("count").old(fujian, 2021, 2).fresh(fujian, 2022, 230), ""},
		{"things in ten thousands", build("count").old(fujian, 2021, 23000).fresh(fujian, 2022, 2.4), "unit_suspect 350000 2022 query"},
		{"growth near zero", build("growth").old(fujian, 2014, 8.1, 0.1, 8.3, 7.6, 8.1, 7.6, 3.3, 0.05).fresh(fujian, 2022, 5), ""},
		{"many cells, one finding", build("money").old(fujian, 2021, 1702).old("110000", 2021, 3000).old("310000", 2021, 2000).
			fresh(fujian, 2022, 18400000).fresh("110000", 2022, 32000000).fresh("310000", 2022, 21000000), "unit_suspect file query"},
		{"one cell of a new series", build("money").fresh(fujian, 2014, 1000, 1075, 1166, 12510000, 1360, 1462, 1583), "unit_suspect 350000 2017 query"},
		{"the first figure of a region, beyond all others", country(build("money"), 2016, 1).fresh(taiwan, 2017, 30000000), "unit_suspect 710000 2017 query"},
		{"the first figure of a region", country(build("money"), 2016, 1).fresh(taiwan, 2017, 10000), ""},

		// seasons
		{"January and February in one figure", monthly(build("money"), true), ""},
		{"a month like every year", monthly(build("money"), false), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.b.found(warning.DefaultChecks()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// flagged gives the newest points the status B.
func flagged(b *builder) *builder {
	for _, points := range b.series {
		points[len(points)-1].Status = indicator.Break
	}
	return b
}

// monthly has seven years of months with a strong season; in the last of them
// January and February are one figure, under February, if merged.
func monthly(b *builder, merged bool) *builder {
	for y := range 8 {
		for m := range 12 {
			season := []float64{60, 55, 100, 95, 100, 120, 90, 95, 110, 100, 105, 140}[m]
			p := indicator.PeriodAt(indicator.Monthly, indicator.Year(2015+y).Start().AddDate(0, m, 0))
			v := grown(season, 0.07, y, m)
			switch {
			case y < 7:
				b.put(fujian, p, v, warning.Published)
			case merged && m == 0:
			case merged && m == 1:
				b.freshAt(fujian, p, v*2.1)
			default:
				b.freshAt(fujian, p, v)
			}
		}
	}
	return b
}

// TestUnitIsProposed: with the name of the unit, counted from the one stated.
func TestUnitIsProposed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind, stated string
		old, fresh   float64
		want         string
	}{
		{"money", "", 1702, 18400000, "万元"},
		{"money", "", 1702, 184000000000, "元"},
		{"money", "", 1702, 0.184, "万亿元"},
		{"money", "", 1702, 1.84, ""}, // a thousandth: no unit is written so
		{"money", "万元", 1702, 0.184, "亿元"},
		{"money", "百万元", 1702, 184000, "万元"},
		{"share", "", 31, 0.312, "1"},
		{"share", "1", 31, 3120, "%"},
		{"count", "", 23000, 2.4, "万家"},
		{"people", "万人年", 50000, 520000000, "人年"},
	} {
		b := build(tt.kind).old(fujian, 2021, tt.old).fresh(fujian, 2022, tt.fresh)
		b.unit = tt.stated
		found := warning.Check(b.panel(), warning.DefaultChecks())
		if len(found) != 1 || found[0].Code != warning.UnitSuspect {
			t.Errorf("%s %v → %v: %v", tt.kind, tt.old, tt.fresh, found)
			continue
		}
		got := ""
		if s := found[0].Suggestions; len(s) == 1 && s[0].Option == "unit" {
			got = s[0].Value
		}
		if got != tt.want {
			t.Errorf("%s in %q, %v → %v: proposes %q, want %q", tt.kind, tt.stated, tt.old, tt.fresh, got, tt.want)
		}
		if tt.want != "" && !strings.Contains(found[0].Message.ZH, "看起来是") {
			t.Errorf("message %q", found[0].Message.ZH)
		}
	}
}

func TestOff(t *testing.T) {
	t.Parallel()
	b := build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 5100)
	checks := warning.DefaultChecks()
	checks.Notes = append(checks.Notes, warning.OutlierHistory)
	if got, want := b.found(checks), "outlier_history 350000 2022 note"; got != want {
		t.Errorf("only to note: got %q, want %q", got, want)
	}
	checks.Off = warning.Codes
	if got := b.found(checks); got != "" {
		t.Errorf("all switched off: %q", got)
	}
}

// TestSentences: what, where, by how much, and what to do, in both languages.
func TestSentences(t *testing.T) {
	t.Parallel()
	b := build("money").old(fujian, 2014, history...).fresh(fujian, 2022, 5100)
	f := warning.Check(b.panel(), warning.DefaultChecks())[0]
	for _, part := range []string{"省350000", "2022年", "研发经费", "5,100.0 亿元", "1,702.0", "1,83", "界限 8", "--explanation"} {
		if !strings.Contains(f.Message.ZH, part) {
			t.Errorf("%q lacks %q", f.Message.ZH, part)
		}
	}
	for _, part := range []string{"P350000", "2022", "R&D spending", "5,100.0 (100 million yuan)", "limit 8", "--explanation"} {
		if !strings.Contains(f.Message.EN, part) {
			t.Errorf("%q lacks %q", f.Message.EN, part)
		}
	}
}
