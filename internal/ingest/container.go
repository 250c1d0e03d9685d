package ingest

import (
	"errors"
	"strings"
	"unsafe"

	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// opened is the table of a file, and what its container gave beside it.
type opened struct {
	table   table
	damaged bool // some cell may hold bytes that could not be decoded
}

// open finds the container and the table in it, and notes both among what was
// understood. A nil table without an error was reported.
func (p *parser) open(content []byte, name string) (opened, error) {
	var o opened
	var err error
	switch {
	case workbook.IsZip(content) || workbook.IsOLE(content):
		o, err = p.openBook(content)
	case workbook.IsMHTML(content):
		o, err = p.openPages(content)
	default:
		o, err = p.openText(content)
	}
	if o.table != nil {
		if f := otherName(name, p.understood.Container); f != nil {
			p.problems.add(place{}, f)
		}
	}
	return o, err
}

// openText opens what is text: delimited lines, or a page.
func (p *parser) openText(content []byte) (opened, error) {
	text, encoding, err := decode(content)
	switch {
	case err != nil:
		return opened{}, err
	case strings.TrimSpace(text) == "":
		p.problems.add(place{}, emptyFile())
		return opened{}, nil
	case strings.IndexByte(text, 0) >= 0:
		p.problems.add(place{}, notText())
		return opened{}, nil
	}
	p.understood.Encoding = encoding
	plain := unsafe.Slice(unsafe.StringData(text), len(text)) // read only, as text is
	if workbook.IsMarkup(plain) {
		o, err := p.openBook(plain)
		return o, err
	}
	p.understood.Preview = preview(text)
	sheet, container := newDelimited(text, p.options.Limits)
	p.understood.Container, p.semicolons = container, sheet.comma == ';'
	return opened{sheet, strings.Contains(text, replacement)}, nil
}

// openPages opens a web page with all that belongs to it in one file.
func (p *parser) openPages(content []byte) (opened, error) {
	pages, encoding, err := p.joinedPages(content)
	if err != nil {
		return opened{}, p.refused(err)
	}
	p.understood.Encoding = encoding
	return p.openBook(pages)
}

// joinedPages is all pages of such a file as one, so that their tables are
// counted through. Each has an encoding of its own; one that says more than
// ASCII is named.
func (p *parser) joinedPages(content []byte) (joined []byte, encoding string, err error) {
	pages, err := workbook.Pages(content, p.bookLimits())
	if err != nil {
		return nil, "", err
	}
	for i, page := range pages {
		text, own, err := decode(page)
		if err != nil {
			return nil, "", err
		}
		if i == 0 || own != "utf-8" {
			encoding = own
		}
		joined = append(joined, text...)
	}
	return joined, encoding, nil
}

func (p *parser) bookLimits() workbook.Limits {
	l := p.options.Limits
	return workbook.Limits{Unpacked: l.Unpacked, Entries: l.Entries, Token: l.Line}
}

// openBook opens a file of sheets and picks one of them.
func (p *parser) openBook(content []byte) (opened, error) {
	book, container, err := workbook.Open(p.ctx, content, p.bookLimits())
	if err != nil {
		return opened{}, p.refused(err)
	}
	p.understood.Container, p.understood.Sheets = container, sheetNames(book)
	sheets := &sheetPicker{parser: p, book: book}
	sheet, err := sheets.pick(p.options.Sheet)
	if err != nil || sheet < 0 {
		return opened{}, p.refused(err)
	}
	p.understood.Sheet = book.Sheets()[sheet].Name
	t := &bookTable{book: book, sheet: sheet, maxCells: p.options.Cells}
	p.understood.Preview = previewOf(p.ctx, t)
	return opened{t, true}, p.ctx.Err()
}

// sheetNames are the names of the sheets of a workbook that has several.
func sheetNames(book workbook.Book) []string {
	var names []string
	for _, sheet := range book.Sheets()[:min(len(book.Sheets()), mostLines)] {
		names = append(names, clip(sheet.Name, mostLineRunes))
	}
	if len(names) == 1 {
		return nil
	}
	return names
}

// refused reports a refusal; other errors are trouble.
func (p *parser) refused(err error) error {
	var refusal *workbook.Refusal
	if errors.As(err, &refusal) {
		p.problems.add(place{}, refusedBy(refusal))
		return nil
	}
	return err
}
