package ingest

import (
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// rowReader reads the rows below a header by the plan.
type rowReader struct {
	*parser
	regions    []int
	periods    []int
	indicators []int
	part       int // quarter or month beside the year, -1: none
	unit       int // -1: none
	status     int // -1: none
	power      int // -1: none
	nameless   []int
	lines      []row // without values, since the last row with some; copies
	footing    bool  // a footnote was seen: lines without values are footnotes
	asked      bool  // what the block does not say was asked for
	values     int   // value cells that hold something
	shift      int   // from a column of the row to that of its place: fieldColumn for JSON

	blockUnits   []statedUnit // of titles and options
	sectionUnits []statedUnit // of the heading at hand
	sections     int
	sectioned    axis              // what headings state
	refused      map[axis]*finding // what the heading at hand names of which nothing is read
	askedIn      int
	found        []located // room for one row's

	readRegion    *memo[regionRead]
	readIndicator *memo[indicatorRead]
	readPeriod    *memo[periodRead]
	readUnit      *memo[unitRead]
	readSuffix    *memo[suffixRead]
	parts         map[partKey]periodRead
	converters    map[converterKey]*converter
}

// periodRead is what a period cell was read as; neither where it is empty.
type periodRead struct {
	period indicator.Period
	id     int              // of the period in this file
	status indicator.Status // that stands behind it
	fault  *finding
}

func newRowReader(p *parser) *rowReader {
	first := func(role Role) int {
		if cols := p.plan.columns(role); len(cols) > 0 {
			return cols[0]
		}
		return -1
	}
	return &rowReader{
		parser:  p,
		regions: p.plan.columns(RoleRegion), periods: p.plan.columns(RolePeriod), indicators: p.plan.columns(RoleIndicator),
		part: max(first(RoleQuarter), first(RoleMonth)), unit: first(RoleUnit), status: first(RoleStatus), power: first(RolePower),
		nameless:      p.plan.nameless(),
		blockUnits:    p.wide.units,
		readSuffix:    newMemo(p.names.readSuffix),
		parts:         map[partKey]periodRead{},
		refused:       map[axis]*finding{},
		readRegion:    newMemo(p.names.region),
		readIndicator: newMemo(p.names.indicator),
		readPeriod:    newMemo(p.periodOf),
		readUnit:      newMemo(p.names.readUnit),
		converters:    map[converterKey]*converter{},
	}
}

func (p *parser) periodOf(text string) periodRead {
	if isBlank(text) {
		return periodRead{}
	}
	if period, ok := readPeriod(text); ok {
		return periodRead{period: period, id: p.periodID(period)}
	}
	h := p.names.readHead(text) // 2023年①, 2023年(初步), 2024年9月累计: as in a header
	v := valueColumn{period: h.period}
	if h.axes() != axisPeriod || h.part != "" || h.unit != "" || h.unknown || h.growth || !v.settlePeriod(h.toDate) {
		return periodRead{fault: badPeriod(strings.Clone(text))}
	}
	return periodRead{period: v.period, id: p.periodID(v.period), status: h.status}
}

// read takes one row below the header and reports whether it did. A row that
// makes no sense, or may belong to what follows, is taken only when it is the
// last chance: the caller looks first whether another header begins there.
func (rr *rowReader) read(r row, last bool) bool {
	if rr.holdsNothing(r) {
		blank := filled(r) == 0
		if blank && len(rr.lines) == 0 {
			return true
		}
		if !blank && !last {
			return false
		}
		if len(rr.lines) < mostLines {
			rr.lines = append(rr.lines, copyOf(r))
		} else {
			rr.readLine(r)
		}
		return true
	}
	extra := rr.hasExtra(r)
	if !last && (len(rr.lines) > 0 || rr.plan.unread || extra) {
		return false
	}
	if rr.plan.unread {
		rr.values++
		return true
	}
	if len(rr.lines) > 0 {
		rr.openSection()
	}
	if len(rr.refused) > 0 {
		rr.values++
		rr.problems.add(place{r.number, firstFilled(r)}, rr.unreadSection())
		return true
	}
	if extra && rr.isUnreadable(r) {
		return true
	}
	s := rr.subjectOf(r)
	found := rr.found
	if !last && !s.ok {
		return false
	}
	if !s.ok && isFootnote(r) {
		rr.readLine(r)
		return true
	}
	rr.ask()
	if len(found) > 0 && rr.reportRow(r, found) {
		return true
	}
	for i := range rr.plan.values {
		rr.readValue(r, &rr.plan.values[i], s)
	}
	return true
}

// subjectOf reads what a row is about, and finds what is wrong with that.
func (rr *rowReader) subjectOf(r row) subject {
	s := subject{ok: true}
	rr.found = rr.found[:0]
	report := func(col int, f *finding) {
		rr.found = append(rr.found, located{place{r.number, rr.shift + col}, f})
		s.ok = false
	}
	s.region = rr.regionOf(r, report)
	s.indicator = rr.indicatorOf(r, report)
	s.period = rr.periodOfRow(r, report)
	s.status = rr.statusOf(r, s.period.status, report)
	s.unit = rr.unitOf(r, report)
	s.power = rr.powerOf(r, report)
	return s
}

// reportRow reports what is wrong with a row. Where it is a total, a group of
// regions, a row of changes or a region of which nothing is collected it reports
// only that, and that the row is not to be read.
func (rr *rowReader) reportRow(r row, found []located) (unread bool) {
	for _, f := range found {
		switch f.code {
		case codeRegionGroup, codeNotCollected, codeRowIgnored:
			rr.problems.add(f.place, f.finding)
		case codeTotal:
			text := r.shared(f.col - rr.shift)
			rr.problems.add(f.place, rr.skippable(f.with(optionName, rr.totalAnswers(text)...), r))
		default:
			continue
		}
		rr.values++
		return true
	}
	for _, f := range found {
		if f.code == codeUnknownRegion || f.code == codeUnknownIndicator {
			f.finding = rr.skippable(f.finding, r)
		}
		rr.problems.add(f.place, f.finding)
	}
	return false
}

// skippable is the finding of a row that may as well be skipped.
func (rr *rowReader) skippable(f *finding, r row) *finding {
	if rr.shift > 0 { // JSON has no rows
		return f
	}
	return f.with(optionSkip, strconv.Itoa(r.number))
}

// totalAnswers are the answers that a total is that of the region of the title,
// or of the nation.
func (rr *rowReader) totalAnswers(text string) []string {
	region := rr.wide.region.region
	if region == nil && !localTotals[nameKey(text)] {
		region = rr.options.Catalog.Region(indicator.Nation)
	}
	if region == nil {
		return nil
	}
	return []string{answerText(text, region.Code)}
}

// hasExtra reports text where no column has a name.
func (rr *rowReader) hasExtra(r row) bool {
	for col := len(rr.plan.roles); col < len(r.cells); col++ {
		if !isBlank(r.at(col)) {
			return true
		}
	}
	return anyText(r, rr.nameless)
}

// holdsNothing reports that no value cell of the row holds anything and its
// status does not say that there is no value either.
func (rr *rowReader) holdsNothing(r row) bool {
	for i := range rr.plan.values {
		if !isBlank(r.at(rr.plan.values[i].col)) {
			return false
		}
	}
	text := r.at(rr.status)
	if text == "" {
		return true
	}
	status, ok := readStatus(text)
	return !ok || status.HasValue()
}

// readLine keeps a row without values where it is a heading or a footnote.
func (rr *rowReader) readLine(r row) {
	at, text, filled := lineOf(r)
	switch {
	case filled == 0:
	case rr.footing || isFootnote(r) || filled == 1 && footnoteLine.MatchString(text):
		rr.footing = true
		rr.understood.Footnotes = appendLine(rr.understood.Footnotes, at, text)
		if !sourceLine.MatchString(text) { // 统计年报 is where the figures stand
			rr.noteStage(text, at, indicator.T("注释", "note"))
		}
	case filled == 1 && rr.isHeading(text):
		rr.understood.Headings = appendLine(rr.understood.Headings, at, text)
	}
}

// isHeading reports a text that is no name of a row without values.
func (rr *rowReader) isHeading(text string) bool {
	region := rr.readRegion.of(text)
	unread := region.fault != nil && region.fault.code == codeNotCollected
	return region.region == nil && !unread && rr.readIndicator.of(text).indicator == nil
}

// lineOf joins the cells of a row that hold something, of which there are so many.
func lineOf(r row) (at place, text string, filled int) {
	for col, cell := range r.cells {
		if !isBlank(cell) {
			if filled++; filled == 1 {
				text, at = cell, place{r.number, col}
			} else if len(text) < mostLineRunes {
				text += " " + cell
			}
		}
	}
	return at, text, filled
}

// isUnreadable reports text where no column has a name: nobody can say which
// cells of such a row are where they belong.
func (rr *rowReader) isUnreadable(r row) bool {
	extra := func(col int) bool {
		if isBlank(r.at(col)) {
			return false
		}
		if isFootnote(r) {
			rr.readLine(r)
			return true
		}
		rr.values++
		rr.problems.add(place{r.number, col}, fault(codeExtraCell,
			"“%[1]s”不在任何有名称的列中，这一行未读取。数字中的千分位逗号须去掉，或给单元格加引号。",
			"“%[1]s” stands in no named column, so the row was not read. Remove thousands commas from numbers or quote the cell.",
			quote(r.at(col))))
		return true
	}
	for col := len(rr.plan.roles); col < len(r.cells); col++ {
		if extra(col) {
			return true
		}
	}
	for _, col := range rr.nameless {
		if extra(col) {
			return true
		}
	}
	return false
}
