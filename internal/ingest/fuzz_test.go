package ingest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/dabiao/dabiao/internal/indicator"
)

// FuzzParse: no input makes the parser panic, take more than its limits, lose a
// cell or make an invalid reading.
func FuzzParse(f *testing.F) {
	for _, dir := range caseDirs(f) {
		content, name, o := readCase(f, dir)
		if len(content) > 8<<10 {
			continue // the fuzzer works best on small inputs
		}
		f.Add(content, name, o.Indicator, o.Unit, string(o.Status), o.Header, strings.Join(o.Columns, "|"), strings.Join(o.Skip, "|"), strings.Join(o.Names, "|"))
	}
	catalog := testCatalog(f)
	limits := Limits{Bytes: 1 << 16, Cells: 1 << 12, Line: 1 << 12, Problems: 1 << 14}
	f.Fuzz(func(t *testing.T, content []byte, name, ind, unit, status, header, columns, skip, explained string) {
		o := Options{Catalog: catalog, Limits: limits, Answers: Answers{Indicator: ind, Unit: unit, Status: indicator.Status(status),
			Header: header, Columns: answersOf(columns), Skip: answersOf(skip), Names: answersOf(explained)}}
		r, err := Parse(t.Context(), bytes.NewReader(content), name, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Cells) > limits.Cells {
			t.Errorf("%d readings from at most %d cells", len(r.Cells), limits.Cells)
		}
		for _, p := range r.Problems {
			for _, s := range p.Suggestions {
				o.With(s)
			}
		}
		if len(r.Cells) == 0 && !indicator.HasErrors(r.Problems) && len(r.Understood.Columns) == 0 {
			t.Error("no reading, no error, nothing understood")
		}
		checkEveryCell(t, content, o, r)
		if _, err := FingerprintOf(t.Context(), content, name, o); err != nil {
			t.Fatal(err)
		}
	})
}

// answersOf parts the answers of one kind, which a fuzzer gives as one text.
func answersOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "|")
}

// FuzzTable: what FuzzParse holds for every way of saying what a table does not.
func FuzzTable(f *testing.F) {
	for _, dir := range caseDirs(f) {
		content, name, o := readCase(f, dir)
		if len(content) < 4<<10 && strings.HasSuffix(name, ".csv") {
			f.Add(content, o.Layout, strings.Join(o.Marks, "|"), o.Region, o.Year, o.Header, strings.Join(o.Columns, "|"), strings.Join(o.Skip, "|"), strings.Join(o.Names, "|"))
		}
	}
	catalog := testCatalog(f)
	limits := Limits{Bytes: 1 << 16, Cells: 1 << 12, Line: 1 << 12, Problems: 1 << 14}
	f.Fuzz(func(t *testing.T, content []byte, layout, marks, region, year, header, columns, skip, explained string) {
		o := Options{Catalog: catalog, Limits: limits, Answers: Answers{Layout: layout, Marks: answersOf(marks),
			Region: region, Year: year, Indicator: "gdp", Unit: "亿元",
			Header: header, Columns: answersOf(columns), Skip: answersOf(skip), Names: answersOf(explained)}}
		r, err := Parse(t.Context(), bytes.NewReader(content), "table.csv", o)
		if err != nil {
			t.Fatal(err)
		}
		checkEveryCell(t, content, o, r)
	})
}

// FuzzHeader: any text can stand in a header cell.
func FuzzHeader(f *testing.F) {
	for _, text := range []string{"2023年(初步)", "R&D经费 Expenditure on R&D(亿元)", "地区\\年份", "gdp_2023", "1-9月累计", "福建省福州市", "北京①", "东部地区", "“…”"} {
		f.Add(text)
	}
	catalog := testCatalog(f)
	f.Fuzz(func(t *testing.T, text string) {
		n := newNames(catalog)
		h := n.readHead(text)
		if h.isBlank() != isBlank(text) {
			t.Errorf("%q is read as blank: %v", text, h.isBlank())
		}
		if h.unknown && (h.axes() != 0 || h.role != "") {
			t.Errorf("%q is unknown and something: %+v", text, h)
		}
		if again := n.newHead(text); !isBlank(text) && (again.text != h.text || again.axes() != h.axes()) {
			t.Errorf("%q is read in two ways", text)
		}
	})
}
