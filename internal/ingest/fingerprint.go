package ingest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// Fingerprint tells whether what a person said about one file can be said again
// about another. It is of the table and not of its container: an xlsx file and its
// export as CSV have one, because nothing that is asked depends on the container.
type Fingerprint struct {
	// Shape is that of titles and header: which indicator, columns and units they
	// name, in which order. Years and all other numbers, the extent of the data and
	// the order of sheets are no part of it. A table that says nothing of its
	// subject has the name of its file instead. Empty where the file holds no text.
	Shape string `json:"shape,omitempty"`
	// Places also tells where header and columns stand. Answers that name a place
	// (Answers.NamePlaces) hold for another file only where it is the same too.
	Places string `json:"places,omitempty"`
}

// FingerprintOf reads no further than the header, and never looks at answers: a
// file that needs them has its fingerprint before they are given. A file that
// cannot be read has none, nor have readings in JSON, of which nothing is asked. The error is that of ctx.
func FingerprintOf(ctx context.Context, content []byte, name string, o Options) (Fingerprint, error) {
	o.Answers = Answers{}
	o.Limits = o.withDefaults()
	if len(content) > o.Bytes || isReadings(content) || refuse(content[:min(len(content), sniffedBytes)], name) != nil {
		return Fingerprint{}, nil
	}
	p := newParser(ctx, o)
	var sheets []sheetShape
	for _, t := range p.tablesToPrint(content) {
		head, _ := headOf(ctx, t, headRows)
		if s := p.shapeOf(head, name); len(s.words) > 0 {
			sheets = append(sheets, s)
		}
	}
	return printOf(sheets), ctx.Err()
}

// printedText is how much of a text is read: its titles and header, and some rows
// that tell where they end.
const printedText = 256 << 10

// tablesToPrint are the tables a person would be asked to choose from.
func (p *parser) tablesToPrint(content []byte) []table {
	if workbook.IsZip(content) || workbook.IsOLE(content) {
		return p.sheetsToPrint(content)
	}
	if workbook.IsMHTML(content) {
		pages, _, err := p.joinedPages(content)
		if err != nil {
			return nil // Parse says why
		}
		return p.sheetsToPrint(pages)
	}
	text, _, err := decode(textHead(content))
	if err == nil && workbook.IsMarkup([]byte(text)) {
		if text, _, err = decode(content); err == nil {
			return p.sheetsToPrint([]byte(text))
		}
	}
	if err != nil || isBlank(text) {
		return nil
	}
	t, _ := newDelimited(text, p.options.Limits)
	return []table{t}
}

// textHead is the first lines of a text.
func textHead(content []byte) []byte {
	if len(content) <= printedText {
		return content
	}
	head := content[:printedText]
	if isUTF16(content) {
		return head
	}
	return head[:cmp.Or(bytes.LastIndexAny(head, "\r\n")+1, len(head))]
}

func (p *parser) sheetsToPrint(content []byte) []table {
	book, _, err := workbook.Open(p.ctx, content, p.bookLimits())
	if err != nil {
		return nil // Parse says why
	}
	picker := &sheetPicker{parser: p, book: book}
	var shown, others []table
	for i, sheet := range book.Sheets() {
		t := &bookTable{book: book, sheet: i, maxCells: p.options.Cells}
		switch holds, err := picker.contentOf(i); {
		case err != nil:
			return nil
		case holds == holdsNumbers && !sheet.Hidden:
			shown = append(shown, t)
		case holds != holdsNothing:
			others = append(others, t)
		}
	}
	if len(shown) == 0 {
		return others
	}
	return shown
}

// sheetShape is what is printed of one table: the words of its titles and
// header, and the places of its columns.
type sheetShape struct{ words, places []string }

// printOf joins the tables of a file, whatever their order; those of one shape
// (a sheet for each year) count once.
func printOf(sheets []sheetShape) Fingerprint {
	if len(sheets) == 0 {
		return Fingerprint{}
	}
	var shapes, places []string
	for _, s := range sheets {
		shapes = append(shapes, strings.Join(s.words, "\x1f"))
		places = append(places, strings.Join(append(s.words, s.places...), "\x1f"))
	}
	hash := func(list []string) string {
		slices.Sort(list)
		sum := sha256.Sum256([]byte("1\x1d" + strings.Join(slices.Compact(list), "\x1e")))
		return hex.EncodeToString(sum[:16])
	}
	return Fingerprint{hash(shapes), hash(places)}
}

// shapeOf takes titles and header of a table; where no header is recognised, all
// lines above the first number that is no year.
func (p *parser) shapeOf(head []row, file string) sheetShape {
	var s sheetShape
	found := p.recognise(head)
	if found == nil {
		for _, r := range head[:firstData(head)] {
			s.words = append(s.words, p.titleWords(r)...)
			s.places = append(s.places, rowPlaces(r))
		}
		return s
	}
	for _, r := range head[:found.first()-1] {
		s.words = append(s.words, p.titleWords(r)...)
	}
	if len(s.words) == 0 && p.isAnonymous(found) {
		s.words = append(s.words, "file "+p.printed(strings.TrimSuffix(baseName(file), path.Ext(file))))
	}
	s.places = []string{strconv.Itoa(found.first()), strconv.Itoa(len(found.header))}
	across := found.across()
	for col, text := range found.heads {
		word := p.printed(text)
		if v := across[col]; v != nil {
			word = v.printed(word)
		}
		if s.places = append(s.places, word); word != "" && !slices.Contains(s.words, "│"+word) {
			s.words = append(s.words, "│"+word)
		}
	}
	return s
}

// across are the columns of values.
func (p *plan) across() map[int]*valueColumn {
	columns := map[int]*valueColumn{}
	for i := range p.values {
		columns[p.values[i].col] = &p.values[i]
	}
	return columns
}

// printed leaves out which periods and regions stand across a table.
func (v *valueColumn) printed(text string) string {
	switch of := v.axes(); {
	case of&axisIndicator != 0 && of&axisRegion != 0:
		return "region " + v.indicator.indicator.Code + "│" + nameKey(v.unit.unit)
	case of&axisIndicator != 0:
		return text
	case of&axisRegion != 0:
		return "region│" + nameKey(v.unit.unit)
	case of&axisPeriod != 0 || v.part != "":
		return "#│" + nameKey(v.unit.unit)
	}
	return text
}

// isAnonymous reports a table such as 地区 │ 年份 │ 数值, of which only the name of
// its file may tell what it is about.
func (p *parser) isAnonymous(found *plan) bool {
	across := found.across()
	for col, text := range found.heads {
		v := across[col]
		if found.roles[col] == RoleIndicator || found.roles[col] == RoleUnknown && text != "" || v != nil && v.indicator.indicator != nil {
			return false
		}
	}
	return !found.unread
}

// mostPrinted is how many lines are taken of a table without a header or a number.
const mostPrinted = 10

func firstData(head []row) int {
	seen := 0
	for i, r := range head {
		if filled(r) > 0 {
			seen++
		}
		for _, text := range r.cells {
			_, isYear := readPeriod(text)
			if _, _, k := readNumber(text); k == isNumber && !isYear {
				return i
			}
		}
		if seen == mostPrinted {
			return i + 1
		}
	}
	return len(head)
}

// rowPlaces says which cells of a row are filled.
func rowPlaces(r row) string {
	var places []byte
	for col, text := range r.cells {
		if !isBlank(text) {
			places = append(appendColumn(places, col), ' ')
		}
	}
	return strconv.Itoa(r.number) + " " + string(places)
}

// titleWords are the texts of a row above the header but those that another file
// of the same shape has otherwise: times, sources, the region.
func (p *parser) titleWords(r row) []string {
	var words []string
	for col := 0; col < len(r.cells); col++ {
		text := r.cells[col]
		label, said, labelled := cutLabel(text)
		if !labelled && headerWords[nameKey(text)] != "" {
			label, said, labelled = nameKey(text), "", true
		}
		if role := headerWords[label]; labelled && role != "" {
			if said == "" { // 单位：│亿元
				for col+1 < len(r.cells) && said == "" {
					col++
					said = r.cells[col]
				}
			}
			switch role {
			case RoleRegion, RolePeriod, RoleIgnored:
				continue
			case RoleUnit:
				words = append(words, label+":"+nameKey(said))
				continue
			}
			words = append(words, label+":"+p.printed(said))
			continue
		}
		if word := p.printed(p.withoutRegion(text)); strings.Trim(word, "│#()[]-—~至:.、年度末 ") != "" {
			words = append(words, word)
		}
	}
	return words
}

// withoutRegion takes number, year and region off the start of a title.
func (p *parser) withoutRegion(title string) string {
	if len(title) > longestName {
		return title
	}
	title = tableNumber.ReplaceAllString(strings.Join(strings.Fields(fold(title)), " "), "")
	if _, rest, ok := cutPeriod(title); ok && rest != "" {
		title = rest
	}
	if read, rest := p.regionFirst(title); read.region != nil && rest != "" {
		return rest
	}
	return title
}

var (
	hanNumber = regexp.MustCompile(`[〇零一二三四五六七八九十]+([年月日季])`)
	// a date, a stretch of time or any other number
	anyNumber = regexp.MustCompile(`\d+(?:[年月日号度]|季度)*(?:[-—~至到、/.:]*\d+(?:[年月日号度]|季度)*)*`)
)

// printed is a text without its numbers, but for those of its unit (100 million yuan).
func (p *parser) printed(text string) string {
	if isBlank(text) {
		return ""
	}
	if len(text) > longestName {
		text = text[:longestName]
	}
	before, unit, _ := p.names.cutUnit(text)
	if m := unitInTitle.FindStringSubmatchIndex(fold(text)); m != nil {
		before, unit = fold(text)[:m[0]], fold(text)[m[2]:m[3]]
	}
	key := hanNumber.ReplaceAllString(nameKey(before), "0$1")
	return anyNumber.ReplaceAllString(key, "#") + "│" + nameKey(unit)
}
