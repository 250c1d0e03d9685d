package main

import (
	"bufio"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/web"
)

type bundleCmd struct {
	Output     string `short:"o" name:"out" required:"" placeholder:"FILE" help:"${bundle_out}"`
	AsOfPeriod string `placeholder:"PERIOD" help:"${as_of_period}"`
	Catalogue  string `placeholder:"HASH"   help:"${catalogue}"`
	moment
}

// Run writes the file that /api/v1/bundle.zip sends.
func (c *bundleCmd) Run(e *env) error {
	var period indicator.Period
	if err := period.UnmarshalText([]byte(c.AsOfPeriod)); err != nil {
		return wrongFlag("--as-of-period", c.AsOfPeriod, "2024")
	}
	r, err := e.openToRead()
	if err != nil {
		return err
	}
	defer r.close()
	snap, err := c.snapshot(e, r)
	if err != nil {
		return err
	}
	catalog, err := r.catalogOf(e, snap, c.Catalogue)
	if err != nil {
		return err
	}
	b, err := web.NewBundle(e.ctx, snap, catalog, period, e.now())
	if err != nil {
		return err
	}
	if err := writeWhole(c.Output, func(w *bufio.Writer) error { return export.WriteBundle(w, b) }); err != nil {
		return err
	}
	e.say("%s 项评估结果及其全部依据已写入 %s", "%s verdicts, with all they rest on, are in %s",
		indicator.FormatNumber(float64(len(b.Assessments)), 0), c.Output)
	return nil
}
