package warning_test

import (
	"math"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// years brings the next year of every province, but for what change makes of it.
func years(b *builder, year, n int, change func(i int, v float64) float64) *builder {
	for i, region := range provinces {
		v := change(i, grown(200+100*float64(i), 0.08, n, i))
		if v != 0 {
			b.fresh(region, year, math.Round(v*10)/10)
		}
	}
	return b
}

func same(_ int, v float64) float64 { return v }

// except changes one province, that of number at.
func except(at int, factor float64) func(int, float64) float64 {
	return func(i int, v float64) float64 {
		if i == at {
			return v * factor
		}
		return v
	}
}

// lively is country with a region whose own changes vary much.
func lively(b *builder) *builder {
	for y, v := range []float64{1000, 1250, 1150, 1500, 1300, 1700, 1500, 2000} {
		b.old(provinces[12], 2014+y, v)
	}
	for i, region := range provinces {
		for y := range 8 {
			if i != 12 {
				b.old(region, 2014+y, grown(200+100*float64(i), 0.08, y, i))
			}
		}
	}
	return b
}

func TestRegions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		b    *builder
		want string
	}{
		{"an ordinary year", years(country(build("money"), 2014, 8), 2022, 8, same), ""},
		{"one falls by a third, unlike all others", years(country(build("money"), 2014, 8), 2022, 8, except(12, 0.62)),
			"outlier_history 350000 2022 query"},
		{"one moves a little unlike the others", years(country(build("money"), 2014, 8), 2022, 8, except(12, 0.85)), ""},
		{"usual for a lively region", lively(build("money")).fresh(provinces[12], 2022, 1400), ""},
		{"too few regions, and too short", build("money").old(fujian, 2021, 1702).old("110000", 2021, 500).
			fresh(fujian, 2022, 3000).fresh("110000", 2022, 530), ""},

		{"a step in many regions at once", years(country(build("money"), 2014, 8), 2022, 8,
			func(_ int, v float64) float64 { return v * 1.35 }), "step_regions file query"},
		{"a step in half of them", years(country(build("money"), 2014, 8), 2022, 8,
			func(i int, v float64) float64 { return v * (1 + 0.35*float64(i%2)) }), "step_regions file query"},
		{"a common shock that all have, but small", years(country(build("money"), 2014, 8), 2022, 8,
			func(_ int, v float64) float64 { return v * 0.95 }), ""},
		{"the last to follow a step of the others", followed(build("money")), ""},

		{"a province stops reporting", years(country(build("money"), 2014, 8), 2022, 8, except(25, 0)), "incomplete_set file query"},
		{"a mark says that there is no value", marked(years(country(build("money"), 2014, 8), 2022, 8, except(25, 0))), ""},
		{"a file of one province", country(build("money"), 2014, 8).fresh(fujian, 2022, grown(1400, 0.08, 8, 12)), ""},
		{"a set that never was complete", years(years(build("money"), 2021, 7, except(25, 0)), 2022, 8, except(25, 0)), ""},
		{"a file that brings both years itself", years(years(build("money"), 2021, 7, same), 2022, 8, except(25, 0)), "incomplete_set file note"},
		{"710000 belongs to no set", years(country(build("money").old(taiwan, 2014, history...), 2014, 8), 2022, 8, same), ""},

		{"the provinces add up", nation(years(country(build("money"), 2014, 8), 2022, 8, same), 1), ""},
		{"nearly", nation(years(country(build("money"), 2014, 8), 2022, 8, same), 1.1), ""},
		{"not at all", nation(years(country(build("money"), 2014, 8), 2022, 8, same), 1.4), "sum_mismatch file query"},
		{"shares never add up", nation(years(country(build("share"), 2014, 0), 2022, 0, same), 0.03), ""},
		{"an index neither", nation(years(country(build("index"), 2014, 0), 2022, 0, same), 0.03), ""},
		{"one of them is not there", nation(years(build("money"), 2022, 8, except(25, 0)), 1.4), ""},
		{"nor is 710000 part of the sum", nation(years(build("money"), 2022, 8, same), 1).fresh(taiwan, 2022, 90000), ""},
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

// TestUnlikeTheOthers is about a change that is not yet one for its own history.
func TestUnlikeTheOthers(t *testing.T) {
	t.Parallel()
	b := years(country(build("money"), 2014, 8), 2022, 8, except(12, 0.7))
	checks := warning.DefaultChecks()
	checks.OutlierHistory.Z = 20
	if got, want := b.found(checks), "outlier_regions 350000 2022 note"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	checks.OutlierRegions.Regions = 40
	if got := b.found(checks); got != "" {
		t.Errorf("31 regions are enough for a rule that wants 40: %q", got)
	}
}

// followed has all provinces but one step up in 2022, published; then the last comes.
func followed(b *builder) *builder {
	country(b, 2014, 8)
	for i, region := range provinces {
		v := math.Round(grown(200+100*float64(i), 0.08, 8, i)*13.5) / 10
		if region == fujian {
			b.fresh(region, 2022, v)
		} else {
			b.old(region, 2022, v)
		}
	}
	return b
}

func marked(b *builder) *builder {
	b.marked[provinces[25]] = []indicator.Period{indicator.Year(2022)}
	return b
}

// nation brings the sum of the provinces of 2022 times a factor.
func nation(b *builder, factor float64) *builder {
	sum := 0.0
	for _, region := range provinces {
		for _, p := range b.series[region] {
			if p.Period == indicator.Year(2022) {
				sum += p.Value
			}
		}
	}
	return b.fresh(indicator.Nation, 2022, math.Round(sum*factor*10)/10)
}
