package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/ingest"
	"github.com/dabiao/dabiao/internal/upload"
)

func plan(id, name, shape string, regions ...string) upload.Plan {
	at := time.UnixMilli(1_760_000_000_001).UTC()
	return upload.Plan{ID: id, Name: name, Regions: regions, Fingerprint: ingest.Fingerprint{Shape: shape, Places: "p" + shape},
		Answers: ingest.Answers{Indicator: "rd_spend", Unit: "亿元", Marks: []string{"…=N"}, Names: []string{"福健=350000"}},
		Source:  "统计局", Stage: "年报", Author: "wang", Created: at, Changed: at}
}

func TestPlanRoundTrip(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	first := upload.PlanUse{Upload: "u1", At: time.UnixMilli(1_760_000_000_002).UTC()}
	p := plan("p1", "研发投入", "a", "350000")
	kept, err := s.KeepPlan(ctx, p, first)
	p.Uses = []upload.PlanUse{first}
	if diff := cmp.Diff(p, kept, equal); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}

	other := plan("p2", "另一名称", "a", "350000")
	other.Answers, other.Author, other.Changed = ingest.Answers{Unit: "万元"}, "li", p.Changed.Add(time.Hour)
	second := upload.PlanUse{Upload: "u2", At: first.At.Add(time.Hour)}
	kept, err = s.KeepPlan(ctx, other, second)
	want := other
	want.ID, want.Name, want.Created, want.Uses = p.ID, p.Name, p.Created, []upload.PlanUse{second, first}
	if diff := cmp.Diff(want, kept, equal); err != nil || diff != "" {
		t.Errorf("the shape of a plan: %v\n%s", err, diff)
	}
	if again, err := s.KeepPlan(ctx, p, second); err != nil || again.Answers.Unit != "万元" || len(again.Uses) != 2 {
		t.Errorf("an upload that counts already changes the plan: %v %+v", err, again)
	}
	if list, err := s.Plans(ctx); err != nil || !cmp.Equal(list, []upload.Plan{want}, equal) {
		t.Errorf("%v\n%s", err, cmp.Diff([]upload.Plan{want}, list, equal))
	}
}

func TestPlanNamesAndOffices(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	for i, p := range []upload.Plan{plan("p1", "研发", "a", "350000"), plan("p2", "研发", "b", "350000"), plan("p3", "研发", "c", "350000"),
		plan("p4", "研发", "a", "110000"), plan("p5", "研发", "a")} {
		kept, err := s.KeepPlan(ctx, p, upload.PlanUse{Upload: p.ID, At: p.Created})
		want := []string{"研发", "研发 2", "研发 3", "研发", "研发"}[i]
		if err != nil || kept.ID != p.ID || kept.Name != want {
			t.Errorf("%s: %v, %s %q, want %q", p.ID, err, kept.ID, kept.Name, want)
		}
	}
	rename := func(id, name string) error {
		_, err := s.UpdatePlan(ctx, id, func(p *upload.Plan) error { p.Name = name; return nil })
		return err
	}
	if err := rename("p2", "研发"); !errors.Is(err, upload.ErrPlanTaken) {
		t.Errorf("got %v, want %v", err, upload.ErrPlanTaken)
	}
	if err := rename("p9", "研发"); !errors.Is(err, upload.ErrNoPlan) {
		t.Errorf("got %v, want %v", err, upload.ErrNoPlan)
	}
	if err := errors.Join(rename("p2", "工业"), rename("p4", "工业")); err != nil {
		t.Error(err)
	}
}

func TestPlanDeletedAndRestored(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	p := plan("p1", "研发", "a")
	use := upload.PlanUse{Upload: "u1", At: p.Created}
	if _, err := s.KeepPlan(ctx, p, use); err != nil {
		t.Fatal(err)
	}
	set := func(at time.Time) error {
		_, err := s.UpdatePlan(ctx, "p1", func(p *upload.Plan) error { p.Deleted = at; return nil })
		return err
	}
	if err := set(p.Created); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Plans(ctx); err != nil || len(list) != 0 {
		t.Errorf("a deleted plan is listed: %v %v", list, err)
	}
	if err := set(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Plans(ctx); err != nil || len(list) != 1 || len(list[0].Uses) != 1 {
		t.Errorf("not restored: %v %v", list, err)
	}
	if err := set(p.Created); err != nil {
		t.Fatal(err)
	}
	p.ID = "p2"
	if kept, err := s.KeepPlan(ctx, p, use); err != nil || kept.ID != "p2" || kept.Name != "研发" {
		t.Errorf("a deleted plan stands in the way: %v %v", kept, err)
	}
	if err := set(time.Time{}); !errors.Is(err, upload.ErrPlanTaken) {
		t.Errorf("got %v, want %v", err, upload.ErrPlanTaken)
	}
	refused := errors.New("refused")
	if _, err := s.UpdatePlan(ctx, "p2", func(p *upload.Plan) error { p.Name = "x"; return refused }); !errors.Is(err, refused) {
		t.Errorf("got %v, want the error of the change", err)
	}
}

// TestPlanOfTwoAtOnce: whoever comes second finds the plan of the first.
func TestPlanOfTwoAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := fresh(t), t.Context()
	var both sync.WaitGroup
	for i := range 8 {
		both.Go(func() {
			p := plan(fmt.Sprint("p", i), "研发", "a", "350000")
			if _, err := s.KeepPlan(ctx, p, upload.PlanUse{Upload: fmt.Sprint("u", i), At: p.Created}); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if list, err := s.Plans(ctx); err != nil || len(list) != 1 || len(list[0].Uses) != 8 {
		t.Errorf("%v %+v", err, list)
	}
}
