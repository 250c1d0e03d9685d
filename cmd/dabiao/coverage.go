package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
	"github.com/dabiao/dabiao/internal/web"
)

type coverageCmd struct {
	Indicator string `placeholder:"CODE" help:"${coverage_indicator}"`
	Region    string `placeholder:"CODE" help:"${coverage_region}"`
	XLSX      string `name:"xlsx" placeholder:"FILE" help:"${coverage_xlsx}"`
	moment
	actor
}

// Run tells how far what is to be collected is there, and what to ask for.
func (c *coverageCmd) Run(e *env) error {
	user, r, err := c.enter(e)
	if err != nil {
		return err
	}
	defer r.close()
	asked, err := c.query(e, r)
	if err != nil {
		return err
	}
	found, err := upload.NewCoverer(r.uploads).Coverage(e.ctx, user, asked)
	if err != nil {
		return err
	}
	covered := web.NewCovered(found, asked, e.lang)
	if c.XLSX != "" {
		if err := writeWhole(c.XLSX, func(w *bufio.Writer) error { return covered.WriteAsks(w) }); err != nil {
			return err
		}
	}
	if e.flags.JSON {
		return json.NewEncoder(e.out).Encode(covered.Answer(nil))
	}
	for _, damage := range found.Damages {
		fmt.Fprintln(e.err, damage.Text().In(e.lang))
	}
	fmt.Fprintln(e.out, wrap(covered.Lead().In(e.lang), screenWidth, 0))
	e.printCoverage(found, c.Indicator != "")
	e.printAsks(covered.AskLines())
	if c.XLSX != "" {
		e.say("催报清单已写入 %s", "What to ask for is in %s", c.XLSX)
	}
	return nil
}

// query selects as the page does: the provinces, unless a region is named.
func (c *coverageCmd) query(e *env, r *rooms) (upload.CoverageQuery, error) {
	q := upload.CoverageQuery{Catalog: r.settings.Catalog, Level: indicator.Province}
	if c.Indicator != "" {
		if q.Catalog.Indicator(c.Indicator) == nil {
			return q, unknown(q.Catalog, &dashboard.UnknownError{Parameter: "indicator", Value: c.Indicator})
		}
		q.Indicators = []string{c.Indicator}
	}
	if c.Region != "" {
		if q.Catalog.Region(c.Region) == nil {
			return q, unknown(q.Catalog, &dashboard.UnknownError{Parameter: "region", Value: c.Region})
		}
		q.Regions, q.Level = []string{c.Region}, ""
	}
	var err error
	q.Snapshot, err = c.snapshot(e, r)
	return q, err
}

// coverageLine is what the table tells of an indicator, or of a region.
type coverageLine struct {
	name string
	upload.CoverageTally
}

// printCoverage is a table of the indicators with a calendar, the most overdue
// first; of one indicator, of its regions.
func (e *env) printCoverage(v upload.Coverage, byRegion bool) {
	var lines []coverageLine
	undated := 0
	add := func(name indicator.Text, keep func(upload.CoverageCell) bool) {
		t := v.Tally(keep)
		if t.Due == 0 {
			undated++
			return
		}
		lines = append(lines, coverageLine{name.In(e.lang), t})
	}
	head := indicator.T("指标", "indicator")
	if byRegion {
		head = indicator.T("地区", "region")
		for _, r := range v.Regions {
			add(r.Short, func(c upload.CoverageCell) bool { return c.Region == r.Code })
		}
	} else {
		for _, i := range v.Indicators {
			add(i.Name, func(c upload.CoverageCell) bool { return c.Indicator == i.Code })
		}
	}
	slices.SortStableFunc(lines, func(a, b coverageLine) int {
		rateA, _ := a.Rate()
		rateB, _ := b.Rate()
		return cmp.Or(cmp.Compare(b.States[upload.Overdue], a.States[upload.Overdue]), cmp.Compare(rateA, rateB))
	})
	if len(lines) > 0 {
		fmt.Fprintln(e.out)
		e.coverageRow(head.In(e.lang), indicator.T("应报", "due"), indicator.T("按时", "on time"), indicator.T("迟报", "late"),
			indicator.T("逾期", "overdue"), indicator.T("按时率", "rate"))
	}
	for _, l := range lines {
		rate, _ := l.Rate()
		number := func(n int) indicator.Text { return indicator.T(grouped(n), grouped(n)) }
		share := indicator.FormatNumber(rate, 1) + "%"
		e.coverageRow(l.name, number(l.Due), number(l.OnTime), number(l.States[upload.Late]), number(l.States[upload.Overdue]), indicator.T(share, share))
	}
	if undated > 0 && len(lines) > 0 && !byRegion {
		e.say("另有 %d 个指标没有按发布日历到期的数据。", "Nothing was due by the release calendar of other indicators: %d.", undated)
	}
}

// coverageRow is one line of the table: a name, and numbers to the right.
func (e *env) coverageRow(name string, numbers ...indicator.Text) {
	const wide, narrow = 38, 8
	line := cutColumns(name, wide)
	line += strings.Repeat(" ", wide-columns(line))
	for _, n := range numbers {
		text := n.In(e.lang)
		line += strings.Repeat(" ", max(1, narrow-columns(text))) + text
	}
	fmt.Fprintln(e.out, line)
}

// cutColumns is a text in so many columns of the screen.
func cutColumns(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	cut := ""
	for _, r := range text {
		if columns(cut+string(r)) >= most {
			break
		}
		cut += string(r)
	}
	return cut + "…"
}

func (e *env) printAsks(lines []indicator.Text) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(e.out)
	e.say("需要催报：", "To ask for:")
	for _, line := range lines {
		fmt.Fprintln(e.out, wrap("  "+line.In(e.lang), screenWidth, 4))
	}
}
