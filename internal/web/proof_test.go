package web_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/dabiao/dabiao/internal/indicator"
)

// proven is a fixture with readings for every target that is shown to Fujian.
func proven(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, nil)
	var codes []string
	for i := range f.catalog.Targets {
		if target := &f.catalog.Targets[i]; target.ShownTo("350000") && target.Indicator != "" && !slices.Contains(codes, target.Indicator) {
			codes = append(codes, target.Indicator)
		}
	}
	f.fill(t, codes...)
	return f
}

var writtenNumber = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// TestEveryNumberOfAProofIsInTheJSON walks the facts, the arithmetic, the
// precedent, the readings and the table of the chart on the pages of all targets of Fujian.
func TestEveryNumberOfAProofIsInTheJSON(t *testing.T) {
	t.Parallel()
	f := proven(t)
	h := newHeld(t, f)
	kinds, numbers := map[string]int{}, 0
	for i := range f.catalog.Targets {
		target := &f.catalog.Targets[i]
		if !target.ShownTo("350000") || target.SupersededBy != "" {
			continue
		}
		lang := []indicator.Lang{indicator.ZH, indicator.EN}[i%2]
		query, unit := "?region=350000&lang="+string(lang), ""
		if ind := f.catalog.Indicator(target.Indicator); ind != nil {
			unit = indicator.UnitName(ind.Unit, lang) // tce per 10,000 yuan
		}
		answers := []string{"/api/v1/targets/" + target.ID + "/assessment" + query, "/api/v1/targets/" + target.ID}
		if target.Indicator != "" {
			answers = append(answers, "/api/v1/forecasts?region=350000&backtest=true&indicator="+target.Indicator,
				"/api/v1/forecasts?region=350000&level=80&indicator="+target.Indicator, "/api/v1/readings?indicator="+target.Indicator)
		}
		known := numbersOf(t, h, answers...)
		track := h.page("/targets/" + target.ID + query).Find("article.track")
		track.Find(".facts dd, p.precedent, .proof tbody th, .proof tbody td, table[id^=table-target] tbody td").Each(func(_ int, s *goquery.Selection) {
			for _, written := range writtenNumber.FindAllString(strings.ReplaceAll(s.Text(), unit, " "), -1) {
				numbers++
				if !known.has(written) {
					t.Errorf("%s%s: %s in %q is nowhere in the JSON", target.ID, query, written, s.Text())
				}
			}
		})
		kinds[string(target.Kind)] += track.Find(".proof table tbody tr").Length()
	}
	for _, kind := range []string{"reach", "hold", "grow", "direction"} {
		if kinds[kind] == 0 {
			t.Errorf("no target of kind %s shows its readings", kind)
		}
	}
	if numbers < 500 {
		t.Errorf("only %d numbers were looked at", numbers)
	}
}

// numbers of JSON answers: their values, and what strings such as periods are
// made of. Sentences do not count.
type numbers struct {
	values []float64
	texts  map[string]bool
}

func numbersOf(t *testing.T, h *held, paths ...string) *numbers {
	t.Helper()
	n := &numbers{texts: map[string]bool{}}
	for _, path := range paths {
		var answer any
		if err := json.Unmarshal(h.send(t, "GET", path, "", nil).Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		n.add("", answer)
	}
	return n
}

func (n *numbers) add(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if key != "sentence" {
				n.add(key, inner)
			}
		}
	case []any:
		for _, inner := range v {
			n.add(name, inner)
		}
	case float64:
		n.values = append(n.values, v)
	case string:
		for _, text := range writtenNumber.FindAllString(v, -1) {
			n.texts[text] = true
		}
	}
}

// has: a page rounds, writes shares in per cent, and 100 million yuan as 0.1 billion.
func (n *numbers) has(written string) bool {
	if n.texts[written] {
		return true
	}
	_, fraction, _ := strings.Cut(written, ".")
	value, err := strconv.ParseFloat(strings.ReplaceAll(written, ",", ""), 64)
	if err != nil {
		return false
	}
	half := math.Pow(10, -float64(len(fraction))) / 2
	return slices.ContainsFunc(n.values, func(v float64) bool {
		return slices.ContainsFunc([]float64{1, 100, 0.1}, func(scale float64) bool {
			return math.Abs(math.Abs(v)*scale-value) <= half*(1+1e-9)
		})
	})
}

func TestTablesOfAPageCanBeDownloaded(t *testing.T) {
	t.Parallel()
	f := proven(t)
	c := f.client(t)
	target := f.national(t, indicator.Hold)
	d := c.page("/targets/" + target.ID + "?region=350000&as_of=2026-01-31")
	links := map[string]string{}
	d.Find(`a[download][href*="table="]`).Each(func(_ int, s *goquery.Selection) {
		to, _ := s.Attr("href")
		_, id, _ := strings.Cut(to, "table=")
		links[id] = to
	})
	for _, id := range []string{"standings", "readings-target-" + target.ID, "table-target-" + target.ID} {
		to := links[id]
		if !strings.Contains(to, "region=350000") || !strings.Contains(to, "as_of=2026-01-31") {
			t.Errorf("the table %s is at %q, which is of another moment or region", id, to)
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.get(to).Body.String(), "\ufeff"))).ReadAll()
		table := d.Find("#" + id + "-table")
		if err != nil || len(rows) != 1+table.Find("tbody tr").Length() || len(rows[0]) != 1+table.Find("thead th").Length() {
			t.Errorf("%s: %v, %d rows", id, err, len(rows))
		}
	}
	if w := c.get("/targets/" + target.ID + "?table=none"); w.Code != 404 {
		t.Errorf("a table that there is not: %d", w.Code)
	}
}
