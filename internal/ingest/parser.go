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
	fileName   string

	periods       map[indicator.Period]int
	gathered      gathered
	said          said                        // what the person says, understood
	asked         map[string]bool             // codes of what was asked for
	columns       []Column                    // of the block at hand
	marks         []string                    // the signs without a value that were read, in order
	markTexts     []string                    // as the file first has them
	marked        []markedCell                // where they stand
	personMarks   map[string]indicator.Status // by --mark
	defaultStatus bool                        // a status was assumed
	semicolons    bool                        // part the cells
}

func newParser(ctx context.Context, o Options) *parser {
	return &parser{
		ctx: ctx, options: o, names: newNames(o.Catalog),
		problems: problems{most: o.Problems, count: map[string]int{}},
		wide:     fileWide{flagged: map[Role]bool{}, failed: map[Role]bool{}},
		periods:  map[indicator.Period]int{}, asked: map[string]bool{}, personMarks: map[string]indicator.Status{},
	}
}

func (p *parser) parse(r io.Reader, name string) error {
	p.fileName = name
	content, refused, err := readAll(r, name, p.options.Bytes)
	if err != nil {
		return err
	}
	if refused != nil {
		p.problems.add(place{}, refused)
		return nil
	}
	if isReadings(content) {
		return p.readReadings(content)
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
	p.readOptions()
	head, f := headOf(p.ctx, sheet, max(headRows, p.said.header.last+cornerRows))
	if err := p.ctx.Err(); err != nil {
		return err
	}
	first, missing := p.firstHeader(head)
	if first == nil {
		p.reportDamage(head)
		if f == nil {
			f = &located{place{}, missing}
		}
		p.problems.add(f.place, f.finding)
		return nil
	}
	var above []row
	for _, r := range head {
		if r.number < first.first() && p.skips(r.number) == nil {
			above = append(above, r)
		}
	}
	return p.readRows(sheet, first, above, damaged)
}

func unknownLayout(head []row) *finding {
	widest := 0
	for _, r := range head {
		widest = max(widest, filled(r))
	}
	if widest == 1 && len(head) > 1 {
		return fault(codeUnknownLayout,
			"所有内容都在一列中，分不出列（各列可能只用空格隔开）。在表格软件中用“数据”菜单的“分列”分开各列，另存为 xlsx 后重新上传。",
			"Everything stands in one column (the columns may be parted by blanks only). Part them in a spreadsheet program with Data, Text to Columns, save it as xlsx and upload that.")
	}
	return fault(codeUnknownLayout,
		"没有找到表头。长表需要一行含 地区、年份、数值 的表头，宽表需要 地区、2024年、2023年 等。核对预览中的文字是否为乱码；用 --header 指明表头所在的行，或补上表头后重新上传。",
		"No header line was found. A long table needs one with region, year and value, a wide one region, 2024, 2023 and so on. "+
			"Check in the preview that the text is legible; say with --header where the header stands, or add it and upload again.")
}

// rowsBetweenRooms is how often the room for the readings is looked at.
const rowsBetweenRooms = 4096

// readRows takes all rows below the first header, and looks for damage in all rows.
func (p *parser) readRows(sheet table, first *plan, titles []row, damaged bool) error {
	blocks := &blockReader{parser: p}
	blocks.start(first, titles)
	broken := false
	for r, f := range sheet.rows(p.ctx) {
		if f != nil {
			p.problems.add(f.place, f.finding)
			broken = true
			break
		}
		if r.number%rowsBetweenRooms == 0 {
			p.gathered.makeRoom(r, sheet)
		}
		if s := p.skips(r.number); s != nil && (r.number < first.first() || r.number > first.last()) {
			p.keepSkipped(r, s, r.number < first.first())
			continue
		}
		if damaged && p.reportDamage([]row{r}) {
			broken = true
			continue
		}
		if r.number <= first.last() {
			continue
		}
		blocks.feed(r)
	}
	blocks.finish()
	if blocks.values == 0 && !broken && !first.unread {
		p.problems.add(place{}, fault(codeNoData, "表头以下没有数据。填入数据后重新上传。",
			"There is no data below the header. Fill it in and upload again."))
	}
	p.reportNothingRead()
	p.noteHidden(sheet)
	p.settleMarks()
	p.gathered.settleDuplicates(&p.problems)
	p.reportAbsentColumns()
	if !first.unread {
		p.noteUnused()
	}
	p.noteFrequencies()
	return p.ctx.Err()
}

// reportNothingRead: a file of which everything was left out for good reasons is
// no upload.
func (p *parser) reportNothingRead() {
	if len(p.gathered.cells) == 0 && !p.problems.hasError() {
		p.problems.add(place{}, fault(codeNoData, "没有读取到任何数据，原因见各处提示。改正后重新上传。",
			"No figure was read; the notes say why. Mend the file and upload it again."))
	}
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

// describePlan says what each column of the block was taken for and reports
// columns of which two would be one too many.
func (p *parser) describePlan() {
	p.columns = nil
	seen := map[Role]bool{}
	for col, role := range p.plan.roles {
		text := p.plan.heads[col]
		if role == RoleUnknown && text == "" && col == len(p.plan.roles)-1 {
			continue // a comma at the end of the line is no column
		}
		p.columns = append(p.columns, Column{Column: columnName(col), Header: clip(text, mostLineRunes), Role: role})
		single := role == RoleUnit || role == RoleStatus || role == RolePower || role == RoleValue && p.plan.layout == layoutLong
		if single && seen[role] {
			p.problems.add(place{p.plan.last(), col}, fault(codeAmbiguousColumn,
				"“%[1]s”之前已有同样作用的列。只保留一列，或改名。",
				"An earlier column already says what “%[1]s” says. Keep one of them or rename it.", quote(text)))
		}
		seen[role] = true
	}
	at := 0
	for i := range p.plan.values {
		v := &p.plan.values[i]
		for p.columns[at].Column != columnName(v.col) {
			at++
		}
		c := &p.columns[at]
		c.Period, c.Unit = v.period.String(), v.unit.unit
		if v.part != "" {
			c.Period = v.part
		}
		if v.region.region != nil {
			c.Region = v.region.region.Code
		}
		if v.indicator.indicator != nil {
			c.Indicator = v.indicator.indicator.Code
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
	for i, b := range u.Blocks {
		if i == 0 {
			u.Layout, u.HeaderRow, u.Headers, u.Columns = b.Layout, b.HeaderRow, b.Headers, b.Columns
			u.Indicator, u.Region, u.Period, u.Unit = b.Indicator, b.Region, b.Period, b.Unit
			continue
		}
		same := func(whole *string, part string) {
			if *whole != part {
				*whole = ""
			}
		}
		same(&u.Indicator, b.Indicator)
		same(&u.Region, b.Region)
		same(&u.Period, b.Period)
		same(&u.Unit, b.Unit)
	}
	if len(u.Blocks) == 1 {
		u.Blocks = nil
	}
	if p.defaultStatus {
		u.Defaults = append(u.Defaults, Default{"status", string(indicator.Normal)})
	}
	for _, m := range u.Marks {
		if m.Said == markDefault {
			u.Defaults = append(u.Defaults, Default{"mark", string(indicator.Missing)})
			break
		}
	}
	return Result{Understood: u, Cells: p.gathered.cells, Problems: p.problems.list()}
}
