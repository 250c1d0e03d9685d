package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/mozillazg/go-pinyin"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// page is what every template gets: the furniture, and Body for the page itself.
type page struct {
	address
	Title   string
	Lead    string
	Crumbs  []crumbView
	Notices []noticeView
	Body    any

	Nav      []navView
	Warnings *toWarnings // nil for those who may not see figures
	Regions  []regionOption
	Here     string // address of this page, to come back to after the login
	Other    string // this page in the other language
	Kept     []pair // what the form for the as of carries along
	AsOfDate string // what its field shows
	Current  string // this page without a past moment
	Past     bool   // the page is about a past moment
	User     *account.User
	Reader   bool // nobody can log in here
	CSRF     string
	Scripts  []string
	Styles   []string
	Dark     map[string]string // of a page with charts: the dark colour for each light one
	Program  string            // version of the program
	Ledger   int64             // version of the ledger, 0: not shown
	Hash     string            // of the catalogue
}

type crumbView struct{ Name, Link string }

type noticeView struct{ Class, Text string }

type navView struct {
	Name, Link string
	Here       bool
}

// toWarnings is the way to the list of warnings, with how many are open; below 0:
// not known, or not told on a page about a past moment.
type toWarnings struct {
	N    int
	Link string
	Here bool
}

// regionOption is one entry of the region picker. Keys are what may be typed
// besides the name, parted by blanks.
type regionOption struct {
	Code, Name, Keys, Hint string
	Here                   bool
}

// furniture is the part of a page that all have.
func (s *Server) furniture(c echo.Context, title indicator.Text) *page {
	a := addressOf(c)
	query := c.QueryParams()
	here := ownPath(c.Request().URL.Path)
	p := &page{address: a, Title: title.In(a.Lang), CSRF: s.csrfToken(c), Program: s.config.Version, Reader: s.config.Reader,
		Here: (&url.URL{Path: here, RawQuery: query.Encode()}).String(), Past: a.AsOf != "" || a.Version != "" || a.AsOfPeriod != ""}
	if user := userOf(c); user.Name != "" {
		p.User = &user
	}
	other := indicator.EN
	if a.Lang == indicator.EN {
		other = indicator.ZH
	}
	p.Other = withQuery(here, query, func(q url.Values) {
		q.Del(paramLang)
		if other == indicator.EN {
			q.Set(paramLang, string(other))
		}
	})
	p.Current = withQuery(here, query, func(q url.Values) {
		for _, name := range []string{paramAsOf, paramAsOfPeriod, paramVersion, paramCatalogue} {
			q.Del(name)
		}
	})
	if t, err := indicator.ParseAsOf(a.AsOf); err == nil {
		p.AsOfDate = date(t)
	}
	p.Kept = keptFields(query, paramAsOf, paramVersion, paramCatalogue)
	p.Nav = s.nav(a, here)
	if s.config.Public || p.User != nil {
		p.Regions = s.regionOptions(a.Lang, here)
		p.Warnings = &toWarnings{N: countUnknown, Link: a.link("/warnings"), Here: here == "/warnings"}
		if !p.Past {
			p.Warnings.N = s.openWarnings(c)
		}
	}
	return p
}

// ownPath keeps a link to a path on this host: browsers take //host and /\host
// for another one.
func ownPath(path string) string { return "/" + strings.TrimLeft(path, `/\`) }

func withQuery(path string, query url.Values, change func(url.Values)) string {
	q := url.Values{}
	for name, values := range query {
		q[name] = slices.Clone(values)
	}
	change(q)
	return (&url.URL{Path: path, RawQuery: q.Encode()}).String()
}

// keptFields are the parameters of the address but for some, in a steady order.
func keptFields(query url.Values, without ...string) []pair {
	var list []pair
	for name, values := range query {
		if slices.Contains(without, name) {
			continue
		}
		for _, v := range values {
			if v != "" {
				list = append(list, pair{name, v})
			}
		}
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value) })
	return list
}

func (s *Server) nav(a address, here string) []navView {
	list := []navView{
		{indicator.T("总览", "Overview").In(a.Lang), a.link("/"), here == "/"},
		{indicator.T("地区", "Regions").In(a.Lang), a.link("/regions"), strings.HasPrefix(here, "/regions")},
		{indicator.T("指标", "Indicators").In(a.Lang), a.link("/indicators"), strings.HasPrefix(here, "/indicators")},
		{indicator.T("目标", "Targets").In(a.Lang), a.link("/targets"), strings.HasPrefix(here, "/targets")},
		{indicator.T("报送", "Uploads").In(a.Lang), a.link("/uploads"),
			strings.HasPrefix(here, "/uploads") && here != "/uploads/coverage" || strings.HasPrefix(here, "/plans")},
		{indicator.T("报送情况", "Coverage").In(a.Lang), a.link("/uploads/coverage"), here == "/uploads/coverage"},
	}
	for _, d := range s.config.Dashboards() {
		if _, known := shapes[d.Page]; !known && len(d.Parameters) == 0 {
			path := "/pages/" + url.PathEscape(d.Page)
			list = append(list, navView{d.Title.In(a.Lang), a.link(path), here == path})
		}
	}
	return list
}

// regionOptions are the regions one may go to, from the nation down.
func (s *Server) regionOptions(lang indicator.Lang, here string) []regionOption {
	catalog := s.config.Catalog()
	var list []regionOption
	for i := range catalog.Regions {
		r := &catalog.Regions[i]
		if !r.Collected {
			continue
		}
		option := regionOption{Code: r.Code, Name: r.Short.In(lang), Here: here == "/regions/"+r.Code,
			Keys: strings.ToLower(strings.Join([]string{r.Pinyin, initials(r), r.Short.ZH, r.Short.EN}, " "))}
		if parent := catalog.Region(r.Parent); parent != nil && r.Level != indicator.Province {
			option.Hint = parent.Short.In(lang)
		}
		list = append(list, option)
	}
	return list
}

// initials of the pinyin: fj for 福建. The first follows the catalogue's own
// pinyin, since a character can be read in several ways (重庆 is chongqing).
func initials(r *indicator.Region) string {
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	letters := strings.Join(pinyin.LazyPinyin(r.Short.ZH, args), "")
	if letters != "" && r.Pinyin != "" {
		letters = r.Pinyin[:1] + letters[1:]
	}
	return letters
}

// clock is a moment to the minute in Shanghai.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(indicator.Shanghai).Format("2006-01-02 15:04")
}

// crumbs resolves the way to the page.
func (p presenter) crumbs(crumbs []dashboard.Crumb) []crumbView {
	var list []crumbView
	for _, c := range crumbs {
		list = append(list, crumbView{p.say(c.Name), p.link(c.Link)})
	}
	return list
}

// crumb is one step of the way on pages that are no View.
func (p *page) crumb(name indicator.Text, path string) {
	c := crumbView{Name: name.In(p.Lang)}
	if path != "" {
		c.Link = p.link(path)
	}
	p.Crumbs = append(p.Crumbs, c)
}

// Link lets templates make addresses that keep language and moment.
func (p *page) Link(path string, extra ...string) string { return p.link(path, extra...) }

// HiddenFields are what a form on the page carries along.
func (p *page) HiddenFields() []pair { return p.pairs() }
