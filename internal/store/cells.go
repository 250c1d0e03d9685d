package store

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// cellColumns is how the cells of an upload are kept: a column for each field,
// the few words that repeat replaced by their index. A million cells take about
// 25 MB, a fifth of what a row for each would.
type cellColumns struct {
	Words                                      []string
	Indicators, Regions, Periods, States, Unit []uint32 // indexes into Words
	Values                                     []float64
	Cells                                      []string
}

func encodeCells(cells []ingest.Cell) ([]byte, error) {
	n := len(cells)
	column := func() []uint32 { return make([]uint32, 0, n) }
	c := cellColumns{Indicators: column(), Regions: column(), Periods: column(), States: column(), Unit: column(),
		Values: make([]float64, 0, n), Cells: make([]string, 0, n)}
	index := map[string]uint32{}
	word := func(s string) uint32 {
		i, ok := index[s]
		if !ok {
			i = uint32(len(c.Words))
			index[s] = i
			c.Words = append(c.Words, s)
		}
		return i
	}
	periods := map[indicator.Period]uint32{}
	for _, cell := range cells {
		period, ok := periods[cell.Period]
		if !ok {
			period = word(cell.Period.String())
			periods[cell.Period] = period
		}
		c.Indicators = append(c.Indicators, word(cell.Indicator))
		c.Regions = append(c.Regions, word(cell.Region))
		c.Periods = append(c.Periods, period)
		c.States = append(c.States, word(string(cell.Status)))
		c.Unit = append(c.Unit, word(cell.Unit))
		c.Values = append(c.Values, cell.Value)
		c.Cells = append(c.Cells, cell.Cell)
	}
	var buffer bytes.Buffer
	if err := gob.NewEncoder(&buffer).Encode(c); err != nil {
		return nil, fmt.Errorf("encode cells: %w", err)
	}
	return buffer.Bytes(), nil
}

func decodeCells(data []byte) ([]ingest.Cell, error) {
	var c cellColumns
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&c); err != nil {
		return nil, fmt.Errorf("decode cells: %w", err)
	}
	n := len(c.Values)
	for _, column := range [][]uint32{c.Indicators, c.Regions, c.Periods, c.States, c.Unit} {
		if len(column) != n || len(c.Cells) != n {
			return nil, fmt.Errorf("decode cells: columns of %d, %d and %d rows", n, len(column), len(c.Cells))
		}
		for _, i := range column {
			if int(i) >= len(c.Words) {
				return nil, fmt.Errorf("decode cells: word %d of %d", i, len(c.Words))
			}
		}
	}
	periods := map[uint32]indicator.Period{}
	cells := make([]ingest.Cell, n)
	for i := range cells {
		period, ok := periods[c.Periods[i]]
		if !ok {
			var err error
			if period, err = indicator.ParsePeriod(c.Words[c.Periods[i]]); err != nil {
				return nil, fmt.Errorf("decode cells: %w", err)
			}
			periods[c.Periods[i]] = period
		}
		cells[i] = ingest.Cell{
			Reading: indicator.Reading{
				Indicator: c.Words[c.Indicators[i]], Region: c.Words[c.Regions[i]], Period: period,
				Value: c.Values[i], Status: indicator.Status(c.Words[c.States[i]]),
			},
			Cell: c.Cells[i], Unit: c.Words[c.Unit[i]],
		}
	}
	return cells, nil
}
