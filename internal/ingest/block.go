package ingest

import (
	"regexp"
	"slices"
	"strings"
)

// blockReader reads the rows below the first header. A table may hold several
// blocks under each other, each with titles and a header of its own, so a row
// that makes no sense under the header before it is held back until a few rows
// after it are known.
type blockReader struct {
	*parser
	rows   *rowReader // of the block at hand
	queue  []row      // copies
	values int        // of the blocks before
}

// start begins a block.
func (b *blockReader) start(next *plan, titles []row) {
	b.end()
	goesOn := b.goesOn(next, titles)
	b.plan = next
	b.describePlan()
	for _, f := range next.found {
		b.problems.add(f.place, f.finding)
	}
	if !goesOn {
		b.wide = fileWide{flagged: map[Role]bool{}, failed: map[Role]bool{}}
		b.readTitles(titles)
		b.applyOptions()
		b.takeSheetName()
	} else {
		for _, r := range titles {
			b.understood.Titles = appendLine(b.understood.Titles, place{r.number, firstFilled(r)}, r.at(firstFilled(r)))
		}
	}
	if !next.unread {
		b.checkColumns()
	}
	b.rows = newRowReader(b.parser)
}

// continuation is what stands above the second half of a table.
var continuation = regexp.MustCompile(`^[(（]?(?:续|接|上接|continued)\s*(?:上|前)?(?:表|页)?\s*[\d一二三四五六七八九十.\-]*[)）]?$|^表?[\d一二三四五六七八九十.\-\s]*[(（]?续表?\d*[)）]?$`)

// goesOn reports that a block only continues the one before: 续表 and nothing
// else stands above it, or the same header is repeated. Then the titles of the
// block before are its titles too.
func (b *blockReader) goesOn(next *plan, titles []row) bool {
	if b.rows == nil {
		return false
	}
	said := false
	for _, r := range titles {
		for _, text := range r.cells {
			if isBlank(text) {
				continue
			}
			if !continuation.MatchString(strings.ToLower(squash(text))) {
				return false
			}
			said = true
		}
	}
	return said || slices.Equal(next.heads, b.plan.heads)
}

func firstFilled(r row) int {
	for col, text := range r.cells {
		if !isBlank(text) {
			return col
		}
	}
	return 0
}

// end closes the block at hand.
func (b *blockReader) end() {
	if b.rows == nil {
		return
	}
	b.rows.keepLines(len(b.rows.lines))
	if b.rows.values == 0 && !b.plan.unread {
		b.rows.ask()
	}
	b.values += b.rows.values
	if len(b.understood.Blocks) < mostLines {
		b.understood.Blocks = append(b.understood.Blocks, b.rows.describe())
	}
}

// feed takes the next row.
func (b *blockReader) feed(r row) {
	if len(b.queue) == 0 && b.rows.read(r, false) {
		return
	}
	b.queue = append(b.queue, copyOf(r))
	for len(b.queue) >= mostHeaderRows+cornerRows {
		b.settle()
	}
}

// finish takes what is held back.
func (b *blockReader) finish() {
	for len(b.queue) > 0 {
		b.settle()
	}
	b.end()
}

// settle takes the first row held back: the header of the next block, or a row
// of this one.
func (b *blockReader) settle() {
	if next := b.nextHeader(); next != nil {
		titles := b.rows.takeTitles()
		b.start(next, titles)
		b.queue = b.queue[len(next.header):]
	} else {
		b.rows.read(b.queue[0], true)
		b.queue = b.queue[1:]
	}
	for len(b.queue) > 0 && b.rows.read(b.queue[0], false) {
		b.queue = b.queue[1:]
	}
}

// nextHeader looks for a header in the rows held back. A row with a number that
// is no year is none, and neither is one without a word of headers in it or
// below it, which spares most rows the longer look.
func (b *blockReader) nextHeader() *plan {
	if hasFigure(b.queue[0]) {
		return nil
	}
	words := false
	for _, r := range b.queue[:min(mostHeaderRows, len(b.queue))] {
		words = words || isBlank(r.at(0)) || hasHeaderWord(r)
	}
	if !words {
		return nil
	}
	next := b.recogniseAt(b.queue)
	if next == nil || !next.hasWord(b.names) {
		return nil
	}
	return b.answered(next, b.queue)
}

// hasHeaderWord looks for a word such as 地区 at the start of a cell, which costs
// little.
func hasHeaderWord(r row) bool {
	for _, text := range r.cells {
		end := strings.IndexAny(text, "([/\\|:（【、 ")
		if end < 0 {
			end = len(text)
		}
		if end > longestUnit {
			continue
		}
		if headerWords[nameKey(text[:end])] != "" || headerWords[nameKey(text[:min(len(text), longestUnit)])] != "" {
			return true
		}
	}
	return false
}

// hasWord reports that a header names one of its columns by a word, or its
// values by something that is no bare number: a row of data must not be taken
// for a header.
func (p *plan) hasWord(n *names) bool {
	for _, r := range p.header {
		for _, text := range r.cells {
			if isBlank(text) || isDecimal(squash(text)) {
				continue
			}
			h := n.readHead(text)
			if axisOf(h.role) != 0 || h.role == RoleValue || h.corner != nil || !h.period.IsZero() || h.part != "" {
				return true
			}
		}
	}
	return false
}

// takeTitles takes the lines above the next header that belong to it: all but
// the footnotes of the block before.
func (rr *rowReader) takeTitles() []row {
	from := 0
	for i, r := range rr.lines {
		if isFootnote(r) {
			from = i + 1
			for j := from; j < len(rr.lines); j++ {
				if filled(rr.lines[j]) == 0 { // the blank row parts the footnotes from the next title
					from = j + 1
					break
				}
			}
		}
	}
	titles := rr.lines[from:]
	rr.keepLines(from)
	return titles
}

// keepLines keeps the first lines as headings and footnotes and forgets all.
func (rr *rowReader) keepLines(n int) {
	for _, r := range rr.lines[:n] {
		rr.readLine(r)
	}
	rr.lines = nil
}
