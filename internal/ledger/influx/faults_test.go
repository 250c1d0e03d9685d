package influx

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
)

// bench is a ledger behind a proxy, and one that sees the server as it is.
type bench struct {
	*testing.T
	proxy           *influxtest.Proxy
	through, beside *Ledger
	before          ledger.Publication
}

// onBench runs f on every server, with one upload published already.
func onBench(t *testing.T, f func(b *bench), change ...func(*Options)) {
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		bucket, p := s.Bucket(t), influxtest.NewProxy(t, s)
		b := &bench{T: t, proxy: p, beside: openOn(t, s, bucket, time.Now)}
		b.through = openOn(t, s, bucket, time.Now, append(change, func(o *Options) {
			o.URL = p.URL
			if s.ByAddress() {
				o.Timeout, o.Patience = 10*o.Timeout, 10*o.Patience
			}
		})...)
		var err error
		if b.before, err = b.beside.Publish(t.Context(), ledger.Upload{ID: "before"}, rows(0)); err != nil {
			t.Fatal(err)
		}
		f(b)
	})
}

// rows are enough readings of two indicators for two requests.
func rows(value float64) []indicator.Reading {
	readings := ledgertest.Readings(12_000)
	for i := range readings {
		readings[i].Value += value
	}
	return readings
}

// published lists the ids in the history, after holding every publication
// against the rows that the server really has.
func (b *bench) published() []string {
	b.Helper()
	return wholeUploads(b.T, b.beside)
}

func wholeUploads(t *testing.T, l *Ledger) (ids []string) {
	t.Helper()
	h, err := l.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	came := map[int64][]ledger.Part{}
	for _, part := range partsOf(h) {
		bySeq := map[int64]*ledger.Part{}
		for v, err := range l.Vintages(t.Context(), ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				t.Fatal(err)
			}
			if bySeq[v.Seq] == nil {
				bySeq[v.Seq] = &ledger.Part{Indicator: part.Indicator, Freq: part.Freq}
			}
			bySeq[v.Seq].Rows++
			bySeq[v.Seq].Checksum += ledger.Checksum(v.Reading)
		}
		for seq, part := range bySeq {
			came[seq] = append(came[seq], *part)
		}
	}
	for _, p := range h.Publications {
		if diff := cmp.Diff(p.Parts, came[p.Seq]); diff != "" {
			t.Errorf("%s (-said +came):\n%s", p.ID, diff)
		}
		delete(came, p.Seq)
		ids = append(ids, p.ID)
	}
	if len(came) > 0 {
		t.Errorf("rows of %d uploads show that are not published", len(came))
	}
	return ids
}

// partsOf lists every indicator and frequency of a history once, sorted.
func partsOf(h ledger.History) []ledger.Part {
	var parts []ledger.Part
	for _, p := range h.Publications {
		for _, part := range p.Parts {
			parts = append(parts, ledger.Part{Indicator: part.Indicator, Freq: part.Freq})
		}
	}
	slices.SortFunc(parts, func(a, b ledger.Part) int {
		return strings.Compare(a.Indicator+string(a.Freq), b.Indicator+string(b.Freq))
	})
	return slices.Compact(parts)
}

// passing are troubles that pass: after a few of them the server answers again.
var passing = map[string]func(influxtest.Request){
	"503": func(q influxtest.Request) {
		q.Refuse(http.StatusServiceUnavailable, `{"code":"unavailable","message":"wait"}`)
	},
	"429": func(q influxtest.Request) {
		q.Refuse(http.StatusTooManyRequests, `{"code":"too many requests","message":"slow"}`)
	},
	"500":                  func(q influxtest.Request) { q.Refuse(http.StatusInternalServerError, `{"error":"engine: timeout"}`) },
	"reset before":         func(q influxtest.Request) { q.Cut("") },
	"reset after":          func(q influxtest.Request) { q.Arrive(); q.Cut("") },
	"an answer broken off": func(q influxtest.Request) { q.Arrive(); q.Cut("HTTP/1.1 204 No Con") },
	"an error after it":    func(q influxtest.Request) { q.Arrive(); q.Refuse(http.StatusGatewayTimeout, "") },
	"silence":              func(q influxtest.Request) { time.Sleep(700 * time.Millisecond); q.Forward() },
	"silence after it":     func(q influxtest.Request) { q.Arrive(); time.Sleep(700 * time.Millisecond) },
	"a disk full for a bit": func(q influxtest.Request) {
		q.Refuse(http.StatusInternalServerError, `{"error":"engine: error writing WAL entry: no space left on device"}`)
	},
}

// TestTroublePasses: at every step of the protocol, every trouble that passes
// ends in a publish that is there once and whole.
func TestTroublePasses(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		n := 0
		for _, step := range []string{"read", "intent", "rows", "commit"} {
			for name, trouble := range passing {
				if step == "read" && strings.HasPrefix(name, "silence") {
					continue // said at once, see TestSilentServer: a reader waits
				}
				b.Run(step+"/"+name, func(t *testing.T) {
					n++
					id := fmt.Sprint("u", n)
					b.proxy.Strike(step, 0, 2, trouble)
					p, err := b.through.Publish(t.Context(), ledger.Upload{ID: id}, []indicator.Reading{reading(2023, float64(n))})
					if err != nil || p.ID != id {
						t.Fatalf("published as %q: %v", p.ID, err)
					}
					h, err := b.beside.History(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(p, h.Publications[len(h.Publications)-1]); diff != "" {
						t.Errorf("-acknowledged +history:\n%s", diff)
					}
					b.proxy.Strike("undo", 0, 2, trouble)
					if _, err := b.through.Revert(t.Context(), id, "wang", ""); err != nil {
						t.Errorf("Revert: %v", err)
					}
				})
			}
		}
		if got := len(b.published()); got != n+1 {
			b.Errorf("%d uploads are published, want %d", got, n+1)
		}
	}, func(o *Options) { o.Timeout = 500 * time.Millisecond })
}

// TestRetryAfter: the server is left alone for as long as it asks for.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		var refused time.Time
		b.proxy.Strike("rows", 0, 1, func(q influxtest.Request) {
			refused = time.Now()
			q.Refuse(http.StatusTooManyRequests, `{"message":"slow"}`, "Retry-After", "1")
		})
		if _, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, []indicator.Reading{reading(2023, 1)}); err != nil {
			b.Fatal(err)
		}
		if waited := time.Since(refused); waited < time.Second {
			b.Errorf("tried again after %s", waited)
		}
	})
}

// TestTroubleStays: what the server keeps refusing is taken back, and said.
func TestTroubleStays(t *testing.T) {
	t.Parallel()
	refuse := func(status int, body string) func(influxtest.Request) {
		return func(q influxtest.Request) { q.Refuse(status, body) }
	}
	onBench(t, func(b *bench) {
		for _, c := range []struct {
			name, step string
			trouble    func(influxtest.Request)
			kind       error
			says       string
		}{
			{"503 for the intent", "intent", refuse(503, `{"code":"unavailable","message":"starting"}`), ledger.ErrUnavailable, "did not take the readings within"},
			{"503 for the rows", "rows", refuse(503, `{"code":"unavailable","message":"starting"}`), ledger.ErrUnavailable, "did not take the readings within"},
			{"503 for the commit", "commit", refuse(503, `{"code":"unavailable","message":"starting"}`), ledger.ErrUnavailable, "did not take the readings within"},
			{"a disk full for the rows", "rows", refuse(500, `{"error":"no space left on device"}`), ledger.ErrUnavailable, ""},
			{"the token refused for the intent", "intent", refuse(401, `{"message":"unauthorized access"}`), ledger.ErrUnavailable, "refuses the token"},
			{"the token refused for the rows", "rows", refuse(403, `{"message":"forbidden"}`), ledger.ErrUnavailable, "refuses the token"},
			{"the bucket gone", "rows", refuse(404, `{"message":"bucket not found"}`), ledger.ErrUnavailable, "bucket is not there"},
			{"a body too large", "rows", refuse(413, `{"error":"Request Entity Too Large"}`), ledger.ErrUnavailable, "413"},
			{"a commit refused", "commit", refuse(400, `{"code":"invalid","message":"unable to parse"}`), ledger.ErrInvalid, "unable to parse"},
		} {
			b.Run(c.name, func(t *testing.T) {
				b.proxy.Strike(c.step, 0, 1_000_000, c.trouble)
				_, err := b.through.Publish(t.Context(), ledger.Upload{ID: "a"}, rows(1))
				if !errors.Is(err, c.kind) || errors.Is(err, ledger.ErrOutcomeUnknown) || !strings.Contains(fmt.Sprint(err), c.says) {
					t.Errorf("error %v\nwant %v, saying %q", err, c.kind, c.says)
				}
				if got := b.published(); !slices.Equal(got, []string{"before"}) {
					t.Errorf("published: %v", got)
				}
				s, err := b.beside.state(t.Context())
				if err != nil || len(s.open) != 0 {
					t.Errorf("intents left open: %+v, %v", s.open, err)
				}
			})
		}
		b.proxy.On(influxtest.Request.Forward)
		if p, err := b.beside.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1)); err != nil || p.ID != "a" {
			b.Errorf("afterwards: published as %q, %v", p.ID, err)
		}
		b.published()
	}, func(o *Options) { o.Patience = 1500 * time.Millisecond })
}

// TestSlowServer: one that takes everything, but slowly, is never out of patience.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.through.chunk = 1_000
		var requests atomic.Int64
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() == "rows" {
				requests.Add(1)
				time.Sleep(b.through.options.Patience / 4)
			}
			q.Forward()
		})
		if _, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1)); err != nil {
			b.Error(err)
		}
		if got := requests.Load(); got < 12 {
			b.Errorf("%d requests, too few to outlast the patience", got)
		}
		b.published()
	}, func(o *Options) { o.Patience = 2 * time.Second })
}

// TestOutcomeUnknown: when the server goes away after the intent, nobody says
// that the upload was refused; publishing again finds out, and goes on.
func TestOutcomeUnknown(t *testing.T) {
	t.Parallel()
	gone := func(q influxtest.Request) { q.Cut("") }
	for _, c := range []struct {
		name      string
		step      string
		arrives   bool // what is sent at that step still arrives
		published bool // without further help
	}{
		{"after the intent", "rows", false, false},
		{"in the rows", "rows", true, false},
		{"before the commit arrives", "commit", false, false},
		{"after the commit", "commit", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			onBench(t, func(b *bench) {
				b.through.settlement = 300 * time.Millisecond
				b.proxy.On(func(q influxtest.Request) {
					if q.Step() != c.step {
						q.Forward()
						return
					}
					if c.arrives {
						q.Arrive()
					}
					b.proxy.On(gone)
					q.Cut("")
				})
				_, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1))
				if !errors.Is(err, ledger.ErrOutcomeUnknown) || errors.Is(err, ledger.ErrUnavailable) {
					b.Errorf("error %v, want outcome unknown", err)
				}
				want := []string{"before"}
				if c.published {
					want = append(want, "a")
				}
				if got := b.published(); !slices.Equal(got, want) {
					b.Errorf("published %v, want %v", got, want)
				}
				var left int64
				if s, err := b.beside.state(b.Context()); err != nil {
					b.Error(err)
				} else if i, ok := s.find("a", ledger.ContentHash(rows(1))); ok {
					left = i.seq
				}
				b.proxy.On(influxtest.Request.Forward)
				p, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1))
				if err != nil || p.ID != "a" || left != 0 && p.Seq != left {
					b.Errorf("again: published as %q with seq %d, the intent has %d: %v", p.ID, p.Seq, left, err)
				}
				if got := b.published(); !slices.Equal(got, []string{"before", "a"}) {
					b.Errorf("published %v in the end", got)
				}
			}, func(o *Options) { o.Patience = 1500 * time.Millisecond })
		})
	}
}

// TestRevertUnknown: the same for a revert.
func TestRevertUnknown(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		b.through.settlement = 300 * time.Millisecond
		b.proxy.On(func(q influxtest.Request) {
			if q.Step() == "undo" {
				q.Arrive()
				b.proxy.On(func(q influxtest.Request) { q.Cut("") })
				q.Cut("")
				return
			}
			q.Forward()
		})
		if _, err := b.through.Revert(b.Context(), "before", "wang", "a mistake"); !errors.Is(err, ledger.ErrOutcomeUnknown) {
			b.Errorf("error %v, want outcome unknown", err)
		}
		b.proxy.On(influxtest.Request.Forward)
		p, err := b.through.Revert(b.Context(), "before", "wang", "a mistake")
		if err != nil || p.RevertedAt == 0 || p.RevertedBy != "wang" {
			b.Errorf("again: %+v, %v", p, err)
		}
	}, func(o *Options) { o.Patience = 1500 * time.Millisecond })
}

// TestLineRefused has the real server refuse one line in the middle of a batch,
// whose other lines it keeps: a key longer than it takes.
func TestLineRefused(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		bad := rows(1)[7_654]
		bad.Region = strings.Repeat("9", 70_000)
		_, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, append(rows(1), bad))
		if !errors.Is(err, ledger.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "refuses the readings") {
			b.Errorf("error %v, want invalid, saying which limit", err)
		}
		if got := b.published(); !slices.Equal(got, []string{"before"}) {
			b.Errorf("published: %v", got)
		}
		if p, err := b.through.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1)); err != nil || p.ID != "a" {
			b.Errorf("without that reading: published as %q, %v", p.ID, err)
		}
	})
}

// TestWrongToken: the real server refuses it, and nothing says what it was.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		const secret = "nobody:knows-this"
		o := b.through.options
		o.Token = secret
		l, err := Open(o)
		if err != nil {
			b.Fatal(err)
		}
		defer l.Close()
		for what, act := range map[string]func() error{
			"Publish": func() error {
				_, err := l.Publish(b.Context(), ledger.Upload{ID: "a"}, rows(1))
				return err
			},
			"Version": func() error { _, err := l.Version(b.Context()); return err },
			"History": func() error { _, err := l.History(b.Context()); return err },
		} {
			err := act()
			if !errors.Is(err, ledger.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "refuses the token") || strings.Contains(fmt.Sprint(err), "knows-this") {
				b.Errorf("%s: error %v", what, err)
			}
		}
	})
}
