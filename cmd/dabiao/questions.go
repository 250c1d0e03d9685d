package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// Options that are no answers about the file itself.
const (
	optionReason      = "reason"
	optionExplanation = "explanation"
	optionPlan        = "plan"
)

// plain is how a question is put for what is missing, and which option answers it.
type plain struct {
	option string
	rank   int
	zh, en string
}

var plainQuestions = map[string]plain{
	"several_sheets":      {"sheet", 0, "文件中有几个含数据的工作表。读取哪一个？", "Several sheets of the file hold data. Which one is to be read?"},
	"unknown_sheet":       {"sheet", 0, "没有这个工作表。读取哪一个？", "There is no such sheet. Which one is to be read?"},
	"unknown_layout":      {"header", 1, "没有认出表头。表头在第几行（如 4 或 4-5）？", "No header was recognised. In which row is it (such as 4 or 4-5)?"},
	"ambiguous_layout":    {"layout", 1, "表头可以按几种版式读取。按哪一种？", "The header can be read in several layouts. Which one is meant?"},
	"missing_indicator":   {"indicator", 2, "文件没有写明指标。是哪个指标（名称或代码）？", "The file does not say its indicator. Which one is it (name or code)?"},
	"missing_unit":        {"unit", 3, "文件没有写明单位。数值的单位是什么？", "The file does not say the unit. In which unit are the values?"},
	"unit_mismatch":       {"unit", 3, "", ""},
	"missing_region":      {"region", 3, "文件没有写明地区。是哪个地区的数据（名称或代码）？", "The file does not say the region. Which region is it about (name or code)?"},
	"missing_year":        {"year", 3, "文件没有写明报告期。是哪一期的数据（如 2024、2024年三季度）？", "The file does not say the period. Which period is it about (such as 2024 or 2024-Q3)?"},
	"missing_reason":      {optionReason, 6, "", ""},
	"missing_explanation": {optionExplanation, 6, "", ""},
	"unknown_plan":        {optionPlan, 0, "没有这个导入方案。用哪一个（none 不使用）？", "There is no such import plan. Which one is to be used (none: no plan)?"},
}

// mostAlike is how many questions of one kind are put: whoever misspelt more
// names is faster in the file itself.
const mostAlike = 12

// nextQuestions are the questions to put now: those that no other has to be
// answered before. left are the keys of those that nobody answered.
func nextQuestions(staged upload.Staged, c *indicator.Catalog, left map[string]bool) []question {
	var list []question
	alike := map[string]int{}
	for _, p := range staged.Problems {
		q, ok := questionOf(p, staged, c)
		if !ok || left[q.key] || slices.ContainsFunc(list, func(other question) bool { return other.key == q.key }) {
			continue
		}
		if alike[p.Code]++; alike[p.Code] <= mostAlike {
			list = append(list, q)
		}
	}
	if len(list) == 0 {
		return nil
	}
	first := slices.MinFunc(list, func(a, b question) int { return a.rank - b.rank }).rank
	return slices.DeleteFunc(list, func(q question) bool { return q.rank != first })
}

// questionOf makes a question of a problem that an answer may settle.
func questionOf(p indicator.Problem, staged upload.Staged, c *indicator.Catalog) (question, bool) {
	q := question{key: p.Code, rank: 4, text: p.Message, choices: choicesOf(c, p.Suggestions)}
	known, isPlain := plainQuestions[p.Code]
	switch {
	case p.Code == "mark":
		return markQuestion(q, p, staged)
	case p.Severity == indicator.SeverityNote:
		return q, false
	case isPlain && p.Cell == "" || p.Code == "missing_unit":
		q.rank, q.free.Option = known.rank, known.option
		if known.zh != "" {
			q.text = indicator.T(known.zh, known.en)
		}
	case isPlain && known.rank == 6:
		q.rank, q.free.Option = known.rank, known.option
		if known.option == optionExplanation {
			q.text = whatIsAsked(p, staged.Problems)
		}
	case len(p.Suggestions) > 0:
		first := p.Suggestions[0]
		q.free = indicator.Suggestion{Option: first.Option, Value: keyOf(first)}
		q.key = first.Option + " " + cmpKey(first)
		if p.Cell != "" {
			q.text = indicator.T(p.Cell+"："+p.Message.ZH, p.Cell+": "+p.Message.EN)
		}
		if first.Option == "column" {
			q.rank = 1
		}
	case p.Code == "unknown_indicator" && slices.ContainsFunc(staged.Understood.Titles, func(l ingestLine) bool { return l.Cell == p.Cell }):
		q.rank, q.free.Option = 2, "indicator"
	default:
		return q, false
	}
	if q.free.Option == "unit" && len(q.choices) == 0 {
		q.choices = unitChoices(c, staged.Understood.Indicator)
	}
	return q, true
}

// whatIsAsked is the question for an explanation, below what it is to explain.
func whatIsAsked(p indicator.Problem, problems []indicator.Problem) indicator.Text {
	var zh, en []string
	for _, query := range problems {
		if query.Severity == indicator.SeverityQuery && len(zh) < mostAlike {
			zh, en = append(zh, query.Cell+"："+query.Message.ZH), append(en, query.Cell+": "+query.Message.EN)
		}
	}
	return indicator.T(strings.Join(append(zh, p.Message.ZH), "\n"), strings.Join(append(en, p.Message.EN), "\n"))
}

// markQuestion asks what a sign stands for that nobody explained; without an
// answer it stays what it was read as.
func markQuestion(q question, p indicator.Problem, staged upload.Staged) (question, bool) {
	for _, m := range staged.Understood.Marks {
		if m.Said != "default" || len(p.Suggestions) == 0 || keyOf(p.Suggestions[0]) != m.Mark+"=" {
			continue
		}
		q.key, q.rank = "mark "+m.Mark, 5
		q.text = indicator.T(fmt.Sprintf("表中的“%s”（如 %s）表示什么？", m.Mark, p.Cell), fmt.Sprintf("What does “%s” in the table (such as in %s) stand for?", m.Mark, p.Cell))
		q.free = indicator.Suggestion{Option: "mark", Value: m.Mark + "="}
		q.enter = indicator.T("回车："+indicator.StatusName(m.Status).ZH, "Enter: "+indicator.StatusName(m.Status).EN)
		return q, true
	}
	return q, false
}

// keyOf is the part of an answer KEY=VALUE that free text goes behind.
func keyOf(s indicator.Suggestion) string {
	switch s.Option {
	case "name", "mark", "column":
		return s.Value[:strings.LastIndexByte(s.Value, '=')+1]
	}
	return ""
}

// cmpKey tells questions about several things apart.
func cmpKey(s indicator.Suggestion) string {
	if key := keyOf(s); key != "" {
		return key
	}
	return s.Value
}

func unitChoices(c *indicator.Catalog, code string) []choice {
	ind := c.Indicator(code)
	if ind == nil {
		return nil
	}
	list := []indicator.Suggestion{{Option: "unit", Value: ind.Unit}}
	for _, unit := range indicator.Units() {
		if _, err := indicator.ConvertUnit(1, unit.Code, ind.Unit); err == nil && unit.Code != ind.Unit {
			list = append(list, indicator.Suggestion{Option: "unit", Value: unit.Code})
		}
	}
	return choicesOf(c, list)
}

func choicesOf(c *indicator.Catalog, list []indicator.Suggestion) []choice {
	choices := make([]choice, len(list))
	for i, s := range list {
		choices[i] = choice{s, labelOf(c, s)}
	}
	return choices
}

// labelOf is an answer as a person reads it.
func labelOf(c *indicator.Catalog, s indicator.Suggestion) indicator.Text {
	value := strings.TrimPrefix(s.Value, keyOf(s))
	same := indicator.T(value, value)
	switch s.Option {
	case "header":
		return indicator.T("第 "+value+" 行", "row "+value)
	case "skip":
		return indicator.T("第 "+value+" 行不含数据，不读取", "row "+value+" holds no reading, leave it out")
	case "layout":
		if name, ok := layoutNames[value]; ok {
			return indicator.T(name.ZH+"（"+value+"）", name.EN+" ("+value+")")
		}
	case "mark":
		return withCode(indicator.StatusName(indicator.Status(value)), value)
	case "column":
		if name, ok := roleNames[value]; ok {
			return name
		}
	}
	if i := c.Indicator(value); i != nil {
		return withCode(i.Name, value)
	}
	if r := c.Region(value); r != nil && s.Option != "year" {
		return withCode(r.Name, value)
	}
	return same
}

func withCode(name indicator.Text, code string) indicator.Text {
	return indicator.T(name.ZH+"（"+code+"）", name.EN+" ("+code+")")
}
