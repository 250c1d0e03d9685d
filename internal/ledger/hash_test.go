package ledger_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// shelf is a ledger in memory, as plain as can be.
type shelf struct {
	ledger.Ledger
	history  ledger.History
	vintages []ledger.Vintage
}

func (s *shelf) Version(context.Context) (ledger.Version, error) { return s.history.Version, nil }

func (s *shelf) History(context.Context) (ledger.History, error) {
	return ledger.History{Version: s.history.Version, Publications: slices.Clone(s.history.Publications)}, nil
}

func (s *shelf) Vintages(_ context.Context, q ledger.Query) iter.Seq2[ledger.Vintage, error] {
	return func(yield func(ledger.Vintage, error) bool) {
		for _, v := range s.vintages {
			if v.Indicator == q.Indicator && v.Period.Freq() == q.Freq && !yield(v, nil) {
				return
			}
		}
	}
}

func (s *shelf) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	batch, err := ledger.NewBatch(readings)
	if err != nil {
		return err
	}
	if _, err := s.history.Restored(p); errors.Join(err, batch.Holds(p), ctx.Err()) != nil {
		return errors.Join(err, batch.Holds(p), ctx.Err())
	}
	s.history.Publications = slices.DeleteFunc(s.history.Publications, func(q ledger.Publication) bool { return q.ID == p.ID })
	s.vintages = slices.DeleteFunc(s.vintages, func(v ledger.Vintage) bool { return v.Seq == p.Seq })
	s.put(p, readings)
	return nil
}

// add is put for a publication that does not say yet what it holds.
func (s *shelf) add(p ledger.Publication, readings []indicator.Reading) {
	p.SHA, p.Rows, p.Parts = ledger.ContentHash(readings), len(readings), ledger.Parts(readings)
	s.put(p, readings)
}

func (s *shelf) put(p ledger.Publication, readings []indicator.Reading) {
	s.history.Publications = append(s.history.Publications, p)
	slices.SortFunc(s.history.Publications, func(a, b ledger.Publication) int { return int(a.Seq - b.Seq) })
	s.history.Version = max(s.history.Version, p.At, p.RevertedAt)
	for _, r := range readings {
		s.vintages = append(s.vintages, ledger.Vintage{Reading: r, Seq: p.Seq})
	}
}

func (s *shelf) clone() *shelf {
	c := &shelf{history: s.history, vintages: slices.Clone(s.vintages)}
	c.history.Publications = slices.Clone(c.history.Publications)
	for i, p := range c.history.Publications {
		c.history.Publications[i].Parts = slices.Clone(p.Parts)
	}
	return c
}

// drawShelf draws a ledger of at least one upload, some of them reverted, at
// once or after others came.
func drawShelf(t *rapid.T) *shelf {
	s := &shelf{}
	first := ledger.Version(1767574800000)
	const apart = 100 // ms between uploads; reverts lie between
	uploads := rapid.IntRange(1, 5).Draw(t, "uploads")
	for i := range uploads {
		at := first + ledger.Version(i*apart)
		word := rapid.SampledFrom([]string{"", "li", "wang", "福建省统计局", "a\x00b"})
		p := ledger.Publication{
			Upload: ledger.Upload{
				ID: string(rune('a' + i)), Uploader: word.Draw(t, "uploader"), File: word.Draw(t, "file"), Source: word.Draw(t, "source"),
				Stage: word.Draw(t, "stage"), Reason: word.Draw(t, "reason"), Generated: rapid.Bool().Draw(t, "generated"),
				Released: time.UnixMilli(int64(at) - rapid.Int64Range(0, 1e12).Draw(t, "since")),
			},
			At: at, Seq: ledger.Seq(at, 0),
		}
		if rapid.Bool().Draw(t, "reverted") {
			after := rapid.IntRange(i, uploads).Draw(t, "reverted after")
			p.RevertedAt = first + ledger.Version(after*apart+i+1)
			p.RevertedBy, p.RevertNote = word.Draw(t, "by"), word.Draw(t, "note")
		}
		s.add(p, drawReadings(t))
	}
	return s
}

func digest(t fatal, l ledger.Ledger) ledger.Digest {
	t.Helper()
	d, err := ledger.Hash(context.Background(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLedgerHashStands pins the hash: a copy made today is compared with one
// made by a later program.
func TestLedgerHashStands(t *testing.T) {
	t.Parallel()
	at := ledger.Version(1767574800000)
	s := &shelf{}
	s.add(ledger.Publication{
		Upload: ledger.Upload{ID: "a", Uploader: "li", File: "2024.csv", Source: "公报", Stage: "年报", Reason: "普查", Generated: true,
			Released: time.UnixMilli(int64(at) - 1000)},
		At: at, Seq: ledger.Seq(at, 3), RevertedAt: at + 5, RevertedBy: "wang", RevertNote: "why",
	}, []indicator.Reading{reading("gdp", "350000", "2024", 57761.02), reading("rd_spend", "000000", "2024-01/P9M", 0)})
	s.add(ledger.Publication{Upload: ledger.Upload{ID: "b", Released: (at + 9).Time()}, At: at + 9, Seq: ledger.Seq(at+9, 0)},
		[]indicator.Reading{reading("gdp", "350000", "2024", -1)})
	for name, c := range map[string]struct {
		l    ledger.Ledger
		want ledger.Digest
	}{
		"empty": {&shelf{}, ledger.Digest{Hash: "d9c51ca0a80fd87c9b486c41527913cc174998c34c530ffcd4d21353f1a3b115"}},
		"full":  {s, ledger.Digest{Hash: "7fa3f2e24c14633e1eb5c505d74934dfeaeb5e7364ea59a7af27fafbba15bc4d", Version: at + 9, Uploads: 2, Readings: 3}},
	} {
		c.want.Damage = []ledger.DamageError{}
		if diff := cmp.Diff(c.want, digest(t, c.l)); diff != "" {
			t.Errorf("%s (-was +is):\n%s", name, diff)
		}
	}
}

func TestLedgerHashDoesNotMindTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShelf(t)
		other := s.clone()
		other.history.Publications = rapid.Permutation(other.history.Publications).Draw(t, "publications")
		other.vintages = rapid.Permutation(other.vintages).Draw(t, "vintages")
		for i, p := range other.history.Publications {
			slices.Reverse(other.history.Publications[i].Parts)
			other.history.Publications[i].Released = p.Released.In(indicator.Shanghai)
		}
		// Rows of an upload that is not published are no vintages.
		stray := other.vintages[0]
		stray.Seq++
		other.vintages = append(other.vintages, stray)
		if a, b := digest(t, s), digest(t, other); a.Hash != b.Hash || len(a.Damage) != 0 || len(b.Damage) != 0 {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

// Each of these changes makes another ledger of one.
var (
	changesOfUpload = map[string]func(*ledger.Publication){
		"id":           func(p *ledger.Publication) { p.ID += "x" },
		"uploader":     func(p *ledger.Publication) { p.Uploader += "x" },
		"file":         func(p *ledger.Publication) { p.File += "x" },
		"source":       func(p *ledger.Publication) { p.Source += "x" },
		"stage":        func(p *ledger.Publication) { p.Stage += "x" },
		"reason":       func(p *ledger.Publication) { p.Reason += "x" },
		"a text moves": func(p *ledger.Publication) { p.Uploader, p.File = p.Uploader+"x"+p.File, "" },
		"generated":    func(p *ledger.Publication) { p.Generated = !p.Generated },
		"released":     func(p *ledger.Publication) { p.Released = p.Released.Add(time.Millisecond) },
		"sha":          func(p *ledger.Publication) { p.SHA = p.SHA[1:] + "x" },
		"seq":          func(p *ledger.Publication) { p.Seq = -1 },
		"at":           func(p *ledger.Publication) { p.At++ },
		"rows":         func(p *ledger.Publication) { p.Rows++ },
		"reverted at":  func(p *ledger.Publication) { p.RevertedAt++ },
		"reverted by":  func(p *ledger.Publication) { p.RevertedBy += "x" },
		"revert note":  func(p *ledger.Publication) { p.RevertNote += "x" },
		"part rows":    func(p *ledger.Publication) { p.Parts[0].Rows++ },
		"checksum":     func(p *ledger.Publication) { p.Parts[0].Checksum++ },
		"part less":    func(p *ledger.Publication) { p.Parts = p.Parts[1:] },
	}
	changesOfVintage = map[string]func(*ledger.Vintage){
		"value":  func(v *ledger.Vintage) { v.Value += 1.5 },
		"status": func(v *ledger.Vintage) { v.Status = indicator.Break },
		"region": func(v *ledger.Vintage) { v.Region += "1" },
		"period": func(v *ledger.Vintage) { v.Period = v.Period.Add(100) },
		"exile":  func(v *ledger.Vintage) { v.Seq = -1 },
	}
	changesOfLedger = map[string]func(*shelf){
		"upload less": func(s *shelf) { s.history.Publications = s.history.Publications[1:] },
		"row less":    func(s *shelf) { s.vintages = s.vintages[1:] },
		"row twice":   func(s *shelf) { s.vintages = append(s.vintages, s.vintages[0]) },
		"row moves to another upload": func(s *shelf) {
			last := s.history.Publications[len(s.history.Publications)-1].Seq
			if s.vintages[0].Seq == last {
				last = -1
			}
			s.vintages[0].Seq = last
		},
	}
)

func TestLedgerHashSeesEveryChange(t *testing.T) {
	t.Parallel()
	check := func(name string, change func(*rapid.T, *shelf)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := drawShelf(t)
				other := s.clone()
				change(t, other)
				if digest(t, s).Hash == digest(t, other).Hash {
					t.Fatal("the hash did not change")
				}
			})
		})
	}
	for name, change := range changesOfUpload {
		check(name, func(t *rapid.T, s *shelf) {
			change(&s.history.Publications[rapid.IntRange(0, len(s.history.Publications)-1).Draw(t, "publication")])
		})
	}
	for name, change := range changesOfVintage {
		check(name, func(t *rapid.T, s *shelf) {
			change(&s.vintages[rapid.IntRange(0, len(s.vintages)-1).Draw(t, "vintage")])
		})
	}
	for name, change := range changesOfLedger {
		check(name, func(_ *rapid.T, s *shelf) { change(s) })
	}
}

// TestHashFindsDamage: every part that does not add up is named, and no other.
func TestHashFindsDamage(t *testing.T) {
	t.Parallel()
	whole := func() *shelf {
		s := &shelf{}
		s.add(ledger.Publication{Upload: ledger.Upload{ID: "a"}, At: 1, Seq: 1}, []indicator.Reading{
			reading("gdp", "350000", "2023", 1), reading("gdp", "350000", "2024", 2), reading("gdp", "350000", "2024-Q1", 3)})
		s.add(ledger.Publication{Upload: ledger.Upload{ID: "b"}, At: 2, Seq: 2, RevertedAt: 4}, []indicator.Reading{
			reading("rd_spend", "350000", "2023", 4)})
		return s
	}
	for name, c := range map[string]struct {
		harm func(*shelf)
		want []ledger.DamageError
	}{
		"none": {func(*shelf) {}, []ledger.DamageError{}},
		"a row is lost": {func(s *shelf) { s.vintages = s.vintages[1:] },
			[]ledger.DamageError{{Upload: "a", Indicator: "gdp", Freq: "A", Said: 2, Came: 1}}},
		"a value is another": {func(s *shelf) { s.vintages[1].Value++ },
			[]ledger.DamageError{{Upload: "a", Indicator: "gdp", Freq: "A", Said: 2, Came: 2}}},
		"a row comes twice": {func(s *shelf) { s.vintages = append(s.vintages, s.vintages[2]) },
			[]ledger.DamageError{{Upload: "a", Indicator: "gdp", Freq: "Q", Said: 1, Came: 2}}},
		"a reverted upload lost all": {func(s *shelf) { s.vintages = s.vintages[:3] },
			[]ledger.DamageError{{Upload: "b", Indicator: "rd_spend", Freq: "A", Said: 1, Came: 0}}},
		"a row of a column it does not have": {func(s *shelf) {
			s.vintages = append(s.vintages, ledger.Vintage{Reading: reading("rd_spend", "350000", "2024", 1), Seq: 1})
		}, []ledger.DamageError{{Upload: "a", Indicator: "rd_spend", Freq: "A", Said: 0, Came: 1}}},
		"all is lost": {func(s *shelf) { s.vintages = nil }, []ledger.DamageError{
			{Upload: "a", Indicator: "gdp", Freq: "A", Said: 2}, {Upload: "a", Indicator: "gdp", Freq: "Q", Said: 1},
			{Upload: "b", Indicator: "rd_spend", Freq: "A", Said: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whole()
			c.harm(s)
			if diff := cmp.Diff(c.want, digest(t, s).Damage); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
