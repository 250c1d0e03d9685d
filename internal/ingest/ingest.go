// Package ingest turns the bytes of a file into readings. It follows one rule:
// never guess silently, never drop, never invent. Every cell that holds data
// becomes a reading or a problem that names the cell and says what to do.
//
// The way of a file: bytes → encoding → container (a table of cells with their
// positions) → layout (a plan: which column is what) → rows → readings. A
// container reader makes a table, a layout makes a plan from a table's first
// rows; names, periods, units, numbers and marks are read in one place for all
// of them. A new container is a file of its own; all layouts come from one reading
// of headers, which says for each column what it is about.
//
// ingest stores nothing and knows no history: what only history can tell
// (jumps, revisions, missing regions) is checked after it.
package ingest

import (
	"context"
	"fmt"
	"io"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Options is how a file is read.
type Options struct {
	Catalog *indicator.Catalog // indexed; required
	Answers
	Limits
}

// Answers is what the person says about a file beside the file itself. What the
// file states and an answer contradicts is a problem; what neither says is asked.
// Several answers of one kind are written KEY=VALUE.
type Answers struct {
	Indicator string           `json:"indicator,omitempty"` // code, name or alias (--indicator)
	Unit      string           `json:"unit,omitempty"`      // unit of the values in the file (--unit)
	Region    string           `json:"region,omitempty"`    // code or name, for files without regions (--region)
	Year      string           `json:"year,omitempty"`      // a period in any form, for files without periods (--year)
	Sheet     string           `json:"sheet,omitempty"`     // name or number of the sheet to read, for files with several (--sheet)
	Layout    string           `json:"layout,omitempty"`    // one of Layouts, where a header can be read in several (--layout)
	Status    indicator.Status `json:"status,omitempty"`    // of readings whose status the file does not give; empty: A (--status)
	Marks     []string         `json:"marks,omitempty"`     // what signs without a value mean, such as …=O (--mark)
	Header    string           `json:"header,omitempty"`    // row or rows of the header, 4 or 4-5; 0: there is none (--header)
	Columns   []string         `json:"columns,omitempty"`   // what columns are, by letter or header, as a header might say it: C=value, D=rd_spend, E=ignored, F=亿元 (--column)
	Skip      []string         `json:"skip,omitempty"`      // rows below the header that hold no readings: 12, 20-22, 37- (--skip)
	Names     []string         `json:"names,omitempty"`     // what names of regions, indicators and units in the file stand for: 福健=350000 (--name)
}

// Limits bound what one file may cost. A zero field is its default.
type Limits struct {
	Bytes    int // of the file, default 50 MB
	Unpacked int // bytes, of a workbook's parts, default 1 GB
	Entries  int // parts of a workbook, default 1,000
	Cells    int // of the table, default 16 million
	Line     int // bytes of one line of text or one cell of a workbook, default 1 MiB
	Problems int // kept of one code, default 10,000; then one problem counts the rest
}

func (l Limits) withDefaults() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.Bytes, 50_000_000)
	set(&l.Unpacked, 1_000_000_000)
	set(&l.Entries, 1000)
	set(&l.Cells, 16_000_000)
	set(&l.Line, 1<<20)
	set(&l.Problems, 10_000)
	return l
}

// Result is everything a file gave. Problems stand in file order, those of the
// whole file first. A file whose problems hold an error must not be published.
type Result struct {
	Understood Understood
	Cells      []Cell // in file order; no two have one key
	Problems   []indicator.Problem
}

// Cell is a reading and where it came from. Value is in the indicator's own
// unit, Unit is the one the file or the option stated.
type Cell struct {
	indicator.Reading
	Cell string // B17, as a spreadsheet shows it; in JSON readings[3].value
	Unit string
}

// Understood is how the file was read, for a person to confirm.
type Understood struct {
	Encoding  string    `json:"encoding"`  // utf-8, utf-8-bom, gb18030, utf-16, that of a web page; empty where the container has its own
	Container string    `json:"container"` // csv, tsv, xlsx, xls, html, xml, json
	Sheet     string    `json:"sheet,omitempty"`
	Sheets    []string  `json:"sheets,omitempty"`      // all names, where the file has several
	Layout    string    `json:"layout"`                // one of Layouts, of the first block
	Indicator string    `json:"indicator"`             // code, where the whole file has one
	Region    string    `json:"region"`                // code, where the whole file has one
	Period    string    `json:"period"`                // where the whole file has one
	Unit      string    `json:"unit"`                  // where the whole file has one
	HeaderRow int       `json:"header_row"`            // from 1, 0: none
	Headers   int       `json:"header_rows,omitempty"` // how many rows the header has, where more than one
	Columns   []Column  `json:"columns"`
	Titles    []Line    `json:"titles"`           // lines above the header
	Headings  []Line    `json:"headings"`         // lines between the data that carry none
	Footnotes []Line    `json:"footnotes"`        // lines below the data
	Blocks    []Block   `json:"blocks,omitempty"` // where the table has several, each with a header of its own
	Marks     []Mark    `json:"marks,omitempty"`  // the signs without a value
	Defaults  []Default `json:"defaults"`         // what neither file nor person said
	Preview   []string  `json:"preview"`          // the first lines as decoded, shortened
}

// Block is a part of the table under a header of its own.
type Block struct {
	Layout    string   `json:"layout"`
	Indicator string   `json:"indicator"` // what the whole block has
	Region    string   `json:"region"`
	Period    string   `json:"period"`
	Unit      string   `json:"unit"`
	HeaderRow int      `json:"header_row"`
	Headers   int      `json:"header_rows,omitempty"`
	Columns   []Column `json:"columns"`
}

// Mark is a sign that stands for a missing value, and as what it was read.
type Mark struct {
	Mark   string           `json:"mark"`
	Status indicator.Status `json:"status"` // M, N or O
	Said   string           `json:"said"`   // who says so: person, word (不适用), default, or the cell of the file's note
}

// Column says what one column was taken for.
type Column struct {
	Column string `json:"column"` // A, B …
	Header string `json:"header"`
	Role   Role   `json:"role"`
	// Of the values below:
	Period    string `json:"period,omitempty"`
	Region    string `json:"region,omitempty"`
	Indicator string `json:"indicator,omitempty"`
	Unit      string `json:"unit,omitempty"`
}

// Line is a text line of the file that holds no reading.
type Line struct {
	Cell string `json:"cell"`
	Text string `json:"text"`
}

// Default is a value that was assumed.
type Default struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Parse reads one file. The name is a label: it is never opened, only looked at
// for what the file claims to be. The error is trouble with r or ctx, or a
// missing catalogue; whatever is wrong with the content is a problem in the result.
func Parse(ctx context.Context, r io.Reader, name string, o Options) (Result, error) {
	if o.Catalog == nil {
		return Result{}, fmt.Errorf("ingest %q: no catalogue given", name)
	}
	o.Limits = o.withDefaults()
	p := newParser(ctx, o)
	if err := p.parse(r, name); err != nil {
		return Result{}, fmt.Errorf("read %q: %w", name, err)
	}
	return p.result(), nil
}
