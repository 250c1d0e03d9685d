package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// writeProblems adds the sheet that lists every problem. No cell of it is a
// number: whoever looks for data passes it by.
func (s *annotatedSheet) writeProblems() error {
	sheet, err := s.book.addSheet(s.book.say("问题", "Problems"))
	if err != nil {
		return err
	}
	row := 1
	for _, line := range s.introduction() {
		style, err := s.book.style(line.look, -1)
		if err != nil {
			return err
		}
		if err := s.book.setCell(sheet, 1, row, line.text, style); err != nil {
			return err
		}
		row++
	}
	head, err := s.book.style(lookHead, -1)
	if err != nil {
		return err
	}
	for n, text := range []string{s.book.say("位置", "Where"), s.book.say("级别", "Kind"), s.book.say("代码", "Code"), s.book.say("说明", "What, and what to do")} {
		if err := s.book.setCell(sheet, n+1, row, text, head); err != nil {
			return err
		}
	}
	if err := s.book.file.SetPanes(sheet, frozen(row, 1)); err != nil {
		return err
	}
	for _, p := range s.Problems[:min(len(s.Problems), mostListed)] {
		row++
		if err := s.listProblem(sheet, row, p); err != nil {
			return err
		}
	}
	for column, width := range map[string]float64{"A": 18, "B": 8, "C": 22, "D": 100} {
		if err := s.book.file.SetColWidth(sheet, column, column, width); err != nil {
			return err
		}
	}
	return nil
}

func (s *annotatedSheet) listProblem(sheet string, row int, p indicator.Problem) error {
	style, err := s.style(annotatedLook{p.Severity, true})
	if err != nil {
		return err
	}
	wrap, err := s.book.style(lookWrap, -1)
	if err != nil {
		return err
	}
	where := p.Cell
	if where == "" {
		where = s.book.say("整个文件", "the whole file")
	}
	for n, cell := range []struct {
		text  string
		style int
	}{{where, wrap}, {severityName(p.Severity).In(s.Lang), style}, {p.Code, wrap}, {p.Message.In(s.Lang), wrap}} {
		if err := s.book.setCell(sheet, n+1, row, cell.text, cell.style); err != nil {
			return err
		}
	}
	if !isAddress(p.Cell) {
		return nil
	}
	link := fmt.Sprintf("'%s'!%s", strings.ReplaceAll(s.name, "'", "''"), p.Cell)
	return s.book.file.SetCellHyperLink(sheet, fmt.Sprintf("A%d", row), link, "Location")
}

// isAddress: a problem may also be of the whole file, or of a field of JSON.
func isAddress(cell string) bool {
	_, _, err := excelize.CellNameToCoordinates(cell)
	return err == nil
}

type introLine struct{ look, text string }

// introduction says what the workbook is and what it leaves out.
func (s *annotatedSheet) introduction() []introLine {
	b := s.book
	lines := []introLine{
		{lookTitle, b.say("核对结果：", "What was found in ") + "“" + s.File + "”"},
		{lookText, b.say(
			"第一个表是文件的内容，位置不变，有问题的单元格已着色并加批注（红：错误，须改正；黄：核实，须说明；蓝：提示）。改好后可以直接上传这个文件。",
			"The first sheet is the content of the file, every cell at its place; those with problems are coloured and commented (red: an error to mend; yellow: a query to explain; blue: a note). Mend it and upload this file as it is.")},
	}
	if slices.ContainsFunc(s.Problems, func(p indicator.Problem) bool { return p.Cell == "" && p.Severity == indicator.SeverityError }) {
		lines = append(lines, introLine{lookText, b.say(
			"文件本身有错误，见下。它可能没有读完，这里的表也就可能不全。",
			"There are errors of the file itself, listed below. It may not have been read to its end: then the table here is not whole either.")})
	}
	if s.partial() {
		lines = append(lines, introLine{lookText, b.say(
			fmt.Sprintf("表格超过 %d 个单元格，这里只有表头和有问题的行，不能代替原文件上传。请对照着改正原文件。", s.MaxCells),
			fmt.Sprintf("The table has more than %d cells: here are only its header and the rows with problems. Mend the original file beside it; this one cannot be uploaded in its place.", s.MaxCells))})
	}
	if s.beyond {
		lines = append(lines, introLine{lookText, b.say(
			"文件的行或列多于一张工作表所能容纳的，超出的部分没有写入。", "The file has more rows or columns than a sheet holds; what is beyond was not written.")})
	}
	if s.comments > mostComments {
		lines = append(lines, introLine{lookText, b.say(
			fmt.Sprintf("批注只加到前 %d 个单元格，其余的只着色，并列在下面。", mostComments),
			fmt.Sprintf("Only the first %d cells have comments; the others are coloured, and listed below.", mostComments))})
	}
	if more := len(s.Problems) - mostListed; more > 0 {
		lines = append(lines, introLine{lookText, b.say(
			fmt.Sprintf("下面只列出前 %d 处，另有 %d 处。", mostListed, more),
			fmt.Sprintf("Only the first %d are listed, %d more are not.", mostListed, more))})
	}
	if len(s.Problems) == 0 {
		lines = append(lines, introLine{lookText, b.say("没有发现问题。", "Nothing is wrong.")})
	}
	return append(lines, introLine{lookText, ""})
}
