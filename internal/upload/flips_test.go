package upload_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// withTargets gives the fixture targets of 100 by 2030: of Fujian for both
// indicators, the nation's shown to Fujian, a proxy, and a superseded one.
func (f *fixture) withTargets() *fixture {
	hundred := 100.0
	target := func(id, region, code string, change func(*indicator.Target)) indicator.Target {
		t := indicator.Target{ID: id, Region: region, Indicator: code, Kind: indicator.Reach, Link: indicator.Named,
			Value: &hundred, Bound: indicator.AtLeast, By: 2030}
		if change != nil {
			change(&t)
		}
		return t
	}
	catalog := newCatalog()
	catalog.Targets = []indicator.Target{
		target("nation", indicator.Nation, "rd_spend", func(t *indicator.Target) { t.ReferenceFor = []string{"350000", "110000"} }),
		target("old", "350000", "rd_spend", func(t *indicator.Target) { t.SupersededBy = "own" }),
		target("proxy", "350000", "rd_spend", func(t *indicator.Target) { t.Link = indicator.Proxy }),
		target("own", "350000", "rd_spend", nil),
		target("gdp", "350000", "gdp", nil),
		target("far", "350000", "rd_spend", func(t *indicator.Target) { t.Value = new(float64); *t.Value = 1e6 }), // off track whatever comes
	}
	catalog.Index()
	f.Catalog = func() *indicator.Catalog { return catalog }
	return f
}

// rising is 45 in 2017 and 5 more in every year up to 2022: on track for 100 in 2030.
func rising(code, region string) (rows []string) {
	for year := 2017; year <= 2022; year++ {
		rows = append(rows, fmt.Sprintf("%s %s %d %d", code, region, year, 45+5*(year-2017)))
	}
	return rows
}

func flipLines(list []upload.Flip) string {
	var lines []string
	verdict := func(a assess.Assessment) string { return strings.TrimSpace(string(a.Status) + " " + string(a.Reason)) }
	for _, f := range list {
		line := fmt.Sprintf("%s %s: %s → %s", f.Target.ID, f.Region, verdict(f.Before), verdict(f.After))
		if !f.Counted() {
			line += " hollow"
		}
		if f.Revision {
			line += " revision"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestFlips(t *testing.T) {
	t.Parallel()
	reason := upload.Options{Reason: "普查修订", Explanation: "已核对"}
	released := func(day string) upload.Options {
		at := must(indicator.ParseReleased(day))(t)
		return upload.Options{Released: at, Reason: "补录"}
	}
	const behind, own, far = "on_track → off_track", "own 350000: ", "\nfar 350000: off_track → not_assessed "
	hollow := func(verdicts, mark string) string {
		return "\nnation 350000: " + verdicts + " hollow" + mark + "\nproxy 350000: " + verdicts + " hollow" + mark
	}
	for name, test := range map[string]struct {
		options upload.Options
		rows    []string
		want    string
	}{
		"a new reading":            {upload.Options{}, []string{"rd_spend 350000 2023 60"}, own + behind + hollow(behind, "")},
		"a revision":               {reason, []string{"rd_spend 350000 2022 58"}, own + behind + " revision" + hollow(behind, " revision")},
		"both, the revision turns": {reason, []string{"rd_spend 350000 2023 75", "rd_spend 350000 2018 73"}, own + behind + " revision" + hollow(behind, " revision")},
		"both, the reading turns":  {reason, []string{"rd_spend 350000 2023 60", "rd_spend 350000 2019 54"}, own + behind + hollow(behind, "")},
		"a withdrawal": {reason, []string{"rd_spend 350000 2022 — M"},
			own + "on_track → not_assessed too_few_readings revision" + far + "too_few_readings revision" + hollow("on_track → not_assessed too_few_readings", " revision")},
		"a break": {reason, []string{"rd_spend 350000 2020 60 B"},
			own + "on_track → not_assessed series_break revision" + far + "series_break revision" + hollow("on_track → not_assessed series_break", " revision")},
		"as expected":                       {upload.Options{}, []string{"rd_spend 350000 2023 75"}, ""},
		"the same again, in another status": {upload.Options{}, []string{"rd_spend 350000 2022 70 P"}, ""},
		"another region, a first reading":   {upload.Options{}, []string{"rd_spend 350100 2023 60"}, ""},
		"figures that others replaced":      {released("2024-02-01"), []string{"rd_spend 350000 2022 58"}, ""},
		"old figures nobody had":            {released("2024-02-01"), []string{"rd_spend 350000 2023 60"}, own + behind + hollow(behind, "")},
		"figures released on the same day":  {released("2024-10-01"), []string{"rd_spend 350000 2022 58"}, own + behind + " revision" + hollow(behind, " revision")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, true).withTargets()
			f.publish(released("2024-10-01"), append(rising("rd_spend", "350000"), rising("gdp", "350000")...)...)
			f.later(time.Hour)
			tried := must(f.DryRun(t.Context(), wang, "a.csv", strings.NewReader(csv(test.rows...)), test.options))(t)
			if got := flipLines(tried.Flips); got != test.want || tried.Flips == nil {
				t.Errorf("dry run: got\n%s\nwant\n%s", got, test.want)
			}
			u := f.stage(wang, test.options, test.rows...)
			for _, step := range []func(context.Context, account.User, string) (upload.Upload, error){nil, f.Submit, f.Publish} {
				actor := wang
				if u.State == upload.Submitted {
					actor = li
				}
				if step != nil {
					u = must(step(t.Context(), actor, u.ID))(t)
				}
				if got := flipLines(must(f.Flips(t.Context(), li, u.ID))(t)); got != test.want {
					t.Errorf("%s: got\n%s\nwant\n%s", u.State, got, test.want)
				}
			}
			f.holdsTrue(u)
		})
	}
}

// holdsTrue assesses every target in the ledger just before and just after a
// publication: what differs is what Flips tells.
func (f *fixture) holdsTrue(u upload.Upload) {
	f.t.Helper()
	differs := map[string]bool{}
	for i, target := range f.Catalog().Targets {
		var verdicts []assess.Assessment
		for _, v := range []ledger.Version{u.At - 1, u.At} {
			snap := must(f.Snapshots.At(f.t.Context(), time.Time{}, v))(f.t)
			column := must(snap.Column(f.t.Context(), target.Indicator, indicator.Annual))(f.t)
			verdicts = append(verdicts, must(assess.Run("", assess.Input{Target: &f.Catalog().Targets[i],
				Indicator: f.Catalog().Indicator(target.Indicator), Region: "350000", Series: column.Series("350000"), AsOf: f.clock()}))(f.t))
		}
		if verdicts[0].Status != verdicts[1].Status || verdicts[0].Reason != verdicts[1].Reason {
			differs[target.ID] = target.SupersededBy == ""
		}
	}
	for _, flip := range must(f.Flips(f.t.Context(), li, u.ID))(f.t) {
		if !differs[flip.Target.ID] {
			f.t.Errorf("%s does not flip", flip.Target.ID)
		}
		delete(differs, flip.Target.ID)
	}
	for id, told := range differs {
		if told {
			f.t.Errorf("%s flips, and nothing is said of it", id)
		}
	}
}

// TestFlipsStay: what a publication turned is told of its own day, whatever comes later.
func TestFlipsStay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false).withTargets()
	take := func(o upload.Options, rows ...string) upload.Upload {
		f.later(time.Hour)
		return must(f.Publish(t.Context(), wang, f.stage(wang, o, rows...).ID))(t)
	}
	take(upload.Options{}, rising("rd_spend", "350000")...)
	u := take(upload.Options{}, "rd_spend 350000 2023 60")
	want := flipLines(must(f.Flips(t.Context(), nobody, u.ID))(t))
	if !strings.HasPrefix(want, "own 350000: on_track → off_track") {
		t.Fatalf("got %s", want)
	}
	take(upload.Options{Reason: "修订", Explanation: "已核对"}, "rd_spend 350000 2023 75")
	f.later(10 * 365 * 24 * time.Hour)
	if got := flipLines(must(f.Flips(t.Context(), nobody, u.ID))(t)); got != want {
		t.Errorf("later: %s", got)
	}
	must(f.Revert(t.Context(), li, u.ID, "错误"))(t)
	if got := flipLines(must(f.Flips(t.Context(), nobody, u.ID))(t)); got != want {
		t.Errorf("reverted: %s", got)
	}
}

func TestFlipsForWhom(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true).withTargets()
	f.publish(upload.Options{}, rising("rd_spend", "350000")...)
	f.later(time.Hour)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 60")
	_, err := f.Flips(t.Context(), bj, u.ID)
	wantKind(t, err, upload.NotFound)
	_, err = f.Flips(t.Context(), wang, "none")
	wantKind(t, err, upload.NotFound)
}

// TestFlipsUnknown: an early figure is compared with what was public then, which
// can be read; the verdicts of today need a later upload that is damaged.
func TestFlipsUnknown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true).withTargets()
	day := func(s string) time.Time { return must(indicator.ParseReleased(s))(t) }
	f.publish(upload.Options{Released: day("2024-10-01")}, rising("rd_spend", "350000")...)
	f.later(time.Hour)
	f.ledger.lost.Store(&lost{"rd_spend", 2019})
	fresh := f.service(f.drafts, true) // has read nothing yet
	fresh.Catalog = f.Catalog
	staged := must(fresh.DryRun(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2016 40")), upload.Options{Released: day("2023-10-01")}))(t)
	if staged.Counts[upload.New] != 1 || staged.Flips != nil || codes(staged.Problems) != " "+upload.FlipsUnknown {
		t.Errorf("counts %v, flips %v, problems %s", staged.Counts, staged.Flips, codes(staged.Problems))
	}
	away := ledger.ErrUnavailable
	f.ledger.away.Store(&away)
	fresh = f.service(f.drafts, true)
	staged = must(fresh.DryRun(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2016 40")), upload.Options{}))(t)
	if staged.Counts != nil || staged.Flips != nil || codes(staged.Problems) != " "+upload.NotCompared {
		t.Errorf("counts %v, flips %v, problems %s", staged.Counts, staged.Flips, codes(staged.Problems))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Flips(ended, wang, "u0001"); !errors.Is(err, context.Canceled) && upload.KindOf(err) == "" {
		t.Errorf("a context that ended: %v", err)
	}
}
