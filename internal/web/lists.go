package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
)

// regionNode is a region in the list of all, with those under it.
type regionNode struct {
	Name, Code, Link string
	Collected        bool
	Below            []regionNode
}

// regionsPage lists all regions; with ?region= it is what the region picker asks
// and leads to the region's page.
func (s *Server) regionsPage(c echo.Context) error {
	catalog := s.config.Catalog()
	a := addressOf(c)
	if asked := strings.TrimSpace(c.QueryParam("region")); asked != "" {
		if r := findRegion(catalog, asked); r != nil {
			return c.Redirect(http.StatusSeeOther, a.link("/regions/"+r.Code))
		}
		var near []suggestion
		for _, r := range catalog.NearestRegions(asked, 5) {
			near = append(near, suggestion{r.Name, "/regions/" + r.Code})
		}
		return notFound(indicator.T("没有找到地区“"+asked+"”。可输入名称、拼音或六位代码。",
			"No region “"+asked+"” was found. Type a name, pinyin or the six-digit code."), near...)
	}
	p := s.furniture(c, indicator.T("地区", "Regions"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("地区", "Regions"), "")
	p.Body = regionTree(catalog, "", a)
	return s.render(c, http.StatusOK, "regions", p)
}

// findRegion takes a code, a name, an alias, pinyin or its initials.
func findRegion(catalog *indicator.Catalog, s string) *indicator.Region {
	if r := catalog.Region(s); r != nil {
		return r
	}
	for i := range catalog.Regions {
		r := &catalog.Regions[i]
		names := append([]string{r.Name.ZH, r.Name.EN, r.Short.ZH, r.Short.EN, r.Pinyin, initials(r)}, r.Aliases...)
		for _, name := range names {
			if name != "" && strings.EqualFold(name, s) {
				return r
			}
		}
	}
	return nil
}

func regionTree(catalog *indicator.Catalog, parent string, a address) []regionNode {
	var list []regionNode
	for _, r := range catalog.Children(parent) {
		list = append(list, regionNode{Name: r.Name.In(a.Lang), Code: r.Code, Link: a.link("/regions/" + r.Code),
			Collected: r.Collected, Below: regionTree(catalog, r.Code, a)})
	}
	return list
}

// topicView is the indicators of one topic.
type topicView struct {
	Name       string
	Indicators []indicatorView
}

type indicatorView struct{ Name, Code, Unit, Definition, Link string }

func (s *Server) indicatorsPage(c echo.Context) error {
	p := s.furniture(c, indicator.T("指标", "Indicators"))
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("指标", "Indicators"), "")
	p.Body = s.topics(p.address)
	return s.render(c, http.StatusOK, "indicators", p)
}

// topics lists all indicators by topic, those without one last.
func (s *Server) topics(a address) []topicView {
	catalog := s.config.Catalog()
	topics := make([]topicView, 0, len(catalog.Topics)+1)
	at := map[string]int{}
	for _, t := range catalog.Topics {
		at[t.Code] = len(topics)
		topics = append(topics, topicView{Name: t.Name.In(a.Lang)})
	}
	topics = append(topics, topicView{Name: indicator.T("综合", "General").In(a.Lang)})
	for i := range catalog.Indicators {
		ind := &catalog.Indicators[i]
		n, ok := at[ind.Topic]
		if !ok {
			n = len(topics) - 1
		}
		topics[n].Indicators = append(topics[n].Indicators, indicatorView{ind.Name.In(a.Lang), ind.Code,
			indicator.UnitName(ind.Unit, a.Lang), ind.Definition.In(a.Lang), a.link("/indicators/" + ind.Code)})
	}
	return slices.DeleteFunc(topics, func(t topicView) bool { return len(t.Indicators) == 0 })
}
