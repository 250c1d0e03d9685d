package dashboard

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func testShelf(most int) *shelf[string, int] {
	return newShelf[string, int](most, make(chan struct{}, 1))
}

func TestShelfComputesOnce(t *testing.T) {
	t.Parallel()
	s, calls := testShelf(4), atomic.Int32{}
	release := make(chan struct{})
	compute := func(context.Context) (int, error) {
		<-release
		return int(calls.Add(1)), nil
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if v, err := s.get(t.Context(), "a", compute); v != 1 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	}
	close(release)
	all.Wait()
	if v, err := s.get(t.Context(), "a", compute); v != 1 || err != nil || calls.Load() != 1 {
		t.Errorf("got %d, %v after %d computations, want the kept 1", v, err, calls.Load())
	}
}

func TestShelfKeepsTheLastUsed(t *testing.T) {
	t.Parallel()
	s, calls := testShelf(2), 0
	get := func(key string) {
		if _, err := s.get(t.Context(), key, func(context.Context) (int, error) { calls++; return calls, nil }); err != nil {
			t.Error(err)
		}
	}
	for _, key := range []string{"a", "b", "a", "c", "a"} { // c takes the place of b
		get(key)
	}
	if calls != 3 || len(s.kept) != 2 {
		t.Errorf("%d computations, %d kept; want 3 and 2", calls, len(s.kept))
	}
	if get("b"); calls != 4 {
		t.Error("b is still kept")
	}
}

// TestShelfOutlivesPanics: one is an error to those who wait, and the next may try.
func TestShelfOutlivesPanics(t *testing.T) {
	t.Parallel()
	s := testShelf(2)
	if _, err := s.get(t.Context(), "a", func(context.Context) (int, error) { panic("broken") }); err == nil || !strings.Contains(err.Error(), "panic: broken") {
		t.Errorf("got %v", err)
	}
	if v, err := s.get(t.Context(), "a", func(context.Context) (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}

func TestShelfForgetsErrors(t *testing.T) {
	t.Parallel()
	s, broken := testShelf(2), errors.New("broken")
	if _, err := s.get(t.Context(), "a", func(context.Context) (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if v, err := s.get(t.Context(), "a", func(context.Context) (int, error) { return 7, nil }); v != 7 || err != nil {
		t.Errorf("got %d, %v", v, err)
	}
}

// TestShelfStopsForNobody: who goes away does not take the others' answer along,
// and the last to go ends the computation.
func TestShelfStopsForNobody(t *testing.T) {
	t.Parallel()
	s := testShelf(2)
	begun, stopped := make(chan struct{}, 2), make(chan error, 2)
	compute := func(ctx context.Context) (int, error) {
		begun <- struct{}{}
		<-ctx.Done()
		stopped <- ctx.Err()
		return 0, ctx.Err()
	}
	first, leaveFirst := context.WithCancel(t.Context())
	second, leaveSecond := context.WithCancel(t.Context())
	defer leaveSecond()
	answers := make(chan error, 2)
	ask := func(ctx context.Context) {
		_, err := s.get(ctx, "a", compute)
		answers <- err
	}
	go ask(first)
	<-begun
	go ask(second)
	for waiting := 0; waiting < 2; {
		s.mu.Lock()
		waiting = s.flights["a"].waiting
		s.mu.Unlock()
	}
	leaveFirst()
	if err := <-answers; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	select {
	case <-stopped:
		t.Fatal("the computation ended while somebody waits")
	case <-time.After(20 * time.Millisecond):
	}
	leaveSecond()
	<-answers
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("the computation ended with %v", err)
	}
	if v, err := s.get(t.Context(), "a", func(context.Context) (int, error) { return 3, nil }); v != 3 || err != nil {
		t.Errorf("afterwards: %d, %v", v, err)
	}
}
