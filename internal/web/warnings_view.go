package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// warningsBody is what the list of warnings prints.
type warningsBody struct {
	Filters    []filterView
	Since      string
	Kept       []pair
	Unfiltered string
	File       string
	Counts     []severityCount
	Entries    []warningView
	Empty      string
	Rules      []ruleView
}

type severityCount struct {
	severityView
	N int
}

// severityView is a severity as it is drawn: shape, word, colour (by the class Code).
type severityView struct{ Code, Symbol, Word string }

type ruleView struct{ Name, Explanation string }

// warningView is one warning.
type warningView struct {
	Key, Rule, Message, Since string
	Severity                  severityView
	Region, Indicator         crumbView
	Targets                   []crumbView
	Evidence                  []evidenceView
	Open                      bool
	Notes                     []warning.Acknowledgement // for people with an account
	Link                      string                    // to it in the list
	Action                    string                    // where a note is sent; empty: not by this user
	Refused                   bool                      // the note that was sent
	Note                      string                    // it
}

type evidenceView struct {
	Period, Value, Link, Released string
	Generated                     bool
}

// warningsView makes the page.
type warningsView struct {
	askedWarnings
	page   *page
	user   account.User
	server *Server
}

// lead says how many warnings are open, and where.
func (v warningsView) lead() indicator.Text {
	open, severe, regions := 0, 0, map[string]bool{}
	for _, w := range v.all {
		if len(v.notes[w.Key]) > 0 {
			continue
		}
		open++
		regions[w.Region] = true
		if w.Severity == warning.Severe {
			severe++
		}
	}
	if open == 0 {
		return indicator.T("目前没有待处置的预警。", "No warning is open.")
	}
	return indicator.T(
		fmt.Sprintf("有%d条待处置的预警，其中严重%d条，涉及%d个地区。", open, severe, len(regions)),
		fmt.Sprintf("%s open, %d of them severe, in %s.", indicator.Plural(open, "warning is", "warnings are"), severe, indicator.Plural(len(regions), "region", "regions")))
}

func (v warningsView) body(refused, note string) warningsBody {
	b := warningsBody{Filters: v.filters(), Since: date(v.filter.since), Unfiltered: v.page.link("/warnings"),
		File: v.page.link("/warnings.csv", v.extra()...), Kept: v.page.pairs()}
	counts := map[warning.Severity]int{}
	for _, w := range v.shown {
		counts[w.Severity]++
	}
	for _, s := range warning.Severities {
		if counts[s] > 0 {
			b.Counts = append(b.Counts, severityCount{severityOf(s, v.page.Lang), counts[s]})
		}
	}
	shown := v.shown
	if i := slices.IndexFunc(v.all, func(w warning.Warning) bool { return w.Key == refused }); i >= 0 &&
		!slices.ContainsFunc(shown, func(w warning.Warning) bool { return w.Key == refused }) {
		shown = append(slices.Clone(shown), v.all[i])
	}
	for _, w := range shown {
		view := v.entry(w)
		if w.Key == refused {
			view.Refused, view.Note = true, note
		}
		b.Entries = append(b.Entries, view)
	}
	if len(shown) == 0 {
		b.Empty = v.empty().In(v.page.Lang)
	}
	for _, r := range warning.Rules {
		b.Rules = append(b.Rules, ruleView{r.Name().In(v.page.Lang), r.Explanation().In(v.page.Lang)})
	}
	return b
}

// empty says why nothing is listed.
func (v warningsView) empty() indicator.Text {
	if len(v.given) > 0 && len(v.all) > 0 {
		return indicator.T("没有符合筛选条件的预警。请放宽条件，或在“状态”中选择“全部”。", "No warning passes these filters. Choose fewer of them, or all states.")
	}
	if len(v.all) > 0 {
		return indicator.T("全部预警都已处置。处置说明可在“状态”中选择“已处置”查看。", "All warnings are acknowledged. Choose “acknowledged” to see the notes.")
	}
	return indicator.T("没有预警：各地区自有目标的评估没有变差，没有连续反向变动，也没有目标超出历史最快增速或预测范围。参考目标和代表指标不预警；数据陈旧、口径不可比的也不预警。",
		"There is no warning: no region's own target got a worse status, moved the wrong way year after year, needs more than the best pace ever, or is missed by the forecast. References and proxies never warn, nor do figures that are old or not comparable.")
}

// extra are the filters of the address, for another address.
func (v warningsView) extra() []string {
	var list []string
	for _, name := range warningParams {
		list = append(list, name, v.given.Get(name))
	}
	return list
}

// filters offers the regions that have a warning, and all else.
func (v warningsView) filters() []filterView {
	lang := v.page.Lang
	all := choiceView{Name: indicator.T("全部", "All").In(lang)}
	choose := func(name string, title indicator.Text, chosen string, choices ...choiceView) filterView {
		f := filterView{Name: name, Title: title.In(lang), Choices: choices}
		for i := range f.Choices {
			f.Choices[i].Chosen = f.Choices[i].Value == chosen
		}
		return f
	}
	regions, rules, severities := []choiceView{all}, []choiceView{all}, []choiceView{all}
	for _, r := range v.catalog.Regions {
		if r.Code == v.given.Get("region") || slices.ContainsFunc(v.all, func(w warning.Warning) bool { return w.Region == r.Code }) {
			regions = append(regions, choiceView{Value: r.Code, Name: r.Short.In(lang)})
		}
	}
	for _, r := range warning.Rules {
		rules = append(rules, choiceView{Value: string(r), Name: r.Name().In(lang)})
	}
	for _, s := range warning.Severities {
		severities = append(severities, choiceView{Value: string(s), Name: s.Name().In(lang)})
	}
	return []filterView{
		choose("region", indicator.T("地区", "Region"), v.given.Get("region"), regions...),
		choose("rule", indicator.T("规则", "Rule"), v.given.Get("rule"), rules...),
		choose("severity", indicator.T("程度", "Severity"), v.given.Get("severity"), severities...),
		choose("state", indicator.T("状态", "State"), v.filter.state,
			choiceView{Value: warningsOpen, Name: indicator.T("待处置", "Open").In(lang)},
			choiceView{Value: warningsAcknowledged, Name: indicator.T("已处置", "Acknowledged").In(lang)},
			choiceView{Value: warningsAll, Name: all.Name}),
	}
}

func severityOf(s warning.Severity, lang indicator.Lang) severityView {
	return severityView{string(s), s.Symbol(), s.Name().In(lang)}
}

// entry is one warning as the page shows it. Notes are for people with an
// account: they may say what nobody else is to know.
func (v warningsView) entry(w warning.Warning) warningView {
	view := viewWarning(w, v.catalog, v.page)
	view.Open = len(v.notes[w.Key]) == 0
	if v.user.Name != "" {
		view.Notes = v.notes[w.Key]
	}
	if v.server.warnings.kept != nil && !v.page.Past && v.server.rules().May(v.user, account.Acknowledge, account.Matter{Regions: []string{w.Region}}) {
		view.Action = v.page.link("/warnings/"+url.PathEscape(w.Key)+"/acknowledge", v.extra()...)
	}
	return view
}

// viewWarning is what the list and the pages of a region and a target show of a warning.
func viewWarning(w warning.Warning, catalog *indicator.Catalog, p *page) warningView {
	lang, i := p.Lang, catalog.Indicator(w.Indicator)
	view := warningView{Key: w.Key, Rule: w.Rule.Name().In(lang), Message: w.Message.In(lang), Since: date(w.Since), Severity: severityOf(w.Severity, lang),
		Region: crumbView{w.Region, p.link("/regions/" + w.Region)}, Indicator: crumbView{w.Indicator, p.link("/indicators/" + w.Indicator)},
		Link: p.link("/warnings#warning-"+w.Key, "region", w.Region)}
	if r := catalog.Region(w.Region); r != nil {
		view.Region.Name = r.Short.In(lang)
	}
	for _, id := range w.Targets {
		name := id
		if t := catalog.Target(id); t != nil {
			name = dashboard.Headline(t, i).In(lang)
		}
		view.Targets = append(view.Targets, crumbView{name, p.link("/targets/" + url.PathEscape(id))})
	}
	if i == nil {
		return view
	}
	view.Indicator.Name = i.Name.In(lang)
	for _, e := range w.Evidence {
		view.Evidence = append(view.Evidence, evidenceView{Period: e.Period.Label(lang),
			Value: assess.NumberText(assess.Number{Name: "yt", Value: e.Value}, i, lang), Released: date(e.Released), Generated: e.Generated,
			Link: p.link("/indicators/"+w.Indicator+"/history", "region", w.Region, "period", e.Period.String())})
	}
	return view
}

// plainNumber is a value with as many digits as it has.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
