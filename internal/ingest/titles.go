package ingest

import (
	"regexp"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// fileWide is what is said once for all of a block, by its titles or by the
// person, and who said it.
type fileWide struct {
	indicator    indicatorRead
	region       regionRead
	period       indicator.Period
	units        []statedUnit // all that are stated, the file's before the person's
	flagged      map[Role]bool
	failed       map[Role]bool // stated and not understood: reported, not to be asked for again
	indicatorAt  place
	unknownTitle *located // an indicator named in a title that is not in the catalogue
	hint         titleHint
	words        titleWords
}

// readTitles takes from the rows above the header what they say for all of it.
func (p *parser) readTitles(above []row) {
	for _, r := range above {
		for col := 0; col < len(r.cells); col++ {
			text := r.cells[col]
			if isBlank(text) {
				continue
			}
			at := place{r.number, col}
			p.understood.Titles = appendLine(p.understood.Titles, at, text)
			label, said, ok := cutLabel(text)
			if !ok && headerWords[nameKey(text)] != "" { // 指标│GDP
				label, said, ok = nameKey(text), "", true
			}
			if ok && said == "" { // 单位：│亿元
				for next := col + 1; next < len(r.cells); next++ {
					if !isBlank(r.cells[next]) {
						at, said, col = place{r.number, next}, fold(r.cells[next]), next
						p.understood.Titles = appendLine(p.understood.Titles, at, r.cells[next])
						break
					}
				}
			}
			if ok && headerWords[label] != "" {
				p.readLabelled(headerWords[label], said, at)
				continue
			}
			p.readFreeTitle(text, at)
		}
	}
	p.addFileName()
	p.takeHints()
}

// readLabelled takes a title such as 指标：R&D经费(亿元).
func (p *parser) readLabelled(role Role, text string, at place) {
	switch role {
	case RoleIndicator:
		read := p.names.indicator(text)
		if read.unit != "" {
			p.stateUnit(read.unit, at)
		}
		switch {
		case read.fault != nil:
			p.wide.unknownTitle = &located{at, read.fault}
		case read.indicator != nil:
			p.stateIndicator(read, at)
		}
	case RoleRegion:
		if read := p.names.region(text); read.region != nil {
			p.wide.region = read
		} else if read.fault != nil && !p.plan.says(axisRegion) {
			p.problems.add(at, read.fault.asFault())
			p.wide.failed[RoleRegion] = true
		}
	case RolePeriod: // 时间：最近10年 says nothing that the columns do not
		if period, ok := readPeriod(text); ok {
			p.wide.period = period
		}
	case RoleUnit:
		p.stateUnit(text, at)
	default: // kept among the titles, and of no use for a reading
	}
}

func (p *parser) stateIndicator(read indicatorRead, at place) {
	before := p.wide.indicator.indicator
	if before != nil && before != read.indicator {
		p.problems.add(at, fault(codeContradiction,
			"标题中的指标前后不一致：%[1]s 和 %[2]s。改正其中一处。",
			"The titles name two indicators, %[1]s and %[2]s. Mend the wrong one.", before.Code, read.indicator.Code))
		return
	}
	p.wide.indicator, p.wide.indicatorAt = read, at
}

// stateUnit takes a unit that a title states. A title that names no single
// known unit (单位：亿元、%) settles nothing; it matters only where the unit is
// then missing, which is reported with it.
func (p *parser) stateUnit(text string, at place) {
	read := p.names.readUnit(text)
	if read.fault != nil {
		if zh, en, ok := cutLatin(strings.ReplaceAll(fold(text), ":", " ")); ok { // 亿元 Unit: 100 million yuan
			en = strings.TrimSpace(strings.TrimPrefix(strings.ToLower(en), "unit"))
			first, other := p.names.readUnit(zh), p.names.readUnit(en)
			if first.unit != "" && (other.unit == "" || sameUnit(first.unit, other.unit)) {
				read = first
			}
		}
	}
	if read.fault != nil {
		if units := p.names.readUnits(text); units != nil {
			for _, u := range units {
				p.wide.units = append(p.wide.units, statedUnit{unit: u, where: inCell(at), among: true})
			}
			return
		}
	}
	switch {
	case read.unit != "":
		p.wide.units = append(p.wide.units, statedUnit{unit: read.unit, where: inCell(at)})
	case read.fault != nil && (p.options.Unit != "" || p.plan.statesUnits()):
		p.problems.add(at, &finding{code: read.fault.code, severity: indicator.SeverityNote, message: read.fault.message})
	case read.fault != nil:
		p.problems.add(at, read.fault)
	}
}

// statesUnits reports that every value learns its unit from its row or header.
func (p *plan) statesUnits() bool {
	for i := range p.values {
		if p.values[i].unit.unit == "" {
			return len(p.columns(RoleUnit)) > 0
		}
	}
	return len(p.values) > 0
}

// footnoteStarts begin a line below the data that is no data.
var footnoteStarts = []string{
	"数据来源", "资料来源", "来源", "注", "注释", "备注", "说明", "source", "note", "notes", "datasource",
	// the foot of an official form
	"单位负责人", "统计负责人", "负责人", "填表人", "制表人", "制表", "审核人", "审核", "复核人", "联系人", "联系电话",
	"报出日期", "填报日期", "填表日期", "制表日期", "填报单位", "制表单位", "preparedby", "reviewedby",
}

// isFootnote reports whether the first text of a row begins as footnotes do.
func isFootnote(r row) bool {
	for _, text := range r.cells {
		if isBlank(text) {
			continue
		}
		label, _, ok := cutLabel(text)
		for _, start := range footnoteStarts {
			if ok && (label == start || strings.TrimRight(label, "0123456789") == start) {
				return true
			}
		}
		return false
	}
	return false
}

// sourceLine is how a line begins that says where the figures are from.
var sourceLine = regexp.MustCompile(`(?i)^\s*(?:数据|资料)?来源|^\s*(?:data )?source`)

// footnoteLine is how a footnote begins that answers the sign of one.
var footnoteLine = regexp.MustCompile(`^\s*(?:[\x{2460}-\x{2473}]|[*†‡§]+[^*]|注\s*\d|\[\d{1,2}\])`)

const (
	mostLines     = 1000
	mostLineRunes = 1000
)

// appendLine keeps a text line for the report, shortened, and not without end.
func appendLine(lines []Line, at place, text string) []Line {
	if len(lines) >= mostLines {
		return lines
	}
	return append(lines, Line{at.address(), clip(text, mostLineRunes)})
}
