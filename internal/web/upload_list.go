package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// uploadsBody is what the list of uploads prints.
type uploadsBody struct {
	Rows     []uploadRow
	Waiting  int // of the rows, for the reader to review
	Drafts   int // of the rows, of the reader and not submitted
	Sum      string
	States   []changeCount
	Filters  []filterField
	Filtered bool // some are left out
	Clear    string
	MayStage bool
	LoggedIn bool
}

type uploadRow struct {
	upload.Upload
	Link       string
	Indicators string
	StateName  string
	Waits      bool // for the reader to review
	Own        bool // a draft of the reader
}

// filterField chooses one value of a parameter of the address.
type filterField struct {
	Name, Label string
	Choices     []choiceView
}

// The parameters that select uploads.
const (
	paramState     = "state"
	paramAuthor    = "author"
	paramIndicator = "indicator"
)

func (s *Server) uploadsPage(c echo.Context) error {
	user := userOf(c)
	all, err := s.config.Uploads.List(c.Request().Context(), user, upload.Filter{})
	if err != nil {
		return err
	}
	p := s.furniture(c, indicator.T("报送", "Uploads"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "")
	s.addStaleNotices(c, p)
	q := c.QueryParams()
	state, author, code := q.Get(paramState), q.Get(paramAuthor), q.Get(paramIndicator)
	body := uploadsBody{MayStage: s.rules().MayEver(user, account.Stage), LoggedIn: user.Name != "",
		Filtered: state != "" || author != "" || code != "", Clear: p.link("/uploads")}
	var shown []upload.Upload // but for the state, of which all are counted
	for _, u := range all {
		if (author == "" || slices.Contains(u.Authors, author)) && (code == "" || slices.Contains(u.Indicators, code)) {
			shown = append(shown, u)
		}
	}
	body.States = stateCounts(p, shown, state, author, code)
	for _, u := range shown {
		if state != "" && string(u.State) != state {
			continue
		}
		row := uploadRow{Upload: u, Link: p.link("/uploads/" + url.PathEscape(u.ID)), StateName: u.Standing().In(p.Lang),
			Indicators: s.indicatorNames(u.Indicators, p.Lang), Waits: !u.Scheduled() && s.config.Uploads.Allows(user, u, account.Reject),
			Own: u.State == upload.Draft && slices.Contains(u.Authors, user.Name)}
		body.Waiting += asInt(row.Waits)
		body.Drafts += asInt(row.Own)
		body.Rows = append(body.Rows, row)
	}
	slices.SortStableFunc(body.Rows, func(a, b uploadRow) int { return b.urgency() - a.urgency() })
	body.Filters = s.listFilters(p, all, author, code)
	body.Sum = body.sum().In(p.Lang)
	p.Body = body
	p.Scripts, p.Styles = []string{"tables.js"}, []string{"upload.css"}
	return s.render(c, http.StatusOK, "uploads", p)
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// urgency puts first what the reader has to do.
func (r uploadRow) urgency() int { return 2*asInt(r.Waits) + asInt(r.Own) }

// sum says how many uploads are listed and what of them the reader has to do.
func (b uploadsBody) sum() indicator.Text {
	text := indicator.T(fmt.Sprintf("共 %d 批", len(b.Rows)), fmt.Sprintf("Uploads: %d", len(b.Rows)))
	if b.Waiting > 0 {
		text = indicator.T(fmt.Sprintf("%s，其中 %d 批等待您审核", text.ZH, b.Waiting), fmt.Sprintf("%s, %d for you to review", text.EN, b.Waiting))
	}
	if b.Drafts > 0 {
		text = indicator.T(fmt.Sprintf("%s，您有 %d 批草稿尚未提交", text.ZH, b.Drafts), fmt.Sprintf("%s, %d drafts of yours not submitted yet", text.EN, b.Drafts))
	}
	return indicator.T(text.ZH+"。", text.EN+".")
}

func stateCounts(p *page, list []upload.Upload, state, author, code string) []changeCount {
	to := func(state string) string {
		return p.link("/uploads", paramState, state, paramAuthor, author, paramIndicator, code)
	}
	counts := []changeCount{{"", indicator.T("全部", "all").In(p.Lang), to(""), len(list), state == ""}}
	for _, st := range upload.States {
		n := 0
		for _, u := range list {
			n += asInt(u.State == st)
		}
		if n > 0 || string(st) == state {
			counts = append(counts, changeCount{string(st), st.Name().In(p.Lang), to(string(st)), n, string(st) == state})
		}
	}
	return counts
}

// listFilters offers what occurs in the list.
func (s *Server) listFilters(p *page, all []upload.Upload, author, code string) []filterField {
	var authors, codes []string
	for _, u := range all {
		authors = append(authors, u.Authors...)
		codes = append(codes, u.Indicators...)
	}
	anybody := choiceView{Name: indicator.T("全部", "all").In(p.Lang)}
	choices := func(values []string, chosen string, name func(string) string) []choiceView {
		slices.Sort(values)
		list := []choiceView{anybody}
		for _, v := range slices.Compact(values) {
			list = append(list, choiceView{Value: v, Name: name(v), Chosen: v == chosen})
		}
		return list
	}
	return []filterField{
		{paramAuthor, indicator.T("报送人", "By").In(p.Lang), choices(authors, author, func(v string) string { return v })},
		{paramIndicator, indicator.T("指标", "Indicator").In(p.Lang), choices(codes, code, func(v string) string {
			if i := s.config.Catalog().Indicator(v); i != nil {
				return i.Name.In(p.Lang)
			}
			return v
		})},
	}
}

// maxNames is how many names a list in a table cell shows; the rest is counted.
const maxNames = 4

func (s *Server) indicatorNames(codes []string, lang indicator.Lang) string {
	catalog := s.config.Catalog()
	return names(codes, lang, func(code string) indicator.Text {
		if i := catalog.Indicator(code); i != nil {
			return i.Name
		}
		return indicator.T(code, code)
	})
}

func (s *Server) regionNames(codes []string, lang indicator.Lang) string {
	catalog := s.config.Catalog()
	return names(codes, lang, func(code string) indicator.Text {
		if r := catalog.Region(code); r != nil {
			return r.Short
		}
		return indicator.T(code, code)
	})
}

func names(codes []string, lang indicator.Lang, name func(string) indicator.Text) string {
	return firstNames(codes, maxNames, lang, name)
}

// firstNames lists at most so many names, and counts them where there are more.
func firstNames(codes []string, most int, lang indicator.Lang, name func(string) indicator.Text) string {
	var list []string
	for _, code := range codes[:min(len(codes), most)] {
		list = append(list, name(code).In(lang))
	}
	separator := indicator.T("、", ", ").In(lang)
	text := strings.Join(list, separator)
	if n := len(codes); n > most {
		count := indicator.FormatNumber(float64(n), 0)
		text += indicator.T("等"+count+"个", " … ("+count+" in all)").In(lang)
	}
	return text
}
