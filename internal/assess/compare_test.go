package assess

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
)

// compareCase is two moments of one target; what the second does not say is that
// of the first.
type compareCase struct {
	name          string
	of            *indicator.Indicator
	before, after string // series: year, value, status, and @ the upload where it is not "first"
	target        *indicator.Target
	then          *indicator.Target    // at the second moment
	thenOf        *indicator.Indicator // likewise
	from, to      string               // as of
	first         string               // the vintages in which new readings came out, where they were revised since
	reverted      string               // an upload that was taken back between the two
	method        string               // at the second moment
	status        [2]Status
	cause         StepKind
	alone         []int // years whose change alone flips
	used          []int
}

// origins are the uploads of the cases.
func origins() map[string]Origin {
	released := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 0, 0, 0, indicator.Shanghai) }
	return map[string]Origin{
		"first":  {Uploader: "wang", Source: "统计公报", Stage: "年报", Released: released(2024, 9, 29)},
		"census": {Uploader: "zhao", Source: "普查公报", Stage: "普查修订", Reason: "第五次经济普查", Released: released(2025, 3, 1)},
		"news":   {Uploader: "wang", Source: "统计公报", Stage: "年报", Released: released(2025, 9, 29)},
		"late":   {Uploader: "zhao", Stage: "最终核实", Reason: "核实重复填报", Released: released(2026, 1, 20)},
		"wrong":  {Uploader: "wang", Stage: "快报", Released: released(2024, 10, 1), RevertedAt: released(2025, 2, 3), RevertedBy: "li", RevertNote: "填错地区"},
	}
}

// sourced reads "2024:100@census": a series with the uploads of its points.
func sourced(t *testing.T, text string) indicator.Series {
	t.Helper()
	var plain, uploads []string
	for _, field := range strings.Fields(text) {
		point, upload, _ := strings.Cut(field, "@")
		plain, uploads = append(plain, point), append(uploads, cmp.Or(upload, "first"))
	}
	s := series(t, strings.Join(plain, " "))
	for i := range s.Points {
		s.Points[i].Upload = uploads[i]
	}
	return s
}

// moments are the two moments of a case, and the upload that was reverted is
// visible at the first only, the ones released later at the second only.
func (c compareCase) moments(t *testing.T) (Moment, Moment) {
	t.Helper()
	of, until := c.of, cmp.Or(c.to, "2025-12-31")
	if of == nil {
		of = spending()
	}
	from := Moment{Input: Input{Target: c.target, Indicator: of, Region: fujian, Series: sourced(t, c.before), AsOf: day(cmp.Or(c.from, "2024-12-31"))}, Method: "pace"}
	to := Moment{Input: Input{Target: c.target, Indicator: of, Region: fujian, Series: sourced(t, c.after), AsOf: day(until)}, Method: cmp.Or(c.method, "pace")}
	if c.then != nil {
		to.Target = c.then
	}
	if c.thenOf != nil {
		to.Indicator = c.thenOf
	}
	to.First = map[indicator.Period]indicator.Point{}
	for _, p := range sourced(t, c.first).Points {
		to.First[p.Period] = p
	}
	from.Uploads, to.Uploads = origins(), origins()
	delete(to.Uploads, c.reverted)
	for id, o := range origins() {
		if o.Released.After(from.AsOf) {
			delete(from.Uploads, id)
		}
	}
	return from, to
}

// reach1400 is 1,400 by 2030: from 900 in 2019 a pace of 60 a year in 2024 leads
// to 1,560, and one of 20 to 1,120.
func reach1400(change ...func(*indicator.Target)) *indicator.Target {
	return target(indicator.Reach, append([]opt{value(1400), by(2030), bound(indicator.AtLeast)}, change...)...)
}

const rise = "2018:850 2019:900 2020:960 2021:1020 2022:1080 2023:1140 2024:1200"

func compareCases() []compareCase {
	census := strings.Replace(rise, "2024:1200", "2024:1000@census", 1)
	return []compareCase{
		{name: "a new reading", target: reach1400(), before: strings.TrimSuffix(rise, " 2024:1200"), after: strings.Replace(rise, "2024:1200", "2024:1000@news", 1),
			status: [2]Status{OnTrack, OffTrack}, cause: StepNew, alone: []int{2024}, used: []int{2024}},
		{name: "a new reading that was revised since", target: reach1400(), before: strings.TrimSuffix(rise, " 2024:1200"), first: "2024:1200@news",
			after: strings.Replace(rise, "2024:1200", "2024:1000@late", 1), to: "2026-03-01",
			status: [2]Status{OnTrack, OffTrack}, cause: StepRevised, alone: []int{2024}, used: []int{2024}},
		{name: "the first readings", target: reach1400(), before: "", after: "2019:900@news 2024:1200@news",
			status: [2]Status{NotAssessed, OnTrack}, cause: StepNew, used: []int{2019, 2024}},
		{name: "a revision", target: reach1400(), before: rise, after: strings.Replace(census, "2018:850", "2018:851@census", 1),
			status: [2]Status{OnTrack, OffTrack}, cause: StepRevised, alone: []int{2024}, used: []int{2024}},
		{name: "two revisions together", target: reach1400(), before: rise,
			after:  "2018:850 2019:1000@census 2020:960 2021:1020 2022:1080 2023:1140 2024:1150@census",
			status: [2]Status{OnTrack, OffTrack}, cause: StepRevised, used: []int{2019, 2024}},
		{name: "a revision to a break", target: reach1400(), before: rise, after: strings.Replace(rise, "2022:1080", "2022:1080B@census", 1),
			status: [2]Status{OnTrack, NotAssessed}, cause: StepRevised, alone: []int{2022}, used: []int{2022}},
		{name: "a value withdrawn by a later upload", target: reach1400(), before: rise, after: strings.Replace(rise, "2019:900", "2019:-M@census", 1),
			status: [2]Status{OnTrack, NotAssessed}, cause: StepRevised, alone: []int{2019}, used: []int{2019}},
		{name: "taken back, nothing left", target: reach1400(), before: "2018:850 2019:900 2020:960 2021:1020 2022:1080 2023:1140 2024:1000@wrong",
			after: strings.TrimSuffix(rise, " 2024:1200"), reverted: "wrong",
			status: [2]Status{OffTrack, OnTrack}, cause: StepTakenBack, alone: []int{2024}, used: []int{2024}},
		{name: "taken back, the vintage before again", target: reach1400(), before: strings.Replace(rise, "2024:1200", "2024:1000@wrong", 1),
			after: rise, reverted: "wrong", status: [2]Status{OffTrack, OnTrack}, cause: StepTakenBack, alone: []int{2024}, used: []int{2024}},
		{name: "taken back and replaced is a revision", target: reach1400(), before: strings.Replace(rise, "2024:1200", "2024:1000@wrong", 1),
			after: strings.Replace(rise, "2024:1200", "2024:1200@census", 1), reverted: "wrong",
			status: [2]Status{OffTrack, OnTrack}, cause: StepRevised, alone: []int{2024}, used: []int{2024}},
		{name: "a higher value", target: reach1400(), then: reach1400(value(1800), by(2029)), before: rise, after: rise,
			status: [2]Status{OnTrack, OffTrack}, cause: StepTarget},
		{name: "another definition of the indicator", target: reach1400(prices(indicator.CurrentPrice)), before: rise, after: rise,
			thenOf: &indicator.Indicator{Code: "x", Name: spending().Name, Unit: "亿元", Decimals: 1, Direction: indicator.Up, Measure: indicator.Flow, Price: indicator.ConstantPrice},
			status: [2]Status{OnTrack, NotAssessed}, cause: StepTarget},
		{name: "another method", target: reach1400(), before: rise, after: rise, method: "stern@2",
			status: [2]Status{OnTrack, OffTrack}, cause: StepMethod},
		{name: "coming into force", target: reach1400(force("2025-03-01", "")), before: rise, after: rise,
			status: [2]Status{NotAssessed, OnTrack}, cause: StepTime},
		{name: "no longer in force", target: reach1400(force("", "2025-06-30")), before: rise, after: rise,
			status: [2]Status{OnTrack, NotAssessed}, cause: StepTime},
		{name: "growing stale", target: reach1400(), before: rise, after: rise, to: "2030-01-31",
			status: [2]Status{OnTrack, NotAssessed}, cause: StepTime},
		{name: "the target is new", then: reach1400(), before: rise, after: rise, status: [2]Status{"", OnTrack}, cause: StepTarget},
		{name: "nothing moved", target: reach1400(), before: rise, after: rise, status: [2]Status{OnTrack, OnTrack}},
		{name: "waiting for the last reading", target: reach1400(by(2025)), before: rise, after: rise, to: "2026-03-01", status: [2]Status{OffTrack, OffTrack}},
		{name: "moved and stayed", target: reach1400(), before: rise, after: rise + " 2025:1260@news", status: [2]Status{OnTrack, OnTrack}},
		{name: "a later upload that repeats all", target: reach1400(), before: rise, after: strings.Replace(rise, "2024:1200", "2024:1200@census", 1),
			status: [2]Status{OnTrack, OnTrack}},
		{name: "flips that cancel", target: reach1400(), then: reach1400(value(1050)), before: rise, after: census, status: [2]Status{OnTrack, OnTrack}},
		{name: "flips twice", target: reach1400(), then: reach1400(force("", "2025-06-30")), before: rise, after: census,
			status: [2]Status{OnTrack, NotAssessed}, cause: StepRevised, alone: []int{2024}, used: []int{2024}},
	}
}

// stern is a second method for the tests: pace, but never kinder than off_track.
func stern(method string, in Input) (Assessment, error) {
	if method != "stern@2" {
		return Run(method, in)
	}
	a, err := Run("pace", in)
	a.Method, a.Version, a.Status = "stern", 2, OffTrack
	return a, err
}

func TestCompare(t *testing.T) {
	t.Parallel()
	seen := map[StepKind]bool{}
	for _, test := range compareCases() {
		from, to := test.moments(t)
		c, err := compare(from, to, stern)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := [2]Status{c.Before.Status, c.After.Status}; got != test.status || c.Cause != test.cause {
			t.Errorf("%s: %v because of %q, want %v because of %q", test.name, got, c.Cause, test.status, test.cause)
		}
		step := c.Step(test.cause)
		for what, of := range map[string]struct {
			want []int
			is   func(ReadingChange) bool
		}{
			"decide alone": {test.alone, func(r ReadingChange) bool { return r.Alone }},
			"are used":     {test.used, func(r ReadingChange) bool { return r.Used }},
		} {
			var got []int
			for _, r := range step.Readings {
				if of.is(r) {
					got = append(got, r.Period.Year())
				}
			}
			if !slices.Equal(got, of.want) {
				t.Errorf("%s: %v %s, want %v", test.name, got, what, of.want)
			}
		}
		if c.From.Target != nil && !SameVerdict(c.Steps[len(Steps)-1].Verdict, c.After) {
			t.Errorf("%s: the replay ends with %v", test.name, c.Steps[len(Steps)-1].Verdict)
		}
		seen[c.Cause] = true
	}
	for _, kind := range append(Steps, "") {
		if !seen[kind] {
			t.Errorf("no case has the cause %q", kind)
		}
	}
}

// TestCompareLeavesItsInputsAlone: series are shared between pages.
func TestCompareLeavesItsInputsAlone(t *testing.T) {
	t.Parallel()
	for _, test := range compareCases() {
		from, to := test.moments(t)
		before, after := slices.Clone(from.Series.Points), slices.Clone(to.Series.Points)
		if _, err := compare(from, to, stern); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, from.Series.Points) || !slices.Equal(after, to.Series.Points) {
			t.Errorf("%s: the comparison changed a series", test.name)
		}
	}
}

func TestCompareRefusesAnUnknownMethod(t *testing.T) {
	t.Parallel()
	from, to := compareCases()[0].moments(t)
	to.Method = "luck"
	if _, err := Compare(from, to); err == nil {
		t.Error("luck is a method")
	}
}

// TestExplainChanges holds the sentences against testdata.
func TestExplainChanges(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, test := range compareCases() {
		from, to := test.moments(t)
		c, err := compare(from, to, stern)
		if err != nil {
			t.Fatal(err)
		}
		text := c.Explain()
		fmt.Fprintf(&b, "# %s\n%s\n%s\n", test.name, text.ZH, text.EN)
		for _, step := range c.Steps {
			text := c.ExplainStep(step)
			fmt.Fprintf(&b, "  %s: %s | %s\n", step.Kind, text.ZH, text.EN)
		}
	}
	path := filepath.Join("testdata", "changes.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s differs (%v); -update rewrites it:\n%s", path, err, b.String())
	}
}

// TestCompareOfAnyTwoMoments: the replay ends at the later verdict, its cause is
// the first step that flips, and exchanged moments have exchanged verdicts.
func TestCompareOfAnyTwoMoments(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kinds := []indicator.Kind{indicator.Reach, indicator.Hold, indicator.Grow, indicator.Directed}
		moment := func(upload, asOf string) Moment {
			m := Moment{Input: drawn(t, kinds...), Method: rapid.SampledFrom([]string{"pace", "schedule@1"}).Draw(t, "method"),
				Uploads: map[string]Origin{upload: {Uploader: upload}}}
			m.AsOf = day(asOf)
			for i := range m.Series.Points {
				m.Series.Points[i].Upload = upload
			}
			return m
		}
		from, to := moment("a", "2025-06-30"), moment("b", "2031-06-30")
		if rapid.Bool().Draw(t, "one target") {
			to.Target = from.Target
		}
		c, err := Compare(from, to)
		if err != nil {
			t.Fatal(err)
		}
		last := c.Before
		var flips []StepKind
		for _, s := range c.Steps {
			if s.Flips == SameVerdict(s.Verdict, last) {
				t.Fatalf("%s flips: %v, though it goes from %s to %s", s.Kind, s.Flips, last.Status, s.Verdict.Status)
			}
			if s.Flips && !s.Moved {
				t.Fatalf("%s flips and nothing moved", s.Kind)
			}
			if s.Flips {
				flips = append(flips, s.Kind)
			}
			last = s.Verdict
		}
		switch {
		case !SameVerdict(last, c.After):
			t.Fatalf("the replay ends with %s %s, not with %s %s", last.Status, last.Reason, c.After.Status, c.After.Reason)
		case c.Changed() && (len(flips) == 0 || c.Cause != flips[0]), !c.Changed() && c.Cause != "":
			t.Fatalf("flips %v, cause %q", flips, c.Cause)
		}
		if back, err := Compare(to, from); err != nil || !SameVerdict(back.Before, c.After) || !SameVerdict(back.After, c.Before) {
			t.Fatalf("exchanged: %v → %v, %v", back.Before, back.After, err)
		}
		if text := c.Explain(); strings.Contains(text.ZH+text.EN, "%!") {
			t.Fatalf("%v", text)
		}
	})
}
