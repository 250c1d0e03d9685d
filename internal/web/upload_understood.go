package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// understoodView is how a file was read, with a field to change each item.
type understoodView struct {
	Items   []itemView
	Columns []columnItem
	Blocks  int // tables under each other in the file
	Lines   []lineView
	Preview string
	Given   []givenView
}

// itemView is one thing that was understood. Without a Field it cannot be changed.
type itemView struct {
	Name, Found string
	Field       *fieldView
}

// fieldView is a field of a form: a list to choose from, or else a text.
type fieldView struct {
	ID, Name, Label string
	Value, Hint     string
	List            string // id of the values that are proposed
	Groups          []choiceGroup
	Width           int // of a text, in characters
}

type choiceGroup struct {
	Name    string
	Choices []choiceView
}

type columnItem struct {
	Column, Header, Found string
	Field                 *fieldView
}

type lineView struct{ Cell, Kind, Text string }

// givenView is an answer that was given, or could be, and the value of its button.
type givenView struct{ Name, Words, Value string }

// fields makes the fields in which an upload's answers are given.
type fields struct {
	*Server
	address
	answers ingest.Answers
	sheets  []string // of the file, where it has several
}

// auto is the choice that leaves an item to the file.
func (f fields) auto() choiceView {
	return choiceView{Name: indicator.T("按文件识别", "as the file says").In(f.Lang)}
}

func (f fields) field(option string) *fieldView {
	v := &fieldView{ID: "f-" + option, Name: option, Label: word(upload.OptionNames, option, f.Lang)}
	if to := single(&f.answers)[option]; to != nil {
		v.Value = *to
	}
	switch option {
	case "indicator":
		v.Groups = f.indicatorGroups(v.Value)
	case "region":
		v.Groups = f.regionGroups(v.Value)
	case "encoding":
		v.Groups = f.keep(f.choose(v.Value, ingest.Encodings(), func(e string) string { return encodingWord(e, f.Lang) }), v.Value)
	case "layout":
		v.Groups = f.choose(v.Value, ingest.Layouts(), func(l string) string { return layoutWord(l, f.Lang) })
	case "status":
		v.Groups = f.choose(v.Value, valueStatuses(), func(s string) string {
			return indicator.StatusName(indicator.Status(s)).In(f.Lang)
		})
	case "unit":
		v.List, v.Width = "units", 12
	case "header":
		v.Width, v.Hint = 8, indicator.T("如 4 或 4-5", "such as 4 or 4-5").In(f.Lang)
	case "year":
		v.Width, v.Hint = 10, indicator.T("如 2024、2024-Q3、2024-07", "such as 2024, 2024-Q3, 2024-07").In(f.Lang)
	case "sheet":
		if len(f.sheets) > 0 {
			v.Groups = f.keep(f.choose(v.Value, f.sheets, func(s string) string { return s }), v.Value)
		}
		v.Width, v.Hint = 16, indicator.T("名称或序号", "name or number").In(f.Lang)
	case "name":
		v.Width, v.Hint = 16, indicator.T("如 福健=350000", "such as 福健=350000").In(f.Lang)
	case "skip":
		v.Value, v.Width = strings.Join(f.answers.Skip, ", "), 16
		v.Hint = indicator.T("如 12, 20-22, 37-", "such as 12, 20-22, 37-").In(f.Lang)
	}
	return v
}

func valueStatuses() []string {
	var list []string
	for _, s := range indicator.Statuses {
		if s.HasValue() { // the whole file has values
			list = append(list, string(s))
		}
	}
	return list
}

func (f fields) choose(value string, values []string, name func(string) string) []choiceGroup {
	group := choiceGroup{Choices: []choiceView{f.auto()}}
	for _, v := range values {
		group.Choices = append(group.Choices, choiceView{Value: v, Name: name(v), Chosen: v == value})
	}
	return []choiceGroup{group}
}

func (f fields) indicatorGroups(value string) []choiceGroup {
	groups := []choiceGroup{{Choices: []choiceView{f.auto()}}}
	for _, topic := range f.topics(f.address) {
		group := choiceGroup{Name: topic.Name}
		for _, i := range topic.Indicators {
			group.Choices = append(group.Choices, choiceView{Value: i.Code, Name: i.Name, Chosen: i.Code == value})
		}
		groups = append(groups, group)
	}
	return f.keep(groups, value)
}

func (f fields) regionGroups(value string) []choiceGroup {
	catalog := f.config.Catalog()
	groups := []choiceGroup{{Choices: []choiceView{f.auto()}}}
	choice := func(r *indicator.Region) choiceView {
		return choiceView{Value: r.Code, Name: r.Name.In(f.Lang), Chosen: r.Code == value}
	}
	all := choiceGroup{Name: indicator.T("全国和各省", "the nation and the provinces").In(f.Lang)}
	if nation := catalog.Region(indicator.Nation); nation != nil {
		all.Choices = append(all.Choices, choice(nation))
	}
	var below []choiceGroup
	for _, p := range catalog.Provinces() {
		all.Choices = append(all.Choices, choice(p))
		group := choiceGroup{Name: p.Short.In(f.Lang)}
		for _, city := range catalog.Children(p.Code) {
			group.Choices = append(group.Choices, choice(city))
		}
		if len(group.Choices) > 0 {
			below = append(below, group)
		}
	}
	return f.keep(append(append(groups, all), below...), value)
}

// keep adds a value that is not among the choices, such as a name instead of a code.
func (f fields) keep(groups []choiceGroup, value string) []choiceGroup {
	chosen := func(g choiceGroup) bool {
		return slices.ContainsFunc(g.Choices, func(c choiceView) bool { return c.Chosen })
	}
	if value != "" && !slices.ContainsFunc(groups, chosen) {
		groups[0].Choices = append(groups[0].Choices, choiceView{Value: value, Name: value, Chosen: true})
	}
	return groups
}

// keyedField is the field of an answer for one key: what a column is, a name or a mark means.
func (f fields) keyedField(option, key, label string, groups []choiceGroup) *fieldView {
	v := &fieldView{ID: "f-" + option + "-" + key, Name: option + "." + key, Label: label, Groups: groups}
	for _, said := range *keyed(&f.answers)[option] {
		if keyOf(said) == key {
			v.Value = said[len(key)+1:]
		}
	}
	v.Groups = append([]choiceGroup{{Choices: []choiceView{f.auto()}}}, groups...)
	for i, g := range v.Groups {
		v.Groups[i].Choices = slices.Clone(g.Choices)
		for j, c := range g.Choices {
			v.Groups[i].Choices[j].Chosen = c.Value == v.Value && v.Value != ""
		}
	}
	v.Groups = f.keep(v.Groups, v.Value)
	return v
}

func (f fields) columnGroups() []choiceGroup {
	group := choiceGroup{Name: indicator.T("这一列是", "the column holds").In(f.Lang)}
	for _, role := range roles {
		group.Choices = append(group.Choices, choiceView{Value: string(role), Name: role.Name().In(f.Lang)})
	}
	return append([]choiceGroup{group}, f.indicatorGroups("")[1:]...)
}

func (f fields) markGroups() []choiceGroup {
	var group choiceGroup
	for _, s := range []indicator.Status{indicator.Missing, indicator.NotApplicable, indicator.NotCollected} {
		group.Choices = append(group.Choices, choiceView{Value: string(s), Name: indicator.StatusName(s).In(f.Lang)})
	}
	return []choiceGroup{group}
}

// maxColumns is how many columns of a file a page shows.
const maxColumns = 60

func (f fields) understood(u ingest.Understood) *understoodView {
	v := &understoodView{Preview: strings.Join(u.Preview, "\n"), Blocks: len(u.Blocks), Given: f.given()}
	v.Items = append(v.Items, itemView{Name: indicator.T("文件", "File").In(f.Lang), Found: word(containerWords, u.Container, f.Lang)})
	header := ""
	if u.HeaderRow > 0 {
		header = strconv.Itoa(u.HeaderRow)
		if u.Headers > 1 {
			header += "-" + strconv.Itoa(u.HeaderRow+u.Headers-1)
		}
	}
	status := ""
	for _, d := range u.Defaults {
		if d.Name == "status" {
			status = indicator.T("没有写明，按", "not stated, taken as ").In(f.Lang) + indicator.StatusName(indicator.Status(d.Value)).In(f.Lang)
		}
	}
	item := func(option, found string) {
		v.Items = append(v.Items, itemView{Name: word(upload.OptionNames, option, f.Lang), Found: found, Field: f.field(option)})
	}
	if u.Encoding != "" && u.Container != "json" || f.answers.Encoding != "" {
		item("encoding", encodingWord(u.Encoding, f.Lang))
	}
	if len(u.Sheets) > 0 || f.answers.Sheet != "" {
		item("sheet", u.Sheet)
	}
	item("layout", layoutWord(u.Layout, f.Lang))
	item("header", header)
	inColumns := func(found string, says func(ingest.Column) bool) string {
		if found == "" && slices.ContainsFunc(u.Columns, says) {
			return indicator.T("见各列", "see the columns").In(f.Lang)
		}
		return found
	}
	item("indicator", inColumns(f.answerWords("indicator", u.Indicator, f.Lang), func(c ingest.Column) bool { return c.Role == ingest.RoleIndicator || c.Indicator != "" }))
	item("region", inColumns(f.answerWords("region", u.Region, f.Lang), func(c ingest.Column) bool { return c.Role == ingest.RoleRegion || c.Region != "" }))
	item("year", inColumns(periodWords(u.Period, f.Lang), func(c ingest.Column) bool { return c.Role == ingest.RolePeriod || c.Period != "" }))
	item("unit", inColumns(indicator.UnitName(u.Unit, f.Lang), func(c ingest.Column) bool { return c.Role == ingest.RoleUnit || c.Unit != "" }))
	item("status", status)
	item("skip", strings.Join(f.answers.Skip, ", "))
	item("name", strings.Join(f.answers.Names, ", "))
	for _, m := range u.Marks {
		name := indicator.T("缺失符号“"+m.Mark+"”", "The sign “"+m.Mark+"”").In(f.Lang)
		v.Items = append(v.Items, itemView{name, indicator.StatusName(m.Status).In(f.Lang), f.keyedField("mark", m.Mark, name, f.markGroups())})
	}
	for _, c := range u.Columns[:min(len(u.Columns), maxColumns)] {
		label := indicator.T(c.Column+" 列是什么", "What column "+c.Column+" is").In(f.Lang)
		v.Columns = append(v.Columns, columnItem{c.Column, c.Header, f.columnWords(c), f.keyedField("column", c.Column, label, f.columnGroups())})
	}
	v.Lines = lineViews(u, f.Lang)
	return v
}

func periodWords(period string, lang indicator.Lang) string {
	if p, err := indicator.ParsePeriod(period); err == nil && period != "" {
		return p.Label(lang)
	}
	return period
}

// columnWords says what a column was taken for, and of what its values are.
func (f fields) columnWords(c ingest.Column) string {
	parts := []string{c.Role.Name().In(f.Lang)}
	for _, part := range []string{f.answerWords("indicator", c.Indicator, f.Lang), f.answerWords("region", c.Region, f.Lang),
		periodWords(c.Period, f.Lang), indicator.UnitName(c.Unit, f.Lang)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

func lineViews(u ingest.Understood, lang indicator.Lang) []lineView {
	const most = 40 // of each kind
	var list []lineView
	for _, kind := range []struct {
		name  indicator.Text
		lines []ingest.Line
	}{
		{indicator.T("标题", "title"), u.Titles}, {indicator.T("分组", "heading"), u.Headings}, {indicator.T("脚注", "footnote"), u.Footnotes},
	} {
		for _, l := range kind.lines[:min(len(kind.lines), most)] {
			list = append(list, lineView{l.Cell, kind.name.In(lang), l.Text})
		}
	}
	return list
}

// given lists the answers given so far, each to be taken back.
func (f fields) given() []givenView {
	var list []givenView
	add := func(option, value string) {
		if value != "" {
			list = append(list, givenView{word(upload.OptionNames, option, f.Lang), f.answerWords(option, value, f.Lang), option + "=" + value})
		}
	}
	a := f.answers
	for _, option := range []string{"encoding", "sheet", "layout", "header", "indicator", "region", "year", "unit", "status"} {
		add(option, *single(&a)[option])
	}
	for _, option := range []string{"column", "name", "mark"} {
		for _, value := range *keyed(&a)[option] {
			add(option, value)
		}
	}
	for _, value := range a.Skip {
		add("skip", value)
	}
	return list
}
