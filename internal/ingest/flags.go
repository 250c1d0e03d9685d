package ingest

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// said is what the person says about all of the file, understood. What could
// not be understood was reported and is in failed.
type said struct {
	indicator indicatorRead
	region    regionRead
	period    indicator.Period
	unit      string
	failed    map[Role]bool
	header    lines // none: it is looked for
	headless  bool  // there is no header
	skip      []skipped
	columns   map[string]*columnAnswer // by the nameKey of a letter or of what the header says
}

// readOptions reads what the person says, once for the file.
func (p *parser) readOptions() {
	o, s := &p.options, &p.said
	s.failed = map[Role]bool{}
	refuse := func(role Role, f *finding) {
		p.problems.add(place{}, f)
		s.failed[role] = true
	}
	if o.Status != "" {
		if _, err := indicator.ParseStatus(string(o.Status)); err != nil {
			p.problems.add(place{}, fault(codeUnknownStatus,
				"选项 --status 的值“%[1]s”不是数据状态。写 A、P、E、B、M、N 或 O。",
				"The value “%[1]s” of --status is no observation status. Write A, P, E, B, M, N or O.", quote(string(o.Status))))
			o.Status = ""
		}
	}
	if o.Layout != "" && !slices.Contains(Layouts(), o.Layout) {
		p.problems.add(place{}, fault(codeUnknownLayout,
			"没有名为“%[1]s”的版式。--layout 可以是 %[2]s。", "There is no layout “%[1]s”. --layout takes %[2]s.",
			quote(o.Layout), strings.Join(Layouts(), ", ")).with(optionLayout, nearWord(o.Layout, Layouts())...))
		o.Layout = ""
	}
	p.readMarks()
	p.readNames()
	p.readHeader()
	p.readSkip()
	p.readColumnAnswers()
	if o.Indicator != "" {
		if s.indicator = p.names.indicator(o.Indicator); s.indicator.indicator == nil {
			f := s.indicator.fault
			if f == nil {
				f = p.names.unknownIndicator(o.Indicator)
			}
			refuse(RoleIndicator, f.instead(f.code, optionIndicator, ""))
		}
		s.indicator.unit = ""
	}
	if o.Region != "" {
		if s.region = p.names.region(o.Region); s.region.fault != nil {
			refuse(RoleRegion, s.region.fault.instead(s.region.fault.code, optionRegion, ""))
		}
	}
	if o.Year != "" {
		period, ok := readPeriod(o.Year)
		if s.period = period; !ok {
			refuse(RolePeriod, badPeriod(o.Year))
		}
	}
	if o.Unit != "" {
		read := p.names.readUnit(o.Unit)
		if s.unit = read.unit; read.fault != nil {
			refuse(RoleUnit, read.fault.instead(read.fault.code, optionUnit, ""))
		}
	}
}

// applyOptions adds what the person says to what the titles of a block say, and
// reports where the two contradict.
func (p *parser) applyOptions() {
	w, s := &p.wide, &p.said
	for role := range s.failed {
		w.failed[role] = true
	}
	if ind := s.indicator.indicator; ind != nil {
		w.flagged[RoleIndicator] = true
		if titled := w.indicator.indicator; titled != nil && titled != ind {
			p.problems.add(w.indicatorAt, fault(codeContradiction,
				"文件写明的指标是 %[1]s，--indicator 给出的是 %[2]s。改正其中一处。",
				"The file states the indicator %[1]s, --indicator says %[2]s. Mend the wrong one.", titled.Code, ind.Code).
				with(optionIndicator, titled.Code))
			w.failed[RoleIndicator] = true
		} else {
			w.indicator = s.indicator
		}
	}
	if region := s.region.region; region != nil {
		if w.region.region != nil && w.region.region != region {
			p.problems.add(place{}, contradictsFlag(optionRegion, w.region.region.Code, region.Code))
			w.failed[RoleRegion] = true
		} else {
			w.region, w.flagged[RoleRegion] = s.region, true
		}
	}
	if !s.period.IsZero() {
		if !w.period.IsZero() && w.period != s.period {
			p.problems.add(place{}, contradictsFlag(optionYear, w.period.String(), s.period.String()))
			w.failed[RolePeriod] = true
		} else {
			w.period, w.flagged[RolePeriod] = s.period, true
		}
	}
	if s.unit != "" {
		w.units = append(w.units, statedUnit{unit: s.unit, where: indicator.T("选项 --unit", "option --unit")})
	}
}

func contradictsFlag(option, file, person string) *finding {
	return fault(codeContradiction, "文件写明的是 %[2]s，--%[1]s 给出的是 %[3]s。改正其中一处。",
		"The file says %[2]s, --%[1]s says %[3]s. Mend the wrong one.", option, file, person).with(option, file)
}

// ask reports what neither the file nor the person says of the rows that
// follow, once for the file, with the option that answers it.
func (rr *rowReader) ask() {
	if rr.asked && rr.askedIn == rr.sections {
		return
	}
	rr.asked, rr.askedIn = true, rr.sections
	w := &rr.wide
	if t := w.unknownTitle; t != nil && !w.failed[RoleIndicator] {
		if w.indicator.indicator == nil && !rr.plan.says(axisIndicator) {
			rr.problems.add(t.place, t.finding)
			w.failed[RoleIndicator] = true
		} else if w.flagged[RoleIndicator] {
			rr.problems.add(t.place, note(codeUnknownIndicator,
				"文件中的指标名称不在目录中，按 --indicator 作为 %[1]s 读取。",
				"The catalogue does not have the indicator's name in the file; it is read as %[1]s, as --indicator says.",
				w.indicator.indicator.Code))
		}
	}
	rr.askFor(RoleIndicator, w.indicator.indicator != nil || rr.plan.says(axisIndicator), codeMissingIndicator,
		optionIndicator, "rd_spend", indicator.T("指标", "indicator"))
	rr.askFor(RoleRegion, w.region.region != nil || rr.plan.says(axisRegion), codeMissingRegion,
		optionRegion, "350000", indicator.T("地区", "region"))
	rr.askFor(RolePeriod, !w.period.IsZero() || rr.plan.says(axisPeriod), codeMissingYear,
		optionYear, "2024", indicator.T("年份", "year"))
	// Where the indicator is known its unit is asked for with its first value,
	// because rows and numbers may state it.
	if w.failed[RoleIndicator] {
		rr.askFor(RoleUnit, len(w.units) > 0 || rr.unit >= 0 || rr.plan.statesUnits(), codeMissingUnit,
			optionUnit, "亿元", indicator.T("单位", "unit"))
	}
}

// askFor asks for what is not known, with the answers that titles suggest.
func (rr *rowReader) askFor(role Role, known bool, code, option, example string, what indicator.Text) {
	if known || rr.wide.failed[role] {
		return
	}
	rr.wide.failed[role] = true
	if rr.parser.asked[code] {
		return
	}
	rr.parser.asked[code] = true
	likely, zh, en := rr.likely(role)
	if len(likely) > 0 {
		example = likely[0]
	}
	rr.problems.add(place{}, fault(code,
		"文件没有写明%[1]s。%[5]s用 --%[3]s 说明（如 --%[3]s %[4]s），或在文件中加一列“%[1]s”。",
		"The file does not say the %[2]s. %[6]sGive --%[3]s (such as --%[3]s %[4]s) or add a column “%[2]s” to the file.",
		what.ZH, what.EN, option, example, zh, en).with(option, likely...))
}
