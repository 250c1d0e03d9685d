package ingest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// columnAnswer is what the person says of a column: the header cell that it
// might as well have.
type columnAnswer struct {
	key  string // a letter, or what the header says
	head headCell
	used bool
}

// ignoredWords are the answers for a column that is of no use, beside the words of headers.
var ignoredWords = wordSet(`ignored ignore skip 忽略 不读 不读取`)

// readColumnAnswers reads C=value. What stands behind the sign is read as a
// header: a role, or a name or code of an indicator, a region, a period, a unit.
func (p *parser) readColumnAnswers() {
	p.said.columns = map[string]*columnAnswer{}
	for _, text := range p.options.Columns {
		key, value, ok := cutAnswer(text)
		if !ok {
			p.problems.add(place{}, badColumn(text))
			continue
		}
		answer := &columnAnswer{key: key, head: p.names.readHead(value)}
		if ignoredWords[nameKey(value)] {
			answer.head = headCell{role: RoleIgnored, text: value}
		}
		if !answer.head.isAnswer() {
			p.problems.add(place{}, p.names.unknownColumnValue(key, value))
			continue
		}
		known := p.said.columns[nameKey(key)]
		if known != nil && known.head.text != answer.head.text {
			p.problems.add(place{}, fault(codeBadColumn,
				"选项 --column 对列“%[1]s”给出了两种含义：%[2]s 和 %[3]s。只保留一种。",
				"Two meanings of the column “%[1]s” are given by --column, %[2]s and %[3]s. Keep one.",
				quote(key), quote(known.head.text), quote(value)))
		}
		p.said.columns[nameKey(key)] = answer
	}
}

// isAnswer reports that a header cell says one thing of its column.
func (h headCell) isAnswer() bool {
	return !h.unknown && !h.growth && h.corner == nil && h.region.fault == nil && h.indicator.fault == nil &&
		(h.role != "" || h.axes() != 0 || h.unit != "")
}

const columnHelp, columnHelpEN = "可以写 地区、年份、季度、月份、指标、数值、单位、状态、忽略，或指标、地区、报告期、单位的名称或代码",
	"Write region, period, quarter, month, indicator, value, unit, status or ignored, or the name or code of an indicator, region, period or unit"

func badColumn(text string) *finding {
	return fault(codeBadColumn, "选项 --column 的值“%[1]s”不可识别。写成 C=数值 或 C=rd_spend；等号后%[2]s。",
		"The value “%[1]s” of --column cannot be read. Write C=value or C=rd_spend. %[3]s.", quote(text), columnHelp, columnHelpEN)
}

func (n *names) unknownColumnValue(key, value string) *finding {
	near := n.nearIndicators(value)()
	zh, en := "", ""
	if len(near) > 0 {
		zh = "相近的指标：" + indicatorList(near, indicator.ZH) + "。"
		en = " Near indicators: " + indicatorList(near, indicator.EN) + "."
	}
	return fault(codeBadColumn, "选项 --column 中列“%[1]s”的含义“%[2]s”不可识别。%[3]s%[4]s。",
		"What --column says of the column “%[1]s”, “%[2]s”, is not known.%[5]s %[6]s.", quote(key), quote(value), zh, columnHelp, en, columnHelpEN).
		with(optionColumn, answersFor(key, n.likelyIndicators(value))...)
}

// answerColumns puts what the person says of the columns in the place of what
// the header says. Columns right of the header become some where rows hold them.
func (p *parser) answerColumns(columns []headColumn, rows []row) []headColumn {
	if len(p.said.columns) == 0 {
		return columns
	}
	width := len(columns)
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	for col := range width {
		answer := p.said.columns[nameKey(columnName(col))]
		if col < len(columns) && !columns[col].isBlank() {
			if byHeader := p.said.columns[nameKey(columns[col].text)]; byHeader != nil {
				byHeader.used = true
				answer = cmp.Or(answer, byHeader)
			}
		}
		if answer == nil {
			continue
		}
		for len(columns) <= col {
			columns = append(columns, headColumn{})
		}
		answer.used = true
		columns[col].answer(answer.head)
		if columns[col].at.row == 0 {
			columns[col].at = place{rows[0].number, col}
		}
	}
	return columns
}

// answer takes what the person says of a column. A unit leaves the rest as the
// header has it, and what stands on one axis leaves the others.
func (c *headColumn) answer(h headCell) {
	c.said = true
	if h.unit != "" {
		c.unit = h.unit
	}
	if h.role == "" && h.axes() == 0 {
		return
	}
	c.unread, c.unknown, c.growth, c.corner = false, false, false, nil
	c.role = h.role
	if h.role != "" {
		c.period, c.part, c.toDate, c.region, c.indicator = indicator.Period{}, "", false, regionRead{}, indicatorRead{}
	}
	merge(&c.headCell, h)
}

// reportAbsentColumns reports answers for columns that the table does not have:
// the figures meant may stand in another one.
func (p *parser) reportAbsentColumns() {
	var heads []string
	for _, c := range p.columns {
		text := c.Column
		if !isBlank(c.Header) {
			text += " " + quote(c.Header)
		}
		if heads = append(heads, text); len(heads) == mostHeadsListed {
			heads = append(heads, "…")
			break
		}
	}
	var absent []string
	for _, answer := range p.said.columns {
		if !answer.used {
			absent = append(absent, answer.key)
		}
	}
	slices.Sort(absent)
	for _, key := range absent {
		p.problems.add(place{}, fault(codeBadColumn,
			"表中没有 --column 所说的列“%[1]s”。表中的列：%[2]s。写列的字母或表头。",
			"The table has no column “%[1]s”, of which --column speaks. Its columns: %[3]s. Write the letter or the header of one.",
			quote(key), strings.Join(heads, "、"), strings.Join(heads, ", ")))
	}
}

// mostHeadsListed is how many columns a message names.
const mostHeadsListed = 30
