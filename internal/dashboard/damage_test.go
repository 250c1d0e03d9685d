package dashboard

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// lossy is a ledger that has lost the readings of 2024 of some indicators.
type lossy struct {
	ledger.Ledger
	codes []string
}

func (l lossy) Vintages(ctx context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		for v, err := range l.Ledger.Vintages(ctx, q) {
			if err == nil && slices.Contains(l.codes, v.Indicator) && v.Period == indicator.Year(2024) {
				continue
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// damaged is the current snapshot of a ledger that lost readings of the indicators.
func damaged(t *testing.T, codes ...string) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.New(lossy{testLedger(t), codes}).At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDamage: a page shows nothing of an indicator that does not add up, says
// so where it is about it, and shows everything else as ever.
func TestDamage(t *testing.T) {
	t.Parallel()
	const said = "报送批次 first 的“研发强度”应有 42 条数据，实有 36 条"
	snap := damaged(t, "rd_intensity")
	for _, c := range []struct {
		page    string
		params  Params
		noticed bool
	}{
		{"overview", Params{Indicator: "rd_intensity"}, true},
		{"region", Params{Region: "350000"}, true},
		{"indicator", Params{Indicator: "rd_intensity"}, true},
		{"indicator", Params{Indicator: "rd_spend"}, false},
		{"target", Params{Target: "plan-1-rd_intensity"}, true},
		{"target", Params{Target: "outline-1-rd_spend"}, false},
		{"targets", Params{}, true},
	} {
		c.params.Now = today
		v, err := Build(t.Context(), snap, testCatalog(), page(t, c.page), c.params)
		if err != nil {
			t.Errorf("%s: %v", c.page, err)
			continue
		}
		text := printView(v)
		noticed := slices.ContainsFunc(v.Notices, func(n Notice) bool { return n.Code == NoticeDamage && strings.Contains(n.Text.ZH, said) })
		if noticed != c.noticed {
			t.Errorf("%s %+v: noticed %t\n%s", c.page, c.params, noticed, text)
		}
		for _, figure := range []string{"2.14%", "2.25%", "2.30%"} { // of Fujian's R&D intensity
			if strings.Contains(text, figure) {
				t.Errorf("%s %+v shows %s:\n%s", c.page, c.params, figure, text)
			}
		}
		if strings.Contains(text, "%!") {
			t.Errorf("a sentence does not fit its arguments:\n%s", text)
		}
	}
}

// TestNoVerdictOnDamage: neither a verdict nor a wrong reason for none.
func TestNoVerdictOnDamage(t *testing.T) {
	t.Parallel()
	v, err := Build(t.Context(), damaged(t, "rd_intensity"), testCatalog(), page(t, "region"), Params{Region: "350000", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for _, panel := range v.Panels {
		for _, track := range panel.Tracks {
			if track.Target != "plan-1-rd_intensity" {
				if track.Indicator != "" && track.Figure == nil {
					t.Errorf("%s lost its chart", track.Target)
				}
				continue
			}
			seen = true
			if track.Status != assess.NotAssessed || track.Reason != "" || track.Figure != nil || len(track.Arithmetic) != 0 ||
				!strings.Contains(track.Sentence.ZH, "账本数据不符") || strings.Contains(track.Sentence.ZH, "尚无数据") {
				t.Errorf("track %+v", track)
			}
		}
	}
	if !seen {
		t.Error("the target is not on the page")
	}
	for _, row := range v.Panels[1].Table.Rows {
		if row.ID == "rd_intensity" {
			t.Errorf("the profile has a line for it: %+v", row)
		}
	}
}

func TestAllDamaged(t *testing.T) {
	t.Parallel()
	v, err := Build(t.Context(), damaged(t, "rd_intensity", "rd_spend", "energy", "secondary_share", "green", "staff"),
		testCatalog(), page(t, "region"), Params{Region: "350000", Now: today})
	if err != nil {
		t.Fatal(err)
	}
	if text := printView(v); strings.Contains(text, "暂无已发布") || strings.Contains(text, "尚无数据") || !strings.Contains(text, "修复之前不显示") {
		t.Errorf("the page says that nothing was published:\n%s", text)
	}
	statement := v.Panels[len(v.Panels)-1].Tracks
	if !slices.ContainsFunc(statement, func(tr Track) bool { return tr.Reason == assess.NoVerdictStatement }) {
		t.Error("a statement without an indicator lost its reason")
	}
}

// TestAssessRefusesDamage: programs get all verdicts or none.
func TestAssessRefusesDamage(t *testing.T) {
	t.Parallel()
	snap := damaged(t, "rd_intensity")
	var damage *snapshot.DamageError
	if _, err := Assess(t.Context(), snap, testCatalog(), Query{Now: today}); !errors.As(err, &damage) || damage.Indicator != "rd_intensity" {
		t.Errorf("all targets: %v", err)
	}
	list, err := Assess(t.Context(), snap, testCatalog(), Query{Targets: []string{"outline-1-rd_spend"}, Now: today})
	if err != nil || len(list) != 6 {
		t.Errorf("a target of another indicator: %d, %v", len(list), err)
	}
}
