package snapshot

import (
	"fmt"
	"iter"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// tally counts what every publication really delivered of one indicator at one
// frequency. A publication goes by its rank here.
type tally struct {
	indicator string
	freq      indicator.Freq
	visible   []ledger.Publication
	rank      map[int64]int // by seq
	came      []ledger.Part // rows and checksum
}

func newTally(code string, f indicator.Freq, visible []ledger.Publication) tally {
	return tally{indicator: code, freq: f, visible: visible, rank: ledger.Rank(visible), came: make([]ledger.Part, len(visible))}
}

// count gives the rank of the vintage's upload; false for one that does not
// count here, being reverted or newer.
func (t *tally) count(v ledger.Vintage) (int, bool) {
	rank, visible := t.rank[v.Seq]
	if visible {
		t.came[rank].Rows++
		t.came[rank].Checksum += ledger.Checksum(v.Reading)
	}
	return rank, visible
}

// check holds what came against what each visible upload says it holds. One
// that does not count here is left out: reverting a damaged upload helps.
func (t *tally) check() error {
	for rank, p := range t.visible {
		came := t.came[rank]
		came.Indicator, came.Freq = t.indicator, t.freq
		if damage := p.AddsUp(came); damage != nil {
			return damage
		}
	}
	return nil
}

// builder makes a column of a stream of vintages.
type builder struct {
	tally
	column *Column
	index  map[int]int32  // of column.ids, by rank
	best   ledger.Vintage // of the key being read
	bestAt int            // its rank
	has    bool
	differ bool // the vintages of the key have different values
}

// load reads one column as the publications of the snapshot make it, and
// refuses an answer that does not add up with what they say they hold. There is
// room for so many rows from the beginning: lists that grow leave much garbage.
func load(code string, f indicator.Freq, visible []ledger.Publication, rows int, vintages iter.Seq2[ledger.Vintage, error]) (*Column, error) {
	const most = 4 << 20 // what an upload says of itself is not believed beyond that
	rows = max(0, min(rows, most))
	b := builder{tally: newTally(code, f, visible), index: map[int]int32{}, column: &Column{indicator: code, freq: f,
		periods: make([]int32, 0, rows), values: make([]float64, 0, rows), status: make([]byte, 0, rows), uploads: make([]int32, 0, rows)}}
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

// add takes the next vintage; they come by region and period.
func (b *builder) add(v ledger.Vintage) {
	rank, visible := b.count(v)
	if !visible {
		return
	}
	if b.has && (v.Region != b.best.Region || v.Period != b.best.Period) {
		b.keep()
	}
	// Where two vintages differ, one of them differs from the best before it.
	b.differ = b.has && (b.differ || v.Value != b.best.Value || v.Status.HasValue() != b.best.Status.HasValue())
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
		c.regions = append(c.regions, strings.Clone(v.Region)) // it may be a piece of a much longer answer
		c.starts = append(c.starts, int32(len(c.values)))
	}
	c.periods = append(c.periods, int32(v.Period.Sub(c.origin)))
	c.values = append(c.values, v.Value)
	letter := v.Status[0]
	if b.differ {
		letter |= revisedBit
	}
	c.status = append(c.status, letter)
	c.uploads = append(c.uploads, upload)
	if v.Period.Compare(c.first) < 0 {
		c.first = v.Period
	}
	if v.Period.Compare(c.last) > 0 {
		c.last = v.Period
	}
}
