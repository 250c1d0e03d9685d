package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

type exportCmd struct {
	Format    string   `default:"csv" enum:"csv"     help:"${export_format}"`
	Output    string   `short:"o" placeholder:"FILE" help:"${export_output}"`
	Indicator []string `placeholder:"CODE"           help:"${indicators}"`
	Region    []string `placeholder:"CODE"           help:"${regions}"`
	From      string   `placeholder:"PERIOD"         help:"${from}"`
	To        string   `placeholder:"PERIOD"         help:"${to}"`
	Vintages  bool     `help:"${vintages}"`
	BOM       bool     `name:"bom" help:"${bom}"`
	moment
}

// Run writes the published readings.
func (c *exportCmd) Run(e *env) error {
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	selection, err := c.selection(r.settings.Catalog)
	if err != nil {
		return err
	}
	snap, err := c.snapshot(e, r)
	if err != nil {
		return err
	}
	if err := snap.Load(e.ctx, selection); err != nil { // before anything is written
		return err
	}
	rows := snap.Readings(e.ctx, selection)
	if c.Vintages {
		rows = snap.Vintages(e.ctx, selection)
	}
	return c.write(e, func(w *bufio.Writer) error {
		return export.WriteCSV(w, r.settings.Catalog, export.Rows(rows), export.Options{BOM: c.BOM, Vintages: c.Vintages})
	})
}

func (c *exportCmd) selection(catalog *indicator.Catalog) (snapshot.Selection, error) {
	sel := snapshot.Selection{Indicators: c.Indicator, Regions: c.Region}
	if err := sel.From.UnmarshalText([]byte(c.From)); err != nil {
		return sel, wrongFlag("--from", c.From, "2011")
	}
	if err := sel.To.UnmarshalText([]byte(c.To)); err != nil {
		return sel, wrongFlag("--to", c.To, "2024")
	}
	for _, code := range c.Indicator {
		if catalog.Indicator(code) == nil {
			return sel, unknown(catalog, &dashboard.UnknownError{Parameter: "indicator", Value: code})
		}
	}
	for _, code := range c.Region {
		if catalog.Region(code) == nil {
			return sel, unknown(catalog, &dashboard.UnknownError{Parameter: "region", Value: code})
		}
	}
	return sel, nil
}

// write sends the export to the standard output, or to a file that appears
// under its name only when it is whole.
func (c *exportCmd) write(e *env, content func(*bufio.Writer) error) error {
	if c.Output == "" {
		w := bufio.NewWriter(e.out)
		return errors.Join(content(w), w.Flush())
	}
	file, err := os.Create(c.Output + ".part")
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	w := bufio.NewWriter(file)
	if err := errors.Join(content(w), w.Flush(), file.Close()); err != nil {
		os.Remove(file.Name())
		return fmt.Errorf("write the export: %w", err)
	}
	return os.Rename(file.Name(), c.Output)
}
