package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/indicator"
)

// titleHint is what the wording of a title says. It counts only where nothing
// states the same outright, and the person is told.
type titleHint struct {
	indicator indicatorRead
	region    regionRead
	period    indicator.Period
	at        place
	title     string
	several   bool       // titles that name different years name none
	begins    regionRead // a region at the start of a title of which something is left
	left      string     // what is left of the title
}

var (
	tableNumber = regexp.MustCompile(`(?i)^(?:续|附)*(?:表|table)\s*(?:[一二三四五六七八九十]+|\d+)?(?:\s*[-—.]\s*\d+)*\s*(?:\(续表?\)|续表?)?[\s:、.]*|^\d+(?:-\d+)+\s*|\(续表?\)$`)
	unitInTitle = regexp.MustCompile(`(?i)[\s(]*(?:计量)?(?:单位|units?)\s*[:：]\s*([^()]+?)\)?$`)
	// words of a part of the year: the year beside them is not the period
	partWords = regexp.MustCompile(`(?i)月|季|半年|累计|旬|quarter|month|\bq[1-4]\b`)
	anyYear   = regexp.MustCompile(`(?:19|20)\d\d`)
	// a year beside these words is that of a paper, not of the figures
	paperWords   = regexp.MustCompile(`(?i)年鉴|公报|公布|发布|出版|截至|截止|制表|统计局|yearbook|bulletin|download|导出|下载`)
	ofRegions    = regexp.MustCompile(`^(?:按地区分|分地区|分省|分省份|分市|各地区|各省|各省份|各省市|各省区市|(?:全省|全区)?(?:各设区市|各地市|各市州|各市县|各市)|(?:全市)?(?:各县市区|各县区|各县\(市、区\)|各县)|各地|全国各地区|全国分地区|全国各省|全国分省|31个省|按地区|历年|主要)(?:的|年份?)?|^的`)
	titleTail    = regexp.MustCompile(`(?:情况|统计表|一览表|汇总表|数据表|明细表|数据|情况表|表|统计|完成情况|总量|\(\d{4}年?(?:[-—至到]\d{4}年?)?\)|\d{4}[-—至到]\d{4}年?|(?:国民|社会|科技|工业)*(?:经济|发展|科技|工业|统计)*(?:和社会发展)?指标|by region|by province)$`)
	statusLegend = regexp.MustCompile(`\bp[ =:：]+(preliminary|provisional)`) // explains a sign, says nothing of the table
	stageWords   = regexp.MustCompile(`初步核算|初步统计|初步数|快报|最终核实|年报|普查修订|初核|preliminary|provisional`)
)

// readFreeTitle takes a title without a label: its unit, and where its wording
// leaves no doubt, the indicator, the region and the year. It is taken apart
// from both ends and never searched: what is left over must be a name.
func (p *parser) readFreeTitle(text string, at place) {
	if len(text) > longestName {
		return
	}
	p.noteStage(text, at, indicator.T("标题", "title"))
	title := strings.Join(strings.Fields(fold(text)), " ")
	if read := p.names.readUnit(title); read.unit != "" && !isDecimal(title) {
		p.stateUnit(title, at)
		return
	}
	if m := unitInTitle.FindStringSubmatchIndex(title); m != nil {
		p.stateUnit(title[m[2]:m[3]], at)
		title = strings.TrimSpace(title[:m[0]])
	} else if before, unit, ok := p.names.cutUnit(title); ok {
		p.stateUnit(unit, at)
		title = before
	}
	hint := titleHint{at: at, title: strings.Clone(title)}
	if !paperWords.MatchString(title) {
		p.takeApart(&hint, title)
	}
	p.wide.words.add(title, &hint)
	if years := slices.Compact(slices.Sorted(slices.Values(anyYear.FindAllString(title, -1)))); len(years) > 1 {
		hint.period = indicator.Period{} // 2022年、2023年…
	}
	p.wide.hint.add(hint)
}

// noteStage says that a line names a stage (初步核算), which changes nothing: it may
// speak of some of the figures only.
func (p *parser) noteStage(text string, at place, line indicator.Text) {
	legend := statusLegend.ReplaceAllString(strings.ToLower(text), "")
	if word := stageWords.FindString(legend); word != "" {
		p.problems.add(at, note(codeStageInTitle,
			"%[2]s含“%[1]s”，仅作提示。需要时用 --stage 和 --status 说明。",
			"The %[3]s says “%[1]s”; it changes nothing. Say it with --stage and --status where it matters.", word, line.ZH, line.EN))
	}
}

// takeApart finds year, region and indicator in a title.
func (p *parser) takeApart(h *titleHint, title string) {
	title = cutFootnoteSign(tableNumber.ReplaceAllString(title, ""))
	if period, ok := readPeriod(title); ok {
		h.period = period
		return
	}
	for range 4 {
		before := title
		if period, rest, ok := cutPeriod(title); ok && h.period.IsZero() {
			h.period, title = period, rest
		}
		title = strings.TrimSpace(ofRegions.ReplaceAllString(title, "")) // before 全国各地区 is taken for the nation
		if read, rest := p.regionFirst(title); read.region != nil && h.region.region == nil {
			h.region, title = read, rest
		}
		title = strings.TrimSpace(ofRegions.ReplaceAllString(title, ""))
		if ids := p.names.indicatorIDs(title); len(ids) == 1 {
			h.indicator = p.names.indicator(title)
			return
		}
		title = strings.TrimSpace(titleTail.ReplaceAllString(title, ""))
		if title == before {
			break
		}
	}
	if partWords.MatchString(title) {
		h.period = indicator.Period{}
	}
	h.begins, h.left = h.region, strings.Clone(title)
	if title != "" {
		h.region = regionRead{} // 北京冬奥会… is no statement about 北京
	}
}

// cutPeriod takes the longest period off the start of a text, or off its end
// where it stands in brackets.
func cutPeriod(text string) (period indicator.Period, rest string, ok bool) {
	if before, inside, found := cutBracket(text); found {
		if period, ok = readPeriod(inside); ok {
			return period, before, true
		}
	}
	for end, runes := 0, 0; end < len(text) && runes < 20; runes++ {
		_, size := utf8.DecodeRuneInString(text[end:])
		end += size
		if runes < 3 {
			continue
		}
		if p, isPeriod := readPeriod(text[:end]); isPeriod && (end == len(text) || !isDigit(text[end])) {
			period, rest, ok = p, strings.TrimSpace(text[end:]), true
		}
	}
	return period, rest, ok
}

// regionFirst finds the longest region at the start of a title that is not the
// whole of it.
func (p *parser) regionFirst(title string) (regionRead, string) {
	best, rest := regionRead{}, title
	runes := []rune(title)
	for n := 2; n <= min(len(runes), 12); n++ {
		key := nameKey(string(runes[:n]))
		if isDecimal(key) {
			continue
		}
		if ids := p.names.regionIDs(key); len(ids) == 1 {
			if r := &p.names.catalog.Regions[ids[0]]; r.Collected {
				best, rest = regionRead{id: ids[0], region: r}, strings.TrimSpace(string(runes[n:]))
			}
		}
	}
	return best, rest
}

// add joins what several titles say; two that differ say nothing.
func (h *titleHint) add(other titleHint) {
	if other.indicator.indicator != nil && h.indicator.indicator == nil {
		h.indicator, h.at, h.title = other.indicator, other.at, other.title
	}
	if other.region.region != nil && h.region.region == nil {
		h.region, h.at, h.title = other.region, other.at, other.title
	}
	if !other.period.IsZero() {
		if !h.period.IsZero() && h.period != other.period {
			h.several = true
		}
		h.period = other.period
		if h.at.row == 0 {
			h.at, h.title = other.at, other.title
		}
	}
}

// takeHints uses the wording of titles for what nothing states outright.
func (p *parser) takeHints() {
	h := &p.wide.hint
	zh, en := p.takeHint(h)
	if len(zh) == 0 {
		return
	}
	p.problems.add(h.at, note(codeReadFromTitle,
		"%[1]s 取自标题“%[3]s”。如有误，在文件中写明，或改正标题。",
		"Taken from the title “%[3]s”: %[2]s. If that is wrong, say it in the file or mend the title.",
		strings.Join(zh, "、"), strings.Join(en, ", "), quote(h.title)))
}

// takeSheetName uses the name of the sheet for what neither titles nor the
// person say: a workbook has a sheet a year, an indicator or a region.
func (p *parser) takeSheetName() {
	if p.understood.Container == "html" { // its tables are numbered
		return
	}
	h := titleHint{several: p.wide.hint.several}
	p.takeApart(&h, strings.Join(strings.Fields(fold(p.understood.Sheet)), " "))
	p.doubtFlags(&h)
	zh, en := p.takeHint(&h)
	if len(zh) == 0 {
		return
	}
	p.problems.add(place{}, note(codeReadFromTitle,
		"%[1]s 取自工作表的名称“%[3]s”。如有误，在文件中写明。",
		"Taken from the name of the sheet “%[3]s”: %[2]s. If that is wrong, say it in the file.",
		strings.Join(zh, "、"), strings.Join(en, ", "), quote(p.understood.Sheet)))
}

// doubtFlags asks about what the person says and the name of the sheet does not.
// A sheet may have kept the name of another, so it is no contradiction.
func (p *parser) doubtFlags(h *titleHint) {
	compare := func(role Role, flag, sheet, person string) {
		if p.wide.flagged[role] && sheet != person {
			p.problems.add(place{}, doubt(fault(codeContradiction, "工作表的名称“%[1]s”表示 %[2]s，%[3]s 给出的是 %[4]s。核对是否读错了工作表。",
				"The name of the sheet, “%[1]s”, says %[2]s, %[3]s says %[4]s. Check that this is the right sheet.",
				quote(p.understood.Sheet), sheet, flag, person), "", ""))
		}
	}
	w := &p.wide
	if a, b := h.indicator.indicator, w.indicator.indicator; a != nil && b != nil {
		compare(RoleIndicator, "--indicator", a.Code, b.Code)
	}
	if a, b := h.region.region, w.region.region; a != nil && b != nil {
		compare(RoleRegion, "--region", a.Code, b.Code)
	}
	if !h.period.IsZero() && !w.period.IsZero() && !liesIn(h.period, w.period) {
		compare(RolePeriod, "--year", h.period.String(), w.period.String())
	}
}

// takeHint takes from a hint what is not known yet, and names it.
func (p *parser) takeHint(h *titleHint) (zh, en []string) {
	w := &p.wide
	if ind := h.indicator.indicator; ind != nil && w.indicator.indicator == nil && w.unknownTitle == nil && !w.failed[RoleIndicator] && !p.plan.says(axisIndicator) {
		w.indicator, w.indicatorAt = h.indicator, h.at
		zh, en = append(zh, "指标 "+ind.Code), append(en, "the indicator "+ind.Code)
	}
	if r := h.region.region; r != nil && w.region.region == nil && !w.failed[RoleRegion] && !p.plan.says(axisRegion) {
		w.region = h.region
		zh, en = append(zh, "地区 "+r.Code), append(en, "the region "+r.Code)
	}
	if !h.period.IsZero() && !h.several && w.period.IsZero() && !w.failed[RolePeriod] && !p.plan.says(axisPeriod) {
		w.period = h.period
		zh, en = append(zh, "报告期 "+h.period.String()), append(en, "the period "+h.period.String())
	}
	return zh, en
}
