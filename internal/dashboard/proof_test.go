package dashboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// proofOf proves a target of Fujian: plan-1 after a change.
func proofOf(t *testing.T, change func(*indicator.Target)) (Proof, *TrackProof) {
	t.Helper()
	catalog := testCatalog()
	change(catalog.Target("plan-1-rd_intensity"))
	snap := at(t, day(2026, 1, 31))
	p, err := Prove(context.Background(), snap, catalog, "plan-1-rd_intensity", "", Query{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	view, err := Build(context.Background(), snap, catalog, page(t, "target"), Params{Target: p.Target, Now: today})
	if err != nil {
		t.Fatal(err)
	}
	return p, view.Panels[0].Tracks[0].Proof
}

// TestMethodsBesideEachOther: from 1.80 in 2018 to 2.14 in 2024, by hand. To 3 in
// 2030: p = 2.488; c/e = 0.283/0.5; growth 2.93 % of 4.35 %. To 2.4: all suffice.
func TestMethodsBesideEachOther(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value    float64
		statuses []assess.Status
		says     string
	}{
		{3, []assess.Status{assess.OffTrack, assess.OffTrack, assess.AtRisk},
			"各方法结论不一致：近五年趋势外推法为“滞后于预期”，序时进度法为“滞后于预期”，年均增速比法为“略滞后于预期”。"},
		{2.4, []assess.Status{assess.OnTrack, assess.OnTrack, assess.OnTrack}, "得出结论的3种方法结论一致：符合预期。"},
	} {
		p, view := proofOf(t, func(target *indicator.Target) {
			target.Value, target.Baseline = number(c.value), &indicator.Baseline{Year: 2018}
		})
		got := []assess.Status{p.Status}
		for _, o := range p.Others {
			got = append(got, o.Status)
		}
		if !slices.Equal(got, c.statuses) {
			t.Errorf("to %v: %v, want %v", c.value, got, c.statuses)
		}
		if view.Agreement.ZH != c.says || view.Disagree != (c.value == 3) || len(view.Methods) != 2 {
			t.Errorf("to %v: %q, disagree %v", c.value, view.Agreement.ZH, view.Disagree)
		}
		gave := map[int]string{}
		for _, r := range p.Readings {
			gave[r.Period.Year()] = strings.Join(r.Gave, " ")
		}
		if len(gave) != 7 || gave[2018] != "y0" || gave[2019] != "y5" || gave[2024] != "yt" || gave[2021] != "" {
			t.Errorf("to %v: the readings gave %v", c.value, gave)
		}
	}
}

// TestPrecedentInWords: 126 in 2024 to 200 in 2030 is 8.0 % a year. Fujian's best
// is (117/64)^(1/5) = 12.8 %, which makes up for it in four years.
func TestPrecedentInWords(t *testing.T) {
	t.Parallel()
	spend := func(value float64) func(*indicator.Target) {
		return func(target *indicator.Target) { target.Indicator, target.Value = "rd_spend", number(value) }
	}
	for value, says := range map[float64]string{
		200: "此后需年均增长8.0%。2018年以来5个省份的10个五年时段中，全部达到这一速度。" +
			"福建最好的五年是2018—2023年，年均增长12.8%；按此速度，最迟须自2026年起步，才能在2030年实现目标。",
		240: "此后需年均增长11.3%。2018年以来5个省份的10个五年时段中，有6个达到这一速度（如江西2019—2024年年均增长27.1%、浙江2018—2023年年均增长12.9%、福建2018—2023年年均增长12.8%）。" +
			"福建最好的五年是2018—2023年，年均增长12.8%；按此速度，最迟须自2024年起步，才能在2030年实现目标。",
		500: "此后需年均增长25.8%。2018年以来5个省份的10个五年时段中，有1个达到这一速度（如江西2019—2024年年均增长27.1%）。" +
			"福建最好的五年是2018—2023年，年均增长12.8%；即使按此速度，2030年也不能实现目标。",
	} {
		p, view := proofOf(t, spend(value))
		if view.Precedent.ZH != says {
			t.Errorf("to %v: %s\nwant %s", value, view.Precedent.ZH, says)
		}
		if len(view.Reached.Rows) != len(p.Precedent.Reached) {
			t.Errorf("to %v: %d windows listed of %d", value, len(view.Reached.Rows), len(p.Precedent.Reached))
		}
	}
}

func TestMilestonesAreFacts(t *testing.T) {
	t.Parallel()
	catalog := testCatalog()
	catalog.Target("plan-1-rd_intensity").Milestones = []indicator.Milestone{{Year: 2022, Value: 2}, {Year: 2024, Value: 2.5}, {Year: 2026, Value: 2.6}}
	view, err := Build(context.Background(), at(t, day(2026, 1, 31)), catalog, page(t, "region"), Params{Region: "350000", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range view.Panels[0].Tracks[0].Facts {
		got[f.Name.ZH] = f.Value.Note.ZH
	}
	for name, want := range map[string]string{"2022年阶段目标": "已达到", "2024年阶段目标": "未达到", "2026年阶段目标": "数据尚未公布"} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

func TestProofOfATargetThatIsNotShown(t *testing.T) {
	t.Parallel()
	var notShown *NotShownError
	if _, err := Prove(context.Background(), at(t, day(2026, 1, 31)), testCatalog(), "plan-1-rd_intensity", "440000", Query{Now: today}); !errors.As(err, &notShown) {
		t.Errorf("Guangdong is proved by a target of Fujian: %v", err)
	}
	p, err := Prove(context.Background(), at(t, day(2026, 1, 31)), testCatalog(), "plan-3-statement", "", Query{Now: today})
	if err != nil || p.Precedent != nil || len(p.Others)+len(p.Readings) != 0 {
		t.Errorf("a statement has a proof: %+v, %v", p, err)
	}
}
