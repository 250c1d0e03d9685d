package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestUploadInABrowser is the main job on the pages: a statistician uploads and
// submits, a reviewer publishes, and the figure is on the province's page.
func TestUploadInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	base := startDemo(t, t.TempDir())
	const value = "1,399.9"
	file := writeFile(t, "fujian-2025.csv", "地区,年份,指标,单位,数值\n福建,2025年,R&D经费,亿元,"+strings.ReplaceAll(value, ",", "")+"\n")

	author := newTab(browser, t, base)
	author.logIn(t, base, "statistician")
	author.open(t, base+"/uploads/new")
	if err := author.do(
		chromedp.SetUploadFiles(chromedp.CSS(`input[name=file]`), []string{file}),
		chromedp.SetValue(chromedp.CSS(`input[name=source]`), "<b>2025年公报</b>"),
	); err != nil {
		t.Fatal(err)
	}
	author.press(t, `form[action^="/uploads"] button[type=submit]`)
	author.wantText(t, "新增", "<b>2025年公报</b>", "草稿")
	author.wantAccessible(t, readAxe(t))
	author.press(t, `form[action*="/submit"] button`)
	author.wantText(t, "待审核")
	address, err := evaluate[string](author, `location.pathname`)
	if err != nil {
		t.Fatal(err)
	}

	reader := newTab(browser, t, base)
	reader.open(t, base+"/regions/350000")
	if text := reader.text(t); strings.Contains(text, value) {
		t.Error("a figure that is not published is on the page")
	}
	reviewer := newTab(browser, t, base)
	reviewer.logIn(t, base, "reviewer")
	reviewer.open(t, base+address)
	reviewer.press(t, `form[action*="/publish"] button`)
	reviewer.wantText(t, "已发布")
	reader.open(t, base+"/regions/350000")
	reader.wantText(t, value)
	for _, page := range []*tab{author, reviewer, reader} {
		for _, trouble := range page.takeTrouble() {
			t.Error(trouble)
		}
	}
}

func (b *tab) logIn(t *testing.T, base, name string) {
	t.Helper()
	b.open(t, base+"/login")
	if err := b.do(chromedp.SetValue(chromedp.CSS(`input[name=name]`), name),
		chromedp.SetValue(chromedp.CSS(`input[name=password]`), demoPassword)); err != nil {
		t.Fatal(err)
	}
	b.press(t, `form[action^="/login"] button`)
	b.wantText(t, name)
}

// press clicks a button that leads to another page, and waits for that page.
func (b *tab) press(t *testing.T, selector string) {
	t.Helper()
	const marked = `document.documentElement.dataset.before = "1"`
	if _, err := evaluate[string](b, marked); err != nil {
		t.Fatal(err)
	}
	if err := b.do(chromedp.Click(chromedp.CSS(selector)),
		chromedp.WaitVisible(chromedp.CSS(`html:not([data-before]) main`))); err != nil {
		t.Fatalf("press %s: %v\n%s", selector, err, b.text(t))
	}
}

func (b *tab) text(t *testing.T) string {
	t.Helper()
	text, err := evaluate[string](b, `document.body.innerText`)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (b *tab) wantText(t *testing.T, parts ...string) {
	t.Helper()
	text := b.text(t)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the page lacks %q:\n%s", part, text)
		}
	}
}
