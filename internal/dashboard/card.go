package dashboard

import (
	"fmt"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Fact is one line of a definition list.
type Fact struct {
	Name  Text
	Value Cell
}

// Card is a definition list with sentences above it.
type Card struct {
	Text  []Text
	Facts []Fact
}

// definition says what the page's indicator is.
func (b *builder) definition(p *Panel) {
	i := b.indicator
	card := &Card{}
	if !i.Definition.IsZero() {
		card.Text = []Text{i.Definition}
	}
	add := func(zh, en string, text Text) {
		if !text.IsZero() {
			card.Facts = append(card.Facts, Fact{indicator.T(zh, en), Cell{Text: text}})
		}
	}
	add("代码", "Code", indicator.T(i.Code, i.Code))
	add("计量单位", "Unit", indicator.T(indicator.UnitName(i.Unit, indicator.ZH), indicator.UnitName(i.Unit, indicator.EN)))
	add("类型", "Measure", measureName(i.Measure))
	add("价格", "Prices", priceName(i.Price))
	add("计数方式", "Counted", countedName(i.Counted))
	add("方向", "Better", directionName(i.Direction))
	add("主题", "Topic", b.topicName(i.Topic))
	add("口径版本", "Edition", indicator.T(i.Edition, i.Edition))
	if i.Release.Month != 0 {
		add("公布日期", "Due", releaseName(i.Release))
	}
	p.Card = card
}

func releaseName(r indicator.Release) Text {
	zh := map[int]string{0: "当年", 1: "次年"}[r.YearsAfter]
	if zh == "" {
		zh = fmt.Sprintf("%d年后", r.YearsAfter)
	}
	en := map[int]string{0: "in the same year", 1: "in the year after"}[r.YearsAfter]
	if en == "" {
		en = fmt.Sprintf("%d years after", r.YearsAfter)
	}
	return indicator.T(fmt.Sprintf("年度数据于%s%d月%d日前公布", zh, r.Month, r.Day),
		fmt.Sprintf("yearly figures by %d %s %s", r.Day, time.Month(r.Month), en))
}

func measureName(m indicator.Measure) Text {
	switch m {
	case indicator.Stock:
		return indicator.T("时点数", "stock, at a moment")
	case indicator.Flow:
		return indicator.T("时期数", "flow, over a period")
	case indicator.Ratio:
		return indicator.T("比率", "ratio")
	case indicator.Growth:
		return indicator.T("增速", "growth")
	}
	return Text{}
}

func priceName(p indicator.Price) Text {
	switch p {
	case indicator.CurrentPrice:
		return indicator.T("现价", "current")
	case indicator.ConstantPrice:
		return indicator.T("不变价", "constant")
	}
	return Text{}
}

func countedName(c indicator.Counted) Text {
	switch c {
	case indicator.InForce:
		return indicator.T("有效期内", "in force")
	case indicator.Cumulative:
		return indicator.T("累计", "cumulative")
	case indicator.New:
		return indicator.T("当年新增", "new in the year")
	}
	return Text{}
}

func directionName(d indicator.Direction) Text {
	switch d {
	case indicator.Up:
		return indicator.T("越高越好", "higher")
	case indicator.Down:
		return indicator.T("越低越好", "lower")
	}
	return indicator.T("无优劣之分", "neither")
}
