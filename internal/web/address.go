package web

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// address is what every link on a page keeps: the language and the moment that
// the page is about. Its fields are as the reader gave them, already checked.
type address struct {
	Lang       indicator.Lang
	AsOf       string // a date or an RFC 3339 time
	AsOfPeriod string
	Version    string
	Catalogue  string // hash
}

// The address parameters that every link keeps.
const (
	paramLang       = "lang"
	paramAsOf       = "as_of"
	paramAsOfPeriod = "as_of_period"
	paramVersion    = "version"
	paramCatalogue  = "catalogue"
)

const addressKey = "address"

// langOf is the language of a request: Chinese unless the address asks for English.
func langOf(q url.Values) indicator.Lang {
	if q.Get(paramLang) == string(indicator.EN) {
		return indicator.EN
	}
	return indicator.ZH
}

// parseAddress checks the kept parameters. On a fault the address still carries
// the language, so that the page which says so can be read.
func parseAddress(q url.Values) (address, error) {
	a := address{Lang: langOf(q)}
	asOf, period := strings.TrimSpace(q.Get(paramAsOf)), strings.TrimSpace(q.Get(paramAsOfPeriod))
	version, catalogue := q.Get(paramVersion), q.Get(paramCatalogue)
	if _, err := indicator.ParseAsOf(asOf); err != nil {
		return a, badParameter(paramAsOf, indicator.T(
			"“版本时点”应写作 2024-12-31，收到的是“"+asOf+"”。",
			"The as of must be a date such as 2024-12-31; got “"+asOf+"”."), err)
	}
	if period != "" {
		if _, err := indicator.ParsePeriod(period); err != nil {
			return a, badParameter(paramAsOfPeriod, indicator.T(
				"“评估报告期”应写作 2023、2023-Q4 或 2023-12，收到的是“"+period+"”。",
				"The as-of period must be written 2023, 2023-Q4 or 2023-12; got “"+period+"”."), err)
		}
	}
	if v, err := ledger.ParseVersion(version); err != nil || v < 0 {
		return a, badParameter(paramVersion, indicator.T(
			"“账本版本”应为正整数，收到的是“"+version+"”。",
			"The version must be a positive whole number; got “"+version+"”."), err)
	}
	return address{a.Lang, asOf, period, version, catalogue}, nil
}

// addressOf is the address that the middleware read for this request.
func addressOf(c echo.Context) address {
	if a, ok := c.Get(addressKey).(address); ok {
		return a
	}
	return address{Lang: langOf(c.QueryParams())}
}

// values are the kept parameters that are set; Chinese, the default, is not written.
func (a address) values() url.Values {
	q := url.Values{}
	for _, p := range a.pairs() {
		q.Set(p.Name, p.Value)
	}
	return q
}

// pair is one parameter, as a hidden field of a form carries it.
type pair struct{ Name, Value string }

func (a address) pairs() []pair {
	var list []pair
	add := func(name, value string) {
		if value != "" {
			list = append(list, pair{name, value})
		}
	}
	if a.Lang == indicator.EN {
		add(paramLang, string(indicator.EN))
	}
	add(paramAsOf, a.AsOf)
	add(paramAsOfPeriod, a.AsOfPeriod)
	add(paramVersion, a.Version)
	add(paramCatalogue, a.Catalogue)
	return list
}

// link is the address of path with what is kept; extra is name, value, name,
// value … of which empty values are left out. path may end in #anchor.
func (a address) link(path string, extra ...string) string {
	q := a.values()
	for i := 0; i+1 < len(extra); i += 2 {
		if extra[i+1] != "" {
			q.Set(extra[i], extra[i+1])
		}
	}
	path, anchor, hasAnchor := strings.Cut(path, "#")
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	if hasAnchor {
		path += "#" + anchor
	}
	return path
}
