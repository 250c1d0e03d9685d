package influx

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
	"github.com/dabiao/dabiao/internal/ledger/ledgertest"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
)

// TestGivesBack makes the server forget and spoil points behind our back.
func TestGivesBack(t *testing.T) {
	t.Parallel()
	forget := func(t *testing.T, l *Ledger, p ledger.Publication, readings []indicator.Reading) {
		for _, r := range readings {
			if err := l.forget(t.Context(), pointTime(r.Period, p.Seq)); err != nil {
				t.Fatal(err)
			}
		}
	}
	harms := map[string]func(t *testing.T, l *Ledger, p ledger.Publication, readings []indicator.Reading){
		"all rows are lost": forget,
		"one row is lost": func(t *testing.T, l *Ledger, p ledger.Publication, readings []indicator.Reading) {
			forget(t, l, p, readings[:1])
		},
		"every value is another": func(t *testing.T, l *Ledger, p ledger.Publication, readings []indicator.Reading) {
			for i := range readings {
				readings[i].Value++
			}
			if err := l.write(t.Context(), appendReadings(nil, readings, p.Seq)); err != nil {
				t.Fatal(err)
			}
		},
	}
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		for name, harm := range harms {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				ledgertest.GivesBack(t, func(t *testing.T, now func() time.Time) (ledger.Ledger, func(ledger.Publication)) {
					l := openOn(t, s, s.Bucket(t), now)
					return l, func(p ledger.Publication) { harm(t, l, p, readingsOf(t, l, p)) }
				})
			})
		}
	})
}

// forget deletes the readings of one moment, as each kind of server lets us.
func (l *Ledger) forget(ctx context.Context, at int64) error {
	if strings.Contains(l.options.Bucket, "/") { // 1.x
		return l.ask(ctx, fmt.Sprintf("DELETE FROM reading WHERE time = %d", at), func(*table, *jsontext.Decoder) error { return nil })
	}
	moment := time.Unix(0, at).UTC()
	return l.client.DeleteAPI().DeleteWithName(ctx, l.options.Org, l.options.Bucket, moment, moment, `_measurement="reading"`)
}

func readingsOf(t *testing.T, l ledger.Ledger, p ledger.Publication) []indicator.Reading {
	t.Helper()
	var list []indicator.Reading
	for _, part := range p.Parts {
		for v, err := range l.Vintages(t.Context(), ledger.Query{Indicator: part.Indicator, Freq: part.Freq}) {
			if err != nil {
				t.Fatal(err)
			}
			if v.Seq == p.Seq {
				list = append(list, v.Reading)
			}
		}
	}
	return list
}

// TestCopy takes a large ledger from a file into a server, is interrupted, goes
// on, and takes it back into another file: all three are one ledger.
func TestCopy(t *testing.T) {
	t.Parallel()
	rows := rounds(100_000, 1_000_000)
	source := newFile(t)
	publishMany(t, source, rows)
	want, err := ledger.Hash(t.Context(), source, nil)
	if err != nil || want.Readings != rows+rows/4 || len(want.Damage) != 0 {
		t.Fatalf("%+v: %v", want, err)
	}
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		t.Parallel()
		target := openOn(t, s, s.Bucket(t), time.Now)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, err := ledger.Copy(ctx, source, &interrupted{Ledger: target, left: 8, cancel: cancel}, nil)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted: %v", err)
		}
		there, err := ledger.Hash(t.Context(), target, nil)
		if err != nil || there.Readings == 0 || there.Readings == want.Readings || len(there.Damage) != 0 {
			t.Fatalf("interrupted with %d readings, damage %v: %v", there.Readings, there.Damage, err)
		}
		start := time.Now()
		copied, err := ledger.Copy(t.Context(), source, target, nil)
		if err != nil || copied.To.Hash != want.Hash {
			t.Fatalf("there: %+v: %v", copied, err)
		}
		back := newFile(t)
		returned, err := ledger.Copy(t.Context(), target, back, nil)
		if err != nil || returned.To.Hash != want.Hash || returned.From.Version != want.Version {
			t.Fatalf("back: %+v: %v", returned, err)
		}
		t.Logf("%d readings: the second half there and all of it back in %s", want.Readings, time.Since(start).Round(time.Millisecond))
	})
}

// interrupted ends a copy in the middle of a restore.
type interrupted struct {
	*Ledger
	left   int
	cancel context.CancelFunc
}

func (i *interrupted) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	if i.left--; i.left == 0 {
		time.AfterFunc(20*time.Millisecond, i.cancel)
	}
	return i.Ledger.Restore(ctx, p, readings)
}

// TestCopySurvivesKills kills the server in the middle of restores. A copy that
// gives up is run again, as a person would.
func TestCopySurvivesKills(t *testing.T) {
	t.Parallel()
	source := newFile(t)
	publishMany(t, source, 4000)
	want, err := ledger.Hash(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		t.Parallel()
		target := &killed{Ledger: openOn(t, s, s.Bucket(t), time.Now), t: t, server: s}
		for round := range 20 {
			copied, err := ledger.Copy(t.Context(), source, target, nil)
			if err == nil {
				if copied.To.Hash != want.Hash || target.kills < 3 {
					t.Errorf("after %d kills and %d rounds: %+v", target.kills, round, copied)
				}
				return
			}
			if !errors.Is(err, ledger.ErrUnavailable) && !errors.Is(err, ledger.ErrOutcomeUnknown) {
				t.Fatal(err)
			}
		}
		t.Error("the copy never came to its end")
	})
}

// killed has its server killed now and then while it restores.
type killed struct {
	*Ledger
	t               *testing.T
	server          *influxtest.Server
	restores, kills int
}

func (k *killed) Restore(ctx context.Context, p ledger.Publication, readings []indicator.Reading) error {
	if k.restores++; k.restores%5 != 0 {
		return k.Ledger.Restore(ctx, p, readings)
	}
	done := make(chan error, 1)
	go func() { done <- k.Ledger.Restore(ctx, p, readings) }()
	time.Sleep(rand.N(30 * time.Millisecond))
	k.server.Kill()
	k.server.Restart(k.t)
	k.kills++
	return <-done
}

func newFile(t *testing.T) *sqlite.Ledger {
	t.Helper()
	l, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"), ledgertest.NewClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// publishMany publishes rows readings in uploads of many sizes, revises a
// quarter of them, and reverts some.
func publishMany(t *testing.T, l ledger.Ledger, rows int) {
	t.Helper()
	readings := ledgertest.Readings(rows)
	publish := func(i int, readings []indicator.Reading) {
		u := ledger.Upload{ID: fmt.Sprint("upload ", i), Uploader: "li", File: "表,1 = \"2024\"\\.csv", Source: strings.Repeat("省统计局", i%3),
			Generated: i%2 == 0, Released: ledgertest.NewClock().Now().AddDate(0, -i%30, 0)}
		if _, err := l.Publish(t.Context(), u, readings); err != nil {
			t.Fatal(err)
		}
	}
	uploads := 0
	for left := readings; len(left) > 0; uploads++ {
		n := min(len(left), 1+uploads*rows/100)
		publish(uploads, left[:n])
		left = left[n:]
	}
	revised := readings[:rows/4]
	for i := range revised {
		revised[i].Value = 1 / (revised[i].Value + 3)
		revised[i].Status = indicator.Provisional
	}
	publish(uploads, revised)
	for i := 0; i <= uploads; i += 4 {
		if _, err := l.Revert(t.Context(), fmt.Sprint("upload ", i), "wang", "a \"mistake\""); err != nil {
			t.Fatal(err)
		}
	}
}
