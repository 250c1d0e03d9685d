package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// errorValues are what spreadsheets show where a formula failed.
var errorValues = []string{
	"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!", "#ERROR!",
}

// notCalculated says what is wrong with a value cell that only a spreadsheet
// can hold, nil where it is no such cell.
func notCalculated(text string) *finding {
	text = strings.TrimSpace(text)
	switch before, _, scaled := strings.Cut(text, workbook.ScaledMark); {
	case slices.Contains(errorValues, strings.ToUpper(text)):
		return fault(codeNotANumber,
			"公式出错，结果为 %[1]s。在表格软件中改正公式，或把结果换成数值；没有数据则留空或填“—”。",
			"The formula failed with %[1]s. Mend it in the spreadsheet program or put the number; where there is none leave the cell empty or write “—”.", quote(text))
	case strings.HasPrefix(text, "="):
		formula := [2]string{"“" + quote(text) + "”", " “" + quote(text) + "”"}
		if text == "=" { // old workbooks hold it in another form
			formula = [2]string{}
		}
		return fault(codeNotANumber,
			"公式%[1]s没有算出的结果。在表格软件中打开文件，重新计算并保存后再上传。",
			"The formula%[2]s was saved without its result. Open the file in a spreadsheet program, let it calculate, save it and upload it again.", formula[0], formula[1])
	case scaled:
		return fault(codeNotANumber,
			"单元格存的是 %[1]s，但数字格式让它显示成另一个数（如以千或万为单位），无法确定哪个为准。把数字格式改为“常规”，核对单位后重新上传。",
			"The cell holds %[1]s, but its number format shows another number (in thousands, say): it cannot be told which one is meant. Set the format to General, check the unit and upload it again.", quote(before))
	}
	return nil
}

// reportMerged reports a value that stands in one cell for several rows or
// columns: nobody can say how much of it belongs to which.
func (rr *rowReader) reportMerged(r row, at place) bool {
	s := r.mergedAt(at.col)
	if s == nil || s.first != r.number || s.from != at.col || isBlank(r.at(at.col)) {
		return false
	}
	columns := 0
	for i := range rr.plan.values {
		if col := rr.plan.values[i].col; s.from <= col && col <= s.to {
			columns++
		}
	}
	if columns < 2 && (s.last == s.first || rr.isOneSubject(r, s)) {
		return false
	}
	rr.values++
	rr.problems.add(at, fault(codeMergedValue,
		"“%[1]s”所在的单元格与其他行或列合并，无法确定数值属于哪一格。取消合并，逐格填写。",
		"“%[1]s” stands in a cell that is merged with other rows or columns, so it cannot be told whose value it is. Unmerge it and fill in each cell.", quote(s.text)))
	return true
}

// isOneSubject reports that the names of a row are merged over the same rows
// as its value: such rows are one.
func (rr *rowReader) isOneSubject(r row, value *span) bool {
	for _, cols := range [][]int{rr.regions, rr.periods, rr.indicators} {
		for _, col := range cols {
			if s := r.mergedAt(col); s == nil || s.first > value.first || s.last < value.last {
				return false
			}
		}
	}
	return true
}

// hiddenParts are the rows and columns of a sheet that are not shown but hold something.
type hiddenParts struct {
	rows      []int // the first of them
	countRows int
	cols      map[int]bool
}

const mostHidden = 10 // that are named

func (h *hiddenParts) add(r workbook.Row) {
	if r.Hidden {
		if h.countRows++; len(h.rows) < mostHidden {
			h.rows = append(h.rows, r.Number)
		}
	}
	for _, c := range r.Cells {
		if c.Hidden {
			h.cols[c.Col] = true
		}
	}
}

// noteHidden says what was read that nobody sees in the spreadsheet program: a
// filter hides rows, and many take what they see for all there is.
func (p *parser) noteHidden(sheet table) {
	t, ok := sheet.(*bookTable)
	if !ok || t.hidden.countRows+len(t.hidden.cols) == 0 {
		return
	}
	var zh, en []string
	add := func(names []string, count int, partZH, partEN string) {
		if count == 0 {
			return
		}
		moreZH, moreEN := "", ""
		if count > len(names) {
			moreZH, moreEN = fmt.Sprintf("……共 %d", count), fmt.Sprintf(" … %d in all", count)
		}
		zh = append(zh, partZH+" "+strings.Join(names, "、")+moreZH)
		en = append(en, partEN+": "+strings.Join(names, ", ")+moreEN)
	}
	var rows, cols []string
	for _, row := range t.hidden.rows {
		rows = append(rows, strconv.Itoa(row))
	}
	for _, col := range slices.Sorted(maps.Keys(t.hidden.cols)) {
		if len(cols) < mostHidden {
			cols = append(cols, columnName(col))
		}
	}
	add(rows, t.hidden.countRows, "行", "rows")
	add(cols, len(t.hidden.cols), "列", "columns")
	p.problems.add(place{}, note(codeHiddenRead,
		"表中隐藏或被筛选掉的内容也已读取（%[1]s）。不需要的，取消隐藏后删去，再次上传。",
		"What is hidden or filtered out in the sheet was read, too (%[2]s). To leave it out, show and delete it and upload again.",
		strings.Join(zh, "；"), strings.Join(en, "; ")))
}
