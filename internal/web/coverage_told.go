package web

import (
	"fmt"
	"io"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// Covered is coverage in words, as a workbook and for programs, in the same way
// on the page, in the API and on the command line.
type Covered struct{ view coverageView }

// NewCovered is what was found by a query.
func NewCovered(found upload.Coverage, asked upload.CoverageQuery, lang indicator.Lang) Covered {
	return Covered{coverageView{Coverage: found, asked: asked, catalog: asked.Catalog, address: address{Lang: lang}}}
}

// Lead is a sentence: how much was due, what of it came in time, what is missing.
func (c Covered) Lead() indicator.Text { return c.view.lead() }

// AskLines says for each indicator and period what is overdue of which regions,
// what became due last first.
func (c Covered) AskLines() []indicator.Text {
	var list []indicator.Text
	for _, a := range c.view.asks(c.view.ToAsk()) {
		list = append(list, indicator.T(
			fmt.Sprintf("%s，%s，应报日 %s，逾期 %s 天：%s", a.Indicator, a.Period, a.Due, whole(a.Days), a.Regions),
			fmt.Sprintf("%s, %s, due %s, %s overdue: %s", a.Indicator, a.Period, a.Due, indicator.Plural(a.Days, "day", "days"), a.Regions)))
	}
	return list
}

// WriteAsks writes what is to be asked for as a workbook.
func (c Covered) WriteAsks(w io.Writer) error {
	v, lang := c.view, c.view.address.Lang
	var asks []export.Ask
	for _, cell := range v.ToAsk() {
		ask := export.Ask{Indicator: v.catalog.Indicator(cell.Indicator), Region: v.catalog.Region(cell.Region),
			Period: cell.Period, Due: cell.Due, Days: cell.Days}
		if last, ok := v.LastValue(cell); ok {
			ask.LastPeriod, ask.LastValue = last.Period, &last.Value
		}
		asks = append(asks, ask)
	}
	return export.WriteAsks(w, asks, export.AskOptions{Lang: lang, Day: v.Today,
		Version: int64(v.asked.Snapshot.Version()), Selection: v.selection().In(lang)})
}

// CoverageAnswer counts all that was looked at, and lists it.
type CoverageAnswer struct {
	Counts  coverageCounts    `json:"counts"`
	Today   string            `json:"today"`
	Damaged []string          `json:"damaged"` // indicators left out
	Items   []apiCoverageLine `json:"items"`
}

// Answer is what the API answers of the cells that keep keeps, nil: all.
func (c Covered) Answer(keep func(upload.CoverageCell) bool) CoverageAnswer {
	v := c.view
	t := v.Tally(nil)
	answer := CoverageAnswer{Counts: coverageCounts{Cells: t.Cells, Due: t.Due, OnTime: t.OnTime, States: t.States},
		Today: date(v.Today), Damaged: []string{}, Items: []apiCoverageLine{}}
	if rate, ok := t.Rate(); ok {
		answer.Counts.Rate = &rate
	}
	for _, damage := range v.Damages {
		answer.Damaged = append(answer.Damaged, damage.Indicator)
	}
	for _, cell := range v.Cells {
		if keep == nil || keep(cell) {
			answer.Items = append(answer.Items, newCoverageLine(cell))
		}
	}
	return answer
}
