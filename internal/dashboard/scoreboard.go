package dashboard

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// scoreboard is a line per region and a column per indicator: the status of the
// region's own target, which counts, or hollow that of a reference or proxy that
// could be assessed. Regions below the province appear where they have targets of their own.
func (b *builder) scoreboard(p *Panel) {
	type key struct{ region, indicator string }
	cells, byRegion := map[key][]Assessed{}, map[string][]Assessed{}
	shown, assessed := map[string]bool{}, map[string]int{} // by indicator
	for _, a := range b.assessed {
		t := a.Input.Target
		if a.Input.Indicator == nil || t.Kind == indicator.StatedOnly || !a.Counted() && a.Status == assess.NotAssessed {
			continue
		}
		k := key{a.Region, t.Indicator}
		cells[k] = append(cells[k], a)
		byRegion[a.Region] = append(byRegion[a.Region], a)
		shown[t.Indicator] = true
		if a.Status != assess.NotAssessed {
			assessed[t.Indicator]++
		}
	}
	if len(byRegion) == 0 {
		p.Empty = noTargets()
		return
	}
	p.Counts = counts(counted(b.assessed))
	c := b.credits()
	table := &Table{ID: p.ID, Caption: p.Title, Columns: []Column{
		{Key: "region", Title: indicator.T("地区", "Region")},
		{Key: "counted", Title: indicator.T("自有目标", "Own targets"), Sub: indicator.T("计入", "counted"), Numeric: true},
	}}
	columns := b.mostAssessed(shown, assessed)
	for _, i := range columns {
		table.Columns = append(table.Columns, Column{Key: i.Code, Title: i.Name, Link: &Link{Page: "indicator", ID: i.Code}})
	}
	for n := range b.catalog.Regions {
		r := &b.catalog.Regions[n]
		own := len(counted(byRegion[r.Code]))
		below := r.Level == indicator.City || r.Level == indicator.County
		if !r.Collected && r.Level != indicator.Country || below && own == 0 {
			continue
		}
		number := float64(own)
		row := Row{ID: r.Code, Cells: []Cell{
			{Text: r.Short, Link: &Link{Page: "region", ID: r.Code}},
			{Number: &number},
		}}
		for _, i := range columns {
			row.Cells = append(row.Cells, statusCell(cells[key{r.Code, i.Code}], c))
		}
		table.Rows = append(table.Rows, row)
	}
	p.Table = table
	c.note(indicator.T("只统计本地区自有、且文件点名指标的目标。空心符号为参考目标或代表指标，不计入。",
		"Only a region's own targets whose indicator the document names are counted. Hollow signs are references or proxies and are not."))
	foot := c.foot()
	p.Foot = &foot
}

// mostAssessed orders indicators so that columns with verdicts stand before empty ones.
func (b *builder) mostAssessed(shown map[string]bool, assessed map[string]int) []*indicator.Indicator {
	var columns []*indicator.Indicator
	for n := range b.catalog.Indicators {
		if i := &b.catalog.Indicators[n]; shown[i.Code] {
			columns = append(columns, i)
		}
	}
	slices.SortStableFunc(columns, func(x, y *indicator.Indicator) int {
		return cmp.Compare(assessed[y.Code], assessed[x.Code])
	})
	return columns
}

// statusCell shows the verdict that stands for several and says the rest.
func statusCell(verdicts []Assessed, c *credits) Cell {
	a, ok := foremost(verdicts)
	if !ok {
		return Cell{}
	}
	cell := verdictCell(a)
	if a.Latest != nil && c.b.generatedUpload(a.Latest.Upload) {
		c.b.generated = true
		cell.Marks = append(cell.Marks, MarkGenerated)
		c.mark(MarkGenerated)
	}
	if more := len(verdicts) - 1; more > 0 {
		cell.Note = join("；", "; ", cell.Note, say("另有%d项目标", "%d more", more))
	}
	return cell
}

// verdictCell is one verdict with a link to the track that shows it. What
// qualifies the target is in the note: in a matrix only the sign has room.
func verdictCell(a Assessed) Cell {
	return Cell{
		Status: a.Status, Reason: a.Reason, Hollow: !a.Counted(),
		Note: join("：", ": ", Headline(a.Input.Target, a.Input.Indicator), join("，", ", ", verdictInWords(a), marksInWords(a))),
		Link: &Link{Page: "region", ID: a.Region, Anchor: trackAnchor(a.Target)},
	}
}

// marksInWords are the qualifications of a verdict other than those that
// verdictInWords has.
func marksInWords(a Assessed) Text {
	var words []Text
	for _, m := range targetMarks(a) {
		if m != MarkReference && m != MarkProxy {
			words = append(words, MarkName(m))
		}
	}
	return join("，", ", ", words...)
}

// trackAnchor is the anchor of a target's track on a region's page.
func trackAnchor(target string) string { return "target-" + target }

func noTargets() Text {
	return indicator.T("目录中没有可显示的目标。", "The catalogue has no targets to show here.")
}
