package settings_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/warning"
)

// TestChecksBuiltIn holds config/dabiao.yaml against the defaults it documents.
func TestChecksBuiltIn(t *testing.T) {
	t.Parallel()
	want := warning.DefaultChecks()
	want.Off = []warning.Code{}
	if diff := cmp.Diff(want, builtIn(t).Checks); diff != "" {
		t.Errorf("config/dabiao.yaml and the defaults differ (-defaults +file):\n%s", diff)
	}
	warnings := warning.DefaultThresholds()
	warnings.Off = []warning.Rule{}
	if diff := cmp.Diff(warnings, builtIn(t).Warnings); diff != "" {
		t.Errorf("warnings of config/dabiao.yaml and the defaults differ (-defaults +file):\n%s", diff)
	}
}

// TestChecksGivenInPart: what a file leaves out keeps its default.
func TestChecksGivenInPart(t *testing.T) {
	t.Parallel()
	file := "checks:\n  off: [sum_mismatch]\n  notes: []\n  outlier_history: {z: 6}\n" +
		"warnings:\n  off: [best_pace]\n  wrong_moves: {moves: 3}\n"
	s, faults := settings.Load(settings.Dirs{
		Config:        fstest.MapFS{"dabiao.yaml": {Data: []byte(file)}},
		DefaultConfig: os.DirFS("testdata/base"), DefaultDashboards: os.DirFS("testdata/pages"),
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := warning.DefaultChecks()
	want.Off, want.Notes, want.OutlierHistory.Z = []warning.Code{warning.SumMismatch}, []warning.Code{}, 6
	if diff := cmp.Diff(want, s.Checks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	warnings := warning.DefaultThresholds()
	warnings.Off, warnings.WrongMoves.Moves = []warning.Rule{warning.BestPace}, 3
	if diff := cmp.Diff(warnings, s.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
