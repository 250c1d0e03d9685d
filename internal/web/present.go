package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// presenter turns the parts of a View into what the templates print: one
// language, numbers written out, links resolved. It decides nothing.
type presenter struct {
	address address
	path    string // of the page, without parameters
	query   url.Values
	draw    func(*dashboard.Chart, indicator.Lang) (json.RawMessage, error)
	shown   shown
}

func (p presenter) say(t indicator.Text) string { return t.In(p.address.Lang) }

// badge is a status as it is drawn: shape, word, colour (by the class Code).
type badge struct {
	Code, Symbol, Word, Reason string
	Hollow                     bool
}

func (p presenter) badge(status assess.Status, reason assess.Reason, hollow bool) *badge {
	if status == "" {
		return nil
	}
	b := &badge{Code: string(status), Symbol: assess.StatusLook(status).Symbol,
		Word: p.say(assess.StatusName(status)), Hollow: hollow}
	if reason != "" {
		b.Reason = p.say(assess.ReasonName(reason))
	}
	return b
}

// markView is a mark in words, and in the one or two letters that a narrow cell
// has room for; whoever prints the letters prints their legend.
type markView struct{ Code, Word, Short string }

func (p presenter) marks(marks []dashboard.Mark) []markView {
	var list []markView
	for _, m := range marks {
		list = append(list, markView{string(m), p.say(dashboard.MarkName(m)), p.say(shortMarks[m])})
	}
	return list
}

var shortMarks = map[dashboard.Mark]indicator.Text{
	dashboard.MarkProvisional: indicator.T("初", "p"),
	dashboard.MarkEstimated:   indicator.T("估", "e"),
	dashboard.MarkBreak:       indicator.T("断", "b"),
	dashboard.MarkRevised:     indicator.T("修", "rev"),
	dashboard.MarkGenerated:   indicator.T("例", "ex"),
	dashboard.MarkOld:         indicator.T("旧", "o"),
	dashboard.MarkPending:     indicator.T("待", "w"),
	dashboard.MarkEarly:       indicator.T("前", "a"),
	dashboard.MarkAhead:       indicator.T("快", "+"),
	dashboard.MarkClosed:      indicator.T("满", "c"),
	dashboard.MarkReference:   indicator.T("参", "r"),
	dashboard.MarkProxy:       indicator.T("代", "x"),
	dashboard.MarkInterpreted: indicator.T("解", "i"),
	dashboard.MarkApproximate: indicator.T("约", "≈"),
	dashboard.MarkEarlier:     indicator.T("早", "f"),
	dashboard.MarkSummed:      indicator.T("合", "s"),
}

// legend gathers marks as they come, each once.
type legend struct {
	marks []markView
	seen  map[string]bool
}

func (l *legend) add(marks []markView) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	for _, m := range marks {
		if !l.seen[m.Code] {
			l.seen[m.Code] = true
			l.marks = append(l.marks, m)
		}
	}
}

// place is where a link leads, without what the address keeps.
func place(l dashboard.Link) (to string, extra []string) {
	id := url.PathEscape(l.ID)
	switch l.Page {
	case "overview":
		to, extra = "/", []string{"indicator", l.ID}
	case "region":
		to = "/regions/" + id
	case "indicator":
		to = "/indicators/" + id
	case "targets":
		to, extra = "/targets", []string{"document", l.ID}
	case "target":
		to, extra = "/targets/"+id, []string{"region", l.Region}
	case "upload":
		to = "/uploads/" + id
	case "history":
		to = "/indicators/" + url.PathEscape(l.Reading.Indicator) + "/history"
		extra = []string{"region", l.Reading.Region, "period", l.Reading.Period.String()}
	default:
		to = "/pages/" + url.PathEscape(l.Page)
		if l.ID != "" {
			to += "/" + id
		}
	}
	if l.Anchor != "" {
		to += "#" + l.Anchor
	}
	return to, extra
}

func (p presenter) link(l *dashboard.Link) string {
	if l == nil {
		return ""
	}
	to, extra := place(*l)
	return p.address.link(to, extra...)
}

// number writes a value with its sign where asked, and its unit.
func (p presenter) number(v float64, decimals int, signed bool) string {
	s := indicator.FormatNumber(v, decimals)
	if signed && v > 0 && strings.ContainsAny(s, "123456789") {
		s = "+" + s
	}
	return s
}

// amount is a cell's number with its unit. English counts 亿元 in billions, as in sentences.
func (p presenter) amount(c dashboard.Cell) string {
	if c.Unit == "亿元" && p.address.Lang == indicator.EN {
		return p.number(*c.Number/10, c.Decimals+1, c.Signed) + "\u00a0billion yuan"
	}
	return p.withUnit(p.number(*c.Number, c.Decimals, c.Signed), c.Unit)
}

// withUnit sets the unit after a number, as dashboard does inside sentences.
func (p presenter) withUnit(number, unit string) string {
	name := p.unit(unit)
	switch {
	case name == "":
		return number
	case name == "%":
		return number + "%"
	case strings.HasPrefix(name, "10"): // 100 million yuan: a number of its own
		return number + " (" + name + ")"
	case p.address.Lang == indicator.ZH:
		return number + name
	}
	return number + "\u00a0" + name
}

func (p presenter) unit(code string) string {
	if code == "" {
		return ""
	}
	return indicator.UnitName(code, p.address.Lang)
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(indicator.Shanghai).Format(time.DateOnly)
}

// cellView is a cell as the templates print it. Sort is what the sorting script compares.
type cellView struct {
	Head    bool // the head of its row
	Numeric bool
	Words   bool // long text
	Brief   bool // so short that it stays on one line
	Date    bool // a day alone, which is never broken
	Sort    string
	Text    string
	Status  *badge
	Period  string // printed small after the value where it is not the only content
	Marks   []markView
	Note    string
	Link    string
}

func (p presenter) cell(c dashboard.Cell, numeric bool) cellView {
	v := cellView{Numeric: numeric, Marks: p.marks(c.Marks), Note: p.say(c.Note), Link: p.link(c.Link),
		Status: p.badge(c.Status, c.Reason, c.Hollow)}
	var parts []string
	if c.Number != nil {
		v.Sort = strconv.FormatFloat(*c.Number, 'g', -1, 64)
		parts = append(parts, p.amount(c))
	}
	if text := p.say(c.Text); text != "" {
		parts = append(parts, text)
	}
	if !c.Time.IsZero() {
		v.Date = len(parts) == 0
		parts = append(parts, date(c.Time))
	}
	if !c.Period.IsZero() {
		if len(parts) == 0 && v.Status == nil {
			parts = append(parts, c.Period.Label(p.address.Lang))
			v.Sort = c.Period.String()
		} else {
			v.Period = c.Period.Label(p.address.Lang)
		}
	}
	v.Text = strings.Join(parts, " ")
	length := utf8.RuneCountInString(v.Text)
	v.Words, v.Brief = length > longText, length <= briefText
	if v.Sort == "" {
		v.Sort = p.sortKey(c, v)
	}
	if numeric && c.Number == nil && c.Period.IsZero() {
		v.Sort = "" // stays at the end
	}
	return v
}

// sortKey orders verdicts by their importance, everything else by its words.
func (p presenter) sortKey(c dashboard.Cell, v cellView) string {
	for i, s := range assess.Statuses {
		if s == c.Status {
			return strconv.Itoa(i)
		}
	}
	return v.Text
}

// Lengths in runes: longer texts need a wide column, shorter ones never wrap.
const (
	longText  = 24
	briefText = 10
)

// printedColumns is how many columns fit on paper; print.css hides the others.
const printedColumns = 11

type columnView struct {
	Title, Sub, Unit, Link string
	Numeric                bool
}

type rowView struct {
	ID    string
	Own   bool
	Cells []cellView
}

type tableView struct {
	ID, Caption string
	File        string // where it can be downloaded
	Columns     []columnView
	Rows        []rowView
	Silent      bool       // the caption says no more than the panel's title
	Wide        bool       // has more columns than paper has room for
	Legend      []markView // of the marks in the cells
}

func (p presenter) table(t *dashboard.Table) *tableView {
	if t == nil {
		return nil
	}
	v := &tableView{ID: t.ID, Caption: p.say(t.Caption), File: p.tableFile(t.ID)}
	var used legend
	head := headColumn(t)
	for _, c := range t.Columns {
		v.Columns = append(v.Columns, columnView{p.say(c.Title), p.say(c.Sub), p.unit(c.Unit), p.link(c.Link), c.Numeric})
	}
	v.Wide = len(t.Columns) > printedColumns
	for _, r := range t.Rows {
		row := rowView{ID: r.ID, Own: r.Own}
		for i, c := range r.Cells {
			cell := p.cell(c, t.Columns[i].Numeric)
			cell.Head = i == head
			used.add(cell.Marks)
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Legend = used.marks
	return v
}

// headColumn is the column that names the rows: the first of words that are no verdicts.
func headColumn(t *dashboard.Table) int {
	for i, c := range t.Columns {
		verdicts := slices.ContainsFunc(t.Rows, func(r dashboard.Row) bool { return r.Cells[i].Status != "" })
		if !c.Numeric && !verdicts {
			return i
		}
	}
	return 0
}
