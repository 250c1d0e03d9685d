package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"github.com/dabiao/dabiao/internal/indicator"
)

// TestTemplateIsUploadedWithoutAQuestion: a statistician takes the template from
// the indicator's page, fills it in and uploads it.
func TestTemplateIsUploadedWithoutAQuestion(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend") // up to 2024: 2025 is due
	h := newHeld(t, f)
	h.logIn(t, "anna")
	for _, lang := range []string{"", "?lang=en"} {
		link, ok := h.page("/indicators/rd_spend" + lang).Find(`#files a[href^="/indicators/rd_spend/template.csv"]`).Attr("href")
		if !ok {
			t.Fatalf("no template on the page %s", lang)
		}
		w := h.get(link)
		if w.Code != http.StatusOK || w.Header().Get("Content-Disposition") != "attachment; filename=template-rd_spend.csv" {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
		var filled strings.Builder
		regions := 0
		for line := range strings.Lines(w.Body.String()) {
			if strings.HasPrefix(line, "35") {
				line = strings.Replace(line, ",2025,,", ",2025,1299.9,", 1)
				regions++
			} else if strings.HasPrefix(line, "11") {
				t.Errorf("the template of a Fujian account has %q", line)
			}
			filled.WriteString(line)
		}
		var staged answer
		decode(t, h.upload(t, "filled"+lang[min(len(lang), 1):]+".csv", filled.String(), nil), &staged)
		if staged.Upload == nil || len(staged.Problems) > 0 || len(staged.Readings) != regions {
			t.Fatalf("%q: %d of %d readings, problems %v", lang, len(staged.Readings), regions, staged.Problems)
		}
	}
}

func TestTemplateWithoutRegionsOfOnesOwnHasAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	for _, who := range []string{"", "admin"} {
		c := f.client(t)
		if who != "" {
			c = f.as(t, who)
		}
		w := c.get("/indicators/rd_spend/template.xlsx?lang=en")
		book, err := excelize.OpenReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.GetRows("Readings")
		if err != nil || len(rows) < 5+32 || rows[4][3] != "Value (100 million yuan)" || rows[5][1] != f.catalog.Region(indicator.Nation).Short.EN {
			t.Errorf("%q: %d rows, %v", who, len(rows), err)
		}
	}
	if w := f.client(t).get("/indicators/rd_spent/template.csv"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "/indicators/rd_spend") {
		t.Errorf("an unknown indicator: %d", w.Code)
	}
}

// TestDownloadsKeepTheMoment: what is downloaded is what the page shows.
func TestDownloadsKeepTheMoment(t *testing.T) {
	t.Parallel()
	f := revised(t, nil)
	c := f.client(t)
	links := map[string]string{}
	c.page("/regions/350000?as_of=2025-06-30&as_of_period=2023&lang=en").Find("#files dd:first-of-type a").Each(func(_ int, s *goquery.Selection) {
		links[s.Text()], _ = s.Attr("href")
	})
	if len(links) != 3 {
		t.Fatal(links)
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.get(links["CSV"]).Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(records) != 2 || records[1][3] != "1100" {
		t.Errorf("%s: %v %v", links["CSV"], records, err)
	}
	if w := c.get(links["SDMX-CSV"]); !strings.Contains(w.Body.String(), "Fujian Province") {
		t.Errorf("%s: %s", links["SDMX-CSV"], w.Body)
	}
}
