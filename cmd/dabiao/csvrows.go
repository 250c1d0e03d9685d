package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dabiao/dabiao/internal/indicator"
)

// rowReader reads an analyst's own CSV by the names of its columns, which stand
// in any order beside any others, and gathers every fault with its line.
type rowReader struct {
	names    map[string][]string // what a column may be called, in small letters
	columns  map[string]int
	fields   []string // of the row being read
	line     int      // of the file, where the row begins
	problems []indicator.Problem
}

// fault notes what is wrong with the row being read.
func (r *rowReader) fault(code, zh, en string, args ...any) {
	r.problems = append(r.problems, indicator.Problem{Severity: indicator.SeverityError, Code: code, Cell: strconv.Itoa(r.line),
		Message: indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))})
}

func (r *rowReader) has(column string) bool {
	_, ok := r.columns[column]
	return ok
}

// cell is the trimmed text of a column, empty where the row or file lacks it.
func (r *rowReader) cell(column string) string {
	if i, ok := r.columns[column]; ok && i < len(r.fields) {
		return strings.TrimSpace(r.fields[i])
	}
	return ""
}

// read calls complete once, after the header, and then row for each row, until
// the file ends, a quote does not match or complete refuses the header. UTF-8
// and GB18030 are told apart, and commas, semicolons and tabs.
func (r *rowReader) read(content []byte, complete func() bool, row func()) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content); err == nil {
			content = decoded
		}
	}
	r.line = 1
	if bytes.IndexByte(content, 0) >= 0 {
		r.fault("not_csv", "不是文本文件。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "this is not text. In Excel, save it as “CSV UTF-8 (comma delimited)”")
		return
	}
	rows := csv.NewReader(bytes.NewReader(content))
	rows.Comma = separator(content)
	rows.FieldsPerRecord = -1
	rows.ReuseRecord = true
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.line = broken.Line
			r.fault("unreadable_row", "无法读取这一行：引号没有成对。请用 CSV 格式保存", "cannot read the row: quotes do not match. Save it as CSV")
			return
		}
		r.line, _ = rows.FieldPos(0)
		r.fields = fields
		if r.columns != nil {
			row()
		} else if !r.header() || !complete() {
			return
		}
	}
}

func (r *rowReader) header() bool {
	r.columns = map[string]int{}
	for i, field := range r.fields {
		field = strings.ToLower(strings.TrimSpace(field))
		for column, names := range r.names {
			if !slices.Contains(names, field) {
				continue
			}
			if r.has(column) {
				r.fault("two_columns", "表头有两列都表示 %s，请只留一列", "two columns of the header mean %s, keep one", column)
				return false
			}
			r.columns[column] = i
		}
	}
	return true
}

// head is the header as it was found, cut short where it is long.
func (r *rowReader) head() string {
	const most = 120
	head := []rune(visible(strings.Join(r.fields, ",")))
	if len(head) > most {
		return string(head[:most]) + "…"
	}
	return string(head)
}

// separator is what the first line, which is the header, is divided by.
func separator(content []byte) rune {
	header, _, _ := bytes.Cut(bytes.TrimLeft(content, "\r\n"), []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := bytes.Count(header, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// readInput is the content of a file, or of the standard input for -.
func readInput(e *env, name string) ([]byte, error) {
	file, err := openInput(e, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, cannotOpen(name, err)
	}
	return content, nil
}

// mostProblems is how many faults of a file are printed.
const mostProblems = 20

func (e *env) printRowFaults(name string, problems []indicator.Problem) {
	e.printProblems(name, problems[:min(len(problems), mostProblems)])
	if more := len(problems) - mostProblems; more > 0 {
		fmt.Fprintf(e.err, indicator.T("……另有 %d 处错误。\n", "… and %d more.\n").In(e.lang), more)
	}
}
