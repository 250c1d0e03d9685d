package dashboard

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
)

// shelf keeps what is dear to compute, the last used of it, each computed once
// however many ask at a time. A computation ends early when all who wait for it
// have gone. It is safe for concurrent use.
type shelf[K comparable, V any] struct {
	most int
	turn chan struct{} // one computation at a time: each uses all processors

	mu      sync.Mutex
	kept    []item[K, V] // most recently used first
	flights map[K]*flight[V]
}

type item[K comparable, V any] struct {
	key   K
	value V
}

// flight is a computation under way.
type flight[V any] struct {
	done    chan struct{} // closed when value and err are there
	value   V
	err     error
	waiting int
	cancel  context.CancelFunc
}

func newShelf[K comparable, V any](most int, turn chan struct{}) *shelf[K, V] {
	return &shelf[K, V]{most: most, turn: turn, flights: map[K]*flight[V]{}}
}

// get is the value of a key, kept or computed. An error is not kept.
func (s *shelf[K, V]) get(ctx context.Context, key K, compute func(context.Context) (V, error)) (V, error) {
	s.mu.Lock()
	if value, ok := s.find(key); ok {
		s.mu.Unlock()
		return value, nil
	}
	f := s.flights[key]
	if f == nil {
		f = &flight[V]{done: make(chan struct{})}
		inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f.cancel, s.flights[key] = cancel, f
		go s.fly(inner, key, f, compute)
	}
	f.waiting++
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		s.leave(key, f)
		var none V
		return none, ctx.Err()
	}
}

// find moves what it finds to the front. The caller holds the lock.
func (s *shelf[K, V]) find(key K) (V, bool) {
	n := slices.IndexFunc(s.kept, func(i item[K, V]) bool { return i.key == key })
	if n < 0 {
		var none V
		return none, false
	}
	found := s.kept[n]
	copy(s.kept[1:n+1], s.kept[:n])
	s.kept[0] = found
	return found.value, true
}

func (s *shelf[K, V]) fly(ctx context.Context, key K, f *flight[V], compute func(context.Context) (V, error)) {
	defer f.cancel()
	select {
	case s.turn <- struct{}{}:
		f.value, f.err = guarded(ctx, compute)
		<-s.turn
	case <-ctx.Done():
		f.err = ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights[key] == f {
		delete(s.flights, key)
	}
	if f.err == nil {
		s.kept = slices.Insert(s.kept, 0, item[K, V]{key, f.value})
		s.kept = slices.Delete(s.kept, min(len(s.kept), s.most), len(s.kept))
	}
	close(f.done)
}

// guarded turns a panic into an error: it has left the goroutine of the request,
// where it would have been the trouble of one page and not of the process.
func guarded[V any](ctx context.Context, compute func(context.Context) (V, error)) (value V, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return compute(ctx)
}

// leave stops a computation that nobody waits for any more; who comes next
// begins anew.
func (s *shelf[K, V]) leave(key K, f *flight[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if s.flights[key] == f {
		delete(s.flights, key)
	}
}
