package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPlansInABrowser: a statistician sees what plans are, makes one by submitting
// a file that needed answers, renames it, deletes it and takes that back, on a
// narrow screen, in both languages.
func TestPlansInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	dir := t.TempDir()
	base := startDemo(t, dir)
	author := newTab(browser, t, base)
	author.logIn(t, base, "statistician")
	for _, width := range []int64{360, 1280} {
		for _, lang := range []string{"zh", "en"} {
			author.wantFits(t, base+"/plans?lang="+lang, width)
		}
	}
	author.wantText(t, "no import plans yet")

	table := strings.NewReplacer("2022", "2025", "2023", "2026").Replace(investment)
	dabiao(t, dir, "import", writeFile(t, "投入.csv", table), "--indicator", "rd_spend", "--unit", "亿元", "--as", "statistician").want(t, exitDone)
	author.open(t, base+"/plans")
	author.wantText(t, "科研投入情况", "亿元")
	address, err := evaluate[string](author, `document.querySelector("main tbody a").href`)
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{360, 1280} {
		for _, lang := range []string{"zh", "en"} {
			author.wantFits(t, base+"/plans?lang="+lang, width)
			author.wantFits(t, address+"?lang="+lang, width)
		}
	}
	if err := author.do(chromedp.SetValue(chromedp.CSS(`input[name=name]`), "<b>投入")); err != nil {
		t.Fatal(err)
	}
	author.press(t, `form[action*="/rename"] button`)
	author.wantText(t, "Renamed", "<b>投入")
	author.press(t, `form[action*="/delete"] button`)
	author.wantText(t, "was deleted", "no import plans yet")
	author.wantAccessible(t, readAxe(t))
	author.press(t, `form.undo button`)
	author.wantText(t, "Restored", "<b>投入")
	for _, trouble := range author.takeTrouble() {
		t.Error(trouble)
	}
}

// wantFits opens a page, which must be accessible and no wider than the screen.
func (b *tab) wantFits(t *testing.T, address string, width int64) {
	t.Helper()
	if err := b.media(width, "light"); err != nil {
		t.Fatal(err)
	}
	b.open(t, address)
	b.wantAccessible(t, readAxe(t))
	if wide, err := evaluate[int64](b, `document.documentElement.scrollWidth`); err != nil || wide > width {
		t.Errorf("%s is %d px wide on a screen of %d px (%v)", address, wide, width, err)
	}
}
