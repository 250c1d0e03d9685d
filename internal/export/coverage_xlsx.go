package export

import (
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Ask is a reading that is overdue and to be asked for.
type Ask struct {
	Indicator  *indicator.Indicator
	Region     *indicator.Region
	Period     indicator.Period
	Due        time.Time // a moment of the due day
	Days       int       // overdue
	LastPeriod indicator.Period
	LastValue  *float64 // nil: nothing was ever published
}

// AskOptions of the list. Day is the day it is of, Selection says in words what
// was selected, Version is that of the ledger.
type AskOptions struct {
	Lang      indicator.Lang
	Day       time.Time
	Selection string
	Version   int64
}

const asksHead = 3 // the row of the column heads

// WriteAsks writes what is to be asked for as a workbook of one sheet, in the order
// given: to be sorted and filtered, and printed on A4 with its head on every page.
// The same list and options give the same bytes.
func WriteAsks(w io.Writer, asks []Ask, o AskOptions) error {
	b := newWorkbook(o.Lang)
	defer b.close()
	sheet, err := b.addSheet(b.say("催报清单", "What to ask for"))
	if err != nil {
		return err
	}
	if err := b.asksTop(sheet, len(asks), o); err != nil {
		return err
	}
	for n, ask := range asks {
		if err := b.ask(sheet, asksHead+1+n, ask); err != nil {
			return err
		}
	}
	if err := b.asksPrint(sheet, len(asks)); err != nil {
		return err
	}
	return b.finish(w)
}

func (b *workbook) askColumns() []sheetColumn {
	return []sheetColumn{
		{b.say("地区代码", "Region code"), 10}, {b.say("地区", "Region"), 14}, {b.say("指标", "Indicator"), 36},
		{b.say("报告期", "Period"), 14}, {b.say("应报日", "Due"), 12}, {b.say("逾期天数", "Days overdue"), 10},
		{b.say("最近已发布的报告期", "Last period published"), 15}, {b.say("最近已发布的数值", "Last value"), 16}, {b.say("单位", "Unit"), 10},
	}
}

// asksTop writes the title, what the list is of, and the heads.
func (b *workbook) asksTop(sheet string, n int, o AskOptions) error {
	day := o.Day.In(indicator.Shanghai).Format(time.DateOnly)
	count := strconv.Itoa(n)
	about := b.say("范围：", "Selection: ") + o.Selection + b.say("。截至 ", ". As of ") + day +
		b.say("，逾期未报 "+count+" 项。账本版本 ", ", "+count+" readings are overdue. Version of the ledger: ") + strconv.FormatInt(o.Version, 10) + b.say("。", ".")
	for row, line := range []struct{ text, look string }{
		{b.say("催报清单（截至 "+day+"）", "What to ask for, as of "+day), lookTitle}, {about, lookText},
	} {
		style, err := b.style(line.look, -1)
		if err != nil {
			return err
		}
		if err := b.setCell(sheet, 1, row+1, Text(line.text), style); err != nil {
			return err
		}
	}
	head, err := b.style(lookHead, -1)
	if err != nil {
		return err
	}
	for i, column := range b.askColumns() {
		if err := b.setCell(sheet, i+1, asksHead, column.head, head); err != nil {
			return err
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(sheet, name, name, column.width); err != nil {
			return err
		}
	}
	return nil
}

func (b *workbook) ask(sheet string, row int, a Ask) error {
	text, err := b.style(lookLine, -1)
	if err != nil {
		return err
	}
	count, err := b.style(lookLine, 0)
	if err != nil {
		return err
	}
	value, err := b.style(lookLine, a.Indicator.Decimals)
	if err != nil {
		return err
	}
	day, err := b.dayStyle()
	if err != nil {
		return err
	}
	y, m, d := a.Due.In(indicator.Shanghai).Date()
	var last any
	lastPeriod := b.say("从未发布", "never published")
	if a.LastValue != nil {
		last, lastPeriod = *a.LastValue, a.LastPeriod.Label(b.lang)
	}
	for i, cell := range []struct {
		value any
		style int
	}{
		{Text(a.Region.Code), text}, {Text(a.Region.Short.In(b.lang)), text}, {Text(a.Indicator.Name.In(b.lang)), text},
		{Text(a.Period.Label(b.lang)), text}, {time.Date(y, m, d, 0, 0, 0, 0, time.UTC), day}, {a.Days, count},
		{Text(lastPeriod), text}, {last, value}, {Text(indicator.UnitName(a.Indicator.Unit, b.lang)), text},
	} {
		if err := b.setCell(sheet, i+1, row, cell.value, cell.style); err != nil {
			return err
		}
	}
	return nil
}

// dayStyle is the look of a day, which stays a number that can be sorted.
func (b *workbook) dayStyle() (int, error) {
	const key = "day"
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	format := "yyyy-mm-dd"
	id, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "Microsoft YaHei", Size: 10},
		Border:    []excelize.Border{{Type: "bottom", Style: 1, Color: "D6DCE2"}},
		Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}, CustomNumFmt: &format})
	b.styles[key] = id
	return id, err
}

// asksPrint lets the head stand still, and the sheet fit the width of a page.
func (b *workbook) asksPrint(sheet string, n int) error {
	landscape, a4, fit, height, fits := "landscape", 9, 1, 0, true
	columns := len(b.askColumns())
	if err := b.file.SetPanes(sheet, frozen(asksHead, 2)); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(columns, asksHead+max(n, 1))
	if err != nil {
		return err
	}
	if err := b.file.AutoFilter(sheet, "A"+strconv.Itoa(asksHead)+":"+last, nil); err != nil {
		return err
	}
	if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &fit, FitToHeight: &height}); err != nil {
		return err
	}
	if err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fits}); err != nil {
		return err
	}
	if err := b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&R&P / &N"}); err != nil {
		return err
	}
	if err := b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: sheet,
		RefersTo: "'" + sheet + "'!$" + strconv.Itoa(asksHead) + ":$" + strconv.Itoa(asksHead)}); err != nil {
		return err
	}
	return b.file.AddIgnoredErrors(sheet, "A1:A1048576", excelize.IgnoredErrorsNumberStoredAsText)
}
