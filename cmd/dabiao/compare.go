package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// twoMoments is a flag with two values: --compare 2024-06-01 2025-06-01.
type twoMoments struct{ from, to string }

// Decode takes both values from the command line; a missing one stays empty.
func (m *twoMoments) Decode(ctx *kong.DecodeContext) error {
	if err := ctx.Scan.PopValueInto("T1", &m.from); err != nil {
		return err
	}
	if !ctx.Scan.Peek().IsValue() {
		return nil
	}
	return ctx.Scan.PopValueInto("T2", &m.to)
}

// IsZero reports whether the flag was not given.
func (m twoMoments) IsZero() bool { return m == twoMoments{} }

// compare prints what changed between the two moments, and because of what.
func (c *assessCmd) compare(e *env) error {
	if c.AsOf != "" || c.Catalogue != "" || c.CSV || c.given() {
		return usageError{indicator.T("--compare 不能与 --as-of、--catalogue、--csv、--targets、--data 一起使用",
			"--compare goes without --as-of, --catalogue, --csv, --targets and --data")}
	}
	if c.Compare.to == "" {
		return usageError{indicator.T("--compare 要写两个时点，如 --compare 2024-06-01 2025-06-01",
			"--compare needs two moments, such as --compare 2024-06-01 2025-06-01")}
	}
	r, err := e.openToRead()
	if err != nil {
		return err
	}
	defer r.close()
	at, err := c.moments(e, r)
	if err != nil {
		return err
	}
	query := dashboard.Query{Targets: c.Target, Regions: c.Region, Now: e.now()}
	if err := query.AsOfPeriod.UnmarshalText([]byte(c.AsOfPeriod)); err != nil {
		return wrongFlag("--as-of-period", c.AsOfPeriod, "2024")
	}
	var list []assess.Change
	for _, query.Method = range c.methods() {
		changes, err := dashboard.Compare(e.ctx, at[0], at[1], query)
		var unknown *dashboard.UnknownError
		switch {
		case errors.As(err, &unknown):
			return r.unknown(unknown)
		case errors.Is(err, assess.ErrUnknownMethod):
			return c.wrongMethod()
		case err != nil:
			return err
		}
		list = append(list, changes...)
	}
	return printChanges(e, at[1].Catalog, list)
}

// moments are the readings and the targets as they stood at the two.
func (c *assessCmd) moments(e *env, r *rooms) (at [2]dashboard.Moment, err error) {
	for i, asked := range []string{c.Compare.from, c.Compare.to} {
		if _, err = indicator.ParseAsOf(asked); err != nil || asked == "" {
			return at, wrongFlag("--compare", asked, "2024-06-01")
		}
		if at[i].Snap, err = (moment{asked, c.Version}).snapshot(e, r); err != nil {
			return at, err
		}
		if at[i].Catalog, err = r.catalogOf(e, at[i].Snap, ""); err != nil {
			return at, err
		}
	}
	if !at[0].Snap.AsOf().Before(at[1].Snap.AsOf()) {
		return at, usageError{indicator.T("--compare 的两个时点应由早到晚", "--compare: the first moment must lie before the second")}
	}
	return at, nil
}

// printChanges lists the verdicts that changed; the others are counted.
func printChanges(e *env, catalog *indicator.Catalog, list []assess.Change) error {
	var changed []assess.Change
	for _, c := range list {
		if c.Changed() {
			changed = append(changed, c)
		}
	}
	if e.flags.JSON {
		items := make([]export.Change, len(changed))
		for i, c := range changed {
			items[i] = export.NewChange(c)
		}
		return json.NewEncoder(e.out).Encode(items)
	}
	for _, c := range changed {
		target, mark := c.To.Target, ""
		if target == nil {
			target = c.From.Target
		}
		if c.To.Method != assess.DefaultMethod {
			mark = "  " + c.To.Method
		}
		fmt.Fprintf(e.out, "%s → %s  %s  %s%s\n    %s\n", e.lookOf(c.Before), e.lookOf(c.After),
			regionName(catalog, c.To.Region).In(e.lang), visible(target.ID), visible(mark), visible(c.Explain().In(e.lang)))
	}
	e.say("比较了 %d 项评估，其中 %d 项有变化。", "Verdicts compared: %d; changed: %d.", len(list), len(changed))
	return nil
}

// lookOf is a verdict with its shape; a target that was not there has none.
func (e *env) lookOf(a assess.Assessment) string {
	if a.Status == "" {
		return indicator.T("（无）", "(none)").In(e.lang)
	}
	return assess.StatusLook(a.Status).Symbol + " " + e.verdict(a)
}
