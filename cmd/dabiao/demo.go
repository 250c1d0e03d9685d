package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/demo"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/settings"
)

const (
	demoDataDir  = "data/demo"
	demoPassword = "dabiao-demo"
	demoMark     = demo.User // the account, which nobody can use, that tells a demonstration's directory
)

type demoCmd struct {
	RealOnly bool   `help:"${real_only}"`
	Now      string `placeholder:"DATE" help:"${demo_now}"`
}

// Run loads the sample on the first start and serves it. Everybody may read, a
// second person publishes, and there is one account per role.
func (c *demoCmd) Run(e *env) error {
	if e.flags.DataDir == "" {
		e.flags.DataDir = demoDataDir
	}
	if c.Now != "" {
		day, err := time.ParseInLocation(time.DateOnly, c.Now, indicator.Shanghai)
		if err != nil {
			return wrongFlag("--now", c.Now, "2026-11-23")
		}
		noon := day.Add(12 * time.Hour)
		e.now = func() time.Time { return noon }
	}
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	r.settings.Public, r.settings.Review, r.uploads.Review = true, true, true
	r.settings.Role = settings.Primary
	if err := c.prepare(e, r); err != nil {
		return err
	}
	return e.serve(r, func(address string) { printWelcome(e, address) })
}

// prepare fills an empty data directory and an empty ledger, and refuses those
// that hold other data. Where the ledger of a demonstration cannot be reached,
// what it lacks is loaded at the next start.
func (c *demoCmd) prepare(e *env, r *rooms) error {
	isDemo, err := refuseRealData(e, r)
	if err == nil {
		err = refuseRealLedger(e, r)
	}
	switch {
	case isDemo && errors.Is(err, ledger.ErrUnavailable):
		return nil
	case err != nil:
		return err
	}
	if err := addDemoAccounts(e, r); err != nil {
		return err
	}
	return demo.Load(e.ctx, r.uploads, c.RealOnly, func(done, total int) {
		fmt.Fprintf(e.err, indicator.T("载入样本 %d/%d\n", "loading the sample %d/%d\n").In(e.lang), done, total)
	})
}

// refuseRealData: accounts whose password is public have no place beside real
// ones. A directory is a demonstration's when it holds the first demo account,
// and may become one while it holds none.
func refuseRealData(e *env, r *rooms) (isDemo bool, err error) {
	users, err := r.store.Users(e.ctx)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(users, func(u account.User) bool { return u.Name == demoMark }) {
		return true, nil
	}
	if len(users) == 0 {
		return false, nil
	}
	return false, inputError{indicator.T(
		"数据目录 "+e.dataDir()+" 里已有别的数据，演示不会写入。请换一个目录：--data-dir DIR。",
		"The data directory "+e.dataDir()+" holds other data, and the demonstration leaves it alone. Choose another: --data-dir DIR.")}
}

// refuseRealLedger: made-up figures have no place beside real ones. A ledger is
// a demonstration's when it is empty or holds something of the sample.
func refuseRealLedger(e *env, r *rooms) error {
	history, err := r.ledger.History(e.ctx)
	if err != nil {
		return err
	}
	ofSample := func(p ledger.Publication) bool { return p.Uploader == demo.User }
	if len(history.Publications) == 0 || slices.ContainsFunc(history.Publications, ofSample) {
		return nil
	}
	return inputError{indicator.T(
		"账本里已有别的数据，演示不会写入。请换一个数据目录（--data-dir DIR）；用 InfluxDB 时请换一个存储桶。",
		"The ledger holds other data, and the demonstration leaves it alone. Choose another directory (--data-dir DIR), or with InfluxDB another bucket.")}
}

func addDemoAccounts(e *env, r *rooms) error {
	if _, err := r.store.User(e.ctx, demoMark); errors.Is(err, account.ErrNoUser) {
		mark := account.User{Name: demoMark, Role: account.Viewer, Disabled: true, Created: e.now()}
		if err := r.store.AddUser(e.ctx, mark); err != nil {
			return err
		}
	}
	// One hash will do, of a password that everybody knows; it takes long to make.
	demoHash := sync.OnceValues(func() (string, error) { return account.HashPassword(demoPassword) })
	for _, role := range account.Roles {
		if _, err := r.store.User(e.ctx, string(role)); !errors.Is(err, account.ErrNoUser) {
			if err != nil {
				return err
			}
			continue
		}
		hash, err := demoHash()
		if err != nil {
			return err
		}
		user := account.User{Name: string(role), Role: role, PasswordHash: hash, Created: e.now()}
		if err := r.store.AddUser(e.ctx, user); err != nil {
			return err
		}
	}
	return nil
}

func printWelcome(e *env, address string) {
	e.say("\n达标演示：%s\n数据目录：%s\n\n演示账户（密码都是 %s）：", "\nDabiao demonstration: %s\nData directory: %s\n\nDemo accounts (the password is always %s):",
		address, e.dataDir(), demoPassword)
	for _, role := range account.Roles {
		fmt.Fprintf(e.out, "  %-13s %s\n", role, role.Name().In(e.lang))
	}
	if host, _, err := net.SplitHostPort(e.flags.Addr); err == nil && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		e.say("\n注意：%s 可从其他机器访问，而演示账户的密码是公开的。", "\nMind: %s can be reached from other machines, and the demo passwords are public.", e.flags.Addr)
	}
	e.say("\n按 Ctrl+C 停止。", "\nCtrl+C stops it.")
}
