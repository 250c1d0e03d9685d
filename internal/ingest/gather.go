package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// gathered is the readings of a file in file order. It is built so that a
// million of them cost little more than their own size.
type gathered struct {
	cells     []Cell
	keys      []cellKey
	addresses addressBook
}

// cellKey is a reading's key in 8 bytes, and which cell has it.
type cellKey struct {
	key  uint64 // indicator, region and period by their numbers
	cell int32
}

// add takes a reading.
func (g *gathered) add(at place, unit string, status indicator.Status, value float64, s subject, period periodRead) {
	key := uint64(s.indicator.id)<<40 | uint64(s.region.id)<<16 | uint64(period.id)
	g.keys = append(g.keys, cellKey{key, int32(len(g.cells))})
	g.cells = append(g.cells, Cell{
		Reading: indicator.Reading{
			Indicator: s.indicator.indicator.Code, Region: s.region.region.Code,
			Period: period.period, Value: value, Status: status,
		},
		Cell: g.addresses.write(at), Unit: unit,
	})
}

// makeRoom reserves, after the first stretch of rows, what the whole file will
// need at this rate: growing step by step would hold the readings twice.
func (g *gathered) makeRoom(r row, t table) {
	if cap(g.cells) > len(g.cells)+rowsBetweenRooms || r.end == 0 {
		return
	}
	left := float64(t.size())/float64(r.end) - 1
	if lines := t.lines(); lines > 0 { // better, but where lines are of another kind than those that were read
		left = min(max(float64(lines)/float64(r.number)-1, 0), 4*left)
	}
	more := int(float64(len(g.cells)) * left * 1.01)
	g.cells = slices.Grow(g.cells, more+rowsBetweenRooms)
	g.keys = slices.Grow(g.keys, more+rowsBetweenRooms)
}

// settleDuplicates keeps the first of the readings with one key. The same value
// again is noted, another one is a conflict.
func (g *gathered) settleDuplicates(ps *problems) {
	slices.SortFunc(g.keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.cell, b.cell))
	})
	first := 0
	var again []int32
	for i := 1; i < len(g.keys); i++ {
		if g.keys[i].key != g.keys[first].key {
			first = i
			continue
		}
		again = append(again, g.keys[i].cell)
		reportDuplicate(ps, &g.cells[g.keys[first].cell], &g.cells[g.keys[i].cell])
	}
	g.keys = nil
	if len(again) == 0 {
		return
	}
	slices.Sort(again)
	kept := g.cells[:0]
	for i := range g.cells {
		if len(again) > 0 && again[0] == int32(i) {
			again = again[1:]
			continue
		}
		kept = append(kept, g.cells[i])
	}
	clear(g.cells[len(kept):])
	g.cells = kept
}

func reportDuplicate(ps *problems, first, again *Cell) {
	same, code := first.Value == again.Value && first.Status == again.Status, codeConflict
	if same {
		code = codeDuplicate
	}
	if ps.full(code) {
		return
	}
	if same {
		ps.add(placeOf(again.Cell), note(codeDuplicate,
			"与 %[1]s 是同一数据，数值相同，只读取一次。", "The same reading with the same value as %[1]s; it is read once.", first.Cell))
		return
	}
	ps.add(placeOf(again.Cell), fault(codeConflict,
		"%[1]s 与 %[2]s 是同一数据（%[3]s），但数值或状态不同。只保留正确的一格。",
		"%[1]s and %[2]s are the same reading (%[3]s) with different values or statuses. Keep the right one.",
		first.Cell, again.Cell, first.Indicator+" "+first.Region+" "+first.Period.String()))
}

// placeOf reads an address that addressBook wrote.
func placeOf(address string) place {
	if rest, ok := strings.CutPrefix(address, pathStart); ok {
		number, field, _ := strings.Cut(rest, "]")
		n, _ := strconv.Atoi(number)
		return place{n + 1, fieldColumn + fieldOf(strings.TrimPrefix(field, "."))}
	}
	at := place{col: -1}
	for _, c := range []byte(address) {
		if isDigit(c) {
			at.row = at.row*10 + int(c-'0')
		} else {
			at.col = (at.col+1)*26 + int(c-'A')
		}
	}
	return at
}

// addressBook writes addresses into shared pages: a string of its own for each
// of a million cells would cost a million allocations.
type addressBook struct{ page strings.Builder }

const addressPage = 64 << 10

func (b *addressBook) write(at place) string {
	var buffer [24]byte
	address := at.append(buffer[:0])
	if b.page.Cap()-b.page.Len() < len(address) {
		b.page = strings.Builder{}
		b.page.Grow(addressPage)
	}
	start := b.page.Len()
	b.page.Write(address)
	return b.page.String()[start:]
}
