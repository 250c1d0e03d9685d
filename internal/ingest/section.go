package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// openSection takes the lines before a row of data: a line that names the
// indicator, the year, the region or the unit says so for the rows below it,
// until another one does.
func (rr *rowReader) openSection() {
	stated := false
	for _, r := range rr.lines {
		said := rr.readSection(r)
		if !said {
			rr.doubtHeading(r)
		}
		stated = stated || said
		rr.readLine(r)
	}
	rr.lines = nil
	if stated {
		rr.wide.units = append(append([]statedUnit{}, rr.blockUnits...), rr.sectionUnits...)
		clear(rr.converters)
		rr.sections++
	}
}

func (rr *rowReader) readSection(r row) bool {
	cells := filled(r)
	if cells == 0 || cells > 2 {
		return false
	}
	stated := false
	for col := 0; col < len(r.cells); col++ {
		text := r.cells[col]
		if isBlank(text) {
			continue
		}
		at := place{r.number, col}
		if label, said, ok := cutLabel(text); ok && headerWords[label] != "" && said != "" {
			text = said
		} else if cells > 1 {
			return stated
		}
		stated = rr.stateSection(rr.names.readHead(text), at) || stated
	}
	return stated
}

// stateSection takes what a heading between the rows names. What the columns
// say already a heading cannot say again.
func (rr *rowReader) stateSection(h headCell, at place) bool {
	if h.unknown || h.role != "" {
		return false
	}
	w, stated := &rr.wide, rr.refuseSection(h, at)
	if h.growth {
		return stated
	}
	if ind := h.indicator.indicator; ind != nil && !rr.plan.says(axisIndicator) {
		if w.flagged[RoleIndicator] && w.indicator.indicator != ind {
			rr.problems.add(at, contradictsWhole(ind.Code, w.indicator.indicator.Code, true, "--indicator"))
		}
		w.indicator, w.failed[RoleIndicator], stated = h.indicator, false, true
		delete(rr.refused, axisIndicator)
		rr.sectioned |= axisIndicator
		rr.sectionUnits = nil
	}
	if region := h.region.region; region != nil && !rr.plan.says(axisRegion) {
		if w.flagged[RoleRegion] && w.region.region != region {
			rr.problems.add(at, contradictsWhole(region.Code, w.region.region.Code, true, "--region"))
		}
		w.region, w.failed[RoleRegion], stated = h.region, false, true
		delete(rr.refused, axisRegion)
		rr.sectioned |= axisRegion
	}
	if !h.period.IsZero() && !rr.plan.says(axisPeriod) {
		if w.flagged[RolePeriod] && w.period != h.period {
			rr.problems.add(at, contradictsWhole(h.period.String(), w.period.String(), true, "--year"))
		}
		w.period, w.failed[RolePeriod], stated = h.period, false, true
		rr.sectioned |= axisPeriod
	}
	if h.unit != "" && (stated || h.axes() == 0) {
		rr.sectionUnits, stated = []statedUnit{{unit: h.unit, where: inCell(at)}}, true
	}
	return stated
}

// refuseSection reports a heading that names something of which nothing is read,
// and keeps the rows below it from being read as what was named before.
func (rr *rowReader) refuseSection(h headCell, at place) (refused bool) {
	refuse := func(a axis, f *finding) {
		if f == nil || rr.plan.says(a) {
			return
		}
		rr.problems.add(at, f)
		rr.refused[a] = note(codeSectionUnread, "这一行属于“%[1]s”（%[2]s）之下，未读取。",
			"The row stands below “%[1]s” (%[2]s) and was not read.", quote(h.text), at.address())
		refused = true
	}
	refuse(axisRegion, h.region.fault)
	refuse(axisIndicator, h.indicator.fault)
	if h.growth {
		refuse(axisIndicator, note(codeSectionUnread,
			"“%[1]s”之下是增减变化，不是前面指标的数值，未读取。目录中有相应的增速指标时，用 --name 说明。",
			"Below “%[1]s” stand changes, not values of the indicator before, and they were not read. Where the catalogue has the rate as an indicator say so with --name.",
			quote(h.text)))
	}
	return refused
}

// unreadSection says why the rows below the heading at hand are not read.
func (rr *rowReader) unreadSection() *finding {
	return cmp.Or(rr.refused[axisRegion], rr.refused[axisIndicator])
}

// doubtHeading asks about a line above rows of data that states nothing but
// looks like the name of another indicator, or a unit: the rows below it are
// read as those above.
func (rr *rowReader) doubtHeading(r row) {
	at, text, cells := lineOf(r)
	label, said, labelled := cutLabel(text)
	role := headerWords[label]
	labelled = labelled && role != "" && said != ""
	if cells == 0 || cells > 1 && !labelled || isFootnote(r) || footnoteLine.MatchString(text) {
		return
	}
	if labelled {
		text = said
	}
	if read := rr.names.readUnit(text); labelled && role == RoleUnit && read.fault != nil {
		rr.problems.add(at, doubt(read.fault, "这一行的单位未能识别，其下的数据按前面的单位读取。", "The unit in this line was not understood; the rows below are read in the one before. ").
			with(optionSkip, strconv.Itoa(r.number)))
		return
	}
	if rr.plan.says(axisIndicator) || labelled && role != RoleIndicator {
		return
	}
	if h := rr.names.readHead(text); !h.unknown || !labelled && !rr.looksLikeIndicator(text) {
		return
	}
	zh, en := "其下的数据仍按前面的指标读取", "the rows below are read as the indicator before it"
	if len(rr.refused) > 0 {
		zh, en = "其下的数据未读取", "the rows below are not read"
	}
	if !isLatin(text) {
		text = unmarked(squash(text))
	}
	name, _, _ := rr.names.cutUnit(strings.TrimSpace(text))
	rr.problems.add(at, doubt(rr.names.unknownIndicator(name), "这一行像是另一指标的名称，但未能识别，"+zh+"。",
		"This line looks like the name of another indicator that is not known; "+en+". ").with(optionSkip, strconv.Itoa(r.number)))
}

// looksLikeIndicator reports a text with a unit behind it or near the name of an
// indicator, or any text where headings before it named indicators.
func (rr *rowReader) looksLikeIndicator(text string) bool {
	name, _, hasUnit := rr.names.cutUnit(unmarked(squash(text)))
	if hasUnit || rr.sectioned&axisIndicator != 0 {
		return true
	}
	var known []string
	for i := range rr.options.Catalog.Indicators {
		ind := &rr.options.Catalog.Indicators[i]
		known = append(append(known, ind.Name.ZH, ind.Name.EN), ind.Aliases...)
	}
	return len(name) <= longestName && indicator.NearestWord(name, known) != ""
}

// doubt is a finding as a question, with what was done meanwhile.
func doubt(f *finding, zh, en string) *finding {
	return &finding{code: f.code, severity: indicator.SeverityQuery, suggest: f.suggest, message: func() indicator.Text {
		t := f.message()
		return indicator.T(zh+t.ZH, en+t.EN)
	}}
}

// checkColumns reports columns that contradict what is said for the whole block.
func (p *parser) checkColumns() {
	w := &p.wide
	for i := range p.plan.values {
		v := &p.plan.values[i]
		if r := v.region.region; r != nil && w.region.region != nil && !p.options.Catalog.Contains(w.region.region.Code, r.Code) {
			p.problems.add(v.at, contradictsWhole(r.Code, w.region.region.Code, w.flagged[RoleRegion], "--region"))
		}
		if ind := v.indicator.indicator; ind != nil && w.indicator.indicator != nil && v.indicator.id != w.indicator.id {
			p.problems.add(v.at, contradictsWhole(ind.Code, w.indicator.indicator.Code, w.flagged[RoleIndicator], "--indicator"))
		}
		if !v.period.IsZero() && w.flagged[RolePeriod] && v.period != w.period && !liesIn(w.period, v.period) {
			p.problems.add(v.at, contradictsWhole(v.period.String(), w.period.String(), true, "--year"))
		}
	}
}

// describe fills what was understood of a block. What its headings change has
// no one value.
func (rr *rowReader) describe() Block {
	b := Block{Layout: rr.plan.layout, HeaderRow: rr.plan.first(), Columns: rr.columns}
	if rows := len(rr.plan.header); rows > 1 {
		b.Headers = rows
	}
	one := func(a axis) bool { return rr.sections < 2 || rr.sectioned&a == 0 }
	if i := rr.wide.indicator.indicator; i != nil && one(axisIndicator) {
		b.Indicator = i.Code
	}
	if r := rr.wide.region.region; r != nil && one(axisRegion) {
		b.Region = r.Code
	}
	if one(axisPeriod) {
		b.Period = rr.wide.period.String()
	}
	switch {
	case len(rr.sectionUnits) > 0 && rr.sections > 1:
	case len(rr.wide.units) > 0 && !rr.wide.units[0].among:
		b.Unit = rr.wide.units[0].unit
	case len(rr.plan.values) == 1:
		b.Unit = rr.plan.values[0].unit.unit
	}
	return b
}

// noteFrequencies says where a file holds both sums from January and figures of
// single months or quarters of one indicator: across a table the one is easily
// taken for the other. A long table has the period in every row.
func (p *parser) noteFrequencies() {
	if !slices.ContainsFunc(p.understood.Blocks, func(b Block) bool { return b.Layout != layoutLong }) {
		return
	}
	const single, toDate = 1, 2
	seen := map[string]int{}
	code, freq := "", indicator.Freq("")
	for i := range p.gathered.cells {
		c := &p.gathered.cells[i]
		if c.Period.Freq() == freq && c.Indicator == code {
			continue
		}
		if f := c.Period.Freq(); (f == indicator.Quarterly || f == indicator.Monthly) && c.Period.Start().Month() == 1 {
			continue // the first quarter is a sum from January, too
		}
		code, freq = c.Indicator, c.Period.Freq()
		kind := toDate
		switch freq {
		case indicator.Annual, "P2M": // January and February stand for two months in monthly series
			continue
		case indicator.Quarterly, indicator.Monthly:
			kind = single
		}
		if seen[code] != 0 && seen[code]&kind == 0 {
			p.problems.add(placeOf(c.Cell), note(codeMixedFreq,
				"%[1]s 既有当月（当季）数，又有自年初起的累计数，从 %[2]s 起不同。核对报告期。",
				"%[1]s has figures of single months or quarters and sums from January, which differ from %[2]s on. Check the periods.", code, c.Period))
		}
		seen[code] |= kind
	}
}
