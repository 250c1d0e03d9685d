package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The answer to repeated failures: after freeFailures the next attempt has to
// wait a second, then twice as long each time, up to maxWait, which is the
// lock-out. A name is forgotten forgetAfter its last failure.
const (
	freeFailures = 4
	maxWait      = 15 * time.Minute
	forgetAfter  = 24 * time.Hour
	maxNames     = 10_000 // names remembered: what an attacker can make us keep
)

// ErrCredentials is the one answer to a wrong password, an unknown name, a
// disabled account and an account without a password.
var ErrCredentials = &Fault{indicator.T("用户名或密码不正确。", "The user name or the password is wrong.")}

// WaitError says that there were too many failures for this name, whether or
// not an account has it.
type WaitError struct{ Wait time.Duration }

func (e *WaitError) Error() string { return e.Text().EN }

// Text is the answer in both languages.
func (e *WaitError) Text() indicator.Text {
	seconds := int((e.Wait + time.Second - 1) / time.Second)
	return indicator.T(
		fmt.Sprintf("登录失败次数过多，请在 %d 秒后重试。", seconds),
		fmt.Sprintf("Too many failed attempts. Try again in %d seconds.", seconds))
}

// Login checks passwords. It remembers failures in memory: one server process
// answers all logins, and a restart is not in an attacker's hands.
type Login struct {
	users    Users
	now      func() time.Time
	decoy    string        // see decoy
	hashing  chan struct{} // bounds how many hashes, of 46 MiB each, are computed at once
	mu       sync.Mutex
	failures map[string]failure
}

type failure struct {
	count int
	last  time.Time
}

// decoy is the hash checked where there is no account, so that the work is the
// same. It is made once: it costs as much as a login.
var decoy = sync.OnceValues(func() (string, error) { return HashPassword("nobody has this password") })

// NewLogin builds a Login over the accounts.
func NewLogin(users Users, now func() time.Time) (*Login, error) {
	hash, err := decoy()
	if err != nil {
		return nil, err
	}
	return &Login{users: users, now: now, decoy: hash,
		hashing: make(chan struct{}, 2), failures: map[string]failure{}}, nil
}

// Check is the user of that name and password. It answers ErrCredentials, a
// *WaitError, or trouble of the store, which says nothing about the password.
func (l *Login) Check(ctx context.Context, name, password string) (User, error) {
	if canonical, err := CanonicalName(name); err == nil {
		name = canonical
	} else {
		name = "" // no account has it; all such attempts share one count
	}
	// The attempt counts as failed before it is looked at, so that attempts made
	// at the same moment do not all pass the same gate.
	if wait := l.count(name); wait > 0 {
		return User{}, &WaitError{wait}
	}
	user, err := l.users.User(ctx, name)
	if err != nil && !errors.Is(err, ErrNoUser) {
		l.forget(name)
		return User{}, fmt.Errorf("look up the account: %w", err)
	}
	hash := user.PasswordHash
	if hash == "" {
		hash = l.decoy
	}
	matches, err := l.compare(ctx, hash, password)
	if err != nil {
		return User{}, err
	}
	if !matches || user.PasswordHash == "" || user.Disabled {
		return User{}, ErrCredentials
	}
	l.forget(name)
	return user, nil
}

func (l *Login) compare(ctx context.Context, hash, password string) (bool, error) {
	select {
	case l.hashing <- struct{}{}:
		defer func() { <-l.hashing }()
		return CheckPassword(hash, password)
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// count notes an attempt, or says how long to wait before the next one.
func (l *Login) count(name string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	f := l.failures[name]
	if now.Sub(f.last) > forgetAfter {
		f = failure{}
	}
	if wait := f.last.Add(f.delay()).Sub(now); wait > 0 {
		return min(wait, maxWait)
	}
	if len(l.failures) >= maxNames {
		l.makeRoom(now)
	}
	l.failures[name] = failure{f.count + 1, now}
	return 0
}

// delay is how long after the last failure the next attempt may be made.
func (f failure) delay() time.Duration {
	over := f.count - freeFailures
	if over <= 0 {
		return 0
	}
	return min(time.Second<<min(over-1, 20), maxWait)
}

// makeRoom drops the names that need not wait any more, and where all of them
// do, the one that failed longest ago.
func (l *Login) makeRoom(now time.Time) {
	var oldest string
	for name, f := range l.failures {
		if !f.last.Add(f.delay()).After(now) {
			delete(l.failures, name)
		} else if o, ok := l.failures[oldest]; !ok || f.last.Before(o.last) {
			oldest = name
		}
	}
	if len(l.failures) >= maxNames {
		delete(l.failures, oldest)
	}
}

func (l *Login) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, name)
}
