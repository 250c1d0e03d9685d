package snapshot

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Column is the current readings of one indicator at one frequency, all regions
// packed one after the other: 17 bytes a reading (value 8, period 4, upload 4,
// status 1) and 28 a region. It never changes once loaded and is safe for concurrent use.
type Column struct {
	indicator string
	freq      indicator.Freq
	origin    indicator.Period // periods are kept as steps from here

	regions []string // sorted
	starts  []int32  // where each region begins in the lists below, and their length
	periods []int32  // ascending inside a region
	values  []float64
	status  []byte  // the code's one letter
	uploads []int32 // index into ids
	ids     []string

	first, last indicator.Period
}

// Series is the readings of a region; without points where there are none.
func (c *Column) Series(region string) indicator.Series {
	s := indicator.Series{Indicator: c.indicator, Region: region, Freq: c.freq}
	row, ok := slices.BinarySearch(c.regions, region)
	if !ok {
		return s
	}
	from := int(c.starts[row])
	s.Points = make([]indicator.Point, int(c.starts[row+1])-from)
	for i := range s.Points {
		at := from + i
		s.Points[i] = indicator.Point{
			Period: c.origin.Add(int(c.periods[at])),
			Value:  c.values[at],
			Status: statusOf(c.status[at]),
			Upload: c.ids[c.uploads[at]],
		}
	}
	return s
}

// Regions lists the codes of the regions with readings, sorted.
func (c *Column) Regions() []string { return slices.Clone(c.regions) }

// Periods is the first and the last period that any region has a reading for,
// marks without a value included; both zero in an empty column.
func (c *Column) Periods() (first, last indicator.Period) { return c.first, c.last }

// Len is the number of readings.
func (c *Column) Len() int { return len(c.values) }

const statusCodes = "APEBMNO"

// statusOf gives the status of a letter without allocating.
func statusOf(letter byte) indicator.Status {
	i := strings.IndexByte(statusCodes, letter)
	return indicator.Status(statusCodes[i : i+1])
}

// builder makes a column of a stream of vintages and counts what every
// publication really delivered. A publication goes by its rank here.
type builder struct {
	column  *Column
	visible []ledger.Publication
	rank    map[int64]int  // by seq
	found   []ledger.Part  // rows and checksum that came
	index   map[int]int32  // of column.ids
	best    ledger.Vintage // of the key being read
	bestAt  int            // its rank
	has     bool
}

// load reads one column as the publications of the snapshot make it, and
// refuses an answer that does not add up with what they say they hold.
func load(code string, f indicator.Freq, visible []ledger.Publication, vintages iter.Seq2[ledger.Vintage, error]) (*Column, error) {
	b := builder{
		column:  &Column{indicator: code, freq: f},
		visible: visible,
		rank:    ledger.Rank(visible),
		found:   make([]ledger.Part, len(visible)),
		index:   map[int]int32{},
	}
	for v, err := range vintages {
		if err != nil {
			return nil, fmt.Errorf("loading %s (%s): %w", code, f, err)
		}
		b.add(v)
	}
	b.keep()
	if err := b.check(); err != nil {
		return nil, err
	}
	b.column.starts = append(b.column.starts, int32(len(b.column.values)))
	return b.column.packed(), nil
}

// add takes the next vintage; they come by region and period. Those of uploads
// that do not count here, being reverted or newer, are passed over.
func (b *builder) add(v ledger.Vintage) {
	rank, visible := b.rank[v.Seq]
	if !visible {
		return
	}
	b.found[rank].Rows++
	b.found[rank].Checksum += ledger.Checksum(v.Reading)
	if b.has && (v.Region != b.best.Region || v.Period != b.best.Period) {
		b.keep()
	}
	if !b.has || rank < b.bestAt {
		b.best, b.bestAt, b.has = v, rank, true
	}
}

// keep appends the best vintage of the key that has been read.
func (b *builder) keep() {
	if !b.has {
		return
	}
	c, v := b.column, b.best
	b.has = false
	if len(c.values) == 0 {
		c.origin, c.first, c.last = v.Period, v.Period, v.Period
	}
	upload, ok := b.index[b.bestAt]
	if !ok {
		upload = int32(len(c.ids))
		b.index[b.bestAt] = upload
		c.ids = append(c.ids, b.visible[b.bestAt].ID)
	}
	if n := len(c.regions); n == 0 || c.regions[n-1] != v.Region {
		c.regions = append(c.regions, v.Region)
		c.starts = append(c.starts, int32(len(c.values)))
	}
	c.periods = append(c.periods, int32(v.Period.Sub(c.origin)))
	c.values = append(c.values, v.Value)
	c.status = append(c.status, v.Status[0])
	c.uploads = append(c.uploads, upload)
	if v.Period.Compare(c.first) < 0 {
		c.first = v.Period
	}
	if v.Period.Compare(c.last) > 0 {
		c.last = v.Period
	}
}

// check holds what came against what each visible upload says it holds. One
// that does not count here is left out: reverting a damaged upload helps.
func (b *builder) check() error {
	for rank, p := range b.visible {
		came := b.found[rank]
		came.Indicator, came.Freq = b.column.indicator, b.column.freq
		if damage := p.AddsUp(came); damage != nil {
			return damage
		}
	}
	return nil
}

// packed gives back the room that growing the lists left over.
func (c *Column) packed() *Column {
	c.regions, c.starts = slices.Clone(c.regions), slices.Clone(c.starts)
	c.periods, c.values = slices.Clone(c.periods), slices.Clone(c.values)
	c.status, c.uploads = slices.Clone(c.status), slices.Clone(c.uploads)
	return c
}
