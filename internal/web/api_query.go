package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// momentParams are those of every answer made of readings or of the catalogue.
var momentParams = []string{paramAsOf, paramVersion, paramCatalogue}

// apiQuery is the parameters of a request, each known to the route and none empty.
// What cannot be understood is kept as the first fault, so that a handler reads
// all it needs and asks once.
type apiQuery struct {
	values url.Values
	fault  *failure
}

// readQuery refuses parameters that the route does not have: a misspelt filter
// would otherwise select everything.
func readQuery(c echo.Context, names ...string) (*apiQuery, error) {
	q := &apiQuery{values: c.QueryParams()}
	known := append([]string{paramLang}, names...)
	for _, name := range sortedNames(q.values) {
		if !slices.Contains(known, name) {
			return nil, unknownParameter(name, known)
		}
		for _, value := range q.values[name] {
			if strings.TrimSpace(value) == "" {
				return nil, badParameter(name, indicator.T(
					"参数 "+name+" 是空的。请填写，或去掉这个参数。",
					"The parameter "+name+" is empty. Give it a value or leave it out."), nil)
			}
		}
	}
	for _, name := range append([]string{paramLang, paramAsOfPeriod}, momentParams...) {
		q.one(name)
	}
	q.choice(paramLang, string(indicator.ZH), string(indicator.EN))
	return q, q.err()
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func unknownParameter(name string, known []string) *failure {
	zh, en := strings.Join(known, "、"), strings.Join(known, ", ")
	f := badParameter(name, indicator.T(
		"没有参数“"+name+"”。可用："+zh+"。", "There is no parameter “"+name+"”. Use "+en+"."), nil)
	f.code = "unknown_parameter"
	return f
}

// err is the first fault, as an error that is nil where there is none.
func (q *apiQuery) err() error {
	if q.fault == nil {
		return nil
	}
	return q.fault
}

func (q *apiQuery) fail(f *failure) {
	if q.fault == nil {
		q.fault = f
	}
}

// one is the value of a parameter that may be given once; empty: not given.
func (q *apiQuery) one(name string) string {
	return strings.TrimSpace(q.only(name, q.values[name]))
}

// only is the one value that a parameter has, or empty where it has none.
func (q *apiQuery) only(name string, values []string) string {
	if len(values) == 0 {
		return ""
	}
	if len(values) > 1 {
		q.fail(badParameter(name, indicator.T(
			"参数 "+name+" 只能给出一个值。", "The parameter "+name+" takes only one value."), nil))
	}
	return values[0]
}

// list is the values of a parameter that may be repeated or separated by commas.
func (q *apiQuery) list(name string) []string {
	var list []string
	for _, values := range q.values[name] {
		for value := range strings.SplitSeq(values, ",") {
			value = strings.TrimSpace(value)
			if value == "" {
				q.fail(badParameter(name, indicator.T(
					"参数 "+name+" 中有空的值。", "The parameter "+name+" has an empty value in its list."), nil))
			} else if !slices.Contains(list, value) {
				list = append(list, value)
			}
		}
	}
	return list
}

// choice is one of the given values, or empty where the parameter is not given.
func (q *apiQuery) choice(name string, allowed ...string) string {
	value := q.one(name)
	if value != "" {
		q.check(name, value, allowed)
	}
	return value
}

// choices are some of the given values.
func (q *apiQuery) choices(name string, allowed ...string) []string {
	values := q.list(name)
	for _, value := range values {
		q.check(name, value, allowed)
	}
	return values
}

func (q *apiQuery) check(name, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		q.fail(badParameter(name, indicator.T(
			"参数 "+name+" 不能是“"+value+"”。可用："+strings.Join(allowed, "、")+"。",
			"The parameter "+name+" cannot be “"+value+"”. Use "+strings.Join(allowed, ", ")+"."), nil))
	}
}

func (q *apiQuery) period(name string) indicator.Period {
	value := q.one(name)
	if value == "" {
		return indicator.Period{}
	}
	p, err := indicator.ParsePeriod(value)
	if err != nil {
		q.fail(badParameter(name, indicator.T(
			"参数 "+name+" 应写作 2023、2023-Q4、2023-12 或 2023-01/P9M，收到的是“"+value+"”。",
			"The parameter "+name+" must be written 2023, 2023-Q4, 2023-12 or 2023-01/P9M; got “"+value+"”."), err))
	}
	return p
}

// limit is the most items wanted, 0: all.
func (q *apiQuery) limit() int { return q.count("limit") }

// count is a positive whole number, 0 where the parameter is not given.
func (q *apiQuery) count(name string) int {
	value := q.one(name)
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		q.fail(badParameter(name, indicator.T(
			"参数 "+name+" 应为正整数，收到的是“"+value+"”。",
			"The parameter "+name+" must be a positive whole number; got “"+value+"”."), err))
	}
	return n
}

// indicators are those of the parameter indicator: codes that the catalogue has.
func (q *apiQuery) indicators(catalog *indicator.Catalog) []string {
	return q.codes("indicator", func(code string) *failure {
		if catalog.Indicator(code) != nil {
			return nil
		}
		return unknownIndicator(catalog, code)
	})
}

// regions are codes that the catalogue has.
func (q *apiQuery) regions(name string, catalog *indicator.Catalog) []string {
	return q.codes(name, func(code string) *failure {
		if catalog.Region(code) != nil {
			return nil
		}
		return unknownRegion(catalog, code)
	})
}

// targets are ids that the catalogue has.
func (q *apiQuery) targets(name string, catalog *indicator.Catalog) []string {
	return q.codes(name, func(id string) *failure {
		if catalog.Target(id) != nil {
			return nil
		}
		return unknownTarget(catalog, id)
	})
}

// documents are ids that the catalogue has.
func (q *apiQuery) documents(name string, catalog *indicator.Catalog) []string {
	return q.codes(name, func(id string) *failure {
		if catalog.Document(id) != nil {
			return nil
		}
		return unknownDocument(catalog, id)
	})
}

// codes are the values of a list, of which the first unknown one is a fault of
// the parameter, not a missing page.
func (q *apiQuery) codes(name string, unknown func(string) *failure) []string {
	values := q.list(name)
	for _, value := range values {
		if f := unknown(value); f != nil {
			f.kind, f.parameter = kindBadRequest, name
			q.fail(f)
		}
	}
	return values
}

// apiMoment is momentOf for the API: a version or a catalogue that there is not
// is a fault of the parameter.
func (s *Server) apiMoment(c echo.Context) (moment, error) {
	m, err := s.momentOf(c)
	var f *failure
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		version := addressOf(c).Version
		return m, badParameter(paramVersion, indicator.T(
			"账本还没有版本 "+version+"。", "The ledger has not reached version "+version+"."), err)
	case errors.As(err, &f) && f.kind == kindNotFound:
		return m, badParameter(paramCatalogue, f.text, err)
	}
	return m, err
}
