package web_test

import (
	"encoding/csv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// forecastItem is what a program reads of a forecast.
type forecastItem struct {
	Indicator, Region, Reason, Last string
	Level                           float64
	Readings, Series                int
	Steps                           []struct {
		Period             string
		Mean, Lower, Upper float64
	}
	Backtest *struct {
		Held   int
		Own    struct{ N int }
		Trials []struct{ Held bool }
	}
}

func forecastsOf(t *testing.T, h *held, query string) []forecastItem {
	t.Helper()
	var got struct{ Items []forecastItem }
	w := h.send(t, "GET", "/api/v1/forecasts"+query, "", nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", query, w.Code, w.Body)
	}
	decode(t, w, &got)
	return got.Items
}

func TestForecasts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	const own = "?indicator=rd_spend&region=350000"
	list := forecastsOf(t, h, own)
	if len(list) != 1 || list[0].Last != "2024" || list[0].Readings != 14 || list[0].Series != 32 || list[0].Level != 95 || list[0].Backtest != nil {
		t.Fatalf("got %+v", list)
	}
	whole := list[0].Steps
	if len(whole) != 11 || whole[0].Period != "2025" || whole[10].Period != "2035" {
		t.Fatalf("steps %+v", whole)
	}
	narrow := forecastsOf(t, h, own+"&level=50&horizon=3")[0].Steps
	if len(narrow) != 3 || narrow[2].Mean != whole[2].Mean || narrow[2].Lower <= whole[2].Lower || narrow[2].Upper >= whole[2].Upper {
		t.Errorf("at 50 %% %+v, at 95 %% %+v", narrow, whole[:3])
	}
	if cut := forecastsOf(t, h, own+"&as_of_period=2020")[0]; cut.Last != "2020" || cut.Steps[0].Period != "2021" {
		t.Errorf("up to 2020: %+v", cut)
	}
	b := forecastsOf(t, h, own+"&backtest=true")[0].Backtest
	if b == nil || b.Own.N != 15 || len(b.Trials) != 15 {
		t.Fatalf("backtest %+v", b)
	}
	held := 0
	for _, trial := range b.Trials {
		if trial.Held {
			held++
		}
	}
	if held != b.Held {
		t.Errorf("%d trials held, it says %d", held, b.Held)
	}
	if none := forecastsOf(t, h, "?indicator=gdp&region=350000"); len(none) != 1 || none[0].Reason != "too_few_readings" || len(none[0].Steps) != 0 {
		t.Errorf("without readings: %+v", none)
	}
	if all := forecastsOf(t, h, "?limit=5"); len(all) != 5 {
		t.Errorf("%d items, want 5", len(all))
	}
}

func TestForecastsCSV(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	steps := forecastsOf(t, h, "?indicator=rd_spend&region=350000")[0].Steps
	w := h.send(t, "GET", "/api/v1/forecasts?indicator=rd_spend&region=350000,350100&format=csv&bom=true", "", nil)
	text, marked := strings.CutPrefix(w.Body.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 12 || strings.Join(rows[0], ",") != "indicator,region,period,mean,lower,upper,unit,level,model" {
		t.Fatalf("%v %v", rows, err)
	}
	for n, row := range rows[1:] {
		want := []string{"rd_spend", "350000", steps[n].Period, export.Number(steps[n].Mean), export.Number(steps[n].Lower), export.Number(steps[n].Upper), "亿元", "95"}
		for k := range want {
			if row[k] != want[k] {
				t.Errorf("row %d is %v, want %v", n+1, row, want)
			}
		}
	}
	if disposition := w.Header().Get("Content-Disposition"); !strings.Contains(disposition, "forecasts.csv") {
		t.Errorf("saved as %q", disposition)
	}
}

// TestForecastOnThePage: what the page of a target says of the future is what the
// API says, and the status is the same without it.
func TestForecastOnThePage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	const id = "national-plan-14-T01-rd_spend"
	var verdicts struct {
		Items []struct {
			Status string
			Chance *struct {
				Period                          string
				Mean, Lower, Upper, Probability float64
				InTen                           int `json:"in_ten"`
			}
			NoChance string `json:"no_chance"`
		}
	}
	decode(t, h.send(t, "GET", "/api/v1/assessments?target="+id+"&region=000000", "", nil), &verdicts)
	c := verdicts.Items[0].Chance
	if c == nil || c.Period != "2025" || !(c.Lower < c.Mean && c.Mean < c.Upper) || c.InTen != int(math.Round(c.Probability*10)) && c.InTen%10 != 0 {
		t.Fatalf("chance %+v, %q", c, verdicts.Items[0].NoChance)
	}
	for _, lang := range []string{"zh", "en"} {
		page := f.client(t).page("/targets/" + id + "?lang=" + lang)
		track := page.Find("article.track").First()
		number := func(v float64) string {
			if lang == "en" {
				return indicator.FormatNumber(v/10, 2)
			}
			return indicator.FormatNumber(v, 1)
		}
		ahead := track.Find("p.ahead").Text()
		for _, v := range []float64{c.Mean, c.Lower, c.Upper} {
			if !strings.Contains(ahead, number(v)) {
				t.Errorf("%s: %q lacks %s", lang, ahead, number(v))
			}
		}
		details := track.Find("details.outlook")
		if details.Length() != 1 || details.Find("table").Length() != 3 || details.Find("[open]").Length() != 0 {
			t.Errorf("%s: %d details with %d tables", lang, details.Length(), details.Find("table").Length())
		}
		step := forecastsOf(t, h, "?indicator=rd_spend&region=000000")[0].Steps[10]
		row := track.Find("figure table tbody tr").First()
		if year := row.Find("th").Text(); year != strconv.Itoa(2035) && year != "2035年" {
			t.Errorf("the table begins with %q", year)
		}
		if text := row.Text(); !strings.Contains(text, indicator.FormatNumber(step.Mean, 1)) || !strings.Contains(text, indicator.FormatNumber(step.Upper, 1)) {
			t.Errorf("%s: %q lacks %+v", lang, text, step)
		}
	}
}
