package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// notes gathers, while readings are written, what has to be said about them.
type notes struct {
	uploads   map[string]Row // one row of each
	national  bool
	generated bool
}

func newNotes() *notes { return &notes{uploads: map[string]Row{}} }

func (n *notes) see(row Row) {
	if _, known := n.uploads[row.Upload]; !known {
		n.uploads[row.Upload] = row
	}
	n.national = n.national || row.Region == indicator.Nation
	n.generated = n.generated || row.Generated
}

// sources are the uploads, the last released first.
func (n *notes) sources() []Row {
	list := make([]Row, 0, len(n.uploads))
	for _, row := range n.uploads {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b Row) int {
		if c := b.Released.Compare(a.Released); c != 0 {
			return c
		}
		return strings.Compare(a.Upload, b.Upload)
	})
	return list
}

// notes adds the sheet that says what the figures are.
func (b *workbook) notes(c *indicator.Catalog, n *notes, o XLSXOptions) error {
	asOf := b.say("当前", "current")
	if !o.AsOf.IsZero() {
		asOf = moment(o.AsOf)
	}
	page := []noteLine{
		{title: true, cells: []string{b.say("数据说明", "About these figures")}},
		{cells: []string{b.say("版本时点", "As of"), asOf}},
		{cells: []string{b.say("账本版本", "Version of the ledger"), fmt.Sprint(o.Version)}},
		{cells: []string{b.say("目录版本", "Catalogue"), c.Hash()}},
	}
	if n.generated {
		page = append(page, noteLine{cells: []string{b.say("示例数据", "Generated example"), b.say(
			"备注为“示例数据”的数字由程序生成，仅供演示，不是统计数据。",
			"Figures with the remark “generated example” were made up for demonstration and are not statistics.")}})
	}
	if n.national {
		page = append(page, noteLine{cells: []string{b.say("全国数据", "National figures"), b.say(
			"未包括香港、澳门特别行政区和台湾省。",
			"Hong Kong, Macao and Taiwan province are not included.")}})
	}
	page = append(page, b.statusLines()...)
	page = append(page, noteLine{}, noteLine{title: true, cells: []string{b.say("来源", "Sources")}},
		noteLine{head: true, cells: []string{b.say("报送批次", "Upload"), b.say("来源", "Source"), b.say("阶段", "Stage"),
			b.say("公布时间", "Released"), b.say("备注", "Remark")}})
	for _, row := range n.sources() {
		remark := ""
		if row.Generated {
			remark = b.say("示例数据", "generated example")
		}
		page = append(page, noteLine{cells: []string{row.Upload, row.Source, indicator.StageName(row.Stage).In(b.lang), moment(row.Released), remark}})
	}
	return b.notePage(page)
}

// statusLines explain the observation statuses.
func (b *workbook) statusLines() []noteLine {
	lines := []noteLine{{}, {title: true, cells: []string{b.say("数据状态", "Observation statuses")}}}
	for _, s := range indicator.Statuses {
		name := indicator.StatusName(s).In(b.lang)
		if !s.HasValue() {
			name += b.say("（没有数值）", " (no value)")
		}
		lines = append(lines, noteLine{cells: []string{string(s), name}})
	}
	return lines
}

// noteLine is one line of a sheet of notes.
type noteLine struct {
	title, head bool
	cells       []string
}

// notePage adds a sheet of lines.
func (b *workbook) notePage(lines []noteLine) error {
	sheet, err := b.addSheet(b.say("说明", "Notes"))
	if err != nil {
		return err
	}
	for n, line := range lines {
		look := lookWrap
		if line.title {
			look = lookTitle
		} else if line.head {
			look = lookHead
		}
		style, err := b.style(look, -1)
		if err != nil {
			return err
		}
		for col, text := range line.cells {
			if text == "" {
				continue
			}
			if err := b.setCell(sheet, col+1, n+1, Text(text), style); err != nil {
				return err
			}
		}
	}
	for _, column := range []struct {
		name  string
		width float64
	}{{"A", 38}, {"B", 70}, {"C", 14}, {"D", 28}, {"E", 18}} {
		if err := b.file.SetColWidth(sheet, column.name, column.name, column.width); err != nil {
			return err
		}
	}
	return b.file.AddIgnoredErrors(sheet, "A1:E1048576", excelize.IgnoredErrorsNumberStoredAsText)
}

// setCell writes a value with its look; nil only the look.
func (b *workbook) setCell(sheet string, col, row int, value any, style int) error {
	at, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	if value != nil {
		if err := b.file.SetCellValue(sheet, at, value); err != nil {
			return err
		}
	}
	return b.file.SetCellStyle(sheet, at, at, style)
}
