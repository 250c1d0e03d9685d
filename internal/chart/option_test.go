package chart

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// line makes a line whose NaN values are gaps.
func line(region string, role dashboard.Role, first int, values ...float64) dashboard.Line {
	l := dashboard.Line{Region: region, Name: indicator.T("地区"+region, "Region "+region), Role: role, Label: role != dashboard.RoleOther}
	for n, v := range values {
		p := dashboard.Reading{Period: indicator.Year(first + n), Value: &values[n]}
		if math.IsNaN(v) {
			p.Value = nil
		}
		l.Points = append(l.Points, p)
	}
	return l
}

// track is a region with neighbours, nation and the given targets.
func track(id string, goals ...dashboard.Goal) *dashboard.Chart {
	own := line("350000", dashboard.RoleOwn, 2018, 1.8, 1.85, 1.9, 2.004, math.NaN(), 2.1, 2.14)
	own.Points[2].Marks = []dashboard.Mark{dashboard.MarkBreak}
	own.Points[6].Marks = []dashboard.Mark{dashboard.MarkProvisional}
	return &dashboard.Chart{
		ID: id, Form: dashboard.FormLine, Title: indicator.T("福建 研发强度", "Fujian, R&D intensity"),
		Description: indicator.T("折线图。", "A line chart."), Unit: "%", Decimals: 2, From: 2018, To: 2035,
		Series: []dashboard.Line{
			line("320000", dashboard.RoleOther, 2018, 2.7, 2.75, 2.8, 2.9, 2.95, 3, 3.04),
			line("360000", dashboard.RoleOther, 2018, 1.4, 1.45, 1.5, 1.6, 1.65, 1.7, 90), // far off the scale
			line("000000", dashboard.RoleNation, 2018, 2.2, 2.25, 2.3, 2.4, 2.45, 2.5, 2.54),
			own,
		},
		Goals: goals,
	}
}

// ahead is a track whose region is forecast from its last reading, rising or falling.
func ahead(id string, change float64, goals ...dashboard.Goal) *dashboard.Chart {
	c := track(id, goals...)
	c.Fan = &dashboard.Fan{Region: "350000", From: dashboard.PathPoint{Year: 2024, Value: 2.14}}
	for n := 1; n <= 11; n++ {
		mean, h := 2.14+change*float64(n), float64(n)
		c.Fan.Steps = append(c.Fan.Steps, dashboard.OutlookStep{Year: 2024 + n, Mean: mean,
			Lower80: mean - 0.02*h, Upper80: mean + 0.03*h, Lower95: mean - 0.05*h, Upper95: mean + 0.07*h})
	}
	return c
}

func goal(shape dashboard.GoalShape) dashboard.Goal {
	g := dashboard.Goal{
		Shape: shape, Label: indicator.T("2030年不低于3%", "at least 3% by 2030"),
		Document: indicator.T("福建省“十四五”制造业高质量发展专项规划", "Fujian's 14th five-year plan for manufacturing"),
		Value:    3, From: 2021, Until: 2030, Low: 2, High: 3, Up: true,
	}
	if shape == dashboard.GoalPath {
		g.Path = []dashboard.PathPoint{{Year: 2021, Value: 2}, {Year: 2022, Value: 2.2}, {Year: 2023, Value: 2.42}}
	}
	return g
}

func bars() *dashboard.Chart {
	return &dashboard.Chart{
		ID: "chart-ranking", Form: dashboard.FormBars, Title: indicator.T("绿色工厂，2024年", "Green factories, 2024"),
		Description: indicator.T("条形图。", "A bar chart."), Unit: "家", FromZero: true, Generated: true,
		Bars: []dashboard.Bar{
			{Region: "440000", Name: indicator.T("广东", "Guangdong"), Role: dashboard.RoleNamed, Value: 12330},
			{Region: "000000", Name: indicator.T("全国", "China"), Role: dashboard.RoleNation, Value: 300.4},
			{Region: "350000", Name: indicator.T("福建", "Fujian"), Role: dashboard.RoleNamed, Value: 158, Marks: []dashboard.Mark{dashboard.MarkGenerated}},
		},
	}
}

// revisions is a figure that was revised, taken back and given again.
func revisions() *dashboard.Chart {
	first, second, third := 1100.0, 1171.75, 1170.25
	at := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, indicator.Shanghai) }
	return &dashboard.Chart{
		ID: "chart-vintages", Form: dashboard.FormSteps, Title: indicator.T("福建 研发经费，2023年", "Fujian, R&D spending, 2023"),
		Description: indicator.T("阶梯图。", "A step chart."), Unit: "亿元", Decimals: 2, Until: at(2026, 11, 23),
		Steps: []dashboard.Step{{At: at(2024, 9, 30), Value: &first}, {At: at(2025, 1, 15), Value: &second},
			{At: at(2025, 2, 1)}, {At: at(2025, 9, 29), Value: &third, Note: indicator.T("年报", "annual report")}},
	}
}

func trend() *dashboard.Chart {
	c := track("chart-trend")
	c.Series = c.Series[:3]
	c.FromZero = true
	for n := range c.Series {
		c.Series[n].Points[3].Marks = []dashboard.Mark{dashboard.MarkBreak}
	}
	return c
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, c := range gallery() {
		for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
			t.Run(c.ID+"."+string(lang), func(t *testing.T) {
				t.Parallel()
				option, err := Option(c, lang)
				if err != nil {
					t.Fatal(err)
				}
				var pretty bytes.Buffer
				if err := json.Indent(&pretty, option, "", "\t"); err != nil {
					t.Fatal(err)
				}
				pretty.WriteByte('\n')
				path := filepath.Join("testdata", c.ID+"."+string(lang)+".json")
				if *update {
					if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
					t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", path, diff)
				}
			})
		}
	}
}

func TestOptionIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	first, err := Option(trend(), indicator.ZH)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Option(trend(), indicator.ZH)
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("another option the second time (%v)", err)
		}
	}
}

const hostile = `</script><img src=x onerror=alert(1)>{a}&`

func TestHostileTextsStayText(t *testing.T) {
	t.Parallel()
	text := indicator.T(hostile, hostile)
	for _, c := range []*dashboard.Chart{track("x", goal(dashboard.GoalPoint), goal(dashboard.GoalBand), goal(dashboard.GoalArrow)), bars(), trend(), revisions(), ahead("y", 0.1)} {
		c.Title, c.Description, c.Unit = text, text, hostile
		for n := range c.Series {
			c.Series[n].Name = text
		}
		for n := range c.Bars {
			c.Bars[n].Name = text
		}
		for n := range c.Goals {
			c.Goals[n].Label, c.Goals[n].Document = text, text
		}
		option, err := Option(c, indicator.ZH)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(option, "<>&") {
			t.Errorf("%s: the option can end its script element: %s", c.ID, option)
		}
		if !json.Valid(option) || !strings.Contains(string(option), `\u003c/script\u003e`) {
			t.Errorf("%s: the text is lost", c.ID)
		}
	}
}

func TestFunctionMarkerIsRefused(t *testing.T) {
	t.Parallel()
	c := bars()
	c.Bars[0].Name = indicator.T("__f__alert(1)__f__", "x")
	if _, err := Option(c, indicator.ZH); !errors.Is(err, ErrFunction) {
		t.Errorf("got %v", err)
	}
}

func TestValuesThatAreNotFinite(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		c := bars()
		c.Bars[0].Value = v
		if option, err := Option(c, indicator.ZH); err == nil {
			t.Errorf("bars with %v gave %s", v, option)
		}
		l := trend()
		l.Series[0].Points[1].Value = &v
		if option, err := Option(l, indicator.ZH); err == nil {
			t.Errorf("lines with %v gave %s", v, option)
		}
		s := revisions()
		s.Steps[1].Value = &v
		if option, err := Option(s, indicator.ZH); err == nil {
			t.Errorf("steps with %v gave %s", v, option)
		}
	}
	if _, err := Option(&dashboard.Chart{Form: dashboard.FormSteps}, indicator.ZH); err == nil {
		t.Error("a step chart without steps is drawn")
	}
	c := bars()
	c.Form = "pie"
	if _, err := Option(c, indicator.ZH); err == nil {
		t.Error("an unknown form is drawn")
	}
}

func TestExtent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		chart           *dashboard.Chart
		low, high, step float64
	}{
		{"a far region does not press the others together", track("x"), 1, 3.5, 0.5},
		{"a target widens the scale", track("x", dashboard.Goal{Shape: dashboard.GoalPoint, Value: 9, Until: 2030}), 0, 16, 4},
		{"amounts begin at zero", trend(), 0, 120, 30},
		{"one flat line", &dashboard.Chart{Series: []dashboard.Line{line("1", dashboard.RoleOwn, 2020, 5, 5)}}, 2, 6, 1},
		{"a forecast widens the scale", ahead("x", 0.05), 1, 4, 1},
		{"an interval that knows nothing is cut off", wild(), 1, 6, 1},
		{"nothing at all", &dashboard.Chart{}, 0, 1, 0.25},
		{"below zero", &dashboard.Chart{Series: []dashboard.Line{line("1", dashboard.RoleOwn, 2020, -3, -1)}}, -3, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := drawing{chart: c.chart, lang: indicator.ZH}
			if low, high, step := d.extent(); low != c.low || high != c.high || step != c.step {
				t.Errorf("%v … %v by %v, want %v … %v by %v", low, high, step, c.low, c.high, c.step)
			}
		})
	}
}

// wild is a forecast whose interval reaches a hundred times as far as its middle.
func wild() *dashboard.Chart {
	c := ahead("x", 0.1)
	for n := range c.Fan.Steps {
		c.Fan.Steps[n].Upper80, c.Fan.Steps[n].Upper95 = 200, 400
	}
	return c
}

// TestFanLabels: the name of a target stands clear of the forecast.
func TestFanLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		change, value   float64
		until           int
		position, align string
	}{
		{"above a rising forecast, early", 0.05, 3, 2026, "top", "left"},
		{"above a rising forecast, late", 0.05, 3, 2035, "top", "right"},
		{"below a rising forecast", 0.05, 2.1, 2026, "top", "right"},
		{"below a falling forecast", -0.05, 2, 2026, "bottom", "right"},
		{"below a falling forecast, on the axis", -0.05, 1, 2026, "top", "right"},
	} {
		g := goal(dashboard.GoalPoint)
		g.Value, g.Until = c.value, c.until
		d := drawing{chart: ahead("x", c.change, g), lang: indicator.ZH}
		if l := d.goalLabel(g, c.until); l["position"] != c.position || l["align"] != c.align {
			t.Errorf("%s: %v, %v", c.name, l["position"], l["align"])
		}
	}
}

// TestDarkKnowsEveryColour: a colour of an option without a dark counterpart
// would vanish on the dark page.
func TestDarkKnowsEveryColour(t *testing.T) {
	t.Parallel()
	known := Dark()
	for _, c := range []*dashboard.Chart{track("x", goal(dashboard.GoalPoint), goal(dashboard.GoalBand), goal(dashboard.GoalArrow)), bars(), trend(), revisions(), ahead("y", 0.1)} {
		option, err := Option(c, indicator.ZH)
		if err != nil {
			t.Fatal(err)
		}
		var decoded any
		if err := json.Unmarshal(option, &decoded); err != nil {
			t.Fatal(err)
		}
		eachString(decoded, func(s string) {
			if len(s) == 7 && s[0] == '#' && known[s] == "" {
				t.Errorf("%s uses %s, which has no dark counterpart", c.ID, s)
			}
		})
	}
	for _, color := range namedColors {
		if known[color] == "" {
			t.Errorf("%s has no dark counterpart", color)
		}
	}
}

func eachString(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, item := range v {
			eachString(item, f)
		}
	case map[string]any:
		for _, item := range v {
			eachString(item, f)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"福建省规划", "福建省规划"},
		{"一二三四五六七八九十一二三四五六", "一二三四五六七八九十一二三四五…"},
		{strings.Repeat("a", 30), strings.Repeat("a", 30)},
		{strings.Repeat("a", 31), strings.Repeat("a", 30) + "…"},
	} {
		if got := short(c.text, 15); got != c.want {
			t.Errorf("short(%q) is %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text       string
		characters int
		want       string
	}{
		{"2025年达到300家", 9, "2025年达到300家"},
		{"保持在2022年水平上下1个百分点以内", 6, "保持在2022年\n水平上下1个\n百分点以内"},
		{"grow by at least 7% a year", 6, "grow by at\nleast 7% a\nyear"},
		{"incomprehensibilities", 6, "incomprehensibilities"},
		{"", 6, ""},
	} {
		if got := wrap(c.text, c.characters); got != c.want {
			t.Errorf("wrap(%q) is %q, want %q", c.text, got, c.want)
		}
	}
}

func ExampleOption() {
	option, err := Option(&dashboard.Chart{ID: "x", Form: dashboard.FormBars}, indicator.EN)
	fmt.Println(json.Valid(option), err)
	// Output: true <nil>
}
