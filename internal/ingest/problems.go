package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// The codes of problems. Those of the whole file come first.
const (
	codeEmptyFile       = "empty_file"
	codeTooBig          = workbook.CodeTooBig
	codeTooManyCells    = "too_many_cells"
	codeLineTooLong     = "line_too_long"
	codeUnsupportedFile = workbook.CodeUnsupported
	codeEncryptedFile   = workbook.CodeEncrypted
	codeDamagedFile     = workbook.CodeDamaged
	codeOtherName       = "other_name"
	codeSeveralSheets   = "several_sheets"
	codeUnknownSheet    = "unknown_sheet"
	codeSheetNotRead    = "sheet_not_read"
	codeHiddenRead      = "hidden_read"
	codeUnclosedQuote   = "unclosed_quote"
	codeUnknownLayout   = "unknown_layout"
	codeAmbiguousLayout = "ambiguous_layout"
	codeNoData          = "no_data"
	codeAmbiguousColumn = "ambiguous_column"
	codeColumnIgnored   = "column_ignored"
	codeRowIgnored      = "row_ignored"
	codeBadMark         = "bad_mark"
	codeBadHeader       = "bad_header"
	codeBadColumn       = "bad_column"
	codeBadSkip         = "bad_skip"
	codeBadName         = "bad_name"
	codeUnusedAnswer    = UnusedAnswer
	codeReadFromTitle   = "read_from_title"
	codeStageInTitle    = "stage_in_title"
	codeMixedFreq       = "mixed_frequencies"

	codeMissingIndicator = "missing_indicator"
	codeMissingUnit      = "missing_unit"
	codeMissingRegion    = "missing_region"
	codeMissingYear      = "missing_year"
	codeContradiction    = "contradiction"

	codeBadEncoding      = "bad_encoding"
	codeExtraCell        = "extra_cell"
	codeUnknownIndicator = "unknown_indicator"
	codeAmbiguousName    = "ambiguous_name"
	codeUnknownRegion    = "unknown_region"
	codeNotCollected     = "not_collected"
	codeUnexpectedLevel  = "unexpected_level"
	codeUnexpectedFreq   = "unexpected_frequency"
	codeUnknownUnit      = "unknown_unit"
	codeUnitMismatch     = "unit_mismatch"
	codeUnknownStatus    = "unknown_status"
	codeBadPower         = "bad_power"
	codeBadPeriod        = "bad_period"
	codeNotANumber       = "not_a_number"
	codeMergedValue      = "merged_value"
	codeOutOfRange       = "out_of_range"
	codeMark             = "mark"
	codeFootnoteSign     = "footnote_sign"
	codeTotal            = "total_not_read"
	codeRegionGroup      = "region_group"
	codeSectionUnread    = "section_not_read"
	codeUnknownField     = "unknown_field"
	codeBadField         = "bad_field"
	codeMissingValue     = "missing_value"
	codeDuplicate        = "duplicate"
	codeConflict         = "conflict"
)

// place is a position in the table: row from 1, column from 0. The zero place
// is the whole file. Columns from fieldColumn on are fields of JSON.
type place struct{ row, col int }

// address is the place as a spreadsheet shows it: B17.
func (p place) address() string {
	if p.row == 0 {
		return ""
	}
	var buffer [24]byte
	return string(p.append(buffer[:0]))
}

func (p place) append(b []byte) []byte {
	if p.col >= fieldColumn {
		return p.appendPath(b)
	}
	return strconv.AppendInt(appendColumn(b, p.col), int64(p.row), 10)
}

// appendPath writes readings[0].value.
func (p place) appendPath(b []byte) []byte {
	b = strconv.AppendInt(append(b, pathStart...), int64(p.row-1), 10)
	b = append(b, ']')
	if field := p.col - fieldColumn; field < len(fields) {
		b = append(append(b, '.'), fields[field]...)
	}
	return b
}

const pathStart = "readings["

// appendColumn writes A … Z, AA … for a column counted from 0.
func appendColumn(b []byte, col int) []byte {
	if col >= 26 {
		b = appendColumn(b, col/26-1)
	}
	return append(b, byte('A'+col%26))
}

func columnName(col int) string { return string(appendColumn(nil, col)) }

// finding is what is wrong, not yet bound to a place. Texts that cost much to
// make are made only when the problem is kept.
type finding struct {
	code     string
	severity indicator.Severity
	message  func() indicator.Text
	suggest  func() []indicator.Suggestion // nil: no answer settles it
	once     bool                          // said of the whole file, however many cells run into it
	said     bool
}

func fault(code, zh, en string, args ...any) *finding {
	return &finding{code: code, severity: indicator.SeverityError, message: sentence(zh, en, args)}
}

func note(code, zh, en string, args ...any) *finding {
	return &finding{code: code, severity: indicator.SeverityNote, message: sentence(zh, en, args)}
}

func sentence(zh, en string, args []any) func() indicator.Text {
	return func() indicator.Text {
		return indicator.T(fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...))
	}
}

// problems gathers findings, at most so many of one code, and counts the rest.
type problems struct {
	most  int
	kept  []placedProblem
	count map[string]int
}

type placedProblem struct {
	place
	indicator.Problem
}

func (ps *problems) add(at place, f *finding) {
	if f.once {
		if f.said {
			return
		}
		f.said, at = true, place{}
	}
	ps.count[f.code]++
	if ps.count[f.code] > ps.most {
		return
	}
	p := indicator.Problem{Cell: at.address(), Code: f.code, Severity: f.severity, Message: f.message()}
	if f.suggest != nil {
		p.Suggestions = f.suggest()
	}
	ps.kept = append(ps.kept, placedProblem{at, p})
}

// hasError reports whether anything keeps the file from being published.
func (ps *problems) hasError() bool {
	return slices.ContainsFunc(ps.kept, func(p placedProblem) bool { return p.Severity == indicator.SeverityError })
}

// full counts one more of a code of which no more are kept, so that a caller in
// a loop need not make it.
func (ps *problems) full(code string) bool {
	if ps.count[code] < ps.most {
		return false
	}
	ps.count[code]++
	return true
}

// list is the problems by place, and after them one more for each code of
// which some were not kept.
func (ps *problems) list() []indicator.Problem {
	slices.SortStableFunc(ps.kept, func(a, b placedProblem) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col))
	})
	severity := map[string]indicator.Severity{}
	list := make([]indicator.Problem, 0, len(ps.kept))
	for _, p := range ps.kept {
		list = append(list, p.Problem)
		if severity[p.Code] != indicator.SeverityError {
			severity[p.Code] = p.Severity
		}
	}
	codes := make([]string, 0, len(ps.count))
	for code, n := range ps.count {
		if n > ps.most {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		more := ps.count[code] - ps.most
		list = append(list, indicator.Problem{Code: code, Severity: severity[code], Message: indicator.T(
			fmt.Sprintf("另有 %d 处同类问题，未逐一列出。先改正已列出的，再次上传。", more),
			fmt.Sprintf("… and %d more of this kind, not listed. Mend those listed and upload again.", more))})
	}
	return list
}
