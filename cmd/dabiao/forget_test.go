package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// serveLogged serves until the test ends, and gives the address and the log.
func serveLogged(t *testing.T, dir, config string) (address string, log *journal) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	log = &journal{}
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"--data-dir", dir, "--config", config, "--addr", "127.0.0.1:0", "--lang", "en", "serve"},
			strings.NewReader(""), write, log, someDay)
		write.Close()
	}()
	t.Cleanup(func() { cancel(); <-done })
	line := make([]byte, 200)
	n, err := read.Read(line)
	if address = addressPattern.FindString(string(line[:n])); address == "" {
		t.Fatalf("serve said no address: %v\n%s", err, log)
	}
	go io.Copy(io.Discard, read)
	return address, log
}

// TestForgottenReadings has the server lose readings. No page ever shows what is
// left of them: a running server goes on showing the last good figures and says
// so, one that starts afresh leaves the indicator out and says so; check --repair
// gives them back, and nobody restarts anything.
func TestForgottenReadings(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		bucket, dir := s.Bucket(t), t.TempDir()
		config := onInflux(t, s, bucket, s.Token, "review: false", "public: true")
		do := func(args ...string) outcome {
			t.Helper()
			return dabiao(t, dir, append([]string{"--config", config}, args...)...)
		}
		damaged := uploadID(t, do("import", writeFile(t, "rd.csv", fujian), "--json").want(t, exitDone).out)
		do("import", writeFile(t, "gdp.csv", strings.ReplaceAll(fujian, "rd_spend", "gdp"))).want(t, exitDone)
		running, log := serveLogged(t, dir, config)
		shows(t, running+"/indicators/rd_spend?lang=en", "1,280.5")
		shows(t, running+"/indicators/gdp?lang=en", "1,280.5")

		s.Forget(t, bucket, "rd_spend", "350000")
		publishElsewhere(t, s, bucket)

		const notice = "The ledger does not add up: upload "
		shows(t, running+"/indicators/rd_spend?lang=en", notice, damaged, "should have 2 readings", "but 0 came", "1,280.5")
		shows(t, running+"/indicators/rd_spend", "账本数据不符", damaged, "应有 2 条数据，实有 0 条", "1,280.5")
		shows(t, running+"/metrics", `dabiao_damaged_parts{indicator="rd_spend"} 1`)
		shows(t, running+"/readyz", `"ready":true`, damaged)
		for _, part := range []string{`"upload":"` + damaged + `"`, `"rows_said":2`, `"rows_came":0`} {
			if n := strings.Count(log.String(), part); n != 1 {
				t.Errorf("the log has %d lines with %s, want one:\n%s", n, part, log)
			}
		}

		fresh, _ := serveLogged(t, t.TempDir(), config)
		eventually(t, "/readyz of a fresh start", func() (bool, string) {
			status, body := get(t, fresh+"/readyz")
			return status == http.StatusServiceUnavailable && strings.Contains(body, damaged), body
		})
		shows(t, fresh+"/indicators/rd_spend?lang=en", notice, damaged)
		shows(t, fresh+"/indicators/gdp?lang=en", "1,280.5")
		if _, body := get(t, fresh+"/indicators/rd_spend?lang=en"); strings.Contains(body, "2,947") {
			t.Error("a fresh start shows what is left of a damaged indicator")
		}
		do("hash").want(t, exitFaults, damaged)

		do("check", "--repair").want(t, exitDone, "Given back", "The ledger adds up")
		for _, address := range []string{running, fresh} {
			eventually(t, "the repaired figures", func() (bool, string) {
				_, body := get(t, address+"/api/v1/readings?indicator=rd_spend")
				return strings.Contains(body, "1280.5") && strings.Contains(body, "2947.3"), body
			})
			if _, body := get(t, address+"/indicators/rd_spend?lang=en"); strings.Contains(body, notice) {
				t.Error("the notice stays after the repair")
			}
			shows(t, address+"/readyz", `"ready":true`)
		}
		do("hash").want(t, exitDone)
	})
}

// shows waits until a page has all these parts.
func shows(t *testing.T, address string, parts ...string) {
	t.Helper()
	eventually(t, address, func() (bool, string) {
		status, body := get(t, address)
		for _, part := range parts {
			if !strings.Contains(body, part) {
				return false, "it lacks " + part + "\n" + body
			}
		}
		return status == http.StatusOK, body
	})
}

// publishElsewhere is what another machine publishes about the same indicator.
func publishElsewhere(t *testing.T, s *influxtest.Server, bucket string) {
	t.Helper()
	l, err := influx.Open(influx.Options{URL: s.URL, Org: s.Org, Bucket: bucket, Token: s.Token, Instance: 9, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	beijing := indicator.Reading{Indicator: "rd_spend", Region: "110000", Period: indicator.Year(2023), Value: 2947.3, Status: indicator.Normal}
	if _, err := l.Publish(t.Context(), ledger.Upload{ID: "elsewhere"}, []indicator.Reading{beijing}); err != nil {
		t.Fatal(err)
	}
}
