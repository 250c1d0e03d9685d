package snapshot

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Selection narrows readings; an empty field does not. From and To are included.
type Selection struct {
	Indicators []string
	Regions    []string
	From, To   indicator.Period
}

// Row is a reading with the publication that gave it.
type Row struct {
	indicator.Reading
	Publication *ledger.Publication
}

// Readings gives the value of every selected key, sorted by indicator, region
// and period.
func (s *Snapshot) Readings(ctx context.Context, sel Selection) iter.Seq2[Row, error] {
	return s.rows(ctx, sel, func(code string, f indicator.Freq) ([]Row, error) {
		column, err := s.Column(ctx, code, f)
		if err != nil {
			return nil, err
		}
		var rows []Row
		for _, region := range column.regions {
			if !sel.has(region) {
				continue
			}
			for _, p := range column.Series(region).Points {
				if sel.covers(p.Period) {
					reading := indicator.Reading{Indicator: code, Region: region, Period: p.Period, Value: p.Value, Status: p.Status}
					rows = append(rows, Row{reading, &s.newest[s.byID[p.Upload]]})
				}
			}
		}
		return rows, nil
	})
}

// Vintages gives every vintage of every selected key that visible publications
// hold, sorted by indicator, region and period, and each key's from the oldest
// to the one that counts. An indicator that does not add up is a *DamageError.
func (s *Snapshot) Vintages(ctx context.Context, sel Selection) iter.Seq2[Row, error] {
	return s.rows(ctx, sel, func(code string, f indicator.Freq) ([]Row, error) {
		var rows []Row
		t := newTally(code, f, s.visible)
		for v, err := range s.ledger.Vintages(ctx, ledger.Query{Indicator: code, Freq: f}) {
			if err != nil {
				return nil, err
			}
			if at, visible := t.count(v); visible && sel.has(v.Region) && sel.covers(v.Period) {
				rows = append(rows, Row{v.Reading, &s.visible[at]})
			}
		}
		slices.SortStableFunc(rows, func(a, b Row) int {
			return cmp.Or(indicator.CompareReadings(a.Reading, b.Reading), cmp.Compare(t.rank[b.Publication.Seq], t.rank[a.Publication.Seq]))
		})
		return rows, t.check()
	})
}

// rows streams what of gives for each indicator, its frequencies merged.
func (s *Snapshot) rows(ctx context.Context, sel Selection, of func(string, indicator.Freq) ([]Row, error)) iter.Seq2[Row, error] {
	return stream(ctx, s.held, sel, of)
}

// stream is rows over any columns of which it is known that they hold something.
func stream(ctx context.Context, held map[columnKey]int, sel Selection, of func(string, indicator.Freq) ([]Row, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, code := range selected(held, sel) {
			var rows []Row
			for _, f := range frequencies(held, code) {
				more, err := of(code, f)
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					yield(Row{}, err)
					return
				}
				rows = append(rows, more...)
			}
			slices.SortStableFunc(rows, func(a, b Row) int { return indicator.CompareReadings(a.Reading, b.Reading) })
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// indicators lists the selected codes that any visible publication has, sorted.
func (s *Snapshot) indicators(sel Selection) []string { return selected(s.held, sel) }

func selected(held map[columnKey]int, sel Selection) []string {
	var codes []string
	for key := range held {
		if (len(sel.Indicators) == 0 || slices.Contains(sel.Indicators, key.indicator)) && !slices.Contains(codes, key.indicator) {
			codes = append(codes, key.indicator)
		}
	}
	slices.Sort(codes)
	return codes
}

func (s *Snapshot) frequencies(code string) []indicator.Freq { return frequencies(s.held, code) }

func frequencies(held map[columnKey]int, code string) []indicator.Freq {
	var list []indicator.Freq
	for key := range held {
		if key.indicator == code {
			list = append(list, key.freq)
		}
	}
	slices.Sort(list)
	return list
}

func (sel Selection) has(region string) bool {
	return len(sel.Regions) == 0 || slices.Contains(sel.Regions, region)
}

// covers: the ends compare by the calendar, so that from 2024 to 2024 holds
// every quarter and month of the year.
func (sel Selection) covers(p indicator.Period) bool {
	return (sel.From.IsZero() || !p.Start().Before(sel.From.Start())) && (sel.To.IsZero() || !p.End().After(sel.To.End()))
}
