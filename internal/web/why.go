package web

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// paramCompare names the earlier moment that a verdict is compared with.
const paramCompare = "compare"

// earlier finds what was visible at the moment that the address asks to compare
// with, at the same version of the ledger; nil where it asks for none. The
// catalogue is always that of the moment: one that the address names is the later's.
func (s *Server) earlier(c echo.Context, m moment) (*dashboard.Earlier, error) {
	asked := strings.TrimSpace(c.QueryParam(paramCompare))
	if asked == "" {
		return nil, nil
	}
	at, err := indicator.ParseAsOf(asked)
	if err != nil {
		return nil, badParameter(paramCompare, indicator.T(
			"比较时点 compare 应写作 2024-06-01，收到的是“"+asked+"”。",
			"The moment to compare with (compare) must be a date such as 2024-06-01; got “"+asked+"”."), err)
	}
	later := m.snap.AsOf()
	if later.IsZero() {
		later = s.config.Now()
	}
	if !at.Before(later) {
		return nil, badParameter(paramCompare, indicator.T(
			"比较时点 "+asked+" 应早于评估的时点（"+date(later)+"）。请选更早的日期，或改动版本时点 as_of。",
			"The moment to compare with, "+asked+", must lie before that of the assessment ("+date(later)+"). Choose an earlier day, or another as of."), nil)
	}
	e := &dashboard.Earlier{Asked: asked}
	if e.Snap, err = s.config.Snapshots.At(c.Request().Context(), at, m.snap.Version()); err != nil {
		return nil, err
	}
	then := addressOf(c)
	then.AsOf, then.Catalogue = asked, ""
	e.Catalog, err = s.catalogOf(c, then)
	return e, err
}

// whyView is what changed a verdict, in words. Kept is what its form carries along.
type whyView struct {
	Asked         bool
	Date, Target  string // what the form shows, and where it leads
	From, To      string
	Then, Text    string // Then is the page as of the earlier moment
	Regions       []choiceView
	Kept          []pair
	Before, After *badge
	Steps         []whyStepView
	Readings      *tableView
}

type whyStepView struct {
	Kind, Name, Text    string
	Badge               *badge
	Moved, Flips, Cause bool
}

func (p presenter) why(w *dashboard.Why) *whyView {
	if w == nil {
		return nil
	}
	v := &whyView{Asked: w.Asked != "", Date: date(w.Date), Text: p.say(w.Text), Kept: p.address.pairs(), Readings: p.table(w.Readings),
		From: p.say(w.From), To: p.say(w.To), Target: "/targets/" + url.PathEscape(w.Target) + "#why"}
	if w.Method != "" {
		v.Kept = append(v.Kept, pair{"method", w.Method})
	}
	if len(w.Regions) > 1 {
		for _, c := range w.Regions {
			v.Regions = append(v.Regions, choiceView{Value: c.Value, Name: p.say(c.Name), Chosen: c.Chosen})
		}
	}
	then := p.address
	then.AsOf, then.Catalogue = w.Asked, ""
	v.Then = then.link("/targets/"+url.PathEscape(w.Target), "region", w.Region, "method", w.Method)
	if w.Before != nil {
		v.Before = p.badge(w.Before.Status, w.Before.Reason, w.Before.Hollow)
	}
	if w.After != nil {
		v.After = p.badge(w.After.Status, w.After.Reason, w.After.Hollow)
	}
	for _, s := range w.Steps {
		v.Steps = append(v.Steps, whyStepView{s.Kind, p.say(s.Name), p.say(s.Text),
			p.badge(s.Status.Status, s.Status.Reason, s.Status.Hollow), s.Moved, s.Flips, s.Cause})
	}
	return v
}
