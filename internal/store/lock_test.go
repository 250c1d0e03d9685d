package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// holderPath, when set, makes the test binary hold the lock of that file's
// directory until it is killed.
const holderPath = "DABIAO_TEST_LOCK_HOLDER"

func TestMain(m *testing.M) {
	if path := os.Getenv(holderPath); path != "" {
		holdUntilKilled(path)
	}
	os.Exit(m.Run())
}

func holdUntilKilled(path string) {
	s, err := Open(context.Background(), path)
	if err == nil {
		_, err = s.LockPublishing(context.Background())
	}
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println("locked")
	select {}
}

// refused reports whether the lock is not to be had within a moment.
func refused(t *testing.T, s *Store) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	unlock, err := s.LockPublishing(ctx)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if err == nil {
		unlock()
	}
	return err != nil
}

// TestLockOfAKilledHolder: another process keeps everybody out, and is no
// obstacle any more the moment it is killed.
func TestLockOfAKilledHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dabiao.db")
	s := open(t, path)
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holderPath+"="+path)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = holder.Process.Kill() })
	var said string
	if _, err := fmt.Fscanln(out, &said); err != nil || said != "locked" {
		t.Fatalf("the holder says %q, %v", said, err)
	}
	if !refused(t, s) {
		t.Error("two processes hold the lock")
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait() // killed: that is its error
	if refused(t, s) {
		t.Error("a killed process still holds the lock")
	}
}

// TestLockInOneProcess: one at a time, whether by one Store or by two.
func TestLockInOneProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dabiao.db")
	stores := []*Store{open(t, path), open(t, path)}
	var inside atomic.Int32
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			unlock, err := stores[i%2].LockPublishing(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d hold the lock", n)
			}
			time.Sleep(time.Millisecond)
			inside.Add(-1)
		})
	}
	group.Wait()
}

func TestLockWaitsNoLongerThanAsked(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	unlock, err := s.LockPublishing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !refused(t, s) {
		t.Error("a second caller has the lock too")
	}
	unlock()
	if refused(t, s) {
		t.Error("the lock was not given back")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.LockPublishing(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has left: %v", err)
	}
}
