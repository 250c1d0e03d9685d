package influx

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// standStill gives both ledgers the same moment, and so the same next seq.
func (b *bench) standStill() ledger.Version {
	still := b.before.At + 1_000
	b.through.now = still.Time
	b.beside.now = still.Time
	return still
}

// TestIntentArrivesLate: a program claims a seq, dies, and its intent arrives
// when another has already looked, found nobody there, and published under that
// seq. Whoever resumes the first must not take the place of the second.
func TestIntentArrivesLate(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.standStill()
		b.through.settlement = 300 * time.Millisecond
		var second ledger.Publication
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() == "intent" {
				var err error
				if second, err = b.beside.Publish(b.Context(), ledger.Upload{ID: "second"}, rows(2)); err != nil {
					b.Error(err)
				}
				q.Arrive()
				b.proxy.On(func(q influxtest.Request) { q.Cut("") })
				q.Cut("")
				return
			}
			q.Forward()
		})
		if _, err := b.through.Publish(b.Context(), ledger.Upload{ID: "first"}, rows(1)); !errors.Is(err, ledger.ErrOutcomeUnknown) {
			b.Fatalf("error %v, want outcome unknown", err)
		}
		if s, err := b.beside.state(b.Context()); err != nil {
			b.Fatal(err)
		} else if i, ok := s.find("first", ledger.ContentHash(rows(1))); !ok || i.seq != second.Seq {
			b.Fatalf("the intent has seq %d, want that of the other, %d", i.seq, second.Seq)
		}
		b.proxy.On(influxtest.Request.Forward)
		if _, err := b.through.Publish(b.Context(), ledger.Upload{ID: "first"}, rows(1)); err != nil {
			b.Fatal(err)
		}
		if got := b.published(); !slices.Equal(got, []string{"before", "second", "first"}) {
			b.Errorf("published %v", got)
		}
	}, func(o *Options) { o.Patience = 1500 * time.Millisecond })
}

// TestRestoreGivesWay: where somebody publishes under the seq at the same time.
func TestRestoreGivesWay(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		at := b.standStill()
		batch, err := ledger.NewBatch(rows(1))
		if err != nil {
			b.Fatal(err)
		}
		p, err := batch.Publication(ledger.Upload{ID: "restored"}, at, ledger.Seq(at, 0))
		if err != nil {
			b.Fatal(err)
		}
		b.proxy.Strike("intent", 0, 1, func(q influxtest.Request) {
			if _, err := b.beside.Publish(b.Context(), ledger.Upload{ID: "published"}, rows(2)); err != nil {
				b.Error(err)
			}
			q.Forward()
		})
		if err := b.through.Restore(b.Context(), p, rows(1)); !errors.Is(err, ledger.ErrInvalid) {
			b.Errorf("error %v, want invalid", err)
		}
		if got := b.published(); !slices.Equal(got, []string{"before", "published"}) {
			b.Errorf("published %v", got)
		}
		if s, err := b.beside.state(b.Context()); err != nil || len(s.open) != 0 {
			b.Errorf("intents left open: %+v, %v", s.open, err)
		}
	})
}

// TestCommitArrivesLate: a commit that was sent again, and then moved behind
// another event, arrives once more as it was first sent. The moment that was
// acknowledged is the one that stands.
func TestCommitArrivesLate(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		var sent []influxtest.Request
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() != "commit" {
				q.Forward()
				return
			}
			switch sent = append(sent, q); len(sent) {
			case 1: // held
				q.Cut("")
			case 2: // another event is quicker
				if _, err := b.beside.Revert(b.Context(), "before", "wang", ""); err != nil {
					b.Error(err)
				}
				q.Forward()
			case 3:
				q.Forward()
				sent[0].Arrive()
			default:
				q.Forward()
			}
		})
		p, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, []indicator.Reading{reading(2023, 1)})
		if err != nil {
			b.Fatal(err)
		}
		h, err := b.beside.History(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if diff := cmp.Diff(p, h.Publications[1]); diff != "" {
			b.Errorf("-acknowledged +history:\n%s", diff)
		}
		if h.Publications[0].RevertedAt >= p.At || h.Version != p.At {
			b.Errorf("published at %d, another event at %d, version %d", p.At, h.Publications[0].RevertedAt, h.Version)
		}
	})
}

// TestClockDecadesAhead: its seq would put the rows on another day, where they
// would make every answer about their indicators wrong for ever.
func TestClockDecadesAhead(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.through.now = func() time.Time { return time.Date(2063, 1, 1, 0, 0, 0, 0, time.UTC) }
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() != "read" {
				b.Errorf("%s was written", q.Step())
			}
			q.Forward()
		})
		_, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1))
		if !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(err.Error(), "look at the clock") {
			b.Errorf("Publish: %v, want invalid for its clock", err)
		}
		batch, err := ledger.NewBatch(rows(1))
		if err != nil {
			b.Fatal(err)
		}
		at := ledger.NextMoment(b.through.now(), 0)
		p, err := batch.Publication(ledger.Upload{ID: "a"}, at, ledger.Seq(at, 0))
		if err != nil {
			b.Fatal(err)
		}
		if err := b.through.Restore(b.Context(), p, rows(1)); !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(err.Error(), "look at the clock") {
			b.Errorf("Restore: %v, want invalid for its clock", err)
		}
	})
}
