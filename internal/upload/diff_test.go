package upload_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

func lines(d upload.Diff) string {
	var list []string
	for _, c := range d.Changes {
		line := fmt.Sprintf("%s %s %s", c.Cell.Cell, c.Period, c.Kind)
		if !c.Old.Period.IsZero() {
			line += fmt.Sprintf(" %v%s", c.Old.Value, c.Old.Status)
		}
		if c.Revises() {
			line += " revises"
		}
		list = append(list, line)
	}
	return strings.Join(list, "\n")
}

func TestDiff(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, "rd_spend 350000 2018 1", "rd_spend 350000 2019 2", "rd_spend 350000 2020 3 P",
		"rd_spend 350000 2021 4", "rd_spend 350000 2022 — M", "rd_spend 350000 2023 — M", "rd_spend 350000 2024 — M", "gdp 350100 2020 0")
	f.later(time.Hour)
	u := f.stage(wang, upload.Options{Reason: "普查修订"}, "rd_spend 350000 2018 1", "rd_spend 350000 2019 2.5", "rd_spend 350000 2020 3",
		"rd_spend 350000 2021 — M", "rd_spend 350000 2022 6", "rd_spend 350000 2023 — M", "rd_spend 350000 2024 — N", "rd_spend 350000 2025 9",
		"rd_spend 350100 2018 1", "gdp 350000 2018 1", "gdp 350100 2020 — M")
	want := strings.Join([]string{
		"D2 2018 unchanged 1A",
		"D3 2019 changed 2A revises",
		"D4 2020 changed 3P", // provisional became final: no revision
		"D5 2021 withdrawn 4A revises",
		"D6 2022 new 0M",
		"D7 2023 unchanged 0M",
		"D8 2024 changed 0M",
		"D9 2025 new",
		"D10 2018 new",
		"D11 2018 new",
		"D12 2020 withdrawn 0A revises", // zero is a value
	}, "\n")
	diff := must(f.Diff(t.Context(), wang, u.ID))(t)
	if got := lines(diff); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if c := diff.Counts; c[upload.New] != 4 || c[upload.Changed] != 3 || c[upload.Unchanged] != 2 || c[upload.Withdrawn] != 2 {
		t.Errorf("counts %v", c)
	}
	must(f.Submit(t.Context(), wang, u.ID))(t)
	f.later(time.Hour)
	must(f.Publish(t.Context(), li, u.ID))(t)
	if got := lines(must(f.Diff(t.Context(), wang, u.ID))(t)); got != want {
		t.Errorf("after publishing the upload no longer shows what it changed:\n%s", got)
	}
	if !strings.Contains(f.current("rd_spend"), "350000 2021 0 M") {
		t.Errorf("the withdrawn value is visible:\n%s", f.current("rd_spend"))
	}
}

// TestDiffAsReleased: older figures loaded later are held against what was
// public then, not against today's.
func TestDiffAsReleased(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	day := func(s string) time.Time { return must(indicator.ParseReleased(s))(t) }
	f.publish(upload.Options{Released: day("2024-10-01")}, "rd_spend 350000 2023 10")
	f.later(time.Hour)
	older := f.stage(wang, upload.Options{Released: day("2024-02-01")}, "rd_spend 350000 2023 9")
	if got := lines(must(f.Diff(t.Context(), wang, older.ID))(t)); got != "D2 2023 new" {
		t.Errorf("a preliminary figure: %s", got)
	}
	staged := must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2023 9.5")),
		upload.Options{Released: day("2025-01-01")}))(t)
	if codes(staged.Problems) != "D2 missing_reason" || !strings.HasPrefix(staged.Problems[0].Message.EN, "1 value differs from ") {
		t.Errorf("a revision: %s", codes(staged.Problems))
	}
	must(f.Submit(t.Context(), wang, older.ID))(t)
	must(f.Publish(t.Context(), li, older.ID))(t)
	if got := f.current("rd_spend"); got != "350000 2023 10 A" {
		t.Errorf("the older figure replaced the newer one: %s", got)
	}
}

func TestMissingReason(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.publish(upload.Options{}, "rd_spend 350000 2022 1", "rd_spend 350000 2023 2")
	f.later(time.Hour)
	table := csv("rd_spend 350000 2021 5", "rd_spend 350000 2022 1.5", "rd_spend 350000 2023 — M")
	staged := must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(table), upload.Options{Reason: "  "}))(t)
	if staged.Upload != nil || codes(staged.Problems) != "D3 missing_reason" {
		t.Fatalf("kept %v, problems %s", staged.Upload, codes(staged.Problems))
	}
	want := indicator.T("有 2 个数值与已发布的不同，首个为福建省2022年“研发经费支出”：1 → 1.5。请说明修订原因（--reason）。",
		"2 values differ from what is published, first R&D spending, Fujian, 2022: 1 → 1.5. Give the reason of the revision (--reason).")
	if got := staged.Problems[0].Message; got != want {
		t.Errorf("said %+v", got)
	}

	kept := must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(table), upload.Options{KeepFaulty: true}))(t)
	contents := must(f.Contents(t.Context(), wang, kept.Upload.ID))(t)
	if kept.Upload.Faulty || codes(contents.Problems) != "D3 missing_reason" {
		t.Errorf("kept %+v, problems %s", kept.Upload, codes(contents.Problems))
	}
	_, err := f.Submit(t.Context(), wang, kept.Upload.ID)
	wantKind(t, err, upload.Invalid)

	mended := must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(table), upload.Options{Reason: "经济普查修订"}))(t)
	if mended.Upload.ID != kept.Upload.ID || codes(mended.Problems) != "" {
		t.Errorf("mended %+v", mended.Upload)
	}
	must(f.Submit(t.Context(), wang, mended.Upload.ID))(t)
	must(f.Publish(t.Context(), li, mended.Upload.ID))(t)
}

// TestRevisionSinceSubmission: it was new when it was submitted, but another
// upload was faster.
func TestRevisionSinceSubmission(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 2")
	must(f.Submit(t.Context(), wang, u.ID))(t)
	f.publish(upload.Options{}, "rd_spend 350000 2023 1")
	_, err := f.Publish(t.Context(), li, u.ID)
	var refusal *upload.Error
	if !errors.As(err, &refusal) || refusal.Kind != upload.Invalid || codes(refusal.Problems) != "D2 missing_reason" {
		t.Errorf("got %v", err)
	}
	if got := must(f.Get(t.Context(), li, u.ID))(t); got.State != upload.Submitted || f.current("rd_spend") != "350000 2023 1 A" {
		t.Errorf("%s, visible %s", got.State, f.current("rd_spend"))
	}
}
