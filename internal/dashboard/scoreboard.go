package dashboard

import (
	"strconv"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// scoreboard is a line per region and a column per indicator: the status of the
// region's own target, which counts, or hollow that of a reference or proxy.
// Regions below the province appear where they have targets of their own.
func (b *builder) scoreboard(p *Panel) {
	type key struct{ region, indicator string }
	cells, byRegion := map[key][]Assessed{}, map[string][]Assessed{}
	shown := map[string]bool{} // indicators with a counted target, or a verdict anywhere
	for _, a := range b.assessed {
		t := a.Input.Target
		if a.Input.Indicator == nil || t.Kind == indicator.StatedOnly {
			continue
		}
		k := key{a.Region, t.Indicator}
		cells[k] = append(cells[k], a)
		byRegion[a.Region] = append(byRegion[a.Region], a)
		shown[t.Indicator] = shown[t.Indicator] || a.Counted() || a.Status != assess.NotAssessed
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
	var columns []string
	for n := range b.catalog.Indicators {
		i := &b.catalog.Indicators[n]
		if shown[i.Code] {
			columns = append(columns, i.Code)
			table.Columns = append(table.Columns, Column{Key: i.Code, Title: i.Name, Link: &Link{Page: "indicator", ID: i.Code}})
		}
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
		for _, code := range columns {
			row.Cells = append(row.Cells, statusCell(cells[key{r.Code, code}], c))
		}
		table.Rows = append(table.Rows, row)
	}
	p.Table = table
	c.note(indicator.T("只统计本地区自有、且文件点名指标的目标。空心符号为参考目标或代表指标，不计入。",
		"Only a region's own targets whose indicator the document names are counted. Hollow signs are references or proxies and are not."))
	foot := c.foot()
	p.Foot = &foot
}

// statusCell shows the verdict that stands for several and says the rest.
func statusCell(verdicts []Assessed, c *credits) Cell {
	a, ok := foremost(verdicts)
	if !ok {
		return Cell{}
	}
	cell := verdictCell(a)
	for _, m := range cell.Marks {
		c.mark(m)
	}
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

// verdictCell is one verdict with a link to the track that shows it.
func verdictCell(a Assessed) Cell {
	return Cell{
		Status: a.Status, Reason: a.Reason, Hollow: !a.Counted(), Marks: targetMarks(a),
		Note: join("：", ": ", Headline(a.Input.Target, a.Input.Indicator), verdictInWords(a)),
		Link: &Link{Page: "region", ID: a.Region, Anchor: trackAnchor(a.Target)},
	}
}

// trackAnchor is the anchor of a target's track on a region's page.
func trackAnchor(target string) string { return "target-" + target }

func noTargets() Text {
	return indicator.T("目录中没有可显示的目标。", "The catalogue has no targets to show here.")
}

// uploads lists the newest publications.
func (b *builder) uploads(d *PanelDefinition, p *Panel) {
	publications := b.snap.Publications()
	if len(publications) == 0 {
		p.Empty = noReadings()
		return
	}
	limit := d.Limit
	if limit == 0 {
		limit = 10
	}
	p.Table = &Table{ID: p.ID, Caption: p.Title, Columns: []Column{
		{Key: "released", Title: indicator.T("公布时间", "Released")},
		{Key: "source", Title: indicator.T("来源", "Source")},
		{Key: "indicators", Title: indicator.T("指标", "Indicators")},
		{Key: "stage", Title: indicator.T("阶段", "Stage")},
		{Key: "rows", Title: indicator.T("数据条数", "Readings"), Numeric: true},
	}}
	for _, u := range publications[:min(limit, len(publications))] {
		var names []Text
		for _, part := range u.Parts {
			if i := b.catalog.Indicator(part.Indicator); i != nil {
				names = append(names, i.Name)
			}
		}
		if len(names) > 3 {
			names = append(names[:3], say("等%s项", "%s in all", strconv.Itoa(len(names))))
		}
		rows := float64(u.Rows)
		source := Cell{Text: indicator.T(u.Source, u.Source), Link: &Link{Page: "upload", ID: u.ID}}
		if u.Source == "" {
			source.Text = indicator.T(u.ID, u.ID)
		}
		if u.Generated {
			b.generated = true
			source.Marks = []Mark{MarkGenerated}
		}
		p.Table.Rows = append(p.Table.Rows, Row{ID: u.ID, Cells: []Cell{
			{Time: u.Released}, source, {Text: enumerate(names...)}, {Text: indicator.T(u.Stage, u.Stage)}, {Number: &rows},
		}})
	}
}
