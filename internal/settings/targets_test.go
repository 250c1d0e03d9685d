package settings_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/settings"
)

// recorded is what was read out of each document: the rows of the record, and
// how many targets they make, one per indicator and region.
var recorded = map[string]struct {
	rows    string
	targets int
}{
	"fujian-decision":          {"1 2 3 4 5 6", 12},
	"miit-key-tasks":           {"7 8 9 10 11 12 13 14 15 16 27 28 29 30 31", 26},
	"fuzhou-survey":            {"17 32", 2},
	"provinces-2024":           {"18 19 20 21 22 23 24 33 34", 18},
	"fujian-visit-2023":        {"25 26", 4},
	"national-plan-14":         {"T01", 1},
	"national-plan-15":         {"T04 T05 T06", 3},
	"green-manufacturing-2024": {"T07", 1},
	"sme-digital-2025":         {"T08 T09", 2},
	"smart-manufacturing-14":   {"T13 T14", 2},
	"industrial-green-14":      {"T20", 1},
	"fujian-manufacturing-14":  {"T25 T26 T27 T28 T29 T30", 6},
	"fuzhou-innovation-14":     {"T32 T33", 2},
}

// sourced lists every number that a document states for a target, or that a
// target's reason says was chosen: values, baselines, tolerances and years.
var sourced = map[string][]float64{
	"7":   {2022, 27.7, 1},
	"20":  {10, 2024},
	"T01": {7, 2021, 2025},
	"T04": {7, 2026, 2030},
	"T05": {12.5, 2030},
	"T06": {2, 2020, 2035},
	"T07": {40, 2030},
	"T08": {100, 2027, 2024, 66},
	"T09": {40000, 2027},
	"T13": {70, 2025},
	"T20": {-13.5, 2020, 2025},
	"T25": {33.3, 2025},
	"T26": {23, 2025},
	"T27": {8000, 2025, 2019, 4811},
	"T28": {1000, 2025},
	"T29": {300, 2025},
	"T30": {20, 2025},
	"T32": {18, 2021, 2025},
	"T33": {3, 2025},
}

func TestEveryRowOfTheRecordIsATarget(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	rows, targets := map[string][]string{}, map[string]int{}
	for i := range c.Targets {
		target := &c.Targets[i]
		targets[target.Document]++
		if !slices.Contains(rows[target.Document], target.Row) {
			rows[target.Document] = append(rows[target.Document], target.Row)
		}
	}
	for _, d := range c.Documents {
		if _, ok := recorded[d.ID]; !ok {
			t.Errorf("the document %s is not in the record", d.ID)
		}
	}
	for document, want := range recorded {
		if got := strings.Join(rows[document], " "); got != want.rows {
			t.Errorf("%s has the rows %q, want %q", document, got, want.rows)
		}
		if got := targets[document]; got != want.targets {
			t.Errorf("%s has %d targets, want %d", document, got, want.targets)
		}
	}
}

func TestNoNumberIsInvented(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	used := map[string]map[float64]bool{}
	for i := range c.Targets {
		target := &c.Targets[i]
		if target.Kind != indicator.Reach && target.Kind != indicator.Hold && target.Kind != indicator.Grow {
			if target.Value != nil || target.Baseline != nil || target.Tolerance != nil || len(target.Milestones) > 0 {
				t.Errorf("%s is a %s and has a number", target.ID, target.Kind)
			}
			continue
		}
		if used[target.Row] == nil {
			used[target.Row] = map[float64]bool{}
		}
		for _, n := range numbersOf(target) {
			used[target.Row][n] = true
			if !slices.Contains(sourced[target.Row], n) {
				t.Errorf("%s has the number %v, which row %s of the record does not", target.ID, n, target.Row)
			}
		}
	}
	for row, numbers := range sourced {
		for _, n := range numbers {
			if !used[row][n] {
				t.Errorf("row %s of the record has the number %v, its target does not (it has %v)",
					row, n, slices.Sorted(maps.Keys(used[row])))
			}
		}
	}
}

func numbersOf(target *indicator.Target) []float64 {
	var numbers []float64
	for _, year := range []int{target.By, target.From, target.Until} {
		if year != 0 {
			numbers = append(numbers, float64(year))
		}
	}
	if target.Value != nil {
		numbers = append(numbers, *target.Value)
	}
	if b := target.Baseline; b != nil {
		numbers = append(numbers, float64(b.Year))
		if b.Value != nil {
			numbers = append(numbers, *b.Value)
		}
	}
	if target.Tolerance != nil {
		numbers = append(numbers, target.Tolerance.Value)
	}
	for _, m := range target.Milestones {
		numbers = append(numbers, float64(m.Year), m.Value)
	}
	return numbers
}

// TestTargetsExplainThemselves: what is our reading says why, and every text is
// there in both languages.
func TestTargetsExplainThemselves(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for i := range c.Targets {
		target := &c.Targets[i]
		texts := []indicator.Text{target.Locator, target.Statement}
		if target.Basis == indicator.Interpreted {
			texts = append(texts, target.BasisReason)
		}
		for _, text := range texts {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s lacks a text: %+v", target.ID, text)
			}
		}
		if target.Link == indicator.Proxy && target.Basis != indicator.Interpreted {
			t.Errorf("%s: a proxy is our reading and says why", target.ID)
		}
		if slices.Contains(target.ReferenceFor, target.Region) {
			t.Errorf("%s is its own region's reference", target.ID)
		}
		if target.Region == "" && target.Kind != indicator.StatedOnly {
			t.Errorf("%s has no region", target.ID)
		}
	}
}

// TestReferencesCanBeHeldAgainst: a nation's number of things says nothing about
// a province; only directions, bands, growth rates and ratios do.
func TestReferencesCanBeHeldAgainst(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for i := range c.Targets {
		target := &c.Targets[i]
		if len(target.ReferenceFor) == 0 {
			continue
		}
		switch target.Kind {
		case indicator.Directed, indicator.Hold, indicator.Grow:
		case indicator.Reach:
			if m := c.Indicator(target.Indicator).Measure; m != indicator.Ratio {
				t.Errorf("%s is shown to other regions, but %s is a %s", target.ID, target.Indicator, m)
			}
		default:
			t.Errorf("%s is a %s and is shown to other regions", target.ID, target.Kind)
		}
	}
}

func TestTargetsFieldByField(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	var provinces []string
	for _, p := range c.Provinces() {
		provinces = append(provinces, p.Code)
	}
	ignored := cmpopts.IgnoreFields(indicator.Target{}, "Locator", "Statement", "BasisReason")
	for _, want := range slices.Concat(nationalTargets(provinces), regionalTargets()) {
		want.Binding = indicator.Unstated
		got := c.Target(want.ID)
		if got == nil {
			t.Errorf("there is no target %s", want.ID)
			continue
		}
		if diff := cmp.Diff(want, *got, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.ID, diff)
		}
	}
}

func nationalTargets(provinces []string) []indicator.Target {
	return []indicator.Target{{
		ID: "miit-key-tasks-7-manufacturing_share", Row: "7", Document: "miit-key-tasks", Region: indicator.Nation,
		ReferenceFor: provinces, Indicator: "manufacturing_share", Topic: "structure",
		Link: indicator.Named, Basis: indicator.Interpreted, InForceFrom: "2024-03-11", Kind: indicator.Hold,
		Baseline: &indicator.Baseline{Year: 2022, Value: new(27.7)}, Tolerance: &indicator.Tolerance{Value: 1},
	}, {
		ID: "miit-key-tasks-10-rd_intensity", Row: "10", Document: "miit-key-tasks", Region: indicator.Nation,
		ReferenceFor: provinces, Indicator: "rd_intensity", Topic: "innovation",
		Link: indicator.Proxy, Basis: indicator.Interpreted, InForceFrom: "2024-03-11",
		Kind: indicator.Directed, Direction: indicator.Up,
	}, {
		ID: "fujian-visit-2023-25-advanced_clusters", Row: "25", Document: "fujian-visit-2023", Region: indicator.Nation,
		ReferenceFor: []string{"350000"}, Indicator: "advanced_clusters", Topic: "clusters",
		Link: indicator.Named, Basis: indicator.Stated, InForceFrom: "2023-10-12",
		Kind: indicator.Directed, Direction: indicator.Up,
	}, {
		ID: "national-plan-14-T01-rd_spend", Row: "T01", Document: "national-plan-14", Region: indicator.Nation,
		ReferenceFor: provinces, Indicator: "rd_spend", Topic: "innovation", Link: indicator.Named,
		Basis: indicator.Stated, InForceFrom: "2021-03-08", Kind: indicator.Grow, Value: new(7.0),
		Direction: indicator.Up, From: 2021, Until: 2025,
	}, {
		ID: "national-plan-15-T06-gdp_per_capita", Row: "T06", Document: "national-plan-15", Region: indicator.Nation,
		Indicator: "gdp_per_capita", Topic: "structure", Link: indicator.Named, Basis: indicator.Interpreted,
		InForceFrom: "2026-03-05", Kind: indicator.Reach, Value: new(2.0), Bound: indicator.AtLeast,
		Relative: indicator.Times, Price: indicator.ConstantPrice, Baseline: &indicator.Baseline{Year: 2020}, By: 2035,
	}, {
		ID: "industrial-green-14-T20-energy_intensity", Row: "T20", Document: "industrial-green-14", Region: indicator.Nation,
		ReferenceFor: provinces, Indicator: "energy_intensity", Topic: "transformation", Link: indicator.Named,
		Basis: indicator.Interpreted, InForceFrom: "2021-12-05", Kind: indicator.Reach, Value: new(-13.5),
		Bound: indicator.AtMost, Relative: indicator.Percent, Baseline: &indicator.Baseline{Year: 2020}, By: 2025,
	}}
}

func regionalTargets() []indicator.Target {
	return []indicator.Target{{
		ID: "fujian-decision-1-statement", Row: "1", Document: "fujian-decision", Region: "350000",
		Basis: indicator.Stated, Kind: indicator.StatedOnly, Until: 2035,
	}, {
		ID: "fujian-decision-2-rd_spend", Row: "2", Document: "fujian-decision", Region: "350000",
		Indicator: "rd_spend", Topic: "innovation", Link: indicator.Proxy, Basis: indicator.Interpreted,
		Kind: indicator.Directed, Direction: indicator.Up, Until: 2035,
	}, {
		ID: "fujian-decision-5-energy_intensity", Row: "5", Document: "fujian-decision", Region: "350000",
		Indicator: "energy_intensity", Topic: "transformation", Link: indicator.Proxy, Basis: indicator.Interpreted,
		Kind: indicator.Directed, Direction: indicator.Down, Until: 2035,
	}, {
		ID: "provinces-2024-20-emerging_clusters_provincial", Row: "20", Document: "provinces-2024", Region: "370000",
		Indicator: "emerging_clusters_provincial", Topic: "clusters", Link: indicator.Named,
		Basis: indicator.Interpreted, Approximate: true, InForceFrom: "2024-02-25",
		Kind: indicator.Reach, Value: new(10.0), Counted: indicator.New, By: 2024,
	}, {
		ID: "provinces-2024-24-statement-420000", Row: "24", Document: "provinces-2024", Region: "420000",
		Basis: indicator.Stated, InForceFrom: "2024-02-25", Kind: indicator.StatedOnly,
	}, {
		ID: "fujian-manufacturing-14-T25-manufacturing_share", Row: "T25", Document: "fujian-manufacturing-14",
		Region: "350000", Indicator: "manufacturing_share", Topic: "structure", Link: indicator.Named,
		Basis: indicator.Interpreted, Approximate: true, InForceFrom: "2021-07-13",
		Kind: indicator.Hold, Value: new(33.3), Until: 2025,
	}, {
		ID: "fujian-manufacturing-14-T27-hightech_firms", Row: "T27", Document: "fujian-manufacturing-14",
		Region: "350000", Indicator: "hightech_firms", Topic: "innovation", Link: indicator.Named,
		Basis: indicator.Interpreted, InForceFrom: "2021-07-13", Kind: indicator.Reach, Value: new(8000.0),
		Bound: indicator.AtLeast, Baseline: &indicator.Baseline{Year: 2019, Value: new(4811.0)}, By: 2025,
	}, {
		ID: "fuzhou-innovation-14-T32-rd_spend", Row: "T32", Document: "fuzhou-innovation-14", Region: "350100",
		Indicator: "rd_spend", Topic: "innovation", Link: indicator.Named, Basis: indicator.Interpreted,
		InForceFrom: "2021-11-03", Kind: indicator.Grow, Value: new(18.0),
		Direction: indicator.Up, From: 2021, Until: 2025,
	}}
}

// shipped is the catalogue as the product ships it.
func shipped(t *testing.T) *indicator.Catalog {
	t.Helper()
	s, faults := settings.Load(settings.Dirs{Config: os.DirFS("../../config"), ConfigName: "config"})
	for _, fault := range faults {
		t.Error(fault)
	}
	if s == nil {
		t.FailNow()
	}
	return s.Catalog
}
