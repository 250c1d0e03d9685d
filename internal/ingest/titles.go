package ingest

import (
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// fileWide is what is said once for the whole file, by its titles or by the
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
		} else if read.fault != nil && len(p.plan.columns(RoleRegion)) == 0 {
			p.problems.add(at, read.fault)
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

// readFreeTitle takes a title without a label: a unit in brackets, and an
// indicator where the whole title is its name. It is not searched for names.
func (p *parser) readFreeTitle(text string, at place) {
	name, unit, ok := cutUnit(text)
	if ok {
		p.stateUnit(unit, at)
	}
	if ids := p.names.indicatorIDs(name); len(ids) == 1 && p.wide.indicator.indicator == nil {
		p.stateIndicator(p.names.indicator(name), at)
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
	switch {
	case read.unit != "":
		p.wide.units = append(p.wide.units, statedUnit{read.unit, inCell(at)})
	case read.fault != nil && (p.options.Unit != "" || len(p.plan.columns(RoleUnit)) > 0):
		p.problems.add(at, &finding{code: read.fault.code, severity: indicator.SeverityNote, message: read.fault.message})
	case read.fault != nil:
		p.problems.add(at, read.fault)
	}
}

// readOptions adds what the person said, and reports where that contradicts
// the titles.
func (p *parser) readOptions() {
	w, o := &p.wide, p.options
	if o.Indicator != "" {
		read := p.names.indicator(o.Indicator)
		w.flagged[RoleIndicator] = read.indicator != nil
		switch titled := w.indicator.indicator; {
		case read.indicator == nil:
			p.problems.add(place{}, p.names.unknownIndicator(o.Indicator))
			w.failed[RoleIndicator] = true
		case titled != nil && titled != read.indicator:
			p.problems.add(w.indicatorAt, fault(codeContradiction,
				"文件写明的指标是 %[1]s，--indicator 给出的是 %[2]s。改正其中一处。",
				"The file states the indicator %[1]s, --indicator says %[2]s. Mend the wrong one.", titled.Code, read.indicator.Code))
			w.failed[RoleIndicator] = true
		default:
			read.unit = ""
			w.indicator = read
		}
	}
	if o.Region != "" {
		p.readRegionOption(o.Region)
	}
	if o.Year != "" {
		period, ok := readPeriod(o.Year)
		switch {
		case !ok:
			p.problems.add(place{}, badPeriod(o.Year))
			w.failed[RolePeriod] = true
		case !w.period.IsZero() && w.period != period:
			p.problems.add(place{}, contradictsFlag("--year", w.period.String(), period.String()))
			w.failed[RolePeriod] = true
		default:
			w.period, w.flagged[RolePeriod] = period, true
		}
	}
	if o.Unit != "" {
		read := p.names.readUnit(o.Unit)
		if read.fault != nil {
			p.problems.add(place{}, read.fault)
			w.failed[RoleUnit] = true
		} else if read.unit != "" {
			w.units = append(w.units, statedUnit{read.unit, indicator.T("选项 --unit", "option --unit")})
		}
	}
}

func (p *parser) readRegionOption(text string) {
	w := &p.wide
	read := p.names.region(text)
	switch {
	case read.fault != nil:
		p.problems.add(place{}, read.fault)
		w.failed[RoleRegion] = true
	case read.region == nil:
		return
	case w.region.region != nil && w.region.region != read.region:
		p.problems.add(place{}, contradictsFlag("--region", w.region.region.Code, read.region.Code))
		w.failed[RoleRegion] = true
	default:
		w.region, w.flagged[RoleRegion] = read, true
	}
}

func contradictsFlag(flag, file, person string) *finding {
	return fault(codeContradiction, "文件写明的是 %[2]s，%[1]s 给出的是 %[3]s。改正其中一处。",
		"The file says %[2]s, %[1]s says %[3]s. Mend the wrong one.", flag, file, person)
}

// askForMissing reports what neither the file nor the person says, once, with
// the option that answers it.
func (p *parser) askForMissing() {
	w := &p.wide
	if t := w.unknownTitle; t != nil && !w.failed[RoleIndicator] {
		if w.indicator.indicator == nil && len(p.plan.columns(RoleIndicator)) == 0 {
			p.problems.add(t.place, t.finding)
			w.failed[RoleIndicator] = true
		} else if w.flagged[RoleIndicator] {
			p.problems.add(t.place, note(codeUnknownIndicator,
				"文件中的指标名称不在目录中，按 --indicator 作为 %[1]s 读取。",
				"The catalogue does not have the indicator's name in the file; it is read as %[1]s, as --indicator says.",
				w.indicator.indicator.Code))
		}
	}
	ask := func(role Role, known bool, f *finding) {
		if !known && !w.failed[role] && len(p.plan.columns(role)) == 0 {
			p.problems.add(place{}, f)
			w.failed[role] = true
		}
	}
	ask(RoleIndicator, w.indicator.indicator != nil, missing(codeMissingIndicator,
		"指标", "indicator", "--indicator", "rd_spend", "指标", "indicator"))
	ask(RoleRegion, w.region.region != nil, missing(codeMissingRegion,
		"地区", "region", "--region", "350000", "地区", "region"))
	ask(RolePeriod, !w.period.IsZero() || !p.plan.values[0].period.IsZero(), missing(codeMissingYear,
		"年份", "year", "--year", "2024", "年份", "year"))
	// Where the indicator is known its unit is asked for with its first value,
	// because rows and numbers may state it.
	if w.failed[RoleIndicator] {
		stated := len(w.units) > 0 || p.plan.values[0].unit.unit != ""
		ask(RoleUnit, stated, missing(codeMissingUnit, "单位", "unit", "--unit", "亿元", "单位", "unit"))
	}
}

func missing(code, zh, en, flag, example, columnZH, columnEN string) *finding {
	return fault(code,
		"文件没有写明%[1]s。用 %[3]s 说明（如 %[3]s %[4]s），或在文件中加一列“%[5]s”。",
		"The file does not say the %[2]s. Give %[3]s (such as %[3]s %[4]s) or add a column “%[6]s” to the file.",
		zh, en, flag, example, columnZH, columnEN)
}

// footnoteStarts begin a line below the data that is no data.
var footnoteStarts = []string{"数据来源", "资料来源", "来源", "注", "注释", "备注", "说明", "source", "note", "notes", "datasource"}

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
