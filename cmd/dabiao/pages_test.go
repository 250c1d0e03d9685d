package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// tracked is the target whose own page the browser tests open.
const tracked = "fujian-decision-2-rd_spend"

// pagePaths are all pages that everybody may open.
var pagePaths = []string{
	"/", "/?indicator=rd_intensity", "/?as_of=2024-12-31",
	"/regions", "/regions/350000", "/regions/000000", "/regions/350100", "/regions/710000",
	"/regions/350000?as_of=2023-12-31&as_of_period=2021",
	"/indicators", "/indicators/rd_spend", "/indicators/manufacturing_share", "/indicators/tfp",
	"/indicators/rd_intensity/history?region=350000&period=2023", "/indicators/tfp/history?region=350000&period=2023",
	"/targets", "/targets?document=fujian-decision", "/targets/" + tracked, "/targets/" + tracked + "?compare=2024-06-01",
	"/warnings",
	"/uploads", "/uploads/coverage", "/uploads/coverage?indicator=rd_spend", "/uploads/coverage?region=350000", "/uploads/coverage?period=2024", "/login",
}

// inLanguage is the address of a page in a language.
func inLanguage(address, lang string) string {
	if strings.Contains(address, "?") {
		return address + "&lang=" + lang
	}
	return address + "?lang=" + lang
}

// TestPagesInABrowser opens every page in both languages: every chart is drawn,
// nothing is wrong on the console, no policy is violated, no other host is asked,
// and axe, which takes longest, finds nothing serious in the Chinese ones. It
// reads the English ones in TestNarrowAndDark.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	base := startDemo(t, t.TempDir())
	axe := readAxe(t)
	page := newTab(browser, t, base)
	for _, path := range pagePaths {
		for _, lang := range []string{"zh", "en"} {
			t.Run(lang+path, func(t *testing.T) {
				page.open(t, inLanguage(base+path, lang))
				page.wantLanguage(t, lang)
				page.wantChartsDrawn(t)
				if lang == "zh" {
					page.wantAccessible(t, axe)
				}
				for _, trouble := range page.takeTrouble() {
					t.Error(trouble)
				}
			})
		}
	}
}

// TestNarrowAndDark: at 360 px no page is wider than the screen, and the dark
// colours have contrast too.
func TestNarrowAndDark(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	base := startDemo(t, t.TempDir())
	axe := readAxe(t)
	page := newTab(browser, t, base)
	if err := page.media(360, "dark"); err != nil {
		t.Fatal(err)
	}
	for _, path := range pagePaths {
		t.Run(path, func(t *testing.T) {
			for _, lang := range []string{"zh", "en"} {
				page.open(t, inLanguage(base+path, lang))
				if lang == "en" {
					page.wantChartsDrawn(t)
					page.wantAccessible(t, axe)
				}
				width, err := evaluate[int](page, `document.querySelectorAll("details").forEach(d => d.open = true), document.documentElement.scrollWidth`)
				if err != nil || width > 360 {
					t.Errorf("in %s the page is %d px wide on a screen of 360 px (%v)", lang, width, err)
				}
			}
		})
	}
}

func (b *tab) wantLanguage(t *testing.T, lang string) {
	t.Helper()
	got, err := evaluate[string](b, `document.documentElement.lang`)
	if err != nil || !strings.HasPrefix(got, lang) {
		t.Errorf("the page says its language is %q, want %s (%v)", got, lang, err)
	}
}

// blankCharts names every chart whose canvas is missing or holds fewer than two
// colours. Charts that are folded away are opened first.
const blankCharts = `(async () => {
  for (const d of document.querySelectorAll("details")) d.open = true;
  await new Promise(r => requestAnimationFrame(() => setTimeout(r, 300)));
  const blank = [];
  for (const box of document.querySelectorAll(".chart")) {
    box.scrollIntoView();
    await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
    const canvas = box.querySelector("canvas");
    const colours = new Set();
    if (canvas) {
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 0; i < data.length && colours.size < 2; i += 4) if (data[i + 3] > 200) colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
    }
    if (colours.size < 2) blank.push(box.id || box.closest("[id]")?.id || "?");
  }
  return blank;
})()`

func (b *tab) wantChartsDrawn(t *testing.T) {
	t.Helper()
	blank, err := evaluate[[]string](b, blankCharts)
	if err != nil {
		t.Fatalf("look at the charts: %v", err)
	}
	if len(blank) > 0 {
		t.Errorf("charts that are blank: %s", strings.Join(blank, ", "))
	}
}

const axePath = "../../internal/assets/node_modules/axe-core/axe.min.js"

func readAxe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("axe-core is fetched by make assets: %v", err)
	}
	return string(script)
}

func (b *tab) wantAccessible(t *testing.T, axe string) {
	t.Helper()
	if _, err := evaluate[bool](b, axe+"; true"); err != nil {
		t.Fatalf("load axe: %v", err)
	}
	report, err := evaluate[string](b, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(
		r.violations.filter(v => v.impact === "serious" || v.impact === "critical")
			.map(v => ({id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " — " + n.failureSummary)}))))`)
	if err != nil {
		t.Fatalf("run axe: %v", err)
	}
	var violations []struct {
		ID    string
		Nodes []string
	}
	if err := json.Unmarshal([]byte(report), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("axe %s:\n%s", v.ID, strings.Join(v.Nodes, "\n"))
	}
}
