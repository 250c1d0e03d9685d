package main

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"os"
	"syscall"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

type exportCmd struct {
	Format    string   `default:"csv" enum:"csv,xlsx,sdmx" help:"${export_format}"`
	Labels    string   `default:"id" enum:"id,name,both" help:"${export_labels}"`
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
	if c.Format == "xlsx" && c.Output == "" && isTerminal(e.out) {
		return usageError{indicator.T("xlsx 不能显示在终端上。用 -o 文件名.xlsx 写入文件。",
			"A terminal cannot show xlsx. Write it to a file with -o NAME.xlsx.")}
	}
	r, err := e.openToRead()
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
		return c.format(w, e.lang, r.settings.Catalog, snap, export.Rows(rows))
	})
}

func (c *exportCmd) format(w io.Writer, lang indicator.Lang, catalog *indicator.Catalog, snap *snapshot.Snapshot, rows iter.Seq2[export.Row, error]) error {
	switch c.Format {
	case "xlsx":
		return export.WriteXLSX(w, catalog, rows, export.XLSXOptions{Lang: lang, Vintages: c.Vintages,
			AsOf: snap.AsOf(), Version: int64(snap.Version())})
	case "sdmx":
		return export.WriteSDMX(w, catalog, rows, export.SDMXOptions{Labels: export.Labels(c.Labels), Lang: lang,
			BOM: c.BOM, Vintages: c.Vintages})
	}
	return export.WriteCSV(w, catalog, rows, export.Options{BOM: c.BOM, Vintages: c.Vintages})
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

// write sends the export to the standard output, or to a file.
func (c *exportCmd) write(e *env, content func(*bufio.Writer) error) error {
	if c.Output == "" {
		w := bufio.NewWriter(e.out)
		return errors.Join(content(w), w.Flush())
	}
	return writeWhole(c.Output, content)
}

// writeWhole writes a file that appears under its name only when it is whole.
func writeWhole(path string, content func(*bufio.Writer) error) error {
	if isDirectory(path) {
		return cannotWrite(path, syscall.EISDIR)
	}
	file, err := os.Create(path + ".part")
	if err != nil {
		return cannotWrite(path, err)
	}
	w := bufio.NewWriter(file)
	if err := errors.Join(content(w), w.Flush(), file.Close()); err != nil {
		os.Remove(file.Name())
		return cannotWrite(path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		os.Remove(file.Name())
		return cannotWrite(path, err)
	}
	return nil
}
