package chart

import (
	"slices"
	"strconv"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// breakYears are the years from which a line is not comparable with before.
func breakYears(l dashboard.Line) []string {
	var years []string
	for _, p := range l.Points {
		if slices.Contains(p.Marks, dashboard.MarkBreak) {
			years = append(years, strconv.Itoa(p.Period.Year()))
		}
	}
	return years
}

// commonBreaks are the years in which at least half of the lines have a break:
// in a chart of all regions a definition that changed everywhere is marked once.
func (d *drawing) commonBreaks() []string {
	counts := map[string]int{}
	for _, l := range d.chart.Series {
		for _, year := range breakYears(l) {
			counts[year]++
		}
	}
	var years []string
	for year, n := range counts {
		if 2*n >= len(d.chart.Series) {
			years = append(years, year)
		}
	}
	slices.Sort(years)
	return years
}

// markBreaks draws an upright line with its reason at each year.
func (s *oneSeries) markBreaks(years []string, label string) {
	if len(years) == 0 {
		return
	}
	data := make([]any, len(years))
	for i, year := range years {
		data[i] = object{"xAxis": year}
	}
	s.extra["markLine"] = object{
		"silent": true, "symbol": "none", "data": data,
		"lineStyle": object{"color": faintColor, "type": "dotted", "width": 1},
		"label":     object{"show": true, "position": "end", "color": faintColor, "fontSize": 11, "formatter": label},
	}
}

// breakLabel says whose break it is, unless it is the region's own.
func (d *drawing) breakLabel(l dashboard.Line) string {
	if l.Role == dashboard.RoleOwn {
		return indicator.T("口径变化", "break").In(d.lang)
	}
	return l.Name.In(d.lang) + indicator.T("口径变化", ": break").In(d.lang)
}
