package web

import (
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

var levelNames = map[indicator.Level]indicator.Text{
	"":                 indicator.T("各级", "all levels"),
	indicator.Country:  indicator.T("全国", "the nation"),
	indicator.Province: indicator.T("省级", "provinces"),
	indicator.City:     indicator.T("市级", "cities"),
	indicator.County:   indicator.T("县级", "counties"),
}

func freqName(f indicator.Freq) indicator.Text {
	switch f {
	case indicator.Annual:
		return indicator.T("年度", "yearly")
	case indicator.Quarterly:
		return indicator.T("季度", "quarterly")
	case indicator.Monthly:
		return indicator.T("月度", "monthly")
	}
	last := indicator.PeriodAt(f, indicator.Year(2000).Start()).End().AddDate(0, 0, -1).Month()
	return indicator.T(fmt.Sprintf("1—%d月累计", last), "January–"+last.String())
}

// lead answers the page's question in a sentence: how much was due, how much of it
// came in time, and what is still missing.
func (v coverageView) lead() indicator.Text {
	t, what := v.Tally(nil), v.selection()
	day := date(v.Today)
	if len(v.Cells) == 0 {
		return indicator.T(what.ZH+"：没有需要采集的数据。", what.EN+": there is nothing to collect.")
	}
	rate, ok := t.Rate()
	if !ok {
		return indicator.T(
			fmt.Sprintf("%s：共 %s 项，已发布 %s 项。截至 %s，没有按发布日历到期的数据，不计按时率。", what.ZH, whole(t.Cells), whole(t.Published()), day),
			fmt.Sprintf("%s: %s of %s readings are published. By %s none was due by the release calendar, so there is no on-time rate.",
				what.EN, whole(t.Published()), whole(t.Cells), day))
	}
	text := indicator.T(
		fmt.Sprintf("%s：截至 %s 到期应报 %s 项，按时发布 %s 项，按时率 %s%%；", what.ZH, day, whole(t.Due), whole(t.OnTime), indicator.FormatNumber(rate, 1)),
		fmt.Sprintf("%s: %s readings were due by %s and %s of them were published on time, %s%%; ", what.EN, whole(t.Due), day, whole(t.OnTime), indicator.FormatNumber(rate, 1)))
	if n := t.States[upload.Overdue]; n > 0 {
		text.ZH += "逾期未报 " + whole(n) + " 项。"
		text.EN += whole(n) + " are overdue."
	} else {
		text.ZH += "没有逾期未报的。"
		text.EN += "none is overdue."
	}
	return text
}

func whole(n int) string { return indicator.FormatNumber(float64(n), 0) }

// selection says what was selected: 省级，2021年—2025年.
func (v coverageView) selection() indicator.Text {
	level := levelNames[v.asked.Level]
	var text indicator.Text
	if len(v.asked.Regions) > 0 {
		text = v.catalog.Region(v.asked.Regions[0]).Name
	} else {
		text = indicator.T(level.ZH, capital(level.EN))
	}
	if len(v.asked.Indicators) > 0 {
		name := v.catalog.Indicator(v.asked.Indicators[0]).Name
		text = indicator.T(name.ZH+"，"+text.ZH, name.EN+", "+lower(text.EN, len(v.asked.Regions) == 0))
	}
	first, last := v.Periods[0], v.Periods[len(v.Periods)-1]
	if first == last {
		return indicator.T(text.ZH+"，"+first.Label(indicator.ZH), text.EN+", "+first.Label(indicator.EN))
	}
	return indicator.T(text.ZH+"，"+first.Label(indicator.ZH)+"至"+last.Label(indicator.ZH),
		text.EN+", "+first.Label(indicator.EN)+" to "+last.Label(indicator.EN))
}

func capital(s string) string { return string(s[0]-'a'+'A') + s[1:] }

func lower(s string, word bool) string {
	if !word {
		return s
	}
	return string(s[0]-'A'+'a') + s[1:]
}

// filters are the choices of the form.
func (v coverageView) filters() []filterView {
	lang := v.address.Lang
	chosen := func(list []string) string {
		if len(list) == 0 {
			return ""
		}
		return list[0]
	}
	all := choiceView{Name: v.say(indicator.T("全部", "all"))}
	ind := filterView{Name: "indicator", Title: v.say(indicator.T("指标", "Indicator")), Choices: []choiceView{all}}
	for i := range v.catalog.Indicators {
		x := &v.catalog.Indicators[i]
		ind.Choices = append(ind.Choices, choiceView{Value: x.Code, Name: x.Name.In(lang), Chosen: x.Code == chosen(v.asked.Indicators)})
	}
	region := filterView{Name: "region", Title: v.say(indicator.T("地区", "Region")), Choices: []choiceView{all}}
	for i := range v.catalog.Regions {
		if r := &v.catalog.Regions[i]; r.Collected {
			region.Choices = append(region.Choices, choiceView{Value: r.Code, Name: r.Short.In(lang), Chosen: r.Code == chosen(v.asked.Regions)})
		}
	}
	shown := v.asked.Level
	if len(v.asked.Regions) > 0 { // whose level it is does not matter
		shown = indicator.Province
	}
	level := filterView{Name: "level", Title: v.say(indicator.T("级别", "Level"))}
	for _, l := range []indicator.Level{indicator.Province, indicator.City, indicator.County, indicator.Country, ""} {
		value := string(l)
		if l == "" {
			value = everyLevel
		}
		level.Choices = append(level.Choices, choiceView{Value: value, Name: levelNames[l].In(lang), Chosen: l == shown})
	}
	list := []filterView{ind, region, level}
	if known := frequencies(v.catalog); len(known) > 1 {
		freq := filterView{Name: "freq", Title: v.say(indicator.T("频率", "Frequency"))}
		for _, f := range known {
			freq.Choices = append(freq.Choices, choiceView{Value: f, Name: freqName(indicator.Freq(f)).In(lang), Chosen: f == string(v.asked.Freq)})
		}
		list = append(list, freq)
	}
	return append(list, v.periodFilter(all))
}

// periodFilter offers the last periods one by one, and the one that was asked for.
func (v coverageView) periodFilter(all choiceView) filterView {
	const offered = 10
	lang := v.address.Lang
	all.Name = v.say(indicator.T("近几期", "the last ones"))
	filter := filterView{Name: "period", Title: v.say(indicator.T("报告期", "Period")), Choices: []choiceView{all}}
	newest := indicator.LastOver(v.Periods[0].Freq(), v.Today)
	found := v.asked.Period.IsZero()
	for i := range offered {
		p := newest.Add(-i)
		found = found || p == v.asked.Period
		filter.Choices = append(filter.Choices, choiceView{Value: p.String(), Name: p.Label(lang), Chosen: p == v.asked.Period})
	}
	if !found {
		filter.Choices = append(filter.Choices, choiceView{Value: v.asked.Period.String(), Name: v.asked.Period.Label(lang), Chosen: true})
	}
	return filter
}
