package main

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// outOfReach is a target whose pace Fujian never had.
const outOfReach = `targets:
- row: "1"
  document: fujian-decision
  locator: {zh: 第4段, en: paragraph 4}
  statement: {zh: 到2027年，研发经费投入强度达到2.8%。, en: By 2027 R&D intensity is 2.8 %.}
  region: "350000"
  indicators: [rd_intensity]
  indicator_link: named
  basis: stated
  kind: reach
  value: 2.8
  bound: at_least
  baseline: {year: 2020}
  by: 2027
`

// TestWarningsInABrowser: a reviewer sees a warning on every page that it is of, on
// a narrow screen too, and acknowledges it with a note.
func TestWarningsInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	config := filepath.Dir(writeFile(t, "targets.yaml", outOfReach))
	base := startDemo(t, t.TempDir(), "--config", config)
	page := newTab(browser, t, base)
	page.logIn(t, base, "reviewer")
	for _, path := range []string{"/warnings", "/regions/350000", "/targets/fujian-decision-1-rd_intensity"} {
		for _, lang := range []string{"en", "zh"} {
			page.wantFits(t, inLanguage(base+path, lang), 360)
		}
		page.wantText(t, "历史最快增速已不够", "待处置")
	}
	page.open(t, base+"/warnings?lang=zh")
	if err := page.do(chromedp.Click(chromedp.CSS(`.acknowledge summary`)),
		chromedp.SetValue(chromedp.CSS(`textarea[name=note]`), "已约谈<b>，三季度复核")); err != nil {
		t.Fatal(err)
	}
	page.wantAccessible(t, readAxe(t))
	page.press(t, `form[action^="/warnings"] button`)
	page.wantText(t, "目前没有待处置的预警")
	page.wantFits(t, base+"/warnings?state=acknowledged&lang=zh", 360)
	page.wantText(t, "已处置", "已约谈<b>，三季度复核")
	for _, trouble := range page.takeTrouble() {
		t.Error(trouble)
	}
}
