package indicator

import (
	"math"
	"testing"
)

func TestReadingValidate(t *testing.T) {
	t.Parallel()
	good := Reading{Indicator: "gdp", Region: "350000", Period: Year(2024), Value: 1, Status: Normal}
	for name, c := range map[string]struct {
		change func(*Reading)
		ok     bool
	}{
		"good":               {func(*Reading) {}, true},
		"zero":               {func(r *Reading) { r.Value = 0 }, true},
		"a mark":             {func(r *Reading) { r.Status, r.Value = NotCollected, 0 }, true},
		"a mark with value":  {func(r *Reading) { r.Status = Missing }, false},
		"no status":          {func(r *Reading) { r.Status = "" }, false},
		"lower case status":  {func(r *Reading) { r.Status = "a" }, false},
		"not a number":       {func(r *Reading) { r.Value = math.NaN() }, false},
		"a mark, not number": {func(r *Reading) { r.Status, r.Value = Missing, math.NaN() }, false},
		"infinite":           {func(r *Reading) { r.Value = math.Inf(-1) }, false},
		"no indicator":       {func(r *Reading) { r.Indicator = "" }, false},
		"no region":          {func(r *Reading) { r.Region = "" }, false},
		"no period":          {func(r *Reading) { r.Period = Period{} }, false},
	} {
		r := good
		c.change(&r)
		if err := r.Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSeries(t *testing.T) {
	t.Parallel()
	s := Series{Points: []Point{
		{Period: Year(2020), Value: 1, Status: Normal},
		{Period: Year(2022), Value: 2, Status: Break},
		{Period: Year(2023), Status: Missing},
		{Period: Year(2024), Value: 4, Status: Estimated},
		{Period: Year(2025), Status: NotCollected},
	}}
	for limit, want := range map[Period]float64{{}: 4, Year(2025): 4, Year(2024): 4, Year(2023): 2, Year(2022): 2, Year(2021): 1, Year(2019): 0} {
		if p, ok := s.Latest(limit); p.Value != want || ok != (want != 0) {
			t.Errorf("latest until %s: %v, want %v", limit, p, want)
		}
	}
	for year, want := range map[int]bool{2020: true, 2021: false, 2022: true, 2023: false, 2025: false} {
		if p, ok := s.At(Year(year)); ok != want || ok && p.Period != Year(year) {
			t.Errorf("at %d: %v, %v", year, p, ok)
		}
	}
	for limit, want := range map[Period]int{{}: 5, Year(2030): 5, Year(2023): 3, Year(2021): 1, Year(2000): 0} {
		if got := s.Until(limit); len(got.Points) != want {
			t.Errorf("until %s: %d points, want %d", limit, len(got.Points), want)
		}
	}
	if len(s.Points) != 5 {
		t.Error("Until changed the series it was asked of")
	}
}

func TestTextIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   Text
		zh, en string
	}{{T("福建", "Fujian"), "福建", "Fujian"}, {T("福建", ""), "福建", "福建"}, {T("", "Fujian"), "Fujian", "Fujian"}, {Text{}, "", ""}} {
		if c.text.In(ZH) != c.zh || c.text.In(EN) != c.en || c.text.In("fr") != c.zh {
			t.Errorf("%+v is %q and %q", c.text, c.text.In(ZH), c.text.In(EN))
		}
		if c.text.IsZero() != (c.zh == "") {
			t.Errorf("%+v is no text: %v", c.text, c.text.IsZero())
		}
	}
}

func TestDateAndDirection(t *testing.T) {
	t.Parallel()
	for d, want := range map[Date]bool{"": true, "2024-02-29": true, "2023-02-29": false, "2024": false, "2024-1-1": false} {
		if d.Valid() != want {
			t.Errorf("%q is valid: %v", d, d.Valid())
		}
	}
	for d, want := range map[Direction]float64{Up: 1, Down: -1, "": 0, "UP": 0} {
		if d.Sign() != want {
			t.Errorf("%q: %v, want %v", d, d.Sign(), want)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	note := Problem{Code: "late", Severity: SeverityNote, Message: T("迟报", "late")}
	bad := Problem{Cell: "B17", Code: "not_a_number", Severity: SeverityError, Message: T("不是数字", "not a number")}
	if HasErrors(nil) || HasErrors([]Problem{note}) || !HasErrors([]Problem{note, bad}) {
		t.Error("HasErrors")
	}
	if note.Error() != "late: late" || bad.Error() != "B17 not_a_number: not a number" {
		t.Errorf("%s; %s", note.Error(), bad.Error())
	}
	if f := (Fault{File: "config/x.yaml", Line: 3, Message: T("错", "wrong")}); f.Error() != "config/x.yaml:3: wrong" {
		t.Error(f.Error())
	}
}
