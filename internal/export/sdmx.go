package export

import (
	"encoding/csv"
	"io"
	"iter"

	"github.com/dabiao/dabiao/internal/indicator"
)

// Labels says whether the names of codes stand in an SDMX-CSV file.
type Labels string

// The labels that SDMX-CSV 2.0 knows.
const (
	LabelsID   Labels = "id"   // codes only
	LabelsName Labels = "name" // a column with the name after each column
	LabelsBoth Labels = "both" // code: name in one column
)

// SDMXOptions of an SDMX-CSV file. Empty Labels are LabelsID.
type SDMXOptions struct {
	Labels   Labels
	Lang     indicator.Lang // of the names
	BOM      bool
	Vintages bool // every vintage, told apart by the dimension VINTAGE
}

// The structures that a file refers to. Vintages have one of their own: with
// them a region and a period alone are no key.
const (
	readingsFlow = "DABIAO:READINGS(1.0.0)"
	vintagesFlow = "DABIAO:VINTAGES(1.0.0)"
	actionInform = "I"
)

// WriteSDMX writes readings as an SDMX-CSV 2.0 data message (the format of SDMX
// 3.0, github.com/sdmx-twg/sdmx-csv), one row a reading. Dimensions: FREQ,
// REF_AREA (six digits), INDICATOR, with vintages VINTAGE (the upload), and
// TIME_PERIOD: 2024, 2024-Q3, 2024-07, and January to September as
// 2024-01-01/P9M, whose FREQ is _O. OBS_VALUE is in UNIT_MEASURE times ten to the
// power of UNIT_MULT: 亿元 is CNY and 8; it is empty where OBS_STATUS has no
// value. With vintages RELEASED says when each became public. Rows must come as
// WriteCSV wants them; lines end as RFC 4180 wants it.
func WriteSDMX(w io.Writer, c *indicator.Catalog, rows iter.Seq2[Row, error], o SDMXOptions) error {
	if err := writeMark(w, o.BOM); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	table.UseCRLF = true
	components := sdmxComponents(c, o.Vintages)
	structure := sdmxStructure(o)
	record := append(structure.header(), "ACTION")
	for _, component := range components {
		record = o.add(record, code{component.id, component.name}, true)
	}
	if err := table.Write(record); err != nil {
		return err
	}
	for row, err := range inOrder(rows, o.Vintages) {
		if err != nil {
			return err
		}
		record = append(append(record[:0], structure.cells...), actionInform)
		for _, component := range components {
			record = o.add(record, component.of(row), component.coded)
		}
		if err := table.Write(record); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// code is one value of a component with its name.
type code struct {
	id   string
	name indicator.Text
}

// add appends a value with its name as the labels ask for.
func (o SDMXOptions) add(record []string, v code, coded bool) []string {
	id, name := v.id, Text(v.name.In(o.Lang))
	if coded {
		id = Text(id)
	}
	switch {
	case o.Labels == LabelsName:
		return append(record, id, name)
	case o.Labels == LabelsBoth && coded && name != "":
		return append(record, id+": "+name)
	}
	return append(record, id)
}

// structureCells name the structure at the beginning of every row.
type structureCells struct {
	cells []string
	named bool
}

func sdmxStructure(o SDMXOptions) structureCells {
	id, name := readingsFlow, indicator.T("区域产业指标", "Regional industrial indicators")
	if o.Vintages {
		id, name = vintagesFlow, indicator.T("区域产业指标，全部数据版本", "Regional industrial indicators, all vintages")
	}
	return structureCells{o.add([]string{"dataflow"}, code{id, name}, true), o.Labels == LabelsName}
}

func (s structureCells) header() []string {
	if s.named {
		return []string{"STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME"}
	}
	return []string{"STRUCTURE", "STRUCTURE_ID"}
}
