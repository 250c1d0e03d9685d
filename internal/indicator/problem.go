package indicator

import "fmt"

// Severity of a problem, from bad to mild.
type Severity string

// An error stops an upload, a query 核实 needs a written explanation, a note 提示 only informs.
const (
	SeverityError Severity = "error"
	SeverityQuery Severity = "query"
	SeverityNote  Severity = "note"
)

// Name is the severity as a page shows it.
func (s Severity) Name() Text {
	switch s {
	case SeverityError:
		return T("错误", "error")
	case SeverityQuery:
		return T("核实", "query")
	case SeverityNote:
		return T("提示", "note")
	}
	return T(string(s), string(s))
}

// Problem is one thing wrong with an input: where, what and what to do, in both
// languages. Cell is a spreadsheet address (B17) or empty for the whole file.
type Problem struct {
	Cell     string   `json:"cell"`
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  Text     `json:"message"`
	// Suggestions are answers of which one may settle the problem, the likeliest first.
	Suggestions []Suggestion `json:"suggestions,omitempty"`
}

// Suggestion is an answer to give beside the file: the option --name with the
// value 福健=350000. The field of a form has the same name.
type Suggestion struct {
	Option string `json:"option"`
	Value  string `json:"value"`
}

// Error makes a single problem usable as an error; it speaks English.
func (p Problem) Error() string {
	if p.Cell == "" {
		return fmt.Sprintf("%s: %s", p.Code, p.Message.EN)
	}
	return fmt.Sprintf("%s %s: %s", p.Cell, p.Code, p.Message.EN)
}

// HasErrors reports whether any problem is an error.
func HasErrors(problems []Problem) bool {
	for _, p := range problems {
		if p.Severity == SeverityError {
			return true
		}
	}
	return false
}

// Fault is one thing wrong with the configuration: file, line, what, in both languages.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message Text   `json:"message"`
}

func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message.EN) }
