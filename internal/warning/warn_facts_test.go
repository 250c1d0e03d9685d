package warning_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// TestKeys: the same evidence has the same key, whoever sends it once more; new
// readings make another, so that an acknowledgement silences what it was about.
func TestKeys(t *testing.T) {
	t.Parallel()
	key := func(s *stage) string {
		list := warning.Warn([]warning.Situation{s.situation(t)}, warning.DefaultThresholds())
		if len(list) != 1 {
			t.Fatalf("%q", told(list))
		}
		return list[0].Key
	}
	for rule, base := range bases {
		want := key(base.of())
		again := base.of()
		again.releases = append(again.releases, release{day: "2025-10-10", values: again.releases[1].values})
		if key(again) != want {
			t.Errorf("%s: the same figures make new evidence", rule)
		}
		other := base.of()
		other.releases[1].values = from(2024, other.releases[1].values[2024]-0.5)
		elsewhere := base.of()
		elsewhere.region, elsewhere.target.Region = provinces[0], provinces[0]
		named := base.of()
		named.target.ID = "plan-2-money"
		for what, s := range map[string]*stage{"another reading": other, "another region": elsewhere, "another target": named} {
			if key(s) == want {
				t.Errorf("%s: %s has the same key", rule, what)
			}
		}
	}
}

// TestOneFactIsToldOnce for two targets of a region that want the same.
func TestOneFactIsToldOnce(t *testing.T) {
	t.Parallel()
	a, b := bases[warning.WrongMoves].of(), bases[warning.WrongMoves].of()
	b.target.ID, b.target.Value = "plan-2-money", number(600)
	list := warning.Warn([]warning.Situation{a.situation(t), b.situation(t)}, warning.DefaultThresholds())
	if len(list) != 1 || !slices.Equal(list[0].Targets, []string{"plan-1-money", "plan-2-money"}) {
		t.Errorf("%q for %v", told(list), list)
	}
}

// TestOrder: by severity, then the newest.
func TestOrder(t *testing.T) {
	t.Parallel()
	newer := bases[warning.ForecastMisses].of()
	newer.target.ID, newer.region, newer.target.Region = "plan-3-money", provinces[1], provinces[1]
	newer.releases[1].day = "2025-10-01"
	var all []warning.Situation
	for _, rule := range []warning.Rule{warning.ForecastMisses, warning.BestPace, warning.WrongMoves} {
		s := bases[rule].of()
		s.target.ID = string(rule)
		all = append(all, s.situation(t))
	}
	got := told(warning.Warn(append(all, newer.situation(t)), warning.DefaultThresholds()))
	want := "best_pace severe 2025-09-01 2014+2019+2024; wrong_moves elevated 2025-09-01 2022+2023+2024; " +
		"forecast_misses minor 2025-10-01 2024; forecast_misses minor 2025-09-01 2024"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestMessages: the sentences, with all their numbers, in both languages.
func TestMessages(t *testing.T) {
	t.Parallel()
	want := map[warning.Rule]indicator.Text{
		warning.StatusWorse: indicator.T("“研发经费”由“符合预期”转为“略滞后于预期”：2024年为191.0亿元（2023年为190.0亿元）。",
			"R&D spending went from “on track” to “slightly behind”: 2024 is 19.10 billion yuan (2023: 19.00 billion yuan)."),
		warning.BestPace: indicator.T("“研发经费”最新为205.0亿元（2024年），要在2030年达到250.0亿元，今后须年均增长4.00%；本地区最快的五年（2014—2019年）也只有年均增长3.90%。",
			"R&D spending is 20.50 billion yuan (2024); to reach 25.00 billion yuan by 2030, it needs growth of 4.00% a year from now on; its best five years (2014–2019) had only growth of 3.90% a year."),
		warning.WrongMoves: indicator.T("“研发经费”连续2年下降：2022年190.0亿元，2023年189.0亿元，2024年188.0亿元；目标要求提高。",
			"R&D spending has fallen for 2 years: 2022 19.00 billion yuan, 2023 18.90 billion yuan, 2024 18.80 billion yuan; the target wants a rise."),
		warning.ForecastMisses: indicator.T("“研发经费”现评为“符合预期”，但预测2030年为240.0亿元，与目标250.0亿元相差10.0亿元，实现目标的可能性约三成。",
			"R&D spending is called “on track”, but the forecast for 2030 is 24.00 billion yuan, which misses 25.00 billion yuan by 1.00 billion yuan; the chance of reaching it: about 3 in 10."),
	}
	for rule, base := range bases {
		list := warning.Warn([]warning.Situation{base.of().situation(t)}, warning.DefaultThresholds())
		if len(list) != 1 {
			t.Fatal(told(list))
		}
		if m := list[0].Message; m != want[rule] {
			t.Errorf("%s:\n%s\n%s", rule, m.ZH, m.EN)
		}
	}
}

// TestGeneratedIsSaid: a fact about made-up figures says so.
func TestGeneratedIsSaid(t *testing.T) {
	t.Parallel()
	for rule, base := range bases {
		s := base.of().situation(t)
		for i := range s.Vintages {
			s.Vintages[i].Generated = true
		}
		list := warning.Warn([]warning.Situation{s}, warning.DefaultThresholds())
		if len(list) != 1 || !strings.HasSuffix(list[0].Message.ZH, "（含示例数据。）") || !list[0].Evidence[0].Generated {
			t.Errorf("%s: %+v", rule, list)
		}
	}
}

func TestAcknowledge(t *testing.T) {
	t.Parallel()
	w := warning.Warning{Key: "k", Rule: warning.BestPace, Region: fujian, Targets: []string{"t"}, Message: indicator.T("句", "s")}
	at := day("2025-12-01")
	a, err := warning.Acknowledge(w, "wang", "  已核实\n", at)
	if err != nil || a != (warning.Acknowledgement{Warning: "k", Rule: warning.BestPace, Region: fujian, Target: "t", Message: w.Message,
		Note: "已核实", Author: "wang", At: at}) {
		t.Errorf("%+v %v", a, err)
	}
	for _, note := range []string{"", " \n\t", "\u200b\x00\ufeff", strings.Repeat("字", 1001)} {
		if _, err := warning.Acknowledge(w, "wang", note, at); !errors.Is(err, warning.ErrNote) {
			t.Errorf("%q: %v", note, err)
		}
	}
	if _, err := warning.Acknowledge(w, "wang", strings.Repeat("字", 1000), at); err != nil {
		t.Error(err)
	}
	if a, err := warning.Acknowledge(w, "wang", "一\r\n二\u202e三", at); err != nil || a.Note != "一\n二三" {
		t.Errorf("%q %v", a.Note, err)
	}
	other := a
	other.Author = "li"
	for kept, again := range map[*[]warning.Acknowledgement]bool{{}: false, {a}: true, {other}: false, {other, a}: true, {a, other}: false} {
		if a.Again(*kept) != again {
			t.Errorf("again after %+v: %v", *kept, !again)
		}
	}
}
