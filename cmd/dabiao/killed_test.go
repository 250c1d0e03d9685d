package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

func program(args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	return command
}

// TestKilledWhilePublishing kills dabiao publish at each step of the protocol,
// before and after what it sends arrives. Nothing shows by halves; a server on
// the same data directory finishes it, and it is there once.
func TestKilledWhilePublishing(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		bucket, dir, proxy := s.Bucket(t), t.TempDir(), influxtest.NewProxy(t, s)
		config := onInflux(t, s, bucket, s.Token, "public: true")
		broken := onInflux(t, &influxtest.Server{URL: proxy.URL}, bucket, s.Token, "public: true")
		address := start(t, t.TempDir(), "--config", config, "serve") // looks on, has another data directory
		var ids []string
		year := 2000
		for _, step := range []string{"intent", "rows", "commit"} {
			for _, arrives := range []bool{false, true} {
				year++
				file := writeFile(t, "one.csv", fmt.Sprintf("indicator,region,period,value,unit\nrd_spend,350000,%d,%d.5,亿元\n", year, year))
				id := uploadID(t, dabiao(t, dir, "--config", config, "import", file, "--as", "wang", "--json").want(t, exitDone).out)
				ids = append(ids, id)
				killed := program("--data-dir", dir, "--config", broken, "publish", id, "--as", "li")
				running := make(chan struct{})
				proxy.Strike(step, 0, 1, func(q influxtest.Request) {
					<-running
					if arrives {
						q.Arrive()
					}
					_ = killed.Process.Kill()
				})
				if err := killed.Start(); err != nil {
					t.Fatal(err)
				}
				close(running)
				if err := killed.Wait(); err == nil {
					t.Fatalf("it was not killed at %s", step)
				}
				value := fmt.Sprintf("%d.5", year)
				if step == "commit" && arrives {
					showsValue(t, address, value)
				} else if strings.Contains(readings(t, address), value) {
					t.Errorf("killed at %s (arrived: %v): it shows without a commit", step, arrives)
				}
			}
		}
		start(t, dir, "--config", config, "serve") // goes on where the killed ones stopped
		for i, id := range ids {
			eventually(t, "upload "+id, func() (bool, string) {
				said := dabiao(t, dir, "--config", config, "publish", id, "--as", "li")
				return said.code == exitDone && strings.Contains(said.out, "published"), said.out + said.err
			})
			showsValue(t, address, fmt.Sprintf("%d.5", 2001+i))
		}
		if out := dabiao(t, dir, "--config", config, "export", "--vintages").want(t, exitDone).out; strings.Count(out, "rd_spend") != len(ids) {
			t.Errorf("%d uploads have these vintages:\n%s", len(ids), out)
		}
		dabiao(t, dir, "--config", config, "hash").want(t, exitDone)
	})
}

func showsValue(t *testing.T, address, value string) {
	t.Helper()
	eventually(t, value, func() (bool, string) {
		body := readings(t, address)
		return strings.Contains(body, value), body
	})
}

func readings(t *testing.T, address string) string {
	t.Helper()
	status, body := get(t, address+"/api/v1/readings?indicator=rd_spend")
	if status != http.StatusOK {
		t.Errorf("readings: %d %s", status, body)
	}
	return body
}
