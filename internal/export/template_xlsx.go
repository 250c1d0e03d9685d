package export

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The columns of a template that are filled in.
const (
	valueColumn  = 4
	statusColumn = 5
)

// WriteXLSX writes the template as a workbook: the form, whose value cells take
// numbers in the indicator's range only and whose status cells offer the codes,
// and a sheet that explains marks and statuses. The same template gives the same
// bytes.
func (t Template) WriteXLSX(w io.Writer) error {
	b := newWorkbook(t.Lang)
	defer b.close()
	sheet, err := b.addSheet(b.say("填报", "Readings"))
	if err != nil {
		return err
	}
	first := len(t.titles()) + 2
	if err := t.fillTop(b, sheet); err != nil {
		return err
	}
	last, err := t.fillLines(b, sheet, first)
	if err != nil {
		return err
	}
	if err := t.validate(b, sheet, first, last); err != nil {
		return err
	}
	if err := b.file.SetPanes(sheet, frozen(first-1, 2)); err != nil {
		return err
	}
	if err := b.file.AddIgnoredErrors(sheet, "A1:C1048576", excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return err
	}
	if err := b.notePage(t.explanation(b)); err != nil {
		return err
	}
	return b.finish(w)
}

// fillTop writes titles and head.
func (t Template) fillTop(b *workbook, sheet string) error {
	look := lookTitle
	for n, title := range t.titles() {
		style, err := b.style(look, -1)
		if err != nil {
			return err
		}
		if err := b.setCell(sheet, 1, n+1, Text(title), style); err != nil {
			return err
		}
		look = lookText
	}
	style, err := b.style(lookHead, -1)
	if err != nil {
		return err
	}
	for n, head := range t.head() {
		if err := b.setCell(sheet, n+1, len(t.titles())+1, head, style); err != nil {
			return err
		}
	}
	for n, column := range b.columns("", false) {
		name, err := excelize.ColumnNumberToName(n + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(sheet, name, name, column.width); err != nil {
			return err
		}
	}
	return nil
}

// fillLines writes a line for each region and period and tells which was the last.
func (t Template) fillLines(b *workbook, sheet string, first int) (int, error) {
	text, err := b.style(lookText, -1)
	if err != nil {
		return 0, err
	}
	number, err := b.style(lookEntry, t.Indicator.Decimals)
	if err != nil {
		return 0, err
	}
	entry, err := b.style(lookEntry, -1)
	if err != nil {
		return 0, err
	}
	row := first
	err = t.lines(func(r *indicator.Region, p indicator.Period) error {
		var period any = p.String()
		if p.Freq() == indicator.Annual {
			period = p.Year()
		}
		for n, cell := range []struct {
			value any
			style int
		}{{Text(r.Code), text}, {Text(r.Short.In(t.Lang)), text}, {period, text}, {nil, number}, {nil, entry}, {nil, entry}} {
			if err := b.setCell(sheet, n+1, row, cell.value, cell.style); err != nil {
				return err
			}
		}
		row++
		return nil
	})
	return row - 1, err
}

// validate lets the form take numbers and status codes only.
func (t Template) validate(b *workbook, sheet string, first, last int) error {
	if last < first {
		return nil
	}
	low, high := -1e15, 1e15
	if t.Indicator.Min != nil {
		low = *t.Indicator.Min
	}
	if t.Indicator.Max != nil {
		high = *t.Indicator.Max
	}
	number := excelize.NewDataValidation(true)
	number.SetSqref(cellRange(valueColumn, first, last))
	if err := number.SetRange(low, high, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween); err != nil {
		return err
	}
	number.SetError(excelize.DataValidationErrorStyleStop, b.say("只能填数", "Numbers only"), b.say(
		"请填有效范围内的数，单位见列名。没有数值的留空，并在“数据状态”选 M、N 或 O。",
		"Write a number in the valid range, in the unit that the head names. Where there is none leave it empty and choose M, N or O as status."))
	if err := b.file.AddDataValidation(sheet, number); err != nil {
		return err
	}
	status := excelize.NewDataValidation(true)
	status.SetSqref(cellRange(statusColumn, first, last))
	codes := make([]string, len(indicator.Statuses))
	for n, s := range indicator.Statuses {
		codes[n] = string(s)
	}
	if err := status.SetDropList(codes); err != nil {
		return err
	}
	status.SetError(excelize.DataValidationErrorStyleStop, b.say("没有这个数据状态", "No such status"), b.say(
		"从列表中选择，含义见“说明”表。", "Choose one of the list; the sheet “Notes” explains them."))
	return b.file.AddDataValidation(sheet, status)
}

func cellRange(column, first, last int) string {
	name, _ := excelize.ColumnNumberToName(column) // a small positive number
	return fmt.Sprintf("%s%d:%s%d", name, first, name, last)
}

// explanation is the sheet beside the form.
func (t Template) explanation(b *workbook) []noteLine {
	i := t.Indicator
	lines := []noteLine{
		{title: true, cells: []string{b.say("填报说明", "How to fill in")}},
		{cells: []string{b.say("指标", "Indicator"), i.Name.In(t.Lang)}},
		{cells: []string{b.say("含义", "Definition"), i.Definition.In(t.Lang)}},
		{cells: []string{b.say("计量单位", "Unit"), indicator.UnitName(i.Unit, t.Lang)}},
		{cells: []string{b.say("有效范围", "Valid range"), t.validRange(b)}},
		{cells: []string{b.say("数值", "Value"), b.say(
			"填所能提供的全部小数位，显示时按指标的小数位数。没有数据的行留空。",
			"Give all the decimals you have; they are shown as the indicator says. Leave lines without a figure empty.")}},
		{cells: []string{b.say("缺失标记", "Marks"), b.say(
			"“—”“…”“..”“/”读作缺失（M），从不读作 0。本表的数值列只收数字：请在“数据状态”选 M、N 或 O。",
			"“—”, “…”, “..” and “/” are read as missing (M), never as 0. This form's value column takes numbers only: choose M, N or O as status instead.")}},
		{cells: []string{b.say("修订", "Revisions"), b.say(
			"改动已发布的数值时，报送时须写明修订原因。",
			"Where a published figure changes, the reason is asked for when the file is uploaded.")}},
		{cells: []string{b.say("报送", "Upload"), b.say(
			"保持表头和地区代码不变，可以删行，也可以加行。在“报送数据”页上传，或用 dabiao import 导入。",
			"Leave head and region codes as they are; lines may be removed or added. Upload the file on the page “Upload figures”, or with dabiao import.")}},
	}
	return append(lines, b.statusLines()...)
}

func (t Template) validRange(b *workbook) string {
	low, high := t.Indicator.Min, t.Indicator.Max
	switch {
	case low == nil && high == nil:
		return b.say("不限", "any")
	case low == nil:
		return b.say("不高于 ", "at most ") + Number(*high)
	case high == nil:
		return b.say("不低于 ", "at least ") + Number(*low)
	}
	return Number(*low) + b.say(" 至 ", " to ") + Number(*high)
}
