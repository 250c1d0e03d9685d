package ingest

import (
	"context"
	"io"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// parser carries one file through all steps.
type parser struct {
	ctx        context.Context
	options    Options
	names      *names
	problems   problems
	understood Understood
	plan       *plan
	wide       fileWide

	periods       map[indicator.Period]int
	gathered      gathered
	marked        bool // a mark was read as M
	defaultStatus bool // a status was assumed
}

func newParser(ctx context.Context, o Options) *parser {
	return &parser{
		ctx: ctx, options: o, names: newNames(o.Catalog),
		problems: problems{most: o.Problems, count: map[string]int{}},
		wide:     fileWide{flagged: map[Role]bool{}, failed: map[Role]bool{}},
		periods:  map[indicator.Period]int{},
	}
}

func (p *parser) parse(r io.Reader, name string) error {
	content, refused, err := readAll(r, name, p.options.Bytes)
	if err != nil {
		return err
	}
	if refused != nil {
		p.problems.add(place{}, refused)
		return nil
	}
	o, err := p.open(content, name)
	if err != nil || o.table == nil {
		return err
	}
	return p.readTable(o.table, o.damaged)
}

const previewLines, previewRunes = 5, 120

// preview is the first lines, so that a person sees whether they were decoded well.
func preview(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if len(list) == previewLines {
			break
		}
		list = append(list, clip(strings.TrimRight(line, "\r\n"), previewRunes))
	}
	return list
}

// readTable recognises the layout and reads the rows. damaged says that some
// cell holds bytes that could not be decoded.
func (p *parser) readTable(sheet table, damaged bool) error {
	if o := p.options.Status; o != "" {
		if _, err := indicator.ParseStatus(string(o)); err != nil {
			p.problems.add(place{}, fault(codeUnknownStatus,
				"选项 --status 的值“%[1]s”不是数据状态。写 A、P、E、B、M、N 或 O。",
				"The value “%[1]s” of --status is no observation status. Write A, P, E, B, M, N or O.", quote(string(o))))
			p.options.Status = ""
		}
	}
	head, f := headOf(p.ctx, sheet)
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if p.plan = recognise(p.names, head); p.plan == nil {
		p.reportDamage(head)
		if f == nil {
			f = &located{place{}, unknownLayout()}
		}
		p.problems.add(f.place, f.finding)
		return nil
	}
	p.describePlan()
	p.readTitles(head[:p.plan.header.number-1])
	p.readOptions()
	p.askForMissing()
	return p.readRows(sheet, damaged)
}

func unknownLayout() *finding {
	return fault(codeUnknownLayout,
		"没有找到表头。长表需要一行含 地区、年份、数值 的表头，宽表需要 地区、2024年、2023年 等。核对预览中的文字是否为乱码，补上表头后重新上传。",
		"No header line was found. A long table needs one with region, year and value, a wide one region, 2024, 2023 and so on. "+
			"Check in the preview that the text is legible, add the header and upload again.")
}

// rowsBetweenRooms is how often the room for the readings is looked at.
const rowsBetweenRooms = 4096

// readRows takes all rows below the header, and looks for damage in all rows.
func (p *parser) readRows(sheet table, damaged bool) error {
	reader := newRowReader(p)
	broken := false
	for r, f := range sheet.rows(p.ctx) {
		if f != nil {
			p.problems.add(f.place, f.finding)
			broken = true
			break
		}
		if r.number%rowsBetweenRooms == 0 {
			p.gathered.makeRoom(r.end, sheet.size())
		}
		if damaged && p.reportDamage([]row{r}) {
			broken = true
			continue
		}
		if r.number <= p.plan.header.number {
			continue
		}
		reader.read(r)
	}
	if reader.values == 0 && !broken {
		p.problems.add(place{}, fault(codeNoData, "表头以下没有数据。填入数据后重新上传。",
			"There is no data below the header. Fill it in and upload again."))
	}
	reader.noteIgnored()
	p.gathered.settleDuplicates(&p.problems)
	return p.ctx.Err()
}

// reportDamage reports every cell with bytes that could not be decoded.
func (p *parser) reportDamage(rows []row) bool {
	found := false
	for _, r := range rows {
		for col, text := range r.cells {
			if strings.Contains(text, replacement) {
				found = true
				p.problems.add(place{r.number, col}, fault(codeBadEncoding,
					"“%[1]s”中有无法解码的字符。把文件另存为 UTF-8 后重新上传。",
					"“%[1]s” holds characters that cannot be decoded. Save the file as UTF-8 and upload it again.", quote(text)))
			}
		}
	}
	return found
}

// describePlan fills what was understood of the header and reports columns of
// which two would be one too many.
func (p *parser) describePlan() {
	u := &p.understood
	u.Layout, u.HeaderRow = p.plan.layout, p.plan.header.number
	seen := map[Role]bool{}
	for col, role := range p.plan.roles {
		text := p.plan.header.at(col)
		if role == RoleUnknown && isBlank(text) && col == len(p.plan.roles)-1 {
			continue // a comma at the end of the line is no column
		}
		u.Columns = append(u.Columns, Column{Column: columnName(col), Header: clip(strings.TrimSpace(text), mostLineRunes), Role: role})
		single := role == RoleUnit || role == RoleStatus || role == RoleValue && p.plan.values[0].period.IsZero()
		if single && seen[role] {
			p.problems.add(place{p.plan.header.number, col}, fault(codeAmbiguousColumn,
				"“%[1]s”之前已有同样作用的列。只保留一列，或改名。",
				"An earlier column already says what “%[1]s” says. Keep one of them or rename it.", quote(text)))
		}
		seen[role] = true
	}
	for _, vc := range p.plan.values {
		for i := range u.Columns {
			if u.Columns[i].Column == columnName(vc.col) {
				u.Columns[i].Period, u.Columns[i].Unit = vc.period.String(), vc.unit.unit
			}
		}
	}
}

// noteIgnored says which named columns nobody understood.
func (rr *rowReader) noteIgnored() {
	for col, role := range rr.plan.roles {
		if text := rr.plan.header.at(col); role == RoleUnknown && !isBlank(text) {
			rr.problems.add(place{rr.plan.header.number, col}, note(codeColumnIgnored,
				"不认识列“%[1]s”，未读取。如需读取，把列名改为 地区、年份、指标、数值、单位 或 状态。",
				"The column “%[1]s” is not known and was not read. To have it read, name it region, year, indicator, value, unit or status.",
				quote(text)))
		}
	}
}

// periodID numbers the periods of this file from 0.
func (p *parser) periodID(period indicator.Period) int {
	id, ok := p.periods[period]
	if !ok {
		id = len(p.periods)
		p.periods[period] = id
	}
	return id
}

func (p *parser) result() Result {
	u := p.understood
	if i := p.wide.indicator.indicator; i != nil {
		u.Indicator = i.Code
	}
	if r := p.wide.region.region; r != nil {
		u.Region = r.Code
	}
	u.Period = p.wide.period.String()
	if len(p.wide.units) > 0 {
		u.Unit = p.wide.units[0].unit
	} else if p.plan != nil && len(p.plan.values) == 1 {
		u.Unit = p.plan.values[0].unit.unit
	}
	if p.defaultStatus {
		u.Defaults = append(u.Defaults, Default{"status", string(indicator.Normal)})
	}
	if p.marked {
		u.Defaults = append(u.Defaults, Default{"mark", string(indicator.Missing)})
	}
	return Result{Understood: u, Cells: p.gathered.cells, Problems: p.problems.list()}
}
