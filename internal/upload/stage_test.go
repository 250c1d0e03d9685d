package upload_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

// TestWay is the way of one table from the file to a revert.
func TestWay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	released := time.Date(2024, 10, 1, 0, 0, 0, 0, indicator.Shanghai)
	table := csv("rd_spend 350000 2022 1082.4", "rd_spend 350000 2023 1171.7 P")
	staged := must(f.Stage(ctx, wang, `C:\报表\..\研发 2023.csv`, strings.NewReader(table), upload.Options{
		Source: " 福建省统计局\n2024 ", Stage: "年报", Released: released}))(t)
	u := *staged.Upload
	if u.State != upload.Draft || u.File != "研发 2023.csv" || u.Source != "福建省统计局 2024" || u.Rows != 2 ||
		!slices.Equal(u.Regions, []string{"350000"}) || !slices.Equal(u.Authors, []string{"wang"}) || !u.Released.Equal(released) {
		t.Errorf("staged %+v", u)
	}
	if staged.Counts[upload.New] != 2 || staged.Cells[1].Cell != "D3" || staged.Understood.Layout != "long" {
		t.Errorf("staged %+v", staged)
	}
	name, original, err := f.File(ctx, li, u.ID)
	if err != nil || name != u.File || string(original) != table {
		t.Errorf("file %q %q (%v)", name, original, err)
	}
	if f.current("rd_spend") != "" {
		t.Error("a draft is visible")
	}
	f.later(time.Hour)
	must(f.Submit(ctx, wang, u.ID))(t)
	f.later(time.Hour)
	u = must(f.Publish(ctx, li, u.ID))(t)
	if got := f.current("rd_spend"); got != "350000 2022 1082.4 A\n350000 2023 1171.7 P" {
		t.Errorf("visible %q", got)
	}
	f.later(time.Hour)
	u = must(f.Revert(ctx, li, u.ID, "口径有误"))(t)
	if f.current("rd_spend") != "" || u.State != upload.Reverted || u.RevertedAt <= u.At {
		t.Errorf("after the revert %q, %+v", f.current("rd_spend"), u)
	}
	if got := steps(u); got != "wang staged, wang submitted, li approved, li published, li reverted" {
		t.Errorf("steps %s", got)
	}
	for i := 1; i < len(u.Events); i++ {
		if u.Events[i].At.Before(u.Events[i-1].At) {
			t.Errorf("events out of order: %+v", u.Events)
		}
	}
	published := must(f.ledger.History(ctx))(t).Publications[0]
	if published.Uploader != "wang" || published.RevertedBy != "li" || published.RevertNote != "口径有误" || published.Stage != "年报" {
		t.Errorf("the ledger has %+v", published)
	}
}

func TestWithoutReview(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	u := f.stage(wang, upload.Options{}, "rd_spend 350000 2023 1")
	u = must(f.Publish(t.Context(), wang, u.ID))(t)
	if u.State != upload.Published || steps(u) != "wang staged, wang approved, wang published" {
		t.Errorf("%s after %s", u.State, steps(u))
	}
}

func TestFaultyFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	ctx := t.Context()
	table := csv("rd_spend 350000 2023 many", "rd_spend 350000 2022 5")
	staged := must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), upload.Options{}))(t)
	if staged.Upload != nil || codes(staged.Problems) != "D2 not_a_number" || len(staged.Cells) != 1 {
		t.Errorf("staged %+v", staged)
	}
	if list := must(f.List(ctx, admin, upload.Filter{}))(t); list != nil {
		t.Errorf("something was kept: %+v", list)
	}

	staged = must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), upload.Options{KeepFaulty: true}))(t)
	u := *staged.Upload
	for _, move := range []func() (upload.Upload, error){
		func() (upload.Upload, error) { return f.Submit(ctx, wang, u.ID) },
		func() (upload.Upload, error) { return f.Publish(ctx, wang, u.ID) },
	} {
		_, err := move()
		wantKind(t, err, upload.Invalid)
		var refusal *upload.Error
		if !errors.As(err, &refusal) || codes(refusal.Problems) != "D2 not_a_number" {
			t.Errorf("refused without the problems: %v", err)
		}
	}
	if again := must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), upload.Options{KeepFaulty: true}))(t); again.Upload.ID != u.ID {
		t.Error("the same faulty file became a second draft")
	}
	_, err := f.Stage(ctx, zhao, "b.csv", strings.NewReader(csv("gdp 350000 2020 1")), upload.Options{Mend: u.ID})
	wantKind(t, err, upload.NotFound)

	mended := must(f.Stage(ctx, wang, "b.csv", strings.NewReader(csv("rd_spend 350000 2023 6")), upload.Options{Mend: u.ID}))(t)
	if mended.Upload.ID != u.ID || mended.Upload.Faulty || mended.Upload.File != "b.csv" || steps(*mended.Upload) != "wang staged, wang amended, wang amended" {
		t.Errorf("mended %+v", mended.Upload)
	}
	must(f.Publish(ctx, wang, u.ID))(t)
	_, err = f.Stage(ctx, wang, "b.csv", nil, upload.Options{Mend: u.ID})
	wantKind(t, err, upload.Conflict)
}

// TestMendWithTheSameFile: an answer was missing, the file is right.
func TestMendWithTheSameFile(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	table := "region,period,value,unit\n350000,2023,7,亿元\n"
	staged := must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(table), upload.Options{KeepFaulty: true}))(t)
	if !staged.Upload.Faulty || !strings.Contains(codes(staged.Problems), "missing_indicator") {
		t.Fatalf("staged %s", codes(staged.Problems))
	}
	staged = must(f.Stage(t.Context(), wang, "", nil, upload.Options{KeepFaulty: true, Mend: staged.Upload.ID, Answers: ingest.Answers{Indicator: "gdp"}}))(t)
	if staged.Upload.Faulty || staged.Upload.File != "a.csv" || staged.Cells[0].Indicator != "gdp" {
		t.Errorf("mended %+v, %s", staged.Upload, codes(staged.Problems))
	}
}

func TestSameContent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	ctx := t.Context()
	first := f.stage(wang, upload.Options{Source: "a"}, "rd_spend 350000 2023 1", "rd_spend 350000 2022 2")
	if again := f.stage(wang, upload.Options{Source: "a"}, "rd_spend 350000 2023 1", "rd_spend 350000 2022 2"); steps(again) != "wang staged" {
		t.Errorf("the same again: %s", steps(again))
	}
	amended := f.stage(wang, upload.Options{Source: "b"}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1")
	if amended.ID != first.ID || amended.Source != "b" || steps(amended) != "wang staged, wang amended" {
		t.Errorf("the author's second thoughts: %+v", amended)
	}
	joined := f.stage(zhao, upload.Options{Source: "c"}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1")
	if joined.ID != first.ID || joined.Source != "b" || !slices.Equal(joined.Authors, []string{"wang", "zhao"}) {
		t.Errorf("the second person's: %+v", joined)
	}
	must(f.Submit(ctx, zhao, first.ID))(t)
	if same := f.stage(wang, upload.Options{Source: "d"}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1"); same.State != upload.Submitted || same.Source != "b" {
		t.Errorf("a submitted upload was amended: %+v", same)
	}
	must(f.Reject(ctx, li, first.ID, "x"))(t)
	second := f.stage(wang, upload.Options{}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1")
	if second.ID == first.ID {
		t.Error("after a rejection the same content is a new upload")
	}
	must(f.Submit(ctx, wang, second.ID))(t)
	must(f.Publish(ctx, li, second.ID))(t)
	if same := f.stage(zhao, upload.Options{}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1"); same.ID != second.ID || same.State != upload.Published {
		t.Errorf("what is published and stands became %s, %s", same.ID, same.State)
	}
	f.later(time.Hour)
	f.publish(upload.Options{Reason: "修订"}, "rd_spend 350000 2023 9")
	f.later(time.Hour)
	if back := f.stage(wang, upload.Options{Reason: "改回"}, "rd_spend 350000 2022 2", "rd_spend 350000 2023 1"); back.State != upload.Draft {
		t.Errorf("after a later revision the same content is %s, want a new draft", back.State)
	}
}

func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	people := []account.User{wang, zhao, li, chen}
	ids := make([]string, 12)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			staged, err := f.Stage(t.Context(), people[i%len(people)], "a.csv", strings.NewReader(csv("rd_spend 350000 2023 1")), upload.Options{})
			if err != nil || staged.Upload == nil {
				t.Errorf("%v %v", err, staged.Problems)
				return
			}
			ids[i] = staged.Upload.ID
		})
	}
	group.Wait()
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("uploads %v, want one", ids)
	}
	list := must(f.List(t.Context(), admin, upload.Filter{}))(t)
	if len(list) != 1 || len(list[0].Authors) != len(people) {
		t.Errorf("listed %+v", list)
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	staged := must(f.DryRun(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2023 1")), upload.Options{KeepFaulty: true}))(t)
	if staged.Upload != nil || len(staged.Cells) != 1 || staged.Counts[upload.New] != 1 {
		t.Errorf("answered %+v", staged)
	}
	if list := must(f.List(t.Context(), admin, upload.Filter{}))(t); list != nil {
		t.Errorf("kept %+v", list)
	}
	if nothing := must(f.DryRun(t.Context(), wang, "a.csv", nil, upload.Options{}))(t); codes(nothing.Problems) != " empty_file" {
		t.Errorf("no reader: %s", codes(nothing.Problems))
	}
	_, err := f.DryRun(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 110000 2023 1")), upload.Options{})
	wantKind(t, err, upload.Forbidden)
}

func TestStageRegions(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	for rows, allowed := range map[string]bool{
		"rd_spend 350000 2023 1": true, "rd_spend 350100 2023 1": true, "rd_spend 110000 2023 1": false, "rd_spend 000000 2023 1": false,
	} {
		_, err := f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv(rows, "gdp 350000 2023 4")), upload.Options{})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", rows, err)
		}
	}
	_, err := f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 110000 2023 1")), upload.Options{})
	if want := "You may not upload this: your regions do not include Beijing."; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for _, user := range []account.User{nobody, {Name: "v", Role: account.Viewer}, {Name: "a", Role: account.Auditor}, {Name: "w", Role: account.Admin, Disabled: true}} {
		_, err := f.Stage(t.Context(), user, "a.csv", iotest.ErrReader(errors.New("was read")), upload.Options{})
		wantKind(t, err, upload.Forbidden)
	}
}

func TestStageBadInput(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.Limits.Bytes = 1000
	good := csv("rd_spend 350000 2023 1")
	for _, c := range []struct {
		name, table string
		o           upload.Options
		want        string
	}{
		{"a.csv", "", upload.Options{KeepFaulty: true}, " empty_file"},
		{"a.csv", good + strings.Repeat("gdp,350000,2023,1,亿元,A\n", 100), upload.Options{KeepFaulty: true}, " too_big"},
		{"a.csv", strings.Repeat("\x00", 5000), upload.Options{}, " unsupported_file"},
		{"a\x00.csv", good, upload.Options{}, " bad_file_name"},
		{"a\u202evsc.csv", good, upload.Options{}, " bad_file_name"},
		{"a.csv", good, upload.Options{Source: "a\x07"}, " bad_source"},
		{"a.csv", good, upload.Options{Source: strings.Repeat("源", 501)}, " bad_source"},
		{"a.csv", good, upload.Options{Stage: strings.Repeat("源", 41)}, " bad_stage"},
		{"a.csv", good, upload.Options{Reason: "\xff"}, " bad_reason"},
		{"a.csv", good, upload.Options{Released: f.clock().Add(time.Second)}, " released_in_future"},
		{"a.csv", good, upload.Options{Released: time.Date(2020, 1, 1, 0, 0, 0, 0, indicator.Shanghai)}, "D2 released_before_period"},
		{"a.csv", good, upload.Options{Released: f.clock()}, ""},
		{"<script>.csv", good, upload.Options{Source: "<b>"}, ""},
	} {
		staged, err := f.Stage(t.Context(), wang, c.name, strings.NewReader(c.table), c.o)
		if err != nil || codes(staged.Problems) != c.want {
			t.Errorf("%q %+v: %q (%v), want %q", c.name, c.o, codes(staged.Problems), err, c.want)
		}
		if c.want == " too_big" && staged.Upload != nil {
			t.Error("the beginning of a file was kept as the file")
		}
		for _, p := range staged.Problems {
			if p.Message.ZH == "" || p.Message.EN == "" {
				t.Errorf("%s is said in one language only", p.Code)
			}
		}
	}
	trouble := errors.New("connection lost")
	if _, err := f.Stage(t.Context(), wang, "a.csv", io.MultiReader(strings.NewReader(good), iotest.ErrReader(trouble)), upload.Options{}); !errors.Is(err, trouble) {
		t.Errorf("got %v", err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	f.addRecord("a", upload.Published, "wang", 2020)
	f.later(time.Hour)
	f.addRecord("b", upload.Submitted, "zhao", 2021)
	f.later(time.Hour)
	f.addRecord("c", upload.Draft, "wang", 2022)
	for _, c := range []struct {
		filter upload.Filter
		want   string
	}{
		{upload.Filter{}, "c b a"},
		{upload.Filter{Limit: 2}, "c b"},
		{upload.Filter{Author: "wang"}, "c a"},
		{upload.Filter{States: []upload.State{upload.Submitted, upload.Published}}, "b a"},
		{upload.Filter{Indicator: "gdp"}, ""},
		{upload.Filter{Region: "350000", Indicator: "rd_spend", Limit: 1}, "c"},
	} {
		var ids []string
		for _, u := range must(f.List(t.Context(), admin, c.filter))(t) {
			ids = append(ids, u.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.filter, got, c.want)
		}
	}
}

// TestFaultyFileWithOtherAnswers: the draft keeps what the newest answers make of
// the file, not what the first did.
func TestFaultyFileWithOtherAnswers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	ctx := t.Context()
	const table = "region,period,value\n350000,2023,many\n"
	keep := func(o upload.Options) upload.Upload {
		o.KeepFaulty = true
		return *must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), o))(t).Upload
	}
	first := keep(upload.Options{})
	second := keep(upload.Options{Answers: ingest.Answers{Indicator: "rd_spend", Unit: "亿元"}})
	if first.ID != second.ID {
		t.Fatalf("two drafts of one file: %s, %s", first.ID, second.ID)
	}
	kept := must(f.Contents(ctx, wang, second.ID))(t)
	if got := codes(kept.Problems); strings.Contains(got, "missing_indicator") || !strings.Contains(got, "not_a_number") {
		t.Errorf("problems of the draft: %s", got)
	}
}

// TestRevertedContentIsANewUpload: also when it is sent again as of a day on which
// the reverted one was still visible.
func TestRevertedContentIsANewUpload(t *testing.T) {
	t.Parallel()
	f := newFixture(t, false)
	ctx := t.Context()
	table := csv("rd_spend 350000 2023 6")
	first := must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), upload.Options{}))(t).Upload
	must(f.Publish(ctx, wang, first.ID))(t)
	f.later(5 * 24 * time.Hour)
	between := f.clock()
	f.later(5 * 24 * time.Hour)
	must(f.Revert(ctx, wang, first.ID, "wrong"))(t)
	f.later(time.Hour)
	again := must(f.Stage(ctx, wang, "a.csv", strings.NewReader(table), upload.Options{Released: between}))(t).Upload
	if again.ID == first.ID {
		t.Error("answered with the reverted upload: nothing would be restored")
	}
}

// TestSentAgain: what was said of a draft stays unless another thing is said; what
// was submitted stays as it is, and that is told.
func TestSentAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, true)
	send := func(o upload.Options) upload.Staged {
		return must(f.Stage(t.Context(), wang, "a.csv", strings.NewReader(csv("rd_spend 350000 2022 60")), o))(t)
	}
	draft := send(upload.Options{Source: "公报", Stage: "年报"}).Upload
	again := send(upload.Options{Stage: "快报"}).Upload
	if again.ID != draft.ID || again.Source != "公报" || again.Stage != "快报" {
		t.Errorf("sent again: %+v", again)
	}
	must(f.Submit(t.Context(), wang, draft.ID))(t)
	if got := severities(send(upload.Options{Stage: "快报"}).Problems); got != "" {
		t.Errorf("the same said of a submitted upload: %q", got)
	}
	late := send(upload.Options{Source: "年鉴"})
	if got := severities(late.Problems); got != "particulars_kept note" || late.Upload.Source != "公报" {
		t.Errorf("another source for a submitted upload: %q, %+v", got, late.Upload)
	}
}
