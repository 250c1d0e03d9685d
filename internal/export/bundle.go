package export

import (
	"archive/zip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Bundle is what somebody else needs to find every verdict again: all vintages,
// the targets, the verdicts, and what the verdicts were asked for.
type Bundle struct {
	Catalog    *indicator.Catalog
	AsOf       time.Time        // zero: no limit
	Day        time.Time        // of the verdicts: the as of, or today where there is none
	AsOfPeriod indicator.Period // zero: none
	Version    int64            // of the ledger
	Readings   iter.Seq2[Row, error]
	// Assessments are those of every method for every target that is not superseded.
	Assessments []assess.Assessment
}

// The scripts that replay a bundle, and what stands beside them in it.
//
//go:embed bundle
var bundleFiles embed.FS

// WriteBundle writes a bundle as zip: CSV files and their description as a Data
// Package (datapackage.org, version 2), a README in two languages, and scripts in
// Python and R that replay the verdicts. Readings must come as WriteCSV wants
// vintages, and go out as they come. The same bundle gives the same bytes.
func WriteBundle(w io.Writer, b Bundle) error {
	z := bundleWriter{zip: zip.NewWriter(w)}
	if err := z.copyFiles(); err != nil {
		return err
	}
	uploads := &bundleUploads{byID: map[string]*bundleUpload{}}
	tables := []func() error{
		func() error {
			return writeTable(&z, readingsTable(b.Catalog), uploads.through(inOrder(b.Readings, true)))
		},
		func() error { return writeTable(&z, uploadsTable(), uploads.all()) },
		func() error { return writeTable(&z, indicatorsTable(), rowsOf(b.Catalog.Indicators)) },
		func() error { return writeTable(&z, regionsTable(), rowsOf(b.Catalog.Regions)) },
		func() error { return writeTable(&z, documentsTable(), rowsOf(b.Catalog.Documents)) },
		func() error { return writeTable(&z, targetsTable(), rowsOf(b.Catalog.Targets)) },
		func() error { return writeTable(&z, assessmentsTable(), rowsOf(b.Assessments)) },
		func() error { return writeTable(&z, parametersTable(), rowsOf(b.parameters())) },
	}
	for _, write := range tables {
		if err := write(); err != nil {
			return err
		}
	}
	if err := z.describe(b, uploads); err != nil {
		return err
	}
	return z.zip.Close()
}

// bundleWriter remembers of every table what the description says of it.
type bundleWriter struct {
	zip       *zip.Writer
	resources []resource
}

// create begins a file. It has no time, so that the bytes depend on the content alone.
func (z *bundleWriter) create(name string) (io.Writer, error) {
	return z.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
}

func (z *bundleWriter) copyFiles() error {
	entries, err := bundleFiles.ReadDir("bundle")
	if err != nil {
		return err
	}
	for _, e := range entries {
		content, err := bundleFiles.ReadFile("bundle/" + e.Name())
		if err != nil {
			return err
		}
		w, err := z.create(e.Name())
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
	}
	return nil
}

// describe writes datapackage.json, which comes last: it has the size and the
// hash of every table.
func (z *bundleWriter) describe(b Bundle, uploads *bundleUploads) error {
	w, err := z.create("datapackage.json")
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(newDataPackage(b, z.resources, uploads))
}

// measured counts and hashes what is written.
type measured struct {
	w     io.Writer
	hash  hash.Hash
	bytes int64
}

func (m *measured) Write(b []byte) (int, error) {
	n, err := m.w.Write(b)
	m.hash.Write(b[:n])
	m.bytes += int64(n)
	return n, err
}

func newMeasured(w io.Writer) *measured { return &measured{w: w, hash: sha256.New()} }

func (m *measured) sum() string { return "sha256:" + hex.EncodeToString(m.hash.Sum(nil)) }

// parameter is one line of what the verdicts were asked for.
type parameter struct{ name, value string }

func (b Bundle) parameters() []parameter {
	return []parameter{
		{"as_of", bundleMoment(b.AsOf)},
		{"day", b.day()},
		{"as_of_period", b.AsOfPeriod.String()},
		{"version", wholeCell(b.Version)},
		{"catalogue", b.Catalog.Hash()},
		{"methods", strings.Join(methodIDs(), " ")},
	}
}

func (b Bundle) day() string { return b.Day.In(indicator.Shanghai).Format(time.DateOnly) }

func methodIDs() []string {
	var ids []string
	for _, m := range assess.Methods() {
		ids = append(ids, m.ID())
	}
	return ids
}
