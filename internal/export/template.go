package export

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Template is a form for readings of one indicator: a line for each region and
// period, with an empty cell for the value. Filled in, ingest reads it without a
// question.
type Template struct {
	Indicator *indicator.Indicator
	Regions   []*indicator.Region
	Periods   []indicator.Period
	Lang      indicator.Lang
}

// TemplateRegions are the regions that an indicator is collected for.
func TemplateRegions(c *indicator.Catalog, i *indicator.Indicator) []*indicator.Region {
	var list []*indicator.Region
	for n := range c.Regions {
		r := &c.Regions[n]
		if r.Collected && (len(i.Levels) == 0 || slices.Contains(i.Levels, r.Level)) {
			list = append(list, r)
		}
	}
	return list
}

// mostDue is how many periods of one frequency a template offers.
const mostDue = 3

// PeriodsDue are the periods whose readings are to come next, by each frequency
// of the indicator: those over by now that are not published, the newest three
// at most, else the next one. The last published one is among them while a
// region that had a reading for the period before has none for it.
func PeriodsDue(ctx context.Context, snap *snapshot.Snapshot, i *indicator.Indicator, regions []*indicator.Region, now time.Time) ([]indicator.Period, error) {
	frequencies := i.Frequencies
	if len(frequencies) == 0 {
		frequencies = []indicator.Freq{indicator.Annual}
	}
	var list []indicator.Period
	for _, f := range frequencies {
		column, err := snap.Column(ctx, i.Code, f)
		if err != nil {
			return nil, err
		}
		list = append(list, due(column, f, regions, now)...)
	}
	slices.SortFunc(list, indicator.Period.Compare)
	return list, nil
}

func due(column *snapshot.Column, f indicator.Freq, regions []*indicator.Region, now time.Time) []indicator.Period {
	over := indicator.LastOver(f, now)
	_, published := column.Periods()
	if published.IsZero() {
		return []indicator.Period{over}
	}
	next := published
	if isComplete(column, published, regions) {
		next = published.Add(1)
	}
	if next.Compare(over) >= 0 {
		return []indicator.Period{next}
	}
	if late := over.Add(1 - mostDue); next.Compare(late) < 0 {
		next = late
	}
	var list []indicator.Period
	for p := next; p.Compare(over) <= 0; p = p.Add(1) {
		list = append(list, p)
	}
	return list
}

func isComplete(column *snapshot.Column, p indicator.Period, regions []*indicator.Region) bool {
	for _, r := range regions {
		before, at := false, false
		for _, point := range column.Series(r.Code).Points {
			before = before || point.Period == p.Add(-1)
			at = at || point.Period == p
		}
		if before && !at {
			return false
		}
	}
	return true
}

// titles stand above the head: ingest takes the indicator from them, a person how
// to fill in the rest.
func (t Template) titles() []string {
	say := func(zh, en string) string { return indicator.T(zh, en).In(t.Lang) }
	return []string{
		say("指标：", "Indicator: ") + t.Indicator.Name.In(t.Lang),
		say("指标代码：", "Indicator code: ") + t.Indicator.Code,
		say("填写方法：在“数值”列填数，单位见列名。没有数据的行留空，不读取。",
			"How to fill in: write numbers in the column “Value”, in the unit that its head names. Lines without a value are not read."),
		say("数据状态：正式数不填；初步数填 P，估计数填 E，口径变化填 B。确实没有数值的，数值留空，填 M（缺失）、N（不适用）或 O（未采集）。",
			"Statuses: none for normal figures; P provisional, E estimated, B break. Where there really is no figure leave the value empty and write M (missing), N (not applicable) or O (not collected)."),
	}
}

// head names the columns as ingest knows them.
func (t Template) head() []string {
	say := func(zh, en string) string { return indicator.T(zh, en).In(t.Lang) }
	return []string{say("地区代码", "Region code"), say("地区", "Region"), say("报告期", "Period"),
		unitInHead(say("数值", "Value"), t.Indicator.Unit, t.Lang), say("数据状态", "Status"), say("备注", "Remark")}
}

// lines calls yield for each region and period, the regions of one period together.
func (t Template) lines(yield func(*indicator.Region, indicator.Period) error) error {
	for _, p := range t.Periods {
		for _, r := range t.Regions {
			if err := yield(r, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteCSV writes the template as CSV with a byte order mark, by which Excel knows UTF-8.
func (t Template) WriteCSV(w io.Writer) error {
	if err := writeMark(w, true); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	for _, title := range t.titles() {
		if err := table.Write([]string{Text(title)}); err != nil {
			return err
		}
	}
	if err := table.Write(t.head()); err != nil {
		return err
	}
	err := t.lines(func(r *indicator.Region, p indicator.Period) error {
		return table.Write([]string{Text(r.Code), Text(r.Short.In(t.Lang)), p.String(), "", "", ""})
	})
	if err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}
