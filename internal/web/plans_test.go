package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// unnamed is a table whose title the catalogue does not have, without a unit.
const unnamed = "2023年科研投入情况\n地区,2023年\n福建,1171.7\n"

var unnamedSaid = map[string]string{"indicator": "rd_spend", "unit": "亿元"}

// plan makes a plan of anna's and gives its path.
func (c *client) plan() string {
	c.t.Helper()
	to := c.send("投入.csv", unnamed, unnamedSaid).Header().Get("Location")
	if got := c.post(strings.Split(to, "?")[0]+"/submit", nil).Code; got != http.StatusSeeOther {
		c.t.Fatalf("submit: %d", got)
	}
	path, _ := c.page("/plans").Find("main tbody a").First().Attr("href")
	if !strings.HasPrefix(path, "/plans/") {
		c.t.Fatalf("no plan is listed: %q", path)
	}
	return path
}

func TestPlansPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	if empty := anna.page("/plans").Find("main .empty").Text(); !strings.Contains(empty, "还没有导入方案") {
		t.Errorf("the empty page: %q", empty)
	}
	if to, _ := anna.page("/uploads").Find(`main .actions a[href="/plans"]`).Attr("href"); to == "" {
		t.Error("/uploads does not lead to the plans")
	}
	path := anna.plan()
	list := anna.page("/plans?lang=en").Find("main table").Text()
	for _, want := range []string{"科研投入情况", "Indicator R&D expenditure", "Unit 亿元", "anna", "2026-11-23 10:00"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q: %s", want, list)
		}
	}
	d := anna.page(path)
	for _, want := range []string{"投入.csv", "待审核", "亿元", "福建"} {
		if !strings.Contains(d.Find("main").Text(), want) {
			t.Errorf("the page lacks %q: %s", want, d.Find("main").Text())
		}
	}
	if mine, _ := d.Find("#files a").Attr("href"); anna.get(mine).Code != http.StatusOK {
		t.Errorf("the file that used it: %q", mine)
	}
	next := anna.send("投入.csv", strings.NewReplacer("2023", "2024", "1171.7", "1300").Replace(unnamed), nil).Header().Get("Location")
	problems := anna.page(next).Find("main").Text()
	if strings.Contains(problems, "--plan") {
		t.Error("the page speaks of a flag of the command line")
	}
	for _, want := range []string{"按导入方案“科研投入情况”读取", "新增 1 格"} {
		if !strings.Contains(problems, want) {
			t.Errorf("the next file lacks %q: %s", want, problems)
		}
	}
}

func TestPlanRenamedAndDeletedOnThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	anna := f.as(t, "anna")
	path := anna.plan()
	if to := anna.post(path+"/rename?lang=en", url.Values{"name": {"<b>投入"}}).Header().Get("Location"); to != path+"?lang=en&note=renamed" {
		t.Errorf("renamed, and on to %q", to)
	}
	if d := anna.page(path); d.Find("h1").Text() != "导入方案 <b>投入" {
		t.Errorf("%q", d.Find("h1").Text())
	}
	bad := anna.post(path+"/rename", url.Values{"name": {"none"}})
	d := document(t, bad)
	if kept, _ := d.Find("input[name=name]").Attr("value"); bad.Code != http.StatusUnprocessableEntity || kept != "none" || d.Find(".notice.fault").Length() != 1 {
		t.Errorf("%d, %q kept", bad.Code, kept)
	}
	to := anna.post(path+"/delete", nil).Header().Get("Location")
	if code := anna.get(path).Code; code != http.StatusNotFound {
		t.Errorf("a deleted plan: %d", code)
	}
	undo, _ := anna.page(to).Find("main form.undo").Attr("action")
	if back := anna.post(undo, nil).Header().Get("Location"); !strings.HasPrefix(back, path) || anna.page(back).Find(".notice.done").Length() != 1 {
		t.Errorf("undone, and on to %q", back)
	}
	if code := f.as(t, "admin").post(path+"/delete", nil).Code; code != http.StatusSeeOther {
		t.Errorf("who works for the whole country: %d", code)
	}
}

func TestPlansOverTheAPI(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	id := strings.TrimPrefix(f.as(t, "anna").plan(), "/plans/")
	h := newHeld(t, f)
	h.logIn(t, "anna")
	var list struct {
		Items []struct {
			ID, Name string
			Answers  map[string]any
			Uses     []any
		}
	}
	decode(t, h.send(t, "GET", "/api/v1/plans", "", nil), &list)
	if len(list.Items) != 1 || list.Items[0].ID != id || list.Items[0].Answers["unit"] != "亿元" || len(list.Items[0].Uses) != 1 {
		t.Fatalf("%+v", list)
	}
	w := h.send(t, "PATCH", "/api/v1/plans/"+id, "application/json", []byte(`{"name":"投入"}`))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"name":"投入"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := h.send(t, "PATCH", "/api/v1/plans/"+id, "application/json", []byte(`{"name":" "}`)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", w.Code, w.Body)
	}

	var staged struct {
		Plan     struct{ ID, Name string }
		Compared struct {
			New     int
			Missing int
		}
		Problems []struct {
			Code        string
			Suggestions []struct{ Option, Value string }
		}
	}
	next := strings.NewReplacer("2023", "2024").Replace(unnamed)
	decode(t, h.upload(t, "投入.csv", next, map[string]string{"dry_run": "true"}), &staged)
	if staged.Plan.Name != "投入" || staged.Compared.New != 1 || staged.Compared.Missing != 1 {
		t.Errorf("%+v", staged)
	}
	if w := h.upload(t, "投入.csv", next, map[string]string{"plan": "none"}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a plan: %d %s", w.Code, w.Body)
	}
	w = h.upload(t, "投入.csv", next, map[string]string{"plan": "投人"})
	decode(t, w, &staged)
	if w.Code != http.StatusUnprocessableEntity || staged.Problems[0].Code != "unknown_plan" || staged.Problems[0].Suggestions[0].Value != "投入" {
		t.Errorf("%d %s", w.Code, w.Body)
	}

	if w := h.send(t, "DELETE", "/api/v1/plans/"+id, "", nil); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := h.send(t, "PATCH", "/api/v1/plans/none", "application/json", []byte(`{"name":"x"}`)); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
