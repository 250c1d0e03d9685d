package main

import (
	"errors"
	"fmt"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
)

// moment is what every command that reads figures can be asked for.
type moment struct {
	AsOf    string `placeholder:"DATE" help:"${as_of}"`
	Version string `name:"ledger-version" placeholder:"N" help:"${ledger_version}"`
}

// snapshot is the readings as they were at the moment.
func (m moment) snapshot(e *env, r *rooms) (*snapshot.Snapshot, error) {
	asOf, err := indicator.ParseAsOf(m.AsOf)
	if err != nil {
		return nil, wrongFlag("--as-of", m.AsOf, "2024-12-31")
	}
	version, err := parseVersion(m.Version)
	if err != nil {
		return nil, err
	}
	snap, err := r.snapshots.At(e.ctx, asOf, version)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, inputError{indicator.T(
			"账本还没有版本 "+m.Version+"。", "The ledger has no version "+m.Version+" yet.")}
	}
	return snap, err
}

type assessCmd struct {
	Target     []string   `placeholder:"ID"     help:"${targets}"`
	Region     []string   `placeholder:"CODE"   help:"${regions}"`
	Method     string     `default:"pace"       help:"${method}"`
	AsOfPeriod string     `placeholder:"PERIOD" help:"${as_of_period}"`
	Catalogue  string     `placeholder:"HASH"   help:"${catalogue}"`
	CSV        bool       `name:"csv"           help:"${assess_csv}"`
	Compare    twoMoments `placeholder:"T1 T2"  help:"${assess_compare}"`
	ownFiles
	moment
}

// Run prints a verdict for every target in every region it is shown to.
func (c *assessCmd) Run(e *env) error {
	if c.CSV && e.flags.JSON {
		return usageError{indicator.T("--json 和 --csv 只能用一个", "use one of --json and --csv")}
	}
	if !c.Compare.IsZero() {
		return c.compare(e)
	}
	if c.given() {
		list, err := c.assessFiles(e)
		if err != nil {
			return err
		}
		return c.print(e, list, func(region string) string { return region })
	}
	r, err := e.openToRead()
	if err != nil {
		return err
	}
	defer r.close()
	query := dashboard.Query{Targets: c.Target, Regions: c.Region, Now: e.now()}
	if err := query.AsOfPeriod.UnmarshalText([]byte(c.AsOfPeriod)); err != nil {
		return wrongFlag("--as-of-period", c.AsOfPeriod, "2024")
	}
	snap, err := c.snapshot(e, r)
	if err != nil {
		return err
	}
	catalog, err := r.catalogOf(e, snap, c.Catalogue)
	if err != nil {
		return err
	}
	list, err := dashboard.AssessBy(e.ctx, snap, catalog, c.methods(), query)
	var unknown *dashboard.UnknownError
	switch {
	case errors.As(err, &unknown):
		return r.unknown(unknown)
	case errors.Is(err, assess.ErrUnknownMethod):
		return c.wrongMethod()
	case err != nil:
		return err
	}
	return c.print(e, list, func(region string) string { return regionName(catalog, region).In(e.lang) })
}

// catalogOf is the catalogue with the hash asked for, else that of the as of.
func (r *rooms) catalogOf(e *env, snap *snapshot.Snapshot, hash string) (*indicator.Catalog, error) {
	if hash != "" {
		catalog, found, err := r.catalogues.ByHash(e.ctx, hash)
		if err == nil && !found {
			err = inputError{indicator.T(
				"没有保存过目录“"+hash+"”。",
				"No catalogue "+hash+" was ever in force here.")}
		}
		return catalog, err
	}
	if snap.AsOf().IsZero() {
		return r.settings.Catalog, nil
	}
	catalog, err := r.catalogues.At(e.ctx, snap.AsOf())
	if errors.Is(err, store.ErrNoCatalog) {
		return r.settings.Catalog, nil
	}
	return catalog, err
}

// regionName is empty for a statement that belongs to no region.
func regionName(catalog *indicator.Catalog, code string) indicator.Text {
	if r := catalog.Region(code); r != nil {
		return r.Short
	}
	return indicator.Text{}
}

func wrongFlag(flag, value, example string) error {
	return usageError{indicator.T(
		fmt.Sprintf("%s 的值“%s”无法识别，请写成 %s 的形式", flag, value, example),
		fmt.Sprintf("%s: cannot read %q, write it like %s", flag, value, example))}
}
