package ingest

import (
	"math"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// subject is what a row is about. ok is false where something of it is missing
// or not understood, which is reported then.
type subject struct {
	region    regionRead
	indicator indicatorRead
	period    periodRead
	status    indicator.Status // empty: the row does not say
	unit      statedUnit
	power     int // of ten
	ok        bool
}

// regionOf reads the region of a row. Several columns may name it (code and
// name, province and city): they must lie in each other, and the finest counts.
func (rr *rowReader) regionOf(r row, report func(int, *finding)) regionRead {
	best := regionRead{}
	for _, col := range rr.regions {
		read := rr.readRegion.of(r.shared(col))
		switch {
		case read.fault != nil:
			report(col, read.fault)
		case read.region == nil:
		case best.region == nil || best.id != read.id && rr.options.Catalog.Contains(best.region.Code, read.region.Code):
			best = read
		case best.id != read.id && !rr.options.Catalog.Contains(read.region.Code, best.region.Code):
			report(col, fault(codeContradiction,
				"同一行中的地区不一致：%[1]s 和 %[2]s。改正其中一处。",
				"The row names two regions, %[1]s and %[2]s. Mend the wrong one.", best.region.Code, read.region.Code))
		}
	}
	said := rr.wide.region
	switch {
	case best.region == nil && said.region != nil:
		return said
	case best.region == nil && len(rr.regions) > 0:
		if !anyText(r, rr.regions) {
			report(rr.regions[0], fault(codeMissingRegion,
				"这一行没有写明地区。填入地区名称或代码；合并的单元格须逐行填写。",
				"The row does not say its region. Fill in a name or code; merged cells must be filled in row by row."))
		}
	case best.region != nil && said.region != nil && !rr.options.Catalog.Contains(said.region.Code, best.region.Code):
		report(rr.regions[0], contradictsWhole(best.region.Code, said.region.Code, rr.wide.flagged[RoleRegion], "--region"))
	}
	return best
}

func anyText(r row, cols []int) bool {
	for _, col := range cols {
		if !isBlank(r.at(col)) {
			return true
		}
	}
	return false
}

// contradictsWhole is the problem of a cell that says another thing than the
// person or the title says for all of the file.
func contradictsWhole(cell, whole string, flagged bool, flag string) *finding {
	zh, en := "标题", "the title"
	if flagged {
		zh, en = "选项 "+flag+" ", "the option "+flag
	}
	return fault(codeContradiction, "这一格是 %[1]s，而%[3]s给出的是 %[2]s。改正其中一处。",
		"The cell says %[1]s, but %[4]s says %[2]s. Mend the wrong one.", cell, whole, zh, en)
}

// indicatorOf reads the indicator of a row. Where code and name stand side by
// side one that the catalogue knows is enough (files carry codes of their own).
func (rr *rowReader) indicatorOf(r row, report func(int, *finding)) indicatorRead {
	best, unknown, at := indicatorRead{}, (*finding)(nil), 0
	for _, col := range rr.indicators {
		read := rr.readIndicator.of(r.shared(col))
		switch {
		case read.fault != nil:
			unknown, at = rr.growthRow(r.shared(col), read.fault), col
		case read.indicator == nil:
		case best.indicator == nil:
			best = read
		case best.id != read.id:
			report(col, fault(codeContradiction,
				"同一行中的指标不一致：%[1]s 和 %[2]s。改正其中一处。",
				"The row names two indicators, %[1]s and %[2]s. Mend the wrong one.", best.indicator.Code, read.indicator.Code))
		}
	}
	said := rr.wide.indicator
	switch {
	case best.indicator == nil && unknown != nil:
		report(at, unknown)
	case best.indicator == nil && said.indicator != nil:
		return said
	case best.indicator == nil && len(rr.indicators) > 0:
		report(rr.indicators[0], fault(codeMissingIndicator,
			"这一行没有写明指标。填入指标名称或代码。", "The row does not say its indicator. Fill in a name or code."))
	case best.indicator != nil && said.indicator != nil && said.id != best.id:
		report(rr.indicators[0], contradictsWhole(best.indicator.Code, said.indicator.Code, rr.wide.flagged[RoleIndicator], "--indicator"))
	}
	return best
}

// growthRow is what to say of the name of a row that was not understood: that
// the row holds changes on the row above it or the year before, or the fault.
func (rr *rowReader) growthRow(text string, fault *finding) *finding {
	if ind := rr.wide.indicator.indicator; ind != nil && ind.Measure == indicator.Growth {
		return fault // it may be what the file is about
	}
	name, _, _ := rr.names.cutUnit(text)
	if !growthWords.MatchString(nameKey(unmarked(squash(name)))) && !rr.names.readHead(text).growth {
		return fault
	}
	return note(codeRowIgnored,
		"“%[1]s”一行是增减变化，不是指标本身的数值，未读取。目录中有相应的增速指标时，写明该指标的名称。",
		"The row “%[1]s” holds changes, not values of the indicator, and was not read. Where the catalogue has the rate as an indicator, write its name.",
		quote(text))
}

// periodOfRow reads the period of a row; the year of a wide table's column is
// not asked for here.
func (rr *rowReader) periodOfRow(r row, report func(int, *finding)) periodRead {
	best := periodRead{}
	for _, col := range rr.periods {
		read := rr.readPeriod.of(r.shared(col))
		switch {
		case read.fault != nil:
			report(col, rr.growthRow(r.shared(col), read.fault))
		case read.period.IsZero():
		case best.period.IsZero() || liesIn(best.period, read.period):
			best = read
		case best.id != read.id && !liesIn(read.period, best.period):
			report(col, fault(codeContradiction,
				"同一行中的报告期不一致：%[1]s 和 %[2]s。改正其中一处。",
				"The row names two periods, %[1]s and %[2]s. Mend the wrong one.", best.period, read.period))
		}
	}
	said := rr.wide.period
	switch {
	case best.period.IsZero() && !said.IsZero():
		best = periodRead{period: said, id: rr.periodID(said)}
	case best.period.IsZero() && len(rr.periods) > 0 && !anyText(r, rr.periods):
		report(rr.periods[0], fault(codeMissingYear,
			"这一行没有写明年份。填入报告期；合并的单元格须逐行填写。",
			"The row does not say its year. Fill in the period; merged cells must be filled in row by row."))
	case !best.period.IsZero() && !said.IsZero() && best.period != said && !liesIn(said, best.period):
		report(rr.periods[0], contradictsWhole(best.period.String(), said.String(), rr.wide.flagged[RolePeriod], "--year"))
	}
	if rr.part >= 0 && !best.period.IsZero() && !isBlank(r.shared(rr.part)) {
		part, ok := readPart(best.period, r.shared(rr.part), rr.plan.roles[rr.part])
		if !ok {
			report(rr.part, badPeriod(strings.Clone(r.shared(rr.part))))
		}
		best = periodRead{period: part, id: rr.periodID(part), status: best.status}
	}
	return best
}

// liesIn reports whether inner is a part of the year outer.
func liesIn(outer, inner indicator.Period) bool {
	return outer.Freq() == indicator.Annual && inner.Freq() != indicator.Annual && outer.Year() == inner.Year()
}

// statusOf reads the observation status of a row; beside is the one that stands
// behind its period.
func (rr *rowReader) statusOf(r row, beside indicator.Status, report func(int, *finding)) indicator.Status {
	text := r.at(rr.status)
	if isBlank(text) {
		return beside
	}
	status, ok := readStatus(text)
	if !ok {
		report(rr.status, fault(codeUnknownStatus,
			"“%[1]s”不是数据状态。写 A 正常、P 初步、E 估计、B 断点、M 缺失、N 不适用 或 O 未采集。",
			"“%[1]s” is no observation status. Write A normal, P provisional, E estimated, B break, M missing, N not applicable or O not collected.",
			quote(text)))
		return ""
	}
	if beside != "" && beside != status {
		report(rr.status, fault(codeContradiction,
			"状态为 %[1]s，而同一行的报告期后写明是 %[2]s。改正其中一处。",
			"The status is %[1]s, but the period of the row says %[2]s. Mend the wrong one.", status, beside))
	}
	if flag := rr.options.Status; flag != "" && flag != status && flag.HasValue() && status.HasValue() {
		report(rr.status, contradictsWhole(string(status), string(flag), true, "--status"))
	}
	return status
}

func (rr *rowReader) unitOf(r row, report func(int, *finding)) statedUnit {
	text := r.shared(rr.unit)
	if text == "" {
		return statedUnit{}
	}
	read := rr.readUnit.of(text)
	if read.fault != nil {
		report(rr.unit, read.fault)
	}
	if read.unit == "" {
		return statedUnit{}
	}
	return statedUnit{unit: read.unit, where: unitColumn}
}

var unitColumn = indicator.T("单位列", "the unit column")

// powers are the words for powers of ten in exports of data bases.
var powers = map[string]int{"units": 0, "thousands": 3, "millions": 6, "billions": 9}

// powerOf reads the power of ten by which the values of a row are multiplied
// (UNIT_MULT of SDMX): 8 beside 元 is 亿元.
func (rr *rowReader) powerOf(r row, report func(int, *finding)) int {
	text := r.at(rr.power)
	if isBlank(text) {
		return 0
	}
	power, known := powers[nameKey(text)]
	if v, suffix, k := readNumber(text); !known && k == isNumber && suffix == "" && v == math.Trunc(v) && math.Abs(v) <= 12 {
		power, known = int(v), true
	}
	if !known {
		report(rr.power, fault(codeBadPower,
			"“%[1]s”不是 10 的幂次。写 0 到 12 的整数（如 8 表示亿），或删去这一列并在单位中写明。",
			"“%[1]s” is no power of ten. Write a whole number from 0 to 12 (8 for 100 million), or remove the column and say it with the unit.", quote(text)))
	}
	return power
}
