package dashboard

import "github.com/dabiao/dabiao/internal/indicator"

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
		what := enumerate(names[:min(3, len(names))]...)
		if len(names) > 3 {
			what = say("%s等%d项", "%s and others, %d in all", what, len(names))
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
			{Time: u.Released}, source, {Text: what}, {Text: indicator.T(u.Stage, u.Stage)}, {Number: &rows},
		}})
	}
}
