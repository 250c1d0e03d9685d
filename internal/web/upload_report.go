package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// questionView is what neither the file nor a person has said yet, or what was
// said and cannot be.
type questionView struct {
	Name      string
	Messages  []string
	Field     *fieldView
	Suggested []givenView
}

// questions are the options that settle a problem of the whole file, by its code.
var questions = map[string]string{
	"missing_indicator": "indicator", "missing_unit": "unit", "missing_region": "region", "missing_year": "year",
	"several_sheets": "sheet", "unknown_sheet": "sheet", "ambiguous_layout": "layout", "unknown_layout": "header", "missing_encoding": "encoding", "unknown_encoding": "encoding",
}

// questionOf is the option that a problem asks for, empty where it asks for none.
func questionOf(p indicator.Problem) string {
	if p.Severity != indicator.SeverityError {
		return ""
	}
	if p.Code == "missing_region" && p.Cell != "" { // of one row: the file has to be mended
		return ""
	}
	return questions[p.Code]
}

// questions groups the problems that ask for the same answer.
func (f fields) questions(problems []indicator.Problem) []questionView {
	var list []questionView
	at := map[string]int{}
	for _, p := range problems {
		option := questionOf(p)
		if option == "" {
			continue
		}
		n, ok := at[option]
		if !ok {
			n = len(list)
			at[option] = n
			field := f.field(option)
			field.ID = "q-" + option
			list = append(list, questionView{Name: field.Label, Field: field})
		}
		q := &list[n]
		if message := onPage(p.Message, f.Lang); !slices.Contains(q.Messages, message) {
			q.Messages = append(q.Messages, message)
		}
		q.Suggested = f.suggested(q.Suggested, p)
	}
	return list
}

// suggested adds the proposals of a problem that are not yet in the list.
func (f fields) suggested(list []givenView, p indicator.Problem) []givenView {
	for _, s := range p.Suggestions {
		v := givenView{word(upload.OptionNames, s.Option, f.Lang), f.answerWords(s.Option, s.Value, f.Lang), s.Option + "=" + s.Value}
		if s.Option == "skip" {
			v.Words += indicator.T("不是数据", " is no data").In(f.Lang)
		}
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// problemGroup is one problem that several cells may have.
type problemGroup struct {
	Code, Message                string
	Severity, SeverityName, Sign string
	Cells                        []string
	More                         int // cells that are not listed
	Suggested                    []givenView
	Name                         *fieldView // for what an unknown name stands for
	Skip                         string     // number of the only row concerned
}

// acceptAll takes the first proposal of every problem of one kind.
type acceptAll struct {
	ID, Message string
	Values      []string
}

// reportView is the problems of cells, by severity and then by place.
type reportView struct {
	Groups                 []problemGroup
	Left                   int // groups that are not listed
	Faults, Queries, Notes int // by cells
	All                    []acceptAll
	Named                  int // groups with a field for a name
}

const (
	maxGroups = 200
	maxCells  = 12
	maxNamed  = 30 // fields for names
)

func signOf(s indicator.Severity) string {
	switch s {
	case indicator.SeverityError:
		return "!"
	case indicator.SeverityQuery:
		return "?"
	}
	return "i"
}

// severities from bad to mild.
var severities = []indicator.Severity{indicator.SeverityError, indicator.SeverityQuery, indicator.SeverityNote}

// report lists the problems that are no questions. textAt gives the text of a cell.
func (f fields) report(problems []indicator.Problem, textAt func(cell string) string, kinds map[int]string) reportView {
	var v reportView
	for _, severity := range severities {
		at := map[string]int{}
		for _, p := range problems {
			if p.Severity != severity || questionOf(p) != "" {
				continue
			}
			v.count(severity)
			message := onPage(p.Message, f.Lang)
			n, ok := at[p.Code+message]
			if !ok {
				if len(v.Groups) == maxGroups {
					v.Left++
					continue
				}
				n = len(v.Groups)
				at[p.Code+message] = n
				v.Groups = append(v.Groups, problemGroup{Code: p.Code, Message: message, Severity: string(severity),
					SeverityName: severity.Name().In(f.Lang), Sign: signOf(severity)})
			}
			g := &v.Groups[n]
			g.Suggested = f.suggested(g.Suggested, p)
			g.add(p.Cell)
			if key := strings.TrimSpace(textAt(p.Cell)); isNameProblem(p.Code) && key != "" && g.Name == nil && v.Named < maxNamed {
				v.Named++
				g.Name = f.nameField(p.Code, key)
			}
		}
	}
	for i := range v.Groups {
		v.Groups[i].offerSkip(kinds)
	}
	v.All = f.acceptAll(v.Groups)
	return v
}

// offerSkip lets a person say that the only row concerned holds no data.
func (g *problemGroup) offerSkip(kinds map[int]string) {
	if len(g.Cells) != 1 || g.More > 0 || g.Severity != string(indicator.SeverityError) {
		return
	}
	row, err := strconv.Atoi(rowOf(g.Cells[0]))
	offered := slices.ContainsFunc(g.Suggested, func(s givenView) bool { return strings.HasPrefix(s.Value, "skip=") })
	if err == nil && kinds[row] == "" && !offered {
		g.Skip = strconv.Itoa(row)
	}
}

// planNotes takes out what is to be said of import plans, which belongs to how
// the file was read.
func (f fields) planNotes(problems []indicator.Problem) (notes []string, others []indicator.Problem) {
	for _, p := range problems {
		if p.Severity == indicator.SeverityNote && p.Cell == "" && (strings.Contains(p.Code, "plan") || p.Code == "compared_with_last") {
			notes = append(notes, onPage(p.Message, f.Lang))
			continue
		}
		others = append(others, p)
	}
	return notes, others
}

func (v *reportView) count(s indicator.Severity) {
	switch s {
	case indicator.SeverityError:
		v.Faults++
	case indicator.SeverityQuery:
		v.Queries++
	default:
		v.Notes++
	}
}

func (g *problemGroup) add(cell string) {
	switch {
	case cell == "" || slices.Contains(g.Cells, cell):
	case len(g.Cells) == maxCells:
		g.More++
	default:
		g.Cells = append(g.Cells, cell)
	}
}

func isNameProblem(code string) bool { return code == "unknown_region" || code == "unknown_indicator" }

// nameField asks what a name in the file stands for.
func (f fields) nameField(code, key string) *fieldView {
	v := f.keyedField("name", key, indicator.T("“"+key+"”是", "“"+key+"” is").In(f.Lang), nil)
	v.Groups, v.List, v.Width = nil, "region-codes", 10
	if code == "unknown_indicator" {
		v.List = "indicator-codes"
	}
	return v
}

// acceptAll offers to take all proposals of one kind at once where several
// problems have one.
func (f fields) acceptAll(groups []problemGroup) []acceptAll {
	var list []acceptAll
	at := map[string]int{}
	for _, g := range groups {
		if len(g.Suggested) == 0 {
			continue
		}
		n, ok := at[g.Code]
		if !ok {
			n = len(list)
			at[g.Code] = n
			list = append(list, acceptAll{ID: "all-" + g.Code})
		}
		list[n].Values = append(list[n].Values, g.Suggested[0].Value)
	}
	list = slices.DeleteFunc(list, func(a acceptAll) bool { return len(a.Values) < 2 })
	for i := range list {
		list[i].Message = fmt.Sprintf(indicator.T("接受全部 %d 条首选建议", "Accept the first suggestion of all %d").In(f.Lang), len(list[i].Values))
	}
	return list
}

// rowOf and columnOf part an address such as B17.
func rowOf(cell string) string    { return strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }
func columnOf(cell string) string { return strings.TrimRight(cell, "0123456789") }
