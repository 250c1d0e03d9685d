package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/settings"
)

type hashCmd struct {
	URL string `arg:"" optional:"" name:"url" help:"${hash_url}"`
	key
}

// Run prints the hash of a ledger and what it counts.
func (c *hashCmd) Run(e *env) error {
	l, err := c.open(e)
	if err != nil {
		return err
	}
	defer l.Close()
	progress := newBar(e)
	digest, err := ledger.Hash(e.ctx, l, progress.tell)
	progress.end()
	if err != nil {
		return err
	}
	if e.flags.JSON {
		err = json.NewEncoder(e.out).Encode(digest)
	} else {
		e.printDigest("", digest)
	}
	if err != nil || len(digest.Damage) == 0 {
		return err
	}
	e.printDamage(digest.Damage)
	return inputError{indicator.T(
		fmt.Sprintf("账本有 %d 处数据不符。补回：dabiao check --repair。", len(digest.Damage)),
		fmt.Sprintf("The ledger does not add up in %s. To give the readings back: dabiao check --repair.", indicator.Plural(len(digest.Damage), "place", "places")))}
}

func (c *hashCmd) open(e *env) (ledger.Ledger, error) {
	if c.URL != "" {
		at, err := parsePlace(c.URL)
		if err != nil {
			return nil, err
		}
		return at.open(e, c.key, false)
	}
	s, err := e.loadOrRefuse()
	if err != nil {
		return nil, err
	}
	if err := e.needData(s); err != nil {
		return nil, err
	}
	l, _, err := e.openLedger(s, e.dataDir(), false)
	return l, err
}

// needData refuses a data directory without a ledger of its own, for commands
// that only look.
func (e *env) needData(s *settings.Settings) error {
	if s.Ledger != settings.SQLite {
		return nil
	}
	if _, err := os.Stat(filepath.Join(e.dataDir(), ledgerFile)); errors.Is(err, fs.ErrNotExist) {
		return inputError{indicator.T(
			"数据目录 "+e.dataDir()+" 里没有账本。请用 --data-dir DIR 指定。",
			"There is no ledger in the data directory "+e.dataDir()+". Name another one: --data-dir DIR.")}
	}
	return nil
}

// printDigest prints the hash on a line of its own, so that it can be cut out
// and compared, and below it what it counts.
func (e *env) printDigest(indent string, d ledger.Digest) {
	fmt.Fprintln(e.out, indent+d.Hash)
	e.say("%[1]s%[2]s 个批次，%[3]s 条数据（全部数据版本）", "%[1]s%[4]s, %[5]s in all vintages", indent, grouped(d.Uploads), grouped(d.Readings),
		indicator.Plural(d.Uploads, "upload", "uploads"), readingsEN(d.Readings))
	if d.Version > 0 {
		e.say("%s账本版本 %d（%s）", "%sversion %d (%s)", indent, d.Version, d.Version.Time().In(indicator.Shanghai).Format(time.DateTime))
	}
}

func (e *env) printDamage(damage []ledger.DamageError) {
	for _, d := range damage {
		fmt.Fprintln(e.err, d.What().In(e.lang))
	}
}
