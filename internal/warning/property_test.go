package warning_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// draw makes a panel of provinces with some years of history and one or two new
// ones, of which a few are far off.
func draw(t *rapid.T) [][]float64 {
	years := rapid.IntRange(1, 12).Draw(t, "years")
	regions := rapid.IntRange(1, len(provinces)).Draw(t, "regions")
	rows := make([][]float64, regions)
	for i := range rows {
		v := rapid.Float64Range(1, 1e5).Draw(t, "start")
		for range years {
			rows[i] = append(rows[i], v)
			v *= rapid.Float64Range(0.85, 1.25).Draw(t, "factor")
			if rapid.IntRange(0, 40).Draw(t, "odd") == 0 {
				v *= rapid.Float64Range(0.01, 30).Draw(t, "by")
			}
		}
	}
	return rows
}

// judge gives what the rules for outliers, units and steps find in rows times a
// factor; order says which province each row is. Findings name rows.
func judge(rows [][]float64, order []int, factor float64) string {
	b := build("money")
	rowOf := map[string]int{}
	for i, row := range rows {
		region := provinces[order[i]]
		rowOf[region] = i
		for y, v := range row {
			if y < len(row)-2 {
				b.old(region, 2010+y, v*factor)
			} else {
				b.fresh(region, 2010+y, v*factor)
			}
		}
	}
	checks := warning.DefaultChecks()
	checks.Off = []warning.Code{warning.Synthetic, warning.IncompleteSet} // places of decimals are no matter of scale
	p := b.panel()
	p.Indicator.Decimals = 12
	var list []string
	for _, f := range warning.Check(p, checks) {
		at := "file"
		if f.Cell != warning.Published {
			region, year, _ := strings.Cut(b.cells[f.Cell], " ")
			at = fmt.Sprint(rowOf[region], " ", year)
		}
		list = append(list, fmt.Sprint(f.Code, " ", at))
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func identity() []int {
	order := make([]int, len(provinces))
	for i := range order {
		order[i] = i
	}
	return order
}

// TestVerdictsDoNotHangOnTheUnit: a power of two changes no digit.
func TestVerdictsDoNotHangOnTheUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := draw(t)
		if a, b := judge(rows, identity(), 1), judge(rows, identity(), 1024); a != b {
			t.Errorf("found %q, in a smaller unit %q", a, b)
		}
	})
}

func TestOrderOfRegionsIsNoMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := draw(t)
		order := rapid.Permutation(identity()).Draw(t, "order")
		// Three values alike are told once, at the first of them: the others say the same.
		if a, b := judge(rows, identity(), 1), judge(rows, order, 1); a != b {
			t.Errorf("found %q, in another order %q", a, b)
		}
	})
}

// TestOneFindingForACell: and none for what is not new, whatever the figures are.
func TestOneFindingForACell(t *testing.T) {
	t.Parallel()
	kinds := []string{"money", "people", "count", "share", "growth", "index"}
	rapid.Check(t, func(t *rapid.T) {
		b := build(rapid.SampledFrom(kinds).Draw(t, "kind"))
		b.past = rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "past")
		value := rapid.OneOf(rapid.Float64Range(-1e3, 1e6), rapid.Just(0.0), rapid.Just(12.5), rapid.Float64Range(0, 1e-6))
		for _, region := range append(provinces[:6:6], indicator.Nation, taiwan, "999999") {
			for y := range rapid.IntRange(0, 12).Draw(t, "years") {
				p := warning.Point{Period: indicator.Year(2010 + y), Value: value.Draw(t, "value"), Status: indicator.Normal, Cell: warning.Published}
				switch rapid.IntRange(0, 3).Draw(t, "what") {
				case 0:
					continue
				case 1:
					b.cells, p.Cell = append(b.cells, region), len(b.cells)
				case 2:
					b.cells, p.Cell = append(b.cells, region), len(b.cells)
					p.Was, p.Revised = p.Value+1, true
				}
				b.series[region] = append(b.series[region], p)
			}
		}
		seen := map[int]warning.Code{}
		for _, f := range warning.Check(b.panel(), warning.DefaultChecks()) {
			if strings.Contains(f.Message.ZH+f.Message.EN, "NaN") || strings.Contains(f.Message.ZH, "%!") || math.Abs(float64(f.Cell)) > float64(len(b.cells)) {
				t.Errorf("%+v", f)
			}
			if f.Cell == warning.Published {
				continue
			}
			if other, twice := seen[f.Cell]; twice {
				t.Errorf("cell %d: %s and %s", f.Cell, other, f.Code)
			}
			seen[f.Cell] = f.Code
		}
	})
}
