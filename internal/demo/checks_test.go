package demo

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/warning"
)

// TestChecksOfTheSample: the rules find few things in real figures, in the order
// of their release, and nothing that is ordinary: falls by a fifth and more, jumps
// by a third and more, and two revisions after a census.
func TestChecksOfTheSample(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	svc.Review = false
	actor, err := account.Local(User)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range batches {
		content, err := files.ReadFile("data/" + b.file)
		if err != nil {
			t.Fatal(err)
		}
		staged, err := svc.Stage(t.Context(), actor, b.file, bytes.NewReader(content), b.options())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range staged.Problems {
			about := ""
			for _, name := range []string{"Liaoning", "Beijing", "Shanxi", "Shandong", "Xinjiang", "Tianjin"} {
				if strings.Contains(p.Message.EN, name) {
					about = name
				}
			}
			got = append(got, fmt.Sprint(b.file[:2], " ", p.Code, " ", p.Severity, " ", about))
		}
		if _, err := svc.Publish(t.Context(), actor, staged.Upload.ID); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"02 outlier_regions note Liaoning",
		"17 revision_partial query Beijing",
		"18 revision_large query Tianjin",
		"20 outlier_history note Beijing",
		"20 outlier_history query Shanxi",
		"20 outlier_history query Shandong",
		"20 outlier_history note Xinjiang",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("found:\n%s\nwant:\n%s", g, w)
	}
}

// TestSampleLoadsUnderOtherThresholds: an office with sharper rules still gets it.
func TestSampleLoadsUnderOtherThresholds(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	checks := warning.DefaultChecks()
	checks.Notes, checks.OutlierHistory.Z, checks.OutlierHistory.Ask = nil, 3, 0
	svc.Checks = &checks
	load(t, svc, false)
	if got := publications(t, svc); got != len(batches) {
		t.Errorf("%d publications, want %d", got, len(batches))
	}
}
