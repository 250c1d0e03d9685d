package demo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// TestWarningsOfTheSample: today nobody is warned of anything: few of the
// regions' own targets have readings yet, and those are on track. Were the
// national targets of R&D the provinces' own, and in force ever since, these are
// the facts that their officials would have been told: few, and each of them did
// happen.
func TestWarningsOfTheSample(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	load(t, svc, true)
	everybodys := *svc.Catalog()
	everybodys.Targets = slices.Clone(everybodys.Targets)
	for _, target := range svc.Catalog().Targets {
		if target.Indicator != "rd_intensity" && target.Indicator != "rd_spend" || target.Region != indicator.Nation {
			continue
		}
		for _, region := range target.ReferenceFor {
			own := target
			own.ID, own.Region, own.ReferenceFor, own.InForceFrom, own.Link = target.ID+"-"+region, region, nil, "", indicator.Named
			everybodys.Targets = append(everybodys.Targets, own)
		}
	}
	everybodys.Index()
	warner := dashboard.NewWarner(warning.DefaultThresholds(), warning.DefaultChecks(), dashboard.NewOutlooks())
	told := func(catalog *indicator.Catalog, asOf string) string {
		moment, err := indicator.ParseAsOf(asOf)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := svc.Snapshots.At(t.Context(), moment, 0)
		if err != nil {
			t.Fatal(err)
		}
		list, err := warner.Of(t.Context(), snap, catalog, indicator.Period{}, time.Date(2026, 6, 30, 0, 0, 0, 0, indicator.Shanghai))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, w := range list {
			lines = append(lines, fmt.Sprint(w.Rule, " ", w.Severity, " ", svc.Catalog().Region(w.Region).Short.EN, " ", w.Indicator))
		}
		return strings.Join(lines, "\n")
	}
	if got := told(svc.Catalog(), ""); got != "" {
		t.Errorf("today: %s", got)
	}
	for asOf, want := range map[string][]string{
		"2026-06-30": {"status_worse elevated Tianjin rd_intensity", "status_worse elevated Tianjin rd_spend"},
		"2022-12-31": {"best_pace severe Heilongjiang rd_spend", "status_worse severe Shandong rd_intensity",
			"status_worse elevated Shanxi rd_intensity", "status_worse elevated Inner Mongolia rd_intensity",
			"status_worse elevated Liaoning rd_intensity", "status_worse elevated Shaanxi rd_intensity"},
		"2020-12-31": {"status_worse severe Xinjiang rd_intensity", "status_worse severe Shandong rd_intensity",
			"status_worse elevated Shanghai rd_intensity", "status_worse elevated Anhui rd_intensity", "status_worse elevated Fujian rd_intensity",
			"wrong_moves elevated Shandong rd_intensity", "status_worse elevated Hubei rd_intensity", "status_worse elevated Hainan rd_intensity",
			"status_worse elevated Chongqing rd_intensity", "status_worse elevated Yunnan rd_intensity"},
	} {
		if got := told(&everybodys, asOf); got != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s", asOf, got)
		}
	}
}
