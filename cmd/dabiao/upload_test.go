package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dabiao/dabiao/internal/indicator"
)

// way is one walk through the pages: in a language, with scripts or without.
type way struct {
	lang    string
	scripts bool
	title   string // of the file, so that no import plan of another walk fits it
	value   string // as the pages of uploads write it, in 亿元
	shown   string // as the province's page writes it
}

// TestUploadInABrowser is the main job on the pages: a statistician uploads a file
// of the national statistics site as it is, answers, accepts a suggestion, sees
// what changes and submits; a reviewer publishes; the figure is on the province's
// page, and is gone when the upload is reverted.
func TestUploadInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	base := startDemo(t, t.TempDir())
	axe := readAxe(t)
	for _, w := range []way{
		{"zh", true, "数据库：分省年度数据", "1,399.9", "1,399.9"}, {"zh", false, "制表单位：福建省统计局", "1,398.8", "1,398.8"},
		{"en", true, "资料：地方年报汇总", "1,397.7", "139.77"}, {"en", false, "附件：科技统计", "1,396.6", "139.66"},
	} {
		t.Run(fmt.Sprintf("%s, scripts %v", w.lang, w.scripts), func(t *testing.T) { w.walk(browser, t, base, axe) })
	}
}

// say is the text in the language of the walk.
func (w way) say(zh, en string) string { return indicator.T(zh, en).In(indicator.Lang(w.lang)) }

func (w way) file(t *testing.T) string {
	t.Helper()
	text := w.title + ",\n指标：研究与试验发展经费,\n时间：最近1年,\n地区,2025年\n天  津,700.5\n福  健," + strings.ReplaceAll(w.value, ",", "") + "\n数据来源：国家统计局,\n"
	content, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "分省年度数据.csv", content)
}

func (w way) walk(browser context.Context, t *testing.T, base, axe string) {
	author := w.tab(browser, t, base, "statistician")
	see := func(b *tab, parts ...string) {
		t.Helper()
		b.wantText(t, parts...)
		if w.scripts {
			b.wantAccessible(t, axe)
		}
	}
	author.open(t, base+"/uploads/new?lang="+w.lang)
	if err := author.do(chromedp.SetUploadFiles(chromedp.CSS(`input[name=file]`), []string{w.file(t)})); err != nil {
		t.Fatal(err)
	}
	author.press(t, `form.sending button[type=submit]`)
	see(author, w.title, "GB18030", w.say("各列为报告期", "a column per period"), w.say("计量单位", "Unit"), "A6")
	author.press(t, `#step-2 button[value="unit=亿元"]`)
	see(author, w.say("已给出的回答", "Answers given so far"), w.say("没有需要回答的问题", "There is nothing to answer"))
	author.press(t, `#step-3 button[value^="name="][value$="=350000"]`)
	see(author, w.value, w.say("新增", "new"))
	author.fill(t, "source", "<b>"+w.title+"</b>")
	author.fill(t, "explanation", w.say("已核对", "checked"))
	author.press(t, `button[name=then][value=submit]`)
	see(author, w.say("待审核", "Submitted"), "<b>"+w.title+"</b>", w.say("等待另一位审核人", "A second person"))
	path, err := evaluate[string](author, `location.pathname`)
	if err != nil {
		t.Fatal(err)
	}

	reader := newTab(browser, t, base)
	province := base + "/regions/350000?lang=" + w.lang
	if reader.open(t, province); strings.Contains(reader.text(t), w.shown) {
		t.Error("a figure that is not published is on the page")
	}
	reviewer := w.tab(browser, t, base, "reviewer")
	reviewer.open(t, base+path+"?lang="+w.lang)
	see(reviewer, w.value, "<b>"+w.title+"</b>")
	reviewer.press(t, `form[action*="/publish"] button`)
	see(reviewer, w.say("已发布", "Published"))
	reader.open(t, province)
	reader.wantText(t, w.shown)
	reviewer.fill(t, "reason", w.say("数字有误", "a wrong figure"))
	reviewer.press(t, `form[action*="/revert"] button`)
	see(reviewer, w.say("已撤回", "Reverted"), w.say("数字有误", "a wrong figure"))
	if reader.open(t, province); strings.Contains(reader.text(t), w.shown) {
		t.Error("the reverted figure is still on the page")
	}
	for _, page := range []*tab{author, reviewer, reader} {
		for _, trouble := range page.takeTrouble() {
			t.Error(trouble)
		}
	}
}

// tab is where somebody is logged in, with scripts or without.
func (w way) tab(browser context.Context, t *testing.T, base, name string) *tab {
	t.Helper()
	b := newTab(browser, t, base)
	b.logIn(t, base, name)
	if err := b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !w.scripts})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	return b
}

// fill writes into a field, if the page asks for it.
func (b *tab) fill(t *testing.T, field, text string) {
	t.Helper()
	selector := `main [name=` + field + `]`
	there, err := evaluate[bool](b, `document.querySelector("`+selector+`") !== null`)
	if err == nil && there {
		err = b.do(chromedp.SetValue(chromedp.CSS(selector), text))
	}
	if err != nil {
		t.Fatalf("fill %s: %v", field, err)
	}
}

func (b *tab) wantNarrow(t *testing.T) {
	t.Helper()
	if width, err := evaluate[int](b, `document.documentElement.scrollWidth`); err != nil || width > 360 {
		t.Errorf("the page is %d px wide on a screen of 360 px (%v)", width, err)
	}
}

// TestFilesAreDropped onto the page; one that is too large is refused before it is sent.
func TestFilesAreDropped(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	base := startDemo(t, t.TempDir())
	author := newTab(browser, t, base)
	author.logIn(t, base, "statistician")
	if err := author.media(360, "dark"); err != nil {
		t.Fatal(err)
	}
	author.open(t, base+"/uploads/new?lang=en")
	author.wantNarrow(t)
	author.wantAccessible(t, readAxe(t))
	author.open(t, base+"/uploads/new")
	large := writeFile(t, "large.csv", "")
	if err := os.Truncate(large, 60_000_000); err != nil {
		t.Fatal(err)
	}
	if err := author.do(chromedp.SetUploadFiles(chromedp.CSS(`input[name=file]`), []string{large})); err != nil {
		t.Fatal(err)
	}
	author.wantText(t, "large.csv · 57.2 MiB", "MiB 的上限")
	if disabled, err := evaluate[bool](author, `document.querySelector("form.sending button").disabled`); err != nil || !disabled {
		t.Errorf("a file that is too large can be sent (%v)", err)
	}
	if _, err := evaluate[bool](author, `(() => {
		const files = new DataTransfer();
		files.items.add(new File(["指标,地区,报告期,数值,单位\nrd_spend,350000,2025,1395.5,亿元\n"], "dropped.csv"));
		return document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
	})()`); err != nil {
		t.Fatal(err)
	}
	author.press(t, `form.sending button`)
	author.wantText(t, "dropped.csv", "1,395.5", "新增")
	author.wantNarrow(t)
	author.wantAccessible(t, readAxe(t))
	for _, trouble := range author.takeTrouble() {
		t.Error(trouble)
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
