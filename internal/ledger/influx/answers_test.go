package influx

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// TestHalfAnswers: an answer with status 200 that holds an error, or that is not
// whole, is never taken for an answer.
func TestHalfAnswers(t *testing.T) {
	t.Parallel()
	chunk := `{"results":[{"statement_id":0,"series":[{"name":"reading","tags":{"region":"110000"},"columns":["time","value","status"],"values":[[0,1,"A"]],"partial":true}],"partial":true}]}` + "\n"
	onBench(t, func(b *bench) {
		for name, body := range map[string]string{
			"an error in place of results": `{"error":"timeout"}`,
			"an error of a statement":      `{"results":[{"statement_id":0,"error":"query-timeout limit exceeded"}]}`,
			"an error after a chunk":       chunk + `{"results":[{"statement_id":0,"error":"shard 7: engine is closed"}]}`,
			"a chunk that promises more":   chunk,
			"half a document":              chunk + chunk[:40],
			"no document":                  "",
			"no JSON":                      "<html>",
			"another kind of row":          `{"results":[{"statement_id":0,"series":[{"name":"reading","columns":["time","value","status"],"values":[["a","b"]]}]}]}`,
			"a day that begins no period":  `{"results":[{"statement_id":0,"series":[{"name":"reading","columns":["time","value","status"],"values":[[86400000000000,1,"A"]]}]}]}`,
			"a status nobody knows":        `{"results":[{"statement_id":0,"series":[{"name":"reading","columns":["time","value","status"],"values":[[0,1,"Z"]]}]}]}`,
		} {
			b.Run(name, func(t *testing.T) {
				b.proxy.On(func(q influxtest.Request) {
					if strings.Contains(string(q.Body), "FROM+reading") {
						q.Refuse(http.StatusOK, body)
						return
					}
					q.Forward()
				})
				var failures []error
				for _, err := range b.through.Vintages(t.Context(), ledger.Query{Indicator: "indicator_0000", Freq: indicator.Annual}) {
					if err != nil {
						failures = append(failures, err)
					}
				}
				if len(failures) != 1 || !errors.Is(failures[0], ledger.ErrUnavailable) {
					t.Errorf("errors %v, want one that says unavailable", failures)
				}
			})
		}
	})
}

// TestSilentServer: a server that takes requests and says nothing costs no more
// than the time one request may take, and the context ends it sooner.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		silent := make(chan struct{})
		b.Cleanup(func() { close(silent) })
		b.proxy.On(func(influxtest.Request) { <-silent })
		if _, err := b.through.Version(b.Context()); !errors.Is(err, ledger.ErrUnavailable) {
			b.Errorf("Version: %v, want unavailable", err)
		}
		ctx, cancel := context.WithTimeout(b.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := b.through.Publish(ctx, ledger.Upload{ID: "a"}, rows(1)); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("Publish: %v, want the context's end", err)
		}
	}, func(o *Options) { o.Timeout = 100 * time.Millisecond })
}

// TestSilenceInTheMiddle: an answer that stops coming is broken off.
func TestSilenceInTheMiddle(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		silent := make(chan struct{})
		b.Cleanup(func() { close(silent) })
		half := `{"results":[{"statement_id":0,"series":[{"name":"reading","tags":{"region":"110000"},"columns":["time","value","status"],"values":[` +
			strings.Repeat(" ", 10_000)
		b.proxy.On(func(q influxtest.Request) {
			if !strings.Contains(string(q.Body), "FROM+reading") {
				q.Forward()
				return
			}
			q.Refuse(http.StatusOK, half)
			<-silent
		})
		var failure error
		for _, err := range b.through.Vintages(b.Context(), ledger.Query{Indicator: "indicator_0000", Freq: indicator.Annual}) {
			failure = err
		}
		if !errors.Is(failure, ledger.ErrUnavailable) || !strings.Contains(failure.Error(), errSilent.Error()) {
			b.Errorf("error %v, want unavailable for its silence", failure)
		}
	}, func(o *Options) { o.Timeout = 500 * time.Millisecond })
}

// TestPatienceIsForTheServer: who reads an answer slowly does not use it up.
func TestPatienceIsForTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended bool
		silence := time.AfterFunc(time.Minute, func() { ended = true })
		comes, server := io.Pipe()
		defer comes.Close()
		go func() {
			for range 2 {
				_, _ = server.Write([]byte("{"))
			}
		}()
		l := &listener{comes, silence, time.Second}
		for range 2 {
			if _, err := l.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		synctest.Wait()
		if ended {
			t.Error("the reader's time was taken for the server's")
		}
		go func() { _, _ = l.Read(make([]byte, 1)) }()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !ended {
			t.Error("a silent server was waited for")
		}
	})
}
