package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// directory gives the embedded interface another name than its method.
type directory = Users

// users is a Users in memory, of which login needs the look-up only.
type users struct {
	directory
	list map[string]User
	err  error
}

func (u users) User(_ context.Context, name string) (User, error) {
	if u.err != nil {
		return User{}, u.err
	}
	user, ok := u.list[name]
	if !ok {
		return User{}, ErrNoUser
	}
	return user, nil
}

// quick is the hash of “password” at a cost that keeps tests quick.
const quick = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$ZVrRXqxlLcWfcXCnMyv0m4Rpvh/bnCi7"

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newLogin(t *testing.T) (*Login, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)}
	l, err := NewLogin(users{list: map[string]User{
		"wang":   {Name: "wang", Role: Reviewer, PasswordHash: quick},
		"left":   {Name: "left", Role: Admin, PasswordHash: quick, Disabled: true},
		"script": {Name: "script", Role: Admin},
		"broken": {Name: "broken", PasswordHash: "$5$nonsense"},
	}}, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	l.decoy = quick
	return l, c
}

func TestLogin(t *testing.T) {
	t.Parallel()
	l, _ := newLogin(t)
	for _, name := range []string{"wang", " WANG "} {
		if u, err := l.Check(t.Context(), name, "password"); err != nil || u.Name != "wang" {
			t.Errorf("%q: %+v, %v", name, u, err)
		}
	}
	for _, c := range [][2]string{
		{"wang", "wrong"}, {"nobody", "password"}, {"left", "password"}, {"script", "password"}, {"script", ""}, {"../x", "password"},
	} {
		u, err := l.Check(t.Context(), c[0], c[1])
		if !errors.Is(err, ErrCredentials) || u.Name != "" {
			t.Errorf("%v: %+v, %v, want the one answer", c, u, err)
		}
	}
	if _, err := l.Check(t.Context(), "broken", "password"); err == nil || errors.Is(err, ErrCredentials) {
		t.Errorf("a broken hash: %v", err)
	}
}

// TestLockOut goes through the whole ladder, for a name with an account and
// for one without: the answers must be the same.
func TestLockOut(t *testing.T) {
	t.Parallel()
	waits := []int{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}
	for _, name := range []string{"wang", "nobody"} {
		l, now := newLogin(t)
		for i, seconds := range waits {
			wait := time.Duration(seconds) * time.Second
			if wait > 0 {
				var locked *WaitError
				if _, err := l.Check(t.Context(), name, "password"); !errors.As(err, &locked) || locked.Wait != wait {
					t.Fatalf("%s, attempt %d at once: %v, want a wait of %v", name, i, err, wait)
				}
				now.Add(wait - time.Millisecond)
				if _, err := l.Check(t.Context(), name, "password"); !errors.As(err, &locked) || locked.Wait != time.Millisecond {
					t.Fatalf("%s, attempt %d too early: %v", name, i, err)
				}
				now.Add(time.Millisecond)
			}
			if _, err := l.Check(t.Context(), name, "wrong"); !errors.Is(err, ErrCredentials) {
				t.Fatalf("%s, attempt %d after %v: %v", name, i, wait, err)
			}
		}
		now.Add(maxWait)
		if _, err := l.Check(t.Context(), "wang", "password"); err != nil {
			t.Errorf("after the lock-out: %v", err)
		}
		if name == "wang" && l.count("wang") != 0 {
			t.Error("a success did not clear the failures")
		}
	}
}

func TestFailuresAreForgotten(t *testing.T) {
	t.Parallel()
	l, now := newLogin(t)
	for range freeFailures + 1 {
		l.count("wang")
	}
	now.Add(forgetAfter + time.Second)
	for i := range freeFailures + 1 {
		if wait := l.count("wang"); wait != 0 {
			t.Errorf("attempt %d of the next day waits %v", i, wait)
		}
	}
	if l.count("wang") == 0 {
		t.Error("the new failures were not counted")
	}
}

// TestParallelGuesses: guesses made at one moment get no more than the free ones through.
func TestParallelGuesses(t *testing.T) {
	t.Parallel()
	l, _ := newLogin(t)
	var through atomic.Int32
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			if _, err := l.Check(t.Context(), "wang", "wrong"); errors.Is(err, ErrCredentials) {
				through.Add(1)
			}
		})
	}
	group.Wait()
	if got := through.Load(); got != freeFailures+1 {
		t.Errorf("%d guesses got through, want %d", got, freeFailures+1)
	}
}

func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	l, now := newLogin(t)
	l.failures["wang"] = failure{freeFailures + 4, now.Now()}
	for i := range maxNames + 500 {
		l.count(fmt.Sprint("guess", i))
	}
	if len(l.failures) > maxNames {
		t.Errorf("%d names are remembered, want at most %d", len(l.failures), maxNames)
	}
	if l.count("wang") == 0 {
		t.Error("a flood of names made a locked one forgotten")
	}
	for i := range maxNames + 500 {
		l.failures[fmt.Sprint("locked", i)] = failure{freeFailures + 4, now.Now().Add(time.Duration(i) * time.Millisecond)}
		if len(l.failures) >= maxNames {
			l.makeRoom(now.Now())
		}
	}
	if len(l.failures) >= maxNames {
		t.Errorf("%d names are remembered when all are locked", len(l.failures))
	}
}

func TestStoreTroubleIsNoFailure(t *testing.T) {
	t.Parallel()
	l, _ := newLogin(t)
	trouble := errors.New("disk")
	l.users = users{err: trouble}
	for range 3 * freeFailures {
		if _, err := l.Check(t.Context(), "wang", "password"); !errors.Is(err, trouble) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestHashingWaits(t *testing.T) {
	t.Parallel()
	l, _ := newLogin(t)
	for range cap(l.hashing) {
		l.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Check(ctx, "wang", "password"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the caller's own leaving", err)
	}
}

func TestWaitText(t *testing.T) {
	t.Parallel()
	got := (&WaitError{1500 * time.Millisecond}).Text()
	if got.ZH != "登录失败次数过多，请在 2 秒后重试。" || got.EN != "Too many failed attempts. Try again in 2 seconds." {
		t.Errorf("%+v", got)
	}
}
