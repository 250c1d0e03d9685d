package ingest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// planOf makes a plan of the columns of a header. Where they are none it is nil,
// or, of a header that the person says is one, a plan that says what is wrong.
func (p *parser) planOf(columns []headColumn, rows []row, depth int, said bool) *plan {
	made := &plan{header: rows[:depth:depth], roles: make([]Role, len(columns)), heads: make([]string, len(columns))}
	across := map[axis][]int{} // what stands across the table → its columns
	rowsSay := axis(0)
	words := 0 // columns of a long table's values
	for col, c := range columns {
		made.heads[col] = strings.TrimSpace(c.text)
		made.roles[col] = RoleUnknown
		switch axes := c.axes(); {
		case c.unread || c.unknown || c.growth:
		case axes != 0 && (c.role == "" || c.role == RoleValue):
			across[axes] = append(across[axes], col)
		case c.role != "":
			made.roles[col] = c.role
			rowsSay |= axisOf(c.role)
			if c.role == RoleValue {
				words++
			}
		}
	}
	if !said && isKeyAndValue(columns, across) {
		return nil
	}
	made.dropCornerWord(columns, across, &rowsSay)
	p.readCodes(made, columns, rows[depth:], &rowsSay)
	readCorners(made, columns, across, &rowsSay)
	if words == 0 {
		p.readCorner(made, columns, across, rows[depth:], &rowsSay)
	}
	layouts := layoutsOf(columns, across, rowsSay, words)
	if len(layouts) == 0 {
		panel := p.unknownPanel(made, columns, rowsSay)
		if panel == nil && said {
			p.refuseHeader(made, columns, rows[depth:], rowsSay, words > 0 || len(across) > 0)
			return made
		}
		return panel
	}
	p.chooseLayout(made, layouts)
	if made.layout == "" {
		return made
	}
	made.fill(columns)
	if made.isSideBySide() {
		made.unread = true
		made.found = append(made.found, located{place{made.first(), 0}, fault(codeUnknownLayout,
			"左右并排放着两部分数据。把右边的部分移到左边部分的下面，再次上传。",
			"Two parts stand side by side. Move the right one below the left one and upload the file again.")})
		return made
	}
	p.tellUnread(made, columns)
	return made
}

// chooseLayout takes the only layout, or the one that the person says.
func (p *parser) chooseLayout(made *plan, layouts []string) {
	switch chosen := p.options.Layout; {
	case chosen != "" && slices.Contains(layouts, chosen):
		made.layout = chosen
	case chosen != "":
		made.unread, made.layout = true, layouts[0]
		made.found = append(made.found, located{place{made.first(), 0}, contradictsFlag(optionLayout, layouts[0], chosen)})
	case len(layouts) > 1:
		made.unread = true
		made.found = append(made.found, located{place{}, ambiguousLayout(layouts, made.first())})
	default:
		made.layout = layouts[0]
	}
}

// isKeyAndValue reports a row of titles, in which a cell answers the one before
// it: 地区 │ 福建.
func isKeyAndValue(columns []headColumn, across map[axis][]int) bool {
	for a, cols := range across {
		if col := cols[0]; len(cols) == 1 && col > 0 && axisOf(columns[col-1].role)&a != 0 && columns[col].part == "" {
			return true
		}
	}
	return false
}

// dropCornerWord forgets a word in the corner that names what stands across
// the table (地区 │ 北京 │ 天津): what the rows are their content says.
func (p *plan) dropCornerWord(columns []headColumn, across map[axis][]int, rowsSay *axis) {
	for a, cols := range across {
		named := a != axisRegion || slices.ContainsFunc(cols, func(col int) bool { return columns[col].region.region != nil }) // 合计 │ 平均 name none
		for col := range cols[0] {
			years := a == axisPeriod && onlyParts(columns, cols) // 年份 │ 1月 │ 2月 names the rows
			if axisOf(p.roles[col]) == a && a == *rowsSay && len(cols) > 1 && !years && named && !columns[col].said {
				p.roles[col] = RoleUnknown
				*rowsSay = 0
			}
		}
	}
}

// readCodes gives a column that is only called a code the role of what it holds.
func (p *parser) readCodes(made *plan, columns []headColumn, below []row, rowsSay *axis) {
	for col, c := range columns {
		switch nameKey(c.text) {
		case "代码", "编码", "code", "codes":
			if role := p.names.contentOf(below, col); role != "" && made.roles[col] == RoleUnknown {
				made.roles[col] = role
				*rowsSay |= axisOf(role)
			}
		}
	}
}

// isSideBySide reports a table whose right half is another part of the same
// rows: 地区 │ 2023年 │ 地区 │ 2023年.
func (p *plan) isSideBySide() bool {
	if len(p.values) < 2 {
		return false
	}
	for _, role := range []Role{RoleRegion, RolePeriod, RoleIndicator} {
		cols := p.columns(role)
		for i, col := range cols {
			first, last := p.values[0].col, p.values[len(p.values)-1].col
			if i > 0 && cols[0] < first && first < col && col < last && p.heads[col] == p.heads[cols[0]] {
				return true
			}
		}
	}
	return false
}

// readCorners settles corners such as 地区\年份: the word that is not across the
// table names the rows.
func readCorners(made *plan, columns []headColumn, across map[axis][]int, rowsSay *axis) {
	all := axis(0)
	for a := range across {
		all |= a
	}
	for col, c := range columns {
		for _, role := range c.corner {
			if a := axisOf(role); a != 0 && a&all == 0 && made.roles[col] == RoleUnknown && !c.unread {
				made.roles[col] = role
				*rowsSay |= a
			}
		}
	}
}

// readCorner gives the column left of the first value, where no word names
// what the rows are, the role of what it holds in the first rows.
func (p *parser) readCorner(made *plan, columns []headColumn, across map[axis][]int, below []row, rowsSay *axis) {
	first, count := len(columns), 0
	all := axis(0)
	for a, cols := range across {
		first, count, all = min(first, cols[0]), count+len(cols), all|a
	}
	if *rowsSay&^all != 0 || count < 2 {
		return
	}
	for col := range first {
		if made.roles[col] != RoleUnknown {
			continue
		}
		if role := p.names.contentOf(below, col); role != "" && axisOf(role)&all == 0 {
			made.roles[col] = role
			*rowsSay |= axisOf(role)
			return
		}
	}
}

// layoutsOf lists the layouts that the columns can be read in.
func layoutsOf(columns []headColumn, across map[axis][]int, rowsSay axis, words int) []string {
	var layouts []string
	if words > 0 && rowsSay != 0 {
		layouts = append(layouts, layoutLong)
	}
	for a := axisPeriod; a < axisPeriod|axisRegion|axisIndicator; a++ {
		if len(across[a]) == 0 {
			continue
		}
		twice := rowsSay & a // what rows and columns say: only a year and its months
		if twice&axisPeriod != 0 && onlyParts(columns, across[a]) {
			twice &^= axisPeriod
		}
		if twice == 0 && rowsSay != 0 {
			layouts = append(layouts, layoutNames[a])
		}
	}
	return layouts
}

// onlyParts reports that columns name months or quarters without their year.
func onlyParts(columns []headColumn, cols []int) bool {
	return !slices.ContainsFunc(cols, func(col int) bool { return !columns[col].period.IsZero() })
}

func ambiguousLayout(layouts []string, row int) *finding {
	list := strings.Join(layouts, "、")
	return fault(codeAmbiguousLayout,
		"第 %[1]d 行的表头可以按几种版式读取：%[2]s。用 --layout 说明（如 --layout %[4]s）。",
		"The header in row %[1]d can be read in several layouts: %[3]s. Say which with --layout (such as --layout %[4]s).",
		row, list, strings.ReplaceAll(list, "、", ", "), layouts[0]).with(optionLayout, layouts...)
}

// fill makes value columns of those that belong to the layout.
func (p *plan) fill(columns []headColumn) {
	for col, c := range columns {
		long := p.layout == layoutLong && p.roles[col] == RoleValue
		wide := p.layout != layoutLong && p.roles[col] == RoleUnknown && isRead(c) && layoutNames[c.axes()] == p.layout
		if p.roles[col] == RoleValue && !long {
			p.roles[col] = RoleUnknown
		}
		if !long && !wide {
			continue
		}
		if wide && (c.region.fault != nil || c.indicator.fault != nil) {
			p.roles[col] = RoleIgnored
			for _, f := range []*finding{c.region.fault, c.indicator.fault} {
				if f != nil {
					p.found = append(p.found, located{c.at, f})
				}
			}
			continue
		}
		p.roles[col] = RoleValue
		v := valueColumn{at: c.at, col: col, period: c.period, part: c.part, region: c.region,
			indicator: c.indicator, unit: headerUnit(c.unit, c.at), status: c.status}
		if !v.settlePeriod(c.toDate) {
			p.roles[col] = RoleIgnored
			p.found = append(p.found, located{c.at, badPeriod(c.text)})
			continue
		}
		p.values = append(p.values, v)
	}
}

func isRead(c headColumn) bool {
	return !c.unread && !c.unknown && !c.growth && c.axes() != 0 && (c.role == "" || c.role == RoleValue)
}

// settlePeriod joins a year and a part of it, or a month and 累计.
func (v *valueColumn) settlePeriod(toDate bool) bool {
	if !v.period.IsZero() && v.part != "" {
		period, ok := readPart(v.period, v.part, RoleMonth)
		v.period, v.part = period, ""
		if !ok {
			return false
		}
	}
	if !toDate {
		return true
	}
	switch {
	case v.period.Freq() == indicator.Monthly && !v.period.IsZero():
		month := int(v.period.Start().Month())
		if month == 1 {
			return true // January to January is January
		}
		period, ok := indicator.ParsePeriod(toDateForm(v.period.String()[:4], strconv.Itoa(month)))
		v.period = period
		return ok == nil
	case v.part != "" && !strings.ContainsAny(v.part, "-—~至到"):
		v.part = "1-" + v.part
		return isPart(v.part)
	}
	return true
}

// tellUnread reports the columns with a name that are not read.
func (p *parser) tellUnread(made *plan, columns []headColumn) {
	for col, c := range columns {
		if made.roles[col] != RoleUnknown || c.isBlank() || isBlank(c.text) {
			continue
		}
		made.found = append(made.found, located{c.at, p.names.unreadColumn(made.layout, c)})
	}
}

func (n *names) unreadColumn(layout string, c headColumn) *finding {
	ignore := columnName(c.at.col) + "=" + string(RoleIgnored)
	switch {
	case c.growth:
		return note(codeColumnIgnored,
			"列“%[1]s”是增减变化，不是指标本身的数值，未读取。目录中有相应的增速指标时，把列名改为该指标的名称。",
			"The column “%[1]s” holds changes, not values of the indicator, and was not read. Where the catalogue has the rate as an indicator, name the column so.",
			quote(c.text)).with(optionColumn, ignore)
	case layout == layoutNames[axisRegion] && c.unknown:
		return n.noRegion(c.text, nameKey(c.text)).fault.with(optionColumn, ignore)
	case layout == layoutNames[axisIndicator] && c.unknown:
		f := n.unknownColumn(c)
		return &finding{code: f.code, severity: indicator.SeverityNote, suggest: f.suggest, message: func() indicator.Text {
			t := f.message()
			return indicator.T("列未读取。"+t.ZH, "The column was not read. "+t.EN)
		}}
	case !c.unknown && !c.unread:
		return note(codeColumnIgnored,
			"列“%[1]s”不属于版式 %[2]s，未读取。", "The column “%[1]s” does not belong to the layout %[2]s and was not read.",
			quote(c.text), layout).with(optionColumn, ignore)
	case anyYear.MatchString(c.text): // 2023年修订数: a year's figures may be in it
		return note(codeColumnIgnored,
			"不能确定列“%[1]s”的报告期，未读取。如需读取，把列名改为 2024年、2024年三季度 或 2024年7月 这样的报告期。",
			"The period of the column “%[1]s” cannot be told, so it was not read. To have it read, name it by a period such as 2024, 2024-Q3 or 2024-07.",
			quote(c.text)).with(optionColumn, ignore)
	}
	return note(codeColumnIgnored,
		"不认识列“%[1]s”，未读取。如需读取，把列名改为 地区、年份、指标、数值、单位 或 状态。",
		"The column “%[1]s” is not known and was not read. To have it read, name it region, year, indicator, value, unit or status.",
		quote(c.text)).with(optionColumn, ignore)
}

// unknownColumn is a column whose header may name an indicator, with the nearest
// ones as answers.
func (n *names) unknownColumn(c headColumn) *finding {
	name, _, _ := n.cutUnit(c.text)
	f := n.unknownIndicator(name)
	key := columnName(c.at.col)
	f = f.instead(f.code, optionColumn, key)
	return f.with(optionColumn, key+"="+string(RoleIgnored))
}

// unknownPanel reads a table of regions and years whose other columns the
// catalogue does not know: with --indicator the only one is it, else each is a
// problem that offers the nearest names.
func (p *parser) unknownPanel(made *plan, columns []headColumn, rowsSay axis) *plan {
	if rowsSay != axisRegion|axisPeriod {
		return nil
	}
	var unknown []int
	for col, c := range columns {
		if made.roles[col] == RoleUnknown && !c.isBlank() && c.unknown && !c.growth {
			unknown = append(unknown, col)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	made.layout = layoutNames[axisIndicator]
	if len(unknown) == 1 && p.options.Indicator != "" {
		col := unknown[0]
		c := columns[col]
		made.roles[col] = RoleValue
		made.values = []valueColumn{{at: c.at, col: col, unit: headerUnit(c.unit, c.at), status: c.status}}
		made.found = append(made.found, located{c.at, note(codeUnknownIndicator,
			"列“%[1]s”不在指标目录中，按 --indicator 读取。",
			"The catalogue does not have the column “%[1]s”; it is read as --indicator says.", quote(c.text))})
		return made
	}
	for _, col := range unknown {
		made.found = append(made.found, located{columns[col].at, p.names.unknownColumn(columns[col])})
		made.roles[col] = RoleIgnored
	}
	made.unread = true
	return made
}
