package upload

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/warning"
)

// columnCells are the cells of one indicator at one frequency, by their number.
type columnCells struct {
	indicator string
	freq      indicator.Freq
	cells     []int32
}

// byColumn groups cells, each group by region and period.
func byColumn(cells []ingest.Cell) []*columnCells {
	type key struct {
		indicator string
		freq      indicator.Freq
	}
	groups := map[key]*columnCells{}
	var list []*columnCells
	var group *columnCells
	for i := range cells {
		k := key{cells[i].Indicator, cells[i].Period.Freq()}
		if group == nil || group.indicator != k.indicator || group.freq != k.freq {
			group = groups[k]
			if group == nil {
				group = &columnCells{k.indicator, k.freq, nil}
				groups[k] = group
				list = append(list, group)
			}
		}
		group.cells = append(group.cells, int32(i))
	}
	for _, g := range list {
		byPlace := func(a, b int32) int {
			return cmp.Or(cmp.Compare(cells[a].Region, cells[b].Region), cells[a].Period.Compare(cells[b].Period))
		}
		if !slices.IsSortedFunc(g.cells, byPlace) {
			slices.SortFunc(g.cells, byPlace)
		}
	}
	return list
}

// layOver is every series of the column with the cells laid over it.
func layOver(column *snapshot.Column, cells []ingest.Cell, sorted []int32) []warning.Series {
	regions := column.Regions()
	list := make([]warning.Series, 0, len(regions))
	for len(regions) > 0 || len(sorted) > 0 {
		region := ""
		if len(regions) > 0 {
			region = regions[0]
		}
		if len(sorted) > 0 && (region == "" || cells[sorted[0]].Region < region) {
			region = cells[sorted[0]].Region
		}
		var old []indicator.Point
		if len(regions) > 0 && regions[0] == region {
			old, regions = column.Series(region).Points, regions[1:]
		}
		n := 0
		for n < len(sorted) && cells[sorted[n]].Region == region {
			n++
		}
		list = append(list, merge(region, old, cells, sorted[:n]))
		sorted = sorted[n:]
	}
	return list
}

// merge is one series: what is published and, over it, what is new.
func merge(region string, old []indicator.Point, cells []ingest.Cell, sorted []int32) warning.Series {
	s := warning.Series{Region: region, Points: make([]warning.Point, 0, len(old)+len(sorted))}
	add := func(p warning.Point) {
		if p.Status.HasValue() {
			s.Points = append(s.Points, p)
		} else {
			s.Marked = append(s.Marked, p.Period)
		}
	}
	for len(old) > 0 || len(sorted) > 0 {
		if len(sorted) == 0 || len(old) > 0 && old[0].Period.Compare(cells[sorted[0]].Period) < 0 {
			add(warning.Point{Period: old[0].Period, Value: old[0].Value, Status: old[0].Status, Cell: warning.Published})
			old = old[1:]
			continue
		}
		c := &cells[sorted[0]]
		p := warning.Point{Period: c.Period, Value: c.Value, Status: c.Status, Cell: int(sorted[0])}
		if len(old) > 0 && old[0].Period == c.Period {
			if old[0].Status.HasValue() {
				p.Was, p.Revised = old[0].Value, old[0].Value != c.Value
			}
			if p.Was == p.Value && old[0].Status.HasValue() {
				p.Cell = warning.Published
			}
			old = old[1:]
		}
		add(p)
		sorted = sorted[1:]
	}
	return s
}

// pastRevisions are the sizes of the revisions of an indicator so far; nil where
// there are none, or where the ledger does not tell them soon.
func pastRevisions(ctx context.Context, snap *snapshot.Snapshot, column *snapshot.Column, ind *indicator.Indicator) []float64 {
	const patience = 3 * time.Second
	if !slices.ContainsFunc(column.Regions(), func(region string) bool {
		return slices.ContainsFunc(column.Series(region).Points, func(p indicator.Point) bool { return p.Revised })
	}) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var pairs [][2]float64
	var before indicator.Reading
	for row, err := range snap.Vintages(ctx, snapshot.Selection{Indicators: []string{ind.Code}}) {
		if err != nil {
			return nil
		}
		if row.Key() == before.Key() && row.Status.HasValue() && before.Status.HasValue() && row.Value != before.Value {
			pairs = append(pairs, [2]float64{before.Value, row.Value})
		}
		before = row.Reading
	}
	return warning.RevisionSizes(ind, pairs)
}
