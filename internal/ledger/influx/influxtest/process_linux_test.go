package influxtest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledBinary kills a test binary: its server must go with it, and the
// next one removes its data.
func TestKilledBinary(t *testing.T) {
	t.Parallel()
	for _, version := range versions {
		t.Run(name(version), func(t *testing.T) {
			wanted(t, version)
			command := exec.CommandContext(t.Context(), os.Args[0])
			command.Env = append(os.Environ(), orphanVersion+"="+version)
			out, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			pid, dir, ok := strings.Cut(strings.TrimSpace(line), " ")
			if !ok {
				t.Fatal(line)
			}
			past := time.Now().Add(-time.Hour)
			sweepAt(t, dir, past)
			if _, err := os.Stat(dir); err != nil {
				t.Fatalf("the data of a living process: %v", err)
			}
			_ = command.Process.Kill()
			_ = command.Wait()
			waitUntilGone(t, filepath.Join("/proc", pid))
			sweepAt(t, dir, past)
			if _, err := os.Stat(dir); !os.IsNotExist(err) {
				t.Errorf("the data of a killed process: %v", err)
			}
		})
	}
}

func sweepAt(t *testing.T, dir string, changed time.Time) {
	t.Helper()
	if err := os.Chtimes(dir, changed, changed); err != nil {
		t.Fatal(err)
	}
	sweep()
}

func waitUntilGone(t *testing.T, process string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		// One that nobody waits for stays in the list, without a command line.
		line, err := os.ReadFile(filepath.Join(process, "cmdline"))
		if len(line) == 0 || err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there", process)
		}
	}
}
