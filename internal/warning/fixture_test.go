package warning_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// provinces are the codes of the 31 provinces that are collected.
var provinces = strings.Fields(`110000 120000 130000 140000 150000 210000 220000 230000 310000 320000 330000 340000 350000 360000
	370000 410000 420000 430000 440000 450000 460000 500000 510000 520000 530000 540000 610000 620000 630000 640000 650000`)

const (
	fujian = "350000"
	taiwan = "710000"
)

var catalog = newCatalog()

func newCatalog() *indicator.Catalog {
	c := &indicator.Catalog{Regions: []indicator.Region{{Code: indicator.Nation, Name: indicator.T("全国", "China"),
		Short: indicator.T("全国", "China"), Level: indicator.Country, Collected: true}}}
	for _, code := range append(slices.Clone(provinces), taiwan) {
		name := indicator.T("省"+code, "P"+code)
		c.Regions = append(c.Regions, indicator.Region{Code: code, Name: name, Short: name, Level: indicator.Province,
			Parent: indicator.Nation, Collected: code != taiwan})
	}
	c.Index()
	return c
}

// indicators by a word that says what kind they are.
var indicators = map[string]indicator.Indicator{
	"money":  {Code: "money", Name: indicator.T("研发经费", "R&D spending"), Unit: "亿元", Decimals: 1, Measure: indicator.Flow},
	"people": {Code: "people", Name: indicator.T("研发人员", "R&D personnel"), Unit: "人年", Decimals: 0, Measure: indicator.Flow},
	"count":  {Code: "count", Name: indicator.T("绿色工厂数", "green factories"), Unit: "家", Decimals: 0, Measure: indicator.Stock},
	"share":  {Code: "share", Name: indicator.T("制造业占比", "manufacturing's share"), Unit: "%", Decimals: 1, Measure: indicator.Ratio},
	"growth": {Code: "growth", Name: indicator.T("增速", "growth"), Unit: "%", Decimals: 1, Measure: indicator.Growth},
	"index":  {Code: "index", Name: indicator.T("指数", "index"), Unit: "指数", Decimals: 1, Measure: indicator.Stock},
}

// builder makes a panel reading by reading. Its cells are numbered as they come.
type builder struct {
	kind   string
	freq   indicator.Freq
	series map[string][]warning.Point
	marked map[string][]indicator.Period
	cells  []string // region and period of each
	unit   string   // that the file states
	past   []float64
}

func build(kind string) *builder {
	return &builder{kind: kind, freq: indicator.Annual, series: map[string][]warning.Point{}, marked: map[string][]indicator.Period{}}
}

func (b *builder) put(region string, p indicator.Period, v float64, cell int) *warning.Point {
	b.freq = p.Freq()
	b.series[region] = append(b.series[region], warning.Point{Period: p, Value: v, Status: indicator.Normal, Cell: cell})
	return &b.series[region][len(b.series[region])-1]
}

// old publishes the values of years from first on; 0 leaves a gap.
func (b *builder) old(region string, first int, values ...float64) *builder {
	for i, v := range values {
		if v != 0 {
			b.put(region, indicator.Year(first+i), v, warning.Published)
		}
	}
	return b
}

// fresh brings values that nobody knew; 0 leaves a gap.
func (b *builder) fresh(region string, first int, values ...float64) *builder {
	for i, v := range values {
		if v != 0 {
			b.freshAt(region, indicator.Year(first+i), v)
		}
	}
	return b
}

func (b *builder) freshAt(region string, p indicator.Period, v float64) *warning.Point {
	b.cells = append(b.cells, region+" "+p.String())
	return b.put(region, p, v, len(b.cells)-1)
}

// revise gives published years other values.
func (b *builder) revise(region string, first int, values ...float64) *builder {
	for i, v := range values {
		year := indicator.Year(first + i)
		for k := range b.series[region] {
			if p := &b.series[region][k]; p.Period == year {
				b.cells = append(b.cells, region+" "+year.String())
				p.Was, p.Revised, p.Value, p.Cell = p.Value, true, v, len(b.cells)-1
			}
		}
	}
	return b
}

func (b *builder) panel() warning.Panel {
	ind := indicators[b.kind]
	p := warning.Panel{Catalog: catalog, Indicator: &ind, Freq: b.freq}
	if b.past != nil {
		p.Past = func() []float64 { return b.past }
	}
	if b.unit != "" {
		p.Unit = func(int) string { return b.unit }
	}
	for region, points := range b.series {
		slices.SortFunc(points, func(a, b warning.Point) int { return a.Period.Compare(b.Period) })
		p.Series = append(p.Series, warning.Series{Region: region, Points: points, Marked: b.marked[region]})
	}
	slices.SortFunc(p.Series, func(a, b warning.Series) int { return cmp.Compare(a.Region, b.Region) })
	return p
}

// found lists findings as “code region period severity”.
func (b *builder) found(checks warning.Checks) string {
	var list []string
	for _, f := range warning.Check(b.panel(), checks) {
		at := "file"
		if f.Cell != warning.Published {
			at = b.cells[f.Cell]
		}
		list = append(list, fmt.Sprint(f.Code, " ", at, " ", f.Severity))
	}
	return strings.Join(list, "; ")
}

// grown is a value that has grown by a rate for n years, a little unevenly, as
// real ones do; two series with different seeds differ.
func grown(start, rate float64, n, seed int) float64 {
	v := start
	for i := range n {
		v *= 1 + rate + 0.02*math.Sin(float64(7*seed+3*i))
	}
	return math.Round(v*10) / 10
}

// country gives every province years of published values.
func country(b *builder, first, years int) *builder {
	for i, region := range provinces {
		for y := range years {
			b.old(region, first+y, grown(200+100*float64(i), 0.08, y, i))
		}
	}
	return b
}
