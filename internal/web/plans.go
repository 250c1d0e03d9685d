package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

// plansBody is what the list of import plans prints.
type plansBody struct {
	Rows    []planRow
	Offices bool   // plans of several offices are there
	Deleted string // id of the plan that was deleted just now, and can be restored
}

type planRow struct {
	upload.Plan
	Link   string
	Said   []saidView
	Office string
	Used   time.Time // when it was used last
}

type saidView struct{ Name, Value string }

// planBody is what the page of one plan prints.
type planBody struct {
	planRow
	Base  string // path of the plan
	Files []planFile
	Name  string // what the field for the name shows
}

type planFile struct {
	upload.PlanUse
	Link, Name, State string
	Rows              int
}

var planDone = map[string]indicator.Text{
	"renamed":  indicator.T("已改名。", "Renamed."),
	"restored": indicator.T("已恢复，下一个同样的文件会再按它读取。", "Restored: the next file of this shape is read by it again."),
}

func (s *Server) planRow(p *page, plan upload.Plan) planRow {
	row := planRow{Plan: plan, Link: p.link(planPath(plan.ID)), Office: indicator.T("全国", "whole country").In(p.Lang)}
	if len(plan.Regions) > 0 {
		row.Office = s.regionNames(plan.Regions, p.Lang)
	}
	for _, said := range plan.Said(s.config.Catalog()) {
		row.Said = append(row.Said, saidView{said.Name.In(p.Lang), said.Value.In(p.Lang)})
	}
	if len(plan.Uses) > 0 {
		row.Used = plan.Uses[0].At
	}
	return row
}

func planPath(id string) string { return "/plans/" + url.PathEscape(id) }

// plansFurniture is what the pages of import plans share.
func (s *Server) plansFurniture(c echo.Context, title indicator.Text) *page {
	p := s.furniture(c, title)
	p.crumb(indicator.T("总览", "Overview"), "/")
	p.crumb(indicator.T("报送", "Uploads"), "/uploads")
	return p
}

func (s *Server) plansPage(c echo.Context) error {
	plans, err := s.config.Uploads.ListPlans(c.Request().Context(), userOf(c))
	if err != nil {
		return err
	}
	p := s.plansFurniture(c, indicator.T("导入方案", "Import plans"))
	p.crumb(indicator.T("导入方案", "Import plans"), "")
	body := plansBody{Deleted: c.QueryParam("deleted")}
	for _, plan := range plans {
		row := s.planRow(p, plan)
		body.Rows = append(body.Rows, row)
		body.Offices = body.Offices || row.Office != body.Rows[0].Office
	}
	p.Body = body
	p.Scripts = []string{"tables.js"}
	return s.render(c, http.StatusOK, "plans", p)
}

func (s *Server) planPage(c echo.Context) error {
	return s.showPlan(c, http.StatusOK, "", "")
}

// showPlan prints the page of a plan, with what is wrong with a new name.
func (s *Server) showPlan(c echo.Context, status int, name, fault string) error {
	ctx, user := c.Request().Context(), userOf(c)
	plan, err := s.config.Uploads.FindPlan(ctx, user, param(c, "id"))
	if err != nil {
		return err
	}
	p := s.plansFurniture(c, indicator.T("导入方案 "+plan.Name, "Import plan "+plan.Name))
	p.crumb(indicator.T("导入方案", "Import plans"), "/plans")
	p.crumb(indicator.T(plan.Name, plan.Name), "")
	if text, ok := planDone[c.QueryParam("note")]; ok {
		p.Notices = append(p.Notices, noticeView{"done", text.In(p.Lang)})
	}
	if fault != "" {
		p.Notices = append(p.Notices, noticeView{"fault", fault})
	} else {
		name = plan.Name
	}
	body := planBody{planRow: s.planRow(p, plan), Base: planPath(plan.ID), Name: name}
	for i, said := range body.Said { // a heading of its own, not a part of a sentence
		first, size := utf8.DecodeRuneInString(said.Name)
		body.Said[i].Name = string(unicode.ToUpper(first)) + said.Name[size:]
	}
	for _, use := range plan.Uses {
		u, err := s.config.Uploads.Get(ctx, user, use.Upload)
		if upload.KindOf(err) == upload.NotFound {
			continue
		} else if err != nil {
			return err
		}
		body.Files = append(body.Files, planFile{use, p.link("/uploads/" + url.PathEscape(u.ID)), u.File, u.State.Name().In(p.Lang), u.Rows})
	}
	p.Body = body
	return s.render(c, status, "plan", p)
}

func (s *Server) doRenamePlan(c echo.Context) error {
	name := c.FormValue("name")
	p, err := s.config.Uploads.RenamePlan(c.Request().Context(), userOf(c), param(c, "id"), name)
	var refused *upload.Error
	switch kind := upload.KindOf(err); {
	case kind == upload.Invalid || kind == upload.Conflict:
		errors.As(err, &refused)
		status := http.StatusUnprocessableEntity
		if kind == upload.Conflict {
			status = http.StatusConflict
		}
		return s.showPlan(c, status, name, refused.Message.In(addressOf(c).Lang))
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link(planPath(p.ID), "note", "renamed"))
}

func (s *Server) doDeletePlan(c echo.Context) error {
	p, err := s.config.Uploads.DeletePlan(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link("/plans", "deleted", p.ID))
}

func (s *Server) doRestorePlan(c echo.Context) error {
	p, err := s.config.Uploads.RestorePlan(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, addressOf(c).link(planPath(p.ID), "note", "restored"))
}

func (s *Server) planRoutes() []route {
	return []route{
		{"GET", "/plans", actors, account.Stage, s.plansPage},
		{"GET", "/plans/:id", actors, account.Stage, s.planPage},
		{"POST", "/plans/:id/rename", actors, account.Stage, s.doRenamePlan},
		{"POST", "/plans/:id/delete", actors, account.Stage, s.doDeletePlan},
		{"POST", "/plans/:id/restore", actors, account.Stage, s.doRestorePlan},

		{"GET", apiPrefix + "/plans", actors, account.Stage, s.apiPlans},
		{"PATCH", apiPrefix + "/plans/:id", actors, account.Stage, s.apiRenamePlan},
		{"DELETE", apiPrefix + "/plans/:id", actors, account.Stage, s.apiDeletePlan},
	}
}
