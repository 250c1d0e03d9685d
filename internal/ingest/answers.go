package ingest

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The options by the names of the flags, which are those of the form's fields.
const (
	optionEncoding  = "encoding"
	optionIndicator = "indicator"
	optionUnit      = "unit"
	optionRegion    = "region"
	optionYear      = "year"
	optionSheet     = "sheet"
	optionLayout    = "layout"
	optionStatus    = "status"
	optionMark      = "mark"
	optionHeader    = "header"
	optionColumn    = "column"
	optionSkip      = "skip"
	optionName      = "name"
)

// With is the answers and one more, which a problem suggests. It takes the place
// of an earlier answer to the same question: the unit, the column C, the name
// 福健. An option that does not exist changes nothing.
func (a Answers) With(s indicator.Suggestion) Answers {
	switch s.Option {
	case optionEncoding:
		a.Encoding = s.Value
	case optionIndicator:
		a.Indicator = s.Value
	case optionUnit:
		a.Unit = s.Value
	case optionRegion:
		a.Region = s.Value
	case optionYear:
		a.Year = s.Value
	case optionSheet:
		a.Sheet = s.Value
	case optionLayout:
		a.Layout = s.Value
	case optionStatus:
		a.Status = indicator.Status(s.Value)
	case optionHeader:
		a.Header = s.Value
	case optionMark:
		a.Marks = withKey(a.Marks, s.Value)
	case optionColumn:
		a.Columns = withKey(a.Columns, s.Value)
	case optionName:
		a.Names = withKey(a.Names, s.Value)
	case optionSkip:
		if !slices.Contains(a.Skip, s.Value) {
			a.Skip = append(slices.Clone(a.Skip), s.Value)
		}
	}
	return a
}

// withKey is a list of KEY=VALUE with one more, which is the only one of its key.
func withKey(list []string, answer string) []string {
	key, _, _ := cutAnswer(answer)
	other := func(text string) bool {
		k, _, _ := cutAnswer(text)
		return nameKey(k) == nameKey(key)
	}
	return append(slices.DeleteFunc(slices.Clone(list), other), answer)
}

// cutAnswer parts KEY=VALUE at its last sign: a name of a file may hold one.
func cutAnswer(text string) (key, value string, ok bool) {
	at := strings.LastIndexAny(text, "=＝")
	if at < 0 {
		return "", "", false
	}
	key, value = strings.TrimSpace(text[:at]), strings.TrimSpace(strings.TrimLeft(text[at:], "=＝"))
	return key, value, nameKey(key) != "" && nameKey(value) != ""
}

// lines are rows of the table, from 1, both included. The zero value has none.
type lines struct{ first, last int }

func (l lines) has(row int) bool { return l.first <= row && row <= l.last }

// toEnd is the last row of 37-.
const toEnd = math.MaxInt

var lineForms = regexp.MustCompile(`^第?(\d{1,9})行?(?:(-|~|至|到|—)第?(\d{1,9})?行?)?$`)

// readLines reads 12, 20-22 and 37-.
func readLines(text string) (lines, bool) {
	m := lineForms.FindStringSubmatch(squash(text))
	if m == nil {
		return lines{}, false
	}
	first, _ := strconv.Atoi(m[1]) // digits by the pattern
	l := lines{first, first}
	switch {
	case m[3] != "":
		l.last, _ = strconv.Atoi(m[3])
	case m[2] != "":
		l.last = toEnd
	}
	return l, 1 <= l.first && l.first <= l.last
}

// readHeader reads in which rows the person says that the header stands.
func (p *parser) readHeader() {
	switch nameKey(p.options.Header) {
	case "":
		return
	case "0", "无", "没有", "none":
		p.said.headless = true
		return
	}
	rows, ok := readLines(p.options.Header)
	if !ok || rows.last >= rows.first+mostHeaderRows || rows.last > mostRowsAbove {
		p.problems.add(place{}, fault(codeBadHeader,
			"选项 --header 的值“%[1]s”不可识别。写表头所在的行，如 4 或 4-5；没有表头写 0。最多 %[2]d 行，不能在第 %[3]d 行以下。",
			"The value “%[1]s” of --header cannot be read. Write the row or rows of the header, such as 4 or 4-5, or 0 where there is none: at most %[2]d rows, none below row %[3]d.",
			quote(p.options.Header), mostHeaderRows, mostRowsAbove))
		return
	}
	p.said.header = rows
}

// skipped are rows that the person says hold no readings.
type skipped struct {
	lines
	text string
	used bool
}

// Skips reports whether the person says that a row, from 1, holds no readings.
func (a Answers) Skips(row int) bool {
	for _, text := range a.Skip {
		for _, part := range skipParts(text) {
			if rows, ok := readLines(part); ok && rows.has(row) {
				return true
			}
		}
	}
	return false
}

func skipParts(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；", r) })
}

func (p *parser) readSkip() {
	for _, text := range p.options.Skip {
		for _, part := range skipParts(text) {
			rows, ok := readLines(part)
			if !ok {
				p.problems.add(place{}, fault(codeBadSkip,
					"选项 --skip 的值“%[1]s”不可识别。写 12、20-22 或 37-（到末尾）。",
					"The value “%[1]s” of --skip cannot be read. Write 12, 20-22 or 37- (to the end).", quote(text)))
				continue
			}
			p.said.skip = append(p.said.skip, skipped{lines: rows, text: strings.TrimSpace(part)})
		}
	}
}

// skips is what the person says of a row that holds no readings, nil where nothing.
func (p *parser) skips(row int) *skipped {
	for i := range p.said.skip {
		if s := &p.said.skip[i]; s.has(row) {
			return s
		}
	}
	return nil
}

// withoutSkipped leaves out the rows that hold no readings, so that no header
// and no content is looked for in them. Where the header stands it stands.
func (p *parser) withoutSkipped(head []row) []row {
	if len(p.said.skip) == 0 {
		return head
	}
	return slices.DeleteFunc(slices.Clone(head), func(r row) bool { return p.skips(r.number) != nil && !p.said.header.has(r.number) })
}

// keepSkipped keeps the text of a row that holds no readings.
func (p *parser) keepSkipped(r row, s *skipped, above bool) {
	at, text, cells := lineOf(r)
	if cells == 0 {
		return
	}
	s.used = true
	u := &p.understood
	if above {
		u.Titles = appendLine(u.Titles, at, text)
	} else if s.last == toEnd || isFootnote(r) || footnoteLine.MatchString(text) {
		u.Footnotes = appendLine(u.Footnotes, at, text)
	} else {
		u.Headings = appendLine(u.Headings, at, text)
	}
}

// noteUnused says which answers met nothing in the file.
func (p *parser) noteUnused() {
	unused := func(option, text string) {
		p.problems.add(place{}, note(codeUnusedAnswer,
			"选项 --%[1]s 的“%[2]s”在文件中没有对应的内容。核对后改正或去掉。",
			"The file has nothing that “%[2]s” of --%[1]s is about. Check it; mend it or leave it out.", option, quote(text)))
	}
	u := &p.understood
	for _, s := range p.said.skip {
		for _, list := range [][]Line{u.Titles, u.Headings, u.Footnotes} { // they came before the lines around them
			slices.SortStableFunc(list, func(a, b Line) int { return placeOf(a.Cell).row - placeOf(b.Cell).row })
		}
		if !s.used {
			unused(optionSkip, s.text)
		}
	}
	for _, n := range p.names.answers {
		if !n.used {
			unused(optionName, n.text)
		}
	}
}
