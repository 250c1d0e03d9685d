package ingest

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
)

var update = flag.Bool("update", false, "write the expected results anew")

// testCatalog is a catalogue of the nation, all provinces, a few cities and
// counties with shared names, and an indicator of every kind of unit.
func testCatalog(tb testing.TB) *indicator.Catalog {
	tb.Helper()
	content, err := os.ReadFile("testdata/catalog.json")
	if err != nil {
		tb.Fatal(err)
	}
	var c indicator.Catalog
	if err := json.Unmarshal(content, &c); err != nil {
		tb.Fatal(err)
	}
	c.Index()
	return &c
}

// caseOptions is options.json of a case.
type caseOptions struct {
	Name   string `json:"name"` // claimed file name, default that of the input
	Limits Limits `json:"limits"`
	Answers
}

// caseReading is one reading in expected.json.
type caseReading struct {
	Cell      string           `json:"cell"`
	Indicator string           `json:"indicator"`
	Region    string           `json:"region"`
	Period    indicator.Period `json:"period"`
	Value     float64          `json:"value"`
	Status    indicator.Status `json:"status"`
	Unit      string           `json:"unit"` // as the file has it
}

type caseResult struct {
	Understood Understood          `json:"understood"`
	Readings   []caseReading       `json:"readings"`
	Problems   []indicator.Problem `json:"problems"`
}

func resultOfCase(r Result) caseResult {
	c := caseResult{Understood: r.Understood, Problems: r.Problems}
	for _, cell := range r.Cells {
		c.Readings = append(c.Readings, caseReading{
			cell.Cell, cell.Indicator, cell.Region, cell.Period, cell.Value, cell.Status, cell.Unit,
		})
	}
	return c
}

// readCase gives the input, its name and the options of a case directory.
func readCase(tb testing.TB, dir string) (content []byte, name string, o Options) {
	tb.Helper()
	inputs, err := filepath.Glob(filepath.Join(dir, "input.*"))
	if err != nil || len(inputs) != 1 {
		tb.Fatalf("%s: want one input file, have %v (%v)", dir, inputs, err)
	}
	content, err = os.ReadFile(inputs[0])
	if err != nil {
		tb.Fatal(err)
	}
	co := caseOptions{Name: filepath.Base(inputs[0])}
	raw, err := os.ReadFile(filepath.Join(dir, "options.json"))
	if err != nil {
		tb.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&co); err != nil {
		tb.Fatalf("%s/options.json: %v", dir, err)
	}
	return content, co.Name, Options{Catalog: testCatalog(tb), Answers: co.Answers, Limits: co.Limits}
}

func caseDirs(tb testing.TB) []string {
	tb.Helper()
	dirs, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(dirs) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	return dirs
}

func TestCases(t *testing.T) {
	t.Parallel()
	for _, dir := range caseDirs(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			content, name, o := readCase(t, dir)
			got, err := Parse(t.Context(), bytes.NewReader(content), name, o)
			if err != nil {
				t.Fatal(err)
			}
			checkEveryCell(t, content, o, got)
			path := filepath.Join(dir, "expected.json")
			var written bytes.Buffer
			encoder := json.NewEncoder(&written)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			if err := encoder.Encode(resultOfCase(got)); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(written.String(), "%!") {
				t.Errorf("a message was written with the wrong arguments: %s", written.String())
			}
			if *update {
				if err := os.WriteFile(path, written.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(written.String(), "\n")); diff != "" {
				t.Errorf("result differs (-want +got):\n%s", diff)
			}
		})
	}
}

// checkEveryCell holds a result against the rule of the package: each value
// cell below the header that is not empty is a reading or has a problem, at the
// cell, in its row or for the whole file, or stands in a line kept as text; and
// every reading is valid and of a key of its own.
func checkEveryCell(t *testing.T, content []byte, o Options, r Result) {
	t.Helper()
	settled, lines, end := map[string]bool{}, map[int]bool{}, math.MaxInt
	keys := map[indicator.Key]bool{}
	for _, c := range r.Cells {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.Cell, err)
		}
		if keys[c.Key()] || settled[c.Cell] {
			t.Errorf("%s: a second reading of %v, or of the cell", c.Cell, c.Key())
		}
		keys[c.Key()], settled[c.Cell] = true, true
	}
	for _, p := range r.Problems {
		if p.Message.ZH == "" || p.Message.EN == "" || p.Code == "" || p.Severity == "" {
			t.Errorf("problem without a text: %+v", p)
		}
		if p.Cell == "" && p.Severity == indicator.SeverityError {
			return
		}
		settled[p.Cell] = true
		if p.Severity == indicator.SeverityError ||
			slices.Contains([]string{codeTotal, codeRegionGroup, codeNotCollected, codeRowIgnored, codeSectionUnread}, p.Code) {
			lines[placeOf(p.Cell).row] = true
		}
		if p.Severity == indicator.SeverityError {
			switch p.Code {
			case codeTooManyCells, codeLineTooLong, codeUnclosedQuote: // says that the rest is not read
				end = placeOf(p.Cell).row
			}
			if row := placeOf(p.Cell).row; row <= r.Understood.HeaderRow || isHeaderRow(r.Understood, row) || p.Code == codeBadHeader {
				return // a title or the header itself: said once for all below
			}
		}
	}
	for _, l := range slices.Concat(r.Understood.Headings, r.Understood.Footnotes, r.Understood.Titles) {
		lines[placeOf(l.Cell).row] = true
	}
	if r.Understood.Container == "json" { // see TestEveryReadingInJSON
		return
	}
	if len(r.Understood.Columns) == 0 && indicator.HasErrors(r.Problems) {
		return
	}
	if len(r.Understood.Columns) == 0 {
		t.Error("nothing understood and no error")
		return
	}
	o.Limits = Limits{}.withDefaults()
	opened, err := newParser(t.Context(), o).open(content, "")
	if err != nil || opened.table == nil {
		t.Fatalf("no table the second time: %v", err)
	}
	for row, f := range opened.table.rows(t.Context()) {
		if f != nil || row.number >= end {
			return
		}
		if row.number <= r.Understood.HeaderRow || lines[row.number] || isHeaderRow(r.Understood, row.number) {
			continue
		}
		for _, column := range columnsAt(r.Understood, row.number) {
			at := place{row.number, placeOf(column.Column + "1").col}
			if column.Role == RoleValue && !isBlank(row.at(at.col)) && !settled[at.address()] {
				t.Errorf("%s: %q is neither a reading nor a problem", at.address(), row.at(at.col))
			}
		}
	}
}

// isHeaderRow reports a row of the header of any block.
func isHeaderRow(u Understood, row int) bool {
	for _, b := range append(u.Blocks, Block{HeaderRow: u.HeaderRow, Headers: u.Headers}) {
		if row >= b.HeaderRow && row < b.HeaderRow+max(b.Headers, 1) {
			return true
		}
	}
	return false
}

// columnsAt are those of the block that a row belongs to.
func columnsAt(u Understood, row int) []Column {
	columns := u.Columns
	for _, b := range u.Blocks {
		if row > b.HeaderRow {
			columns = b.Columns
		}
	}
	return columns
}
