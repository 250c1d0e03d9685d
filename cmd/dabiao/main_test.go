package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// asProgram makes the test binary the program itself, so that tests can kill it.
const asProgram = "DABIAO_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	code := influxtest.Main(m)
	os.RemoveAll(demoRoot)
	os.Exit(code)
}

// demoRoot is the directory of demoDir, empty until a test wants it.
var demoRoot string

// demoDir is a data directory as the demonstration leaves it. Loading the sample
// takes long under the race detector, so it is done once and copied.
var demoDir = sync.OnceValues(func() (string, error) {
	var err error
	if demoRoot, err = os.MkdirTemp("", "dabiao-demo-"); err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopWhenServing := writerFunc(func(p []byte) (int, error) {
		if addressPattern.Match(p) {
			cancel()
		}
		return len(p), nil
	})
	var errOut strings.Builder
	code := run(ctx, []string{"demo", "--data-dir", demoRoot, "--addr", "127.0.0.1:0"}, strings.NewReader(""), stopWhenServing, &errOut, someDay)
	if code != exitDone {
		return "", fmt.Errorf("the demonstration ended with %d: %s", code, errOut.String())
	}
	return demoRoot, nil
})

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// startDemo runs the demonstration on a free port and gives its address. The
// empty directory dir becomes its data directory.
func startDemo(t *testing.T, dir string, flags ...string) string {
	t.Helper()
	loaded, err := demoDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(loaded)); err != nil {
		t.Fatal(err)
	}
	return start(t, dir, append(flags, "demo")...)
}
