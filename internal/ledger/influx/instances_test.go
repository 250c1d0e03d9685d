package influx

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// reading is one reading of rd_spend in Fujian.
func reading(year int, value float64) indicator.Reading {
	return indicator.Reading{Indicator: "rd_spend", Region: "350000", Period: indicator.Year(year), Value: value, Status: indicator.Normal}
}

// TestInstances lets several programs publish and revert in one bucket at the
// same time, also with the same instance number, with clocks that run and
// clocks that stand still, an hour apart.
func TestInstances(t *testing.T) {
	t.Parallel()
	still := func(hours int) func() time.Time {
		at := ledgertest.NewClock().Now().Add(time.Duration(hours) * time.Hour)
		return func() time.Time { return at }
	}
	cases := map[string]struct {
		instances []int
		clocks    []func() time.Time
	}{
		"different instances": {[]int{1, 2, 3}, []func() time.Time{time.Now, time.Now, time.Now}},
		"the same instance":   {[]int{5, 5, 5}, []func() time.Time{time.Now, time.Now, time.Now}},
		"clocks that stand":   {[]int{5, 5, 6}, []func() time.Time{still(0), still(0), still(0)}},
		"an hour set back":    {[]int{5, 5, 6}, []func() time.Time{still(0), still(-1), still(1)}},
	}
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				bucket := s.Bucket(t)
				var writers []*Ledger
				for i, instance := range c.instances {
					writers = append(writers, openOn(t, s, bucket, c.clocks[i], func(o *Options) { o.Instance = instance }))
				}
				publishTogether(t, writers)
			})
		}
	})
}

// publishTogether has every writer publish and revert, and one reader follow
// them as the snapshot does: it asks for the history only when the version moved.
func publishTogether(t *testing.T, writers []*Ledger) {
	const each = 8
	ctx, done := context.WithCancel(t.Context())
	followed := make(chan ledger.History, 1)
	go func() { followed <- follow(ctx, t, writers[0]) }()
	acknowledged := make([][]ledger.Publication, len(writers))
	var group errgroup.Group
	for w, l := range writers {
		group.Go(func() error {
			for i := range each {
				id := fmt.Sprint(w, "-", i)
				p, err := l.Publish(t.Context(), ledger.Upload{ID: id}, []indicator.Reading{reading(1990+w, float64(i))})
				if err == nil && i%4 == 3 {
					p, err = l.Revert(t.Context(), id, "wang", "")
				}
				if err != nil {
					return err
				}
				acknowledged[w] = append(acknowledged[w], p)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	h, err := writers[0].History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done()
	if diff := cmp.Diff(h, <-followed); diff != "" {
		t.Errorf("who follows the version has another history (-ledger +reader):\n%s", diff)
	}
	var all []ledger.Publication
	for _, list := range acknowledged {
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b ledger.Publication) int { return int(a.Seq - b.Seq) })
	if diff := cmp.Diff(all, h.Publications); diff != "" {
		t.Errorf("-acknowledged +history:\n%s", diff)
	}
	checkMoments(t, h)
}

// follow is a reader that asks cheaply, as the snapshot does. After the end of
// its context it looks once more.
func follow(ctx context.Context, t *testing.T, l *Ledger) (h ledger.History) {
	for last := false; ; last = ctx.Err() != nil {
		v, err := l.Version(t.Context())
		if err == nil && v != h.Version {
			h, err = l.History(t.Context())
		}
		if err != nil {
			t.Error(err)
		}
		if last {
			return h
		}
	}
}

// checkMoments: no two events share a moment, no two uploads a seq.
func checkMoments(t *testing.T, h ledger.History) {
	t.Helper()
	moments, seqs := map[ledger.Version]string{}, map[int64]string{}
	for _, p := range h.Publications {
		for what, at := range map[string]ledger.Version{"publish": p.At, "revert": p.RevertedAt} {
			if other, taken := moments[at]; taken && at != 0 {
				t.Errorf("%s of %s and %s share the moment %d", what, p.ID, other, at)
			}
			moments[at] = what + " of " + p.ID
		}
		if other, taken := seqs[p.Seq]; taken {
			t.Errorf("%s and %s share the seq %d", p.ID, other, p.Seq)
		}
		seqs[p.Seq] = p.ID
	}
}

// TestSameContentByInstances: what several programs send at the same time is
// published once, and each of them is told so.
func TestSameContentByInstances(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		for _, instances := range [][]int{{1, 2, 3, 4}, {7, 7, 7, 7}} {
			t.Run(fmt.Sprint(instances), func(t *testing.T) {
				t.Parallel()
				bucket := s.Bucket(t)
				answers := make([]ledger.Publication, len(instances))
				var group errgroup.Group
				for i, instance := range instances {
					l := openOn(t, s, bucket, time.Now, func(o *Options) { o.Instance = instance })
					group.Go(func() (err error) {
						answers[i], err = l.Publish(t.Context(), ledger.Upload{ID: fmt.Sprint(i)}, []indicator.Reading{reading(2023, 1), reading(2022, 2)})
						return err
					})
				}
				if err := group.Wait(); err != nil {
					t.Fatal(err)
				}
				h, err := openOn(t, s, bucket, time.Now).History(t.Context())
				if err != nil || len(h.Publications) != 1 {
					t.Fatalf("%d publications, want 1: %v", len(h.Publications), err)
				}
				for i, p := range answers {
					if diff := cmp.Diff(h.Publications[0], p); diff != "" {
						t.Errorf("writer %d was answered (-history +answer):\n%s", i, diff)
					}
				}
			})
		}
	})
}

// TestRevertedByTwo: two who revert one upload at the same time get one answer.
func TestRevertedByTwo(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		bucket := s.Bucket(t)
		var writers [2]*Ledger
		for i := range writers {
			writers[i] = openOn(t, s, bucket, time.Now, func(o *Options) { o.Instance = i })
		}
		for round := range 20 {
			id := fmt.Sprint("u", round)
			if _, err := writers[0].Publish(t.Context(), ledger.Upload{ID: id}, []indicator.Reading{reading(2023, float64(round))}); err != nil {
				t.Fatal(err)
			}
			var group errgroup.Group
			for i, l := range writers {
				group.Go(func() error {
					_, err := l.Revert(t.Context(), id, fmt.Sprint("user ", i), "")
					return err
				})
			}
			if err := group.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		h, err := writers[0].History(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range h.Publications {
			if p.RevertedAt <= p.At || p.RevertedBy == "" {
				t.Errorf("%s was reverted by %q at %d, published at %d", p.ID, p.RevertedBy, p.RevertedAt, p.At)
			}
		}
		checkMoments(t, h)
	})
}
