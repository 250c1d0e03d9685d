package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
)

// catalogQuery reads the parameters of an answer made of the catalogue alone.
func (s *Server) catalogQuery(c echo.Context, names ...string) (*apiQuery, moment, error) {
	q, err := readQuery(c, slices.Concat(momentParams, names)...)
	if err != nil {
		return nil, moment{}, err
	}
	m, err := s.apiMoment(c)
	return q, m, err
}

func (s *Server) apiIndicators(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "topic", "limit")
	if err != nil {
		return err
	}
	topics, limit := q.choices("topic", topicCodes(m.catalog)...), q.limit()
	if err := q.err(); err != nil {
		return err
	}
	var items []indicator.Indicator
	for _, i := range m.catalog.Indicators {
		if wanted(topics, i.Topic) {
			items = append(items, wholeIndicator(i))
		}
	}
	return answerList(s, c, m, items, limit)
}

func (s *Server) apiIndicator(c echo.Context) error {
	_, m, err := s.catalogQuery(c)
	if err != nil {
		return err
	}
	i := m.catalog.Indicator(param(c, "code"))
	if i == nil {
		return unknownIndicator(m.catalog, param(c, "code"))
	}
	return answer(s, c, m, itemAnswer[indicator.Indicator]{wholeIndicator(*i), m.stamp(c)})
}

func (s *Server) apiRegions(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "level", "parent", "limit")
	if err != nil {
		return err
	}
	levels := q.choices("level", string(indicator.Country), string(indicator.Province), string(indicator.City), string(indicator.County))
	parents, limit := q.regions("parent", m.catalog), q.limit()
	if err := q.err(); err != nil {
		return err
	}
	var items []indicator.Region
	for _, r := range m.catalog.Regions {
		if wanted(levels, string(r.Level)) && wanted(parents, r.Parent) {
			items = append(items, wholeRegion(r))
		}
	}
	return answerList(s, c, m, items, limit)
}

func (s *Server) apiRegion(c echo.Context) error {
	_, m, err := s.catalogQuery(c)
	if err != nil {
		return err
	}
	r := m.catalog.Region(param(c, "code"))
	if r == nil {
		return unknownRegion(m.catalog, param(c, "code"))
	}
	return answer(s, c, m, itemAnswer[indicator.Region]{wholeRegion(*r), m.stamp(c)})
}

func (s *Server) apiDocuments(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "limit")
	if err != nil {
		return err
	}
	limit := q.limit()
	if err := q.err(); err != nil {
		return err
	}
	return answerList(s, c, m, m.catalog.Documents, limit)
}

func (s *Server) apiDocument(c echo.Context) error {
	_, m, err := s.catalogQuery(c)
	if err != nil {
		return err
	}
	d := m.catalog.Document(param(c, "id"))
	if d == nil {
		return unknownDocument(m.catalog, param(c, "id"))
	}
	return answer(s, c, m, itemAnswer[indicator.Document]{*d, m.stamp(c)})
}

// apiTargets lists targets in force of meaning: superseded ones can only be
// asked for by their id. A region has its own targets and those it is shown.
func (s *Server) apiTargets(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "document", "region", "indicator", "topic", "kind", "binding", "lead", "limit")
	if err != nil {
		return err
	}
	var (
		documents  = q.documents("document", m.catalog)
		regions    = q.regions("region", m.catalog)
		indicators = q.indicators(m.catalog)
		topics     = q.choices("topic", topicCodes(m.catalog)...)
		kinds      = q.choices("kind", targetKinds...)
		bindings   = q.choices("binding", targetBindings...)
		leads      = q.list("lead")
		limit      = q.limit()
	)
	if err := q.err(); err != nil {
		return err
	}
	var items []indicator.Target
	for _, t := range m.catalog.Targets {
		shown := wanted(regions, t.Region) || slices.ContainsFunc(t.ReferenceFor, func(r string) bool { return wanted(regions, r) })
		if t.SupersededBy == "" && shown && wanted(documents, t.Document) && wanted(indicators, t.Indicator) &&
			wanted(topics, t.Topic) && wanted(kinds, string(t.Kind)) && wanted(bindings, string(t.Binding)) &&
			(wanted(leads, t.Lead.ZH) || wanted(leads, t.Lead.EN)) {
			items = append(items, wholeTarget(t))
		}
	}
	return answerList(s, c, m, items, limit)
}

func (s *Server) apiTarget(c echo.Context) error {
	_, m, err := s.catalogQuery(c)
	if err != nil {
		return err
	}
	t := m.catalog.Target(param(c, "id"))
	if t == nil {
		return unknownTarget(m.catalog, param(c, "id"))
	}
	return answer(s, c, m, itemAnswer[indicator.Target]{wholeTarget(*t), m.stamp(c)})
}

var (
	targetKinds = []string{string(indicator.Reach), string(indicator.Hold), string(indicator.Grow),
		string(indicator.Directed), string(indicator.StatedOnly)}
	targetBindings = []string{string(indicator.Mandatory), string(indicator.Indicative), string(indicator.Unstated)}
)

// wanted: an empty filter passes everything.
func wanted(filter []string, value string) bool {
	return len(filter) == 0 || slices.Contains(filter, value)
}

func topicCodes(catalog *indicator.Catalog) []string {
	codes := make([]string, len(catalog.Topics))
	for i, t := range catalog.Topics {
		codes[i] = t.Code
	}
	return codes
}

// wholeIndicator, wholeRegion and wholeTarget have empty lists where the
// catalogue has none at all.
func wholeIndicator(i indicator.Indicator) indicator.Indicator {
	i.Frequencies, i.Levels, i.Aliases = orEmpty(i.Frequencies), orEmpty(i.Levels), orEmpty(i.Aliases)
	i.Crosswalk.Near = orEmpty(i.Crosswalk.Near)
	return i
}

func wholeRegion(r indicator.Region) indicator.Region {
	r.Aliases = orEmpty(r.Aliases)
	return r
}

func wholeTarget(t indicator.Target) indicator.Target {
	t.ReferenceFor, t.Milestones = orEmpty(t.ReferenceFor), orEmpty(t.Milestones)
	return t
}

// nearest is how many suggestions an answer carries.
const nearest = 5

func unknownIndicator(catalog *indicator.Catalog, code string) *failure {
	f := notFound(indicator.T("没有指标“"+code+"”。全部指标见 "+apiPrefix+"/indicators。",
		"There is no indicator “"+code+"”. All are listed at "+apiPrefix+"/indicators."))
	f.code = "unknown_indicator"
	for _, i := range catalog.NearestIndicators(code, nearest) {
		f.suggestions = append(f.suggestions, suggestion{i.Name, apiPrefix + "/indicators/" + i.Code})
	}
	return f
}

func unknownRegion(catalog *indicator.Catalog, code string) *failure {
	f := notFound(indicator.T("没有地区“"+code+"”。地区代码为六位数字，如福建省 350000。",
		"There is no region “"+code+"”. Region codes have six digits, Fujian is 350000."))
	f.code = "unknown_region"
	for _, r := range catalog.NearestRegions(code, nearest) {
		f.suggestions = append(f.suggestions, suggestion{r.Name, apiPrefix + "/regions/" + r.Code})
	}
	return f
}

func unknownDocument(catalog *indicator.Catalog, id string) *failure {
	f := notFound(indicator.T("没有文件“"+id+"”。全部文件见 "+apiPrefix+"/documents。",
		"There is no document “"+id+"”. All are listed at "+apiPrefix+"/documents."))
	f.code = "unknown_document"
	ids := make([]string, len(catalog.Documents))
	for i, d := range catalog.Documents {
		ids[i] = d.ID
	}
	if d := catalog.Document(indicator.NearestWord(id, ids)); d != nil {
		f.suggestions = []suggestion{{d.Title, apiPrefix + "/documents/" + d.ID}}
	}
	return f
}

func unknownTarget(catalog *indicator.Catalog, id string) *failure {
	f := notFound(indicator.T("没有目标“"+id+"”。全部目标见 "+apiPrefix+"/targets。",
		"There is no target “"+id+"”. All are listed at "+apiPrefix+"/targets."))
	f.code = "unknown_target"
	ids := make([]string, len(catalog.Targets))
	for i, t := range catalog.Targets {
		ids[i] = t.ID
	}
	if t := catalog.Target(indicator.NearestWord(id, ids)); t != nil {
		f.suggestions = []suggestion{{t.Statement, apiPrefix + "/targets/" + t.ID}}
	}
	return f
}
