package main

import (
	"encoding/json"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// TestScheduleFlags: approving for later and taking it back on the command line.
func TestScheduleFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	id := uploadID(t, dabiao(t, dir, "import", writeFile(t, "fujian.csv", fujian), "--as", "wang", "--json").want(t, exitDone).out)
	dabiao(t, dir, "publish", id, "--as", "li", "--at", "soon").want(t, exitUsage, "--at", "2026-12-01T09:00")
	dabiao(t, dir, "publish", id, "--as", "li", "--at", "2026-12-01", "--unschedule").want(t, exitUsage, "can't be used together")
	dabiao(t, dir, "publish", id, "--as", "li", "--at", "2026-11-23T11:59").want(t, exitFaults, "publish_at_past", "has passed")
	dabiao(t, dir, "publish", id, "--as", "li", "--at", "2027-11-24").want(t, exitFaults, "publish_at_far")
	dabiao(t, dir, "publish", id, "--as", "wang", "--at", "2026-12-01").want(t, exitFaults, "second person")
	dabiao(t, dir, "publish", id, "--as", "li", "--at", "2026-12-01T09:00").want(t, exitDone,
		"approved, to be published at 2026-12-01 09:00: "+id, "dabiao serve")
	var said map[string]string
	out := dabiao(t, dir, "publish", id, "--as", "li", "--at", "2026-12-02T09:00", "--json").want(t, exitDone).out
	if err := json.Unmarshal([]byte(out), &said); err != nil || said["state"] != "submitted" || said["publish_at"] != "2026-12-02T09:00:00+08:00" {
		t.Errorf("for programs: %s (%v)", out, err)
	}
	dabiao(t, dir, "publish", id, "--as", "li", "--unschedule").want(t, exitDone, "submitted: "+id)
	dabiao(t, dir, "publish", id, "--as", "li").want(t, exitDone, "published")
	dabiao(t, dir, "publish", id, "--as", "li", "--unschedule").want(t, exitFaults, "no approval")
}

// server is the program serving, in a process of its own.
type server struct {
	kill func()
	log  journal
}

func serveProgram(t *testing.T, dir string) *server {
	t.Helper()
	s := &server{}
	command := program("--data-dir", dir, "--addr", "127.0.0.1:0", "serve")
	command.Stderr = &s.log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s.kill = sync.OnceFunc(func() {
		_ = command.Process.Signal(syscall.SIGKILL)
		_ = command.Wait()
	})
	t.Cleanup(s.kill)
	return s
}

// TestServePublishesOnTime runs the program itself, by the clock of the machine: it
// publishes at the moment, and at its start what became due while it was killed.
func TestServePublishesOnTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	try := func(args ...string) (string, error) {
		out, err := program(append([]string{"--data-dir", dir, "--lang", "en"}, args...)...).Output()
		return string(out), err
	}
	command := func(args ...string) string {
		t.Helper()
		out, err := try(args...)
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return out
	}
	approve := func(year string, wait time.Duration) (id string, at time.Time) {
		t.Helper()
		file := writeFile(t, "one.csv", "indicator,region,period,value,unit\nrd_spend,350000,"+year+",12.5,亿元\n")
		id = uploadID(t, command("import", file, "--as", "wang", "--json"))
		for {
			at = time.Now().Add(wait).Truncate(time.Second)
			out, err := try("publish", id, "--as", "li", "--at", at.In(indicator.Shanghai).Format("2006-01-02T15:04:05"))
			if err == nil {
				return id, at
			}
			if time.Now().Before(at) {
				t.Fatalf("approved for %s: %v\n%s", at, err, out)
			}
			wait *= 2 // a busy machine got here too late
		}
	}
	visible := func(year string) bool { return strings.Contains(command("export"), "350000,"+year+",12.5") }

	first := serveProgram(t, dir)
	id, at := approve("2020", 8*time.Second)
	if seen := visible("2020"); seen && time.Now().Before(at) {
		t.Error("it shows before its moment")
	}
	eventually(t, "the upload", func() (bool, string) { return visible("2020"), first.log.String() })
	if time.Now().Before(at) {
		t.Error("it was published before its moment")
	}
	eventually(t, "the line of log", func() (bool, string) {
		return strings.Contains(first.log.String(), `"msg":"a scheduled upload was published","upload":"`+id+`"`), first.log.String()
	})
	first.kill()

	_, at = approve("2021", 3*time.Second)
	time.Sleep(time.Until(at) + 100*time.Millisecond)
	if visible("2021") {
		t.Error("published although no server ran")
	}
	second := serveProgram(t, dir)
	eventually(t, "what was missed", func() (bool, string) { return visible("2021"), second.log.String() })
}
