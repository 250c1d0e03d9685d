package dashboard

import "github.com/dabiao/dabiao/internal/indicator"

// crosswalk lists the page's indicator and those abroad that come nearest to it,
// with the Chinese term beside the English one in either language.
func (b *builder) crosswalk(p *Panel) {
	i := b.indicator
	card := &Card{Text: []Text{i.Crosswalk.Note}}
	if len(i.Crosswalk.Near) == 0 {
		card.Text = []Text{indicator.T("联合国可持续发展目标（SDG）、经合组织（OECD）和欧盟统计局（Eurostat）的指标中没有与之相近的。",
			"No indicator of the SDG framework, the OECD or Eurostat comes near."), i.Crosswalk.Note}
	}
	table := &Table{ID: "table-" + p.ID, Caption: say("%s：中英文名称与国际指标", "%s: names in Chinese and English, indicators abroad", i.Name),
		Columns: []Column{
			{Key: "system", Title: indicator.T("体系", "System")},
			{Key: "code", Title: indicator.T("代码", "Code")},
			{Key: "zh", Title: indicator.T("中文", "Chinese")},
			{Key: "en", Title: indicator.T("英文", "English")},
		}}
	add := func(system Text, code string, name Text) {
		table.Rows = append(table.Rows, Row{ID: code, Own: code == i.Code, Cells: []Cell{
			{Text: system}, {Text: indicator.T(code, code)},
			{Text: indicator.T(name.ZH, name.ZH)}, {Text: indicator.T(name.EN, name.EN)},
		}})
	}
	add(indicator.T("中国", "China"), i.Code, i.Name)
	for _, x := range i.Crosswalk.Near {
		add(systemName(x.System), x.Code, x.Name)
	}
	p.Card, p.Table = card, table
}

func systemName(s indicator.System) Text {
	switch s {
	case indicator.SDG:
		return indicator.T("联合国可持续发展目标（SDG）", "SDG")
	case indicator.OECD:
		return indicator.T("经合组织（OECD）", "OECD")
	case indicator.Eurostat:
		return indicator.T("欧盟统计局（Eurostat）", "Eurostat")
	}
	return indicator.T(string(s), string(s))
}
