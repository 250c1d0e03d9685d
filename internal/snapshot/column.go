package snapshot

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
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
	status  []byte  // the code's one letter, with revisedBit
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
			Status: statusOf(c.status[at] &^ revisedBit),
			Upload: c.ids[c.uploads[at]],

			Revised: c.status[at]&revisedBit != 0,
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

// bytes is what the column takes in memory.
func (c *Column) bytes() int64 {
	const text, index, value, one = 16, 4, 8, 1
	total := cap(c.values)*value + (cap(c.periods)+cap(c.uploads)+cap(c.starts))*index + cap(c.status)*one
	for _, list := range [][]string{c.regions, c.ids} {
		total += cap(list) * text
		for _, s := range list {
			total += len(s)
		}
	}
	return int64(total)
}

const statusCodes = "APEBMNO"

// revisedBit stands beside the letter, which is ASCII, where the vintages of a
// reading do not all have one value.
const revisedBit = 0x80

// statusOf gives the status of a letter without allocating.
func statusOf(letter byte) indicator.Status {
	i := strings.IndexByte(statusCodes, letter)
	return indicator.Status(statusCodes[i : i+1])
}

// packed gives back the room that the lists have left over.
func (c *Column) packed() *Column {
	c.regions, c.starts = fitted(c.regions), fitted(c.starts)
	c.periods, c.values = fitted(c.periods), fitted(c.values)
	c.status, c.uploads = fitted(c.status), fitted(c.uploads)
	return c
}

func fitted[E any](list []E) []E {
	if cap(list) == len(list) {
		return list
	}
	return append(make([]E, 0, len(list)), list...)
}
