package ingest

import (
	"cmp"
	"context"
	"iter"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// delimited is CSV or TSV text. Unlike encoding/csv it counts rows as a
// spreadsheet does (blank lines are rows, a quoted line break is none), makes
// no copy of a cell, and forgives quotes inside unquoted cells.
type delimited struct {
	text     string
	comma    byte
	maxLine  int
	maxCells int
}

// commas are what may stand between cells, the most common first.
const commas = ",\t;|"

// newDelimited finds the separator: the one that stands as often, outside
// quotes, in most of the first lines, and among those the one that stands there
// most often. A title may be full of commas, and so may numbers.
func newDelimited(text string, limits Limits) (d *delimited, container string) {
	var here, all, best [len(commas)]int // in this line, in all; the lines that have the same number of them
	var lines [len(commas)]map[int]int   // by that number
	quoted := false
	for i := range min(len(text), sniffedBytes) + 1 {
		if i == len(text) || i == sniffedBytes || text[i] == '\n' && !quoted {
			for n, count := range here {
				if count > 0 {
					if lines[n] == nil {
						lines[n] = map[int]int{}
					}
					lines[n][count]++
					best[n], all[n] = max(best[n], lines[n][count]), all[n]+count
				}
			}
			here = [len(commas)]int{}
		} else if text[i] == '"' {
			quoted = !quoted
		} else if n := strings.IndexByte(commas, text[i]); n >= 0 && !quoted {
			here[n]++
		}
	}
	chosen := 0
	for n := range best {
		if cmp.Or(cmp.Compare(best[n], best[chosen]), cmp.Compare(all[n], all[chosen])) > 0 {
			chosen = n
		}
	}
	if container = "csv"; commas[chosen] == '\t' {
		container = "tsv"
	}
	return &delimited{text, commas[chosen], limits.Line, limits.Cells}, container
}

func (d *delimited) size() int { return len(d.text) }

func (d *delimited) lines() int {
	return strings.Count(d.text, "\n") - strings.Count(d.text, "\n\n") + 1
}

func (d *delimited) rows(ctx context.Context) iter.Seq2[row, *located] {
	return func(yield func(row, *located) bool) {
		var cells []string
		rest, total := d.text, 0
		check := cancellation{ctx: ctx, next: len(rest)}
		for number := 1; rest != ""; number++ {
			var f *located
			cells, rest, f = d.line(&check, rest, cells[:0], number)
			if check.stopped {
				return
			}
			if total += len(cells); f == nil && total > d.maxCells {
				f = &located{place{row: number}, tooManyCells(d.maxCells)}
			}
			if f != nil {
				yield(row{}, f)
				return
			}
			if !yield(row{number: number, cells: cells, end: len(d.text) - len(rest)}, nil) {
				return
			}
		}
	}
}

func tooManyCells(limit int) *finding {
	return fault(codeTooManyCells,
		"表格超过 %[1]s 个单元格的上限。拆成几个文件后分别上传。",
		"The table has more cells than the limit of %[1]s. Split it and upload the parts.", indicator.FormatNumber(float64(limit), 0))
}

const bytesBetweenChecks = 64 << 10

// cancellation asks a context once per stretch of bytes, whatever the length of
// the lines: one line may be all of the file.
type cancellation struct {
	ctx     context.Context
	next    int // bytes left to read when the context is asked again
	stopped bool
}

// after reports whether the context had ended with so many bytes left to read.
func (c *cancellation) after(left int) bool {
	if left <= c.next {
		c.next, c.stopped = left-bytesBetweenChecks, c.ctx.Err() != nil
	}
	return c.stopped
}

// line splits the first row off text.
func (d *delimited) line(check *cancellation, text string, cells []string, number int) ([]string, string, *located) {
	start := len(text)
	for {
		cell, rest, closed := d.cell(text)
		if !closed {
			return nil, "", &located{place{number, len(cells)}, fault(codeUnclosedQuote,
				"引号未成对，此后的内容都会落入这一格。补上右引号，或删去多余的引号。",
				"A quotation mark is never closed, so all that follows would be one cell. Close it or remove it.")}
		}
		cells, text = append(cells, cell), rest
		if check.after(len(text)) {
			return nil, "", nil
		}
		if start-len(text) > d.maxLine {
			most := indicator.ByteSize(int64(d.maxLine))
			return nil, "", &located{place{row: number}, fault(codeLineTooLong,
				"这一行超过 %[1]s 的上限。检查文件是否完整，是否每条数据一行。",
				"This line is longer than the limit of %[1]s. Check that the file is whole and has one line a row.", most)}
		}
		if text == "" || text[0] == '\n' {
			return cells, strings.TrimPrefix(text, "\n"), nil
		}
		text = text[1:]
	}
}

// cell splits the first cell off text; rest begins with the separator or line
// break that ends it. Nothing behind that is looked at, so that the work on a
// file grows with its length only.
func (d *delimited) cell(text string) (cell, rest string, closed bool) {
	if bare := strings.TrimLeft(text, " "); bare != "" && bare[0] == '"' {
		text = bare // blanks before a quotation mark are no part of the cell
	}
	if text == "" || text[0] != '"' {
		end := d.ending(text)
		cell = text[:end]
		if end == len(text) || text[end] == '\n' {
			cell = strings.TrimSuffix(cell, "\r")
		}
		return unwrapped(cell), text[end:], true
	}
	cell, rest, closed = quotedCell(text)
	end := d.ending(rest)
	if extra := strings.TrimSuffix(rest[:end], "\r"); extra != "" {
		cell += strings.TrimRight(extra, " ") // what stands between the quote and the separator belongs to the cell
	}
	return unwrapped(cell), rest[end:], closed
}

// unwrapped takes off the ="…" that keeps a code from becoming a number: a
// spreadsheet shows what is inside.
func unwrapped(cell string) string {
	if len(cell) > 3 && cell[:2] == `="` && cell[len(cell)-1] == '"' && strings.Count(cell, `"`) == 2 {
		return cell[2 : len(cell)-1]
	}
	return cell
}

// ending is where the first separator or line break stands, or the length of text.
func (d *delimited) ending(text string) int {
	end := 0
	for end < len(text) && text[end] != d.comma && text[end] != '\n' {
		end++
	}
	return end
}

// quotedCell reads a cell that begins with a quotation mark; two of them inside
// are one.
func quotedCell(text string) (cell, rest string, closed bool) {
	doubled := false
	for at := 1; ; at++ {
		next := strings.IndexByte(text[at:], '"')
		if next < 0 {
			return "", "", false
		}
		at += next
		if at+1 == len(text) || text[at+1] != '"' {
			cell = text[1:at]
			if doubled {
				cell = strings.ReplaceAll(cell, `""`, `"`)
			}
			return cell, text[at+1:], true
		}
		doubled = true
		at++
	}
}
