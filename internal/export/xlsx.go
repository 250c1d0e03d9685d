package export

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// XLSXOptions of a workbook of readings. AsOf and Version are what the readings
// are of; they are written into it and select nothing.
type XLSXOptions struct {
	Lang     indicator.Lang
	Vintages bool      // several rows a reading, with their uploads
	AsOf     time.Time // zero: current
	Version  int64     // of the ledger
}

// WriteXLSX writes readings as a workbook: a sheet for each indicator (more where
// one is full), which ingest reads back without a question, and one with notes on
// where the figures come from and what their statuses mean. Numbers are whole and
// shown with the indicator's decimals; the unit is in the head, which stands
// still. Texts that a spreadsheet would take for formulas have an apostrophe
// before them. Rows must come as WriteCSV wants them. The same readings, catalogue
// and options give the same bytes. The file is made before its first byte is
// written: sheets stay on the disk until then, their compressed form in memory.
func WriteXLSX(w io.Writer, c *indicator.Catalog, rows iter.Seq2[Row, error], o XLSXOptions) error {
	b := newWorkbook(o.Lang)
	defer b.close()
	n := newNotes()
	var sheet *dataSheet
	for row, err := range inOrder(rows, o.Vintages) {
		if err != nil {
			return err
		}
		if sheet == nil || sheet.code != row.Indicator || sheet.full() {
			if err := sheet.flush(); err != nil {
				return err
			}
			if sheet, err = b.dataSheet(c, row.Indicator, o.Vintages); err != nil {
				return err
			}
		}
		n.see(row)
		if err := sheet.add(c, row); err != nil {
			return err
		}
	}
	if err := sheet.flush(); err != nil {
		return err
	}
	if err := b.notes(c, n, o); err != nil {
		return err
	}
	return b.finish(w)
}

// dataSheet is the sheet being filled: a title line, the head, the readings.
type dataSheet struct {
	book     *workbook
	code     string
	stream   *excelize.StreamWriter
	row      int // last written
	vintages bool
	text     int // styles
	number   int
	values   []any
}

const headRow = 2

// maxSheetRows is how many lines a sheet of Excel has.
const maxSheetRows = excelize.TotalRows

func (s *dataSheet) full() bool { return s.row == maxSheetRows }

// flush ends a sheet; a nil one has nothing to end.
func (s *dataSheet) flush() error {
	if s == nil {
		return nil
	}
	return s.stream.Flush()
}

func (b *workbook) dataSheet(c *indicator.Catalog, code string, vintages bool) (*dataSheet, error) {
	i := c.Indicator(code)
	if i == nil { // the catalogue no longer knows it
		i = &indicator.Indicator{Code: code, Name: indicator.T(code, code)}
	}
	name, err := b.addSheet(i.Name.In(b.lang))
	if err != nil {
		return nil, err
	}
	s := &dataSheet{book: b, code: code, vintages: vintages, row: headRow}
	if s.stream, err = b.file.NewStreamWriter(name); err != nil {
		return nil, err
	}
	if s.text, err = b.style(lookText, -1); err != nil {
		return nil, err
	}
	if s.number, err = b.style(lookText, i.Decimals); err != nil {
		return nil, err
	}
	return s, s.begin(name, i)
}

// begin writes title and head.
func (s *dataSheet) begin(name string, i *indicator.Indicator) error {
	b := s.book
	title, err := b.style(lookTitle, -1)
	if err != nil {
		return err
	}
	head, err := b.style(lookHead, -1)
	if err != nil {
		return err
	}
	columns := b.columns(i.Unit, s.vintages)
	cells := make([]any, len(columns))
	for n, column := range columns {
		cells[n] = excelize.Cell{StyleID: head, Value: column.head}
		if err := s.stream.SetColWidth(n+1, n+1, column.width); err != nil {
			return err
		}
	}
	if err := s.stream.SetPanes(frozen(headRow, 2)); err != nil {
		return err
	}
	if err := b.file.AddIgnoredErrors(name, "A1:C1048576", excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return err
	}
	line := excelize.Cell{StyleID: title, Value: Text(b.say("指标：", "Indicator: ") + i.Name.In(b.lang))}
	if err := s.stream.SetRow("A1", []any{line}); err != nil {
		return err
	}
	return s.stream.SetRow(fmt.Sprintf("A%d", headRow), cells)
}

// frozen keeps the rows down to the head and the first columns in sight.
func frozen(rows, columns int) *excelize.Panes {
	corner, _ := excelize.CoordinatesToCellName(columns+1, rows+1) // both are small and above 0
	return &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: corner, ActivePane: "bottomRight"}
}

type sheetColumn struct {
	head  string
	width float64 // characters
}

// columns are those of a data sheet, by names that ingest knows.
func (b *workbook) columns(unit string, vintages bool) []sheetColumn {
	list := []sheetColumn{
		{b.say("地区代码", "Region code"), 11}, {b.say("地区", "Region"), 18}, {b.say("报告期", "Period"), 13},
		{b.unitInHead(b.say("数值", "Value"), unit), 18}, {b.say("数据状态", "Status"), 10}, {b.say("备注", "Remark"), 14},
	}
	if vintages {
		list = append(list, sheetColumn{b.say("报送批次", "Upload"), 38}, sheetColumn{b.say("公布时间", "Released"), 26},
			sheetColumn{b.say("阶段", "Stage"), 14}, sheetColumn{b.say("来源", "Source"), 40},
			sheetColumn{b.say("报送人", "Uploader"), 14}, sheetColumn{b.say("修订原因", "Reason"), 40})
	}
	return list
}

// add writes one reading.
func (s *dataSheet) add(c *indicator.Catalog, row Row) error {
	text := func(v string) any {
		if v == "" {
			return nil
		}
		return excelize.Cell{StyleID: s.text, Value: Text(v)}
	}
	region := ""
	if r := c.Region(row.Region); r != nil {
		region = r.Short.In(s.book.lang)
	}
	var period, value any = text(row.Period.String()), nil
	if row.Period.Freq() == indicator.Annual {
		period = excelize.Cell{StyleID: s.text, Value: row.Period.Year()}
	}
	if row.Status.HasValue() {
		value = excelize.Cell{StyleID: s.number, Value: row.Value}
	}
	remark := ""
	if row.Generated {
		remark = s.book.say("示例数据", "generated example")
	}
	s.values = append(s.values[:0], text(row.Region), text(region), period, value, text(string(row.Status)), text(remark))
	if s.vintages {
		s.values = append(s.values, text(row.Upload), text(moment(row.Released)), text(indicator.StageName(row.Stage).In(s.book.lang)),
			text(row.Source), text(row.Uploader), text(row.Reason))
	}
	s.row++
	return s.stream.SetRow(fmt.Sprintf("A%d", s.row), s.values)
}
