package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields of a reading in JSON, in the order in which they are columns.
var (
	fields     = []string{"indicator", "region", "period", "value", "unit", "status"}
	fieldRoles = []Role{RoleIndicator, RoleRegion, RolePeriod, RoleValue, RoleUnit, RoleStatus}
)

const fieldValue = 3 // of fields

// fieldColumn is the column of the first field in a place: from there on a place
// is written readings[0].indicator instead of A1.
const fieldColumn = 1 << 20

// readingsStart is how a file of readings in JSON begins: a table hardly does.
var readingsStart = regexp.MustCompile(`^(?:\x{feff})?\s*\{\s*("|\}\s*$)`)

func isReadings(content []byte) bool {
	return readingsStart.Match(content[:min(len(content), 256)])
}

// readReadings reads {"readings": [{"indicator": …, "region": …, "period": …,
// "value": 1171.7, "unit": …, "status": …}]}, which programs write. It is strict
// where a table is read with patience: a field has one name and one type.
func (p *parser) readReadings(content []byte) error {
	p.readOptions()
	p.understood.Encoding, p.understood.Container, p.understood.Layout = "utf-8", "json", layoutLong
	p.understood.Preview = preview(string(content[:min(len(content), previewLines*previewRunes*utf8.UTFMax)]))
	p.plan = &plan{layout: layoutLong, roles: fieldRoles, heads: fields, values: []valueColumn{{col: fieldValue}}}
	p.applyOptions()
	rr := newRowReader(p)
	rr.shift = fieldColumn
	broken := false
	for r, found := range p.readingsOf(content) {
		if broken = r.number == 0; broken {
			p.problems.add(place{}, found[0].finding)
			break
		}
		if len(found) > 0 {
			rr.reportRow(r, found)
			if isOnlyOfValue(found) { // the other fields may be wrong too
				rr.subjectOf(r)
				rr.reportRow(r, rr.found)
			}
			continue
		}
		s := rr.subjectOf(r)
		if !rr.reportRow(r, rr.found) {
			rr.readValue(r, &p.plan.values[0], s)
		}
	}
	if rr.values == 0 && !broken && len(p.problems.kept) == 0 {
		p.problems.add(place{}, fault(codeNoData, "readings 中没有数据。", "There is nothing in readings."))
	}
	p.reportNothingRead()
	p.gathered.settleDuplicates(&p.problems)
	return p.ctx.Err()
}

// readingsOf gives the readings as rows of their fields, counted from 1, with
// what is wrong with their form. A row without a number is the last: its finding
// says why the file cannot be read on.
func (p *parser) readingsOf(content []byte) iter.Seq2[row, []located] {
	return func(yield func(row, []located) bool) {
		content = bytes.TrimPrefix(content, []byte("\ufeff"))
		d := jsonReader{Decoder: json.NewDecoder(bytes.NewReader(content)), content: content}
		d.UseNumber()
		r := row{cells: make([]string, len(fields))}
		f := d.open()
		for f == nil && d.More() {
			if r.number++; r.number%rowsBetweenRooms == 0 && p.ctx.Err() != nil {
				return
			}
			if r.number*len(fields) > p.options.Cells {
				f = tooManyCells(p.options.Cells)
				break
			}
			var found []located
			if found, f = d.reading(r); f == nil && !yield(r, found) {
				return
			}
		}
		if f == nil {
			f = d.close()
		}
		if f != nil {
			yield(row{}, []located{{place{}, f}})
		}
	}
}

// jsonReader reads the form of readings.
type jsonReader struct {
	*json.Decoder
	content []byte
}

func (d *jsonReader) open() *finding {
	if !utf8.Valid(d.content) {
		return fault(codeBadEncoding, "JSON 必须是 UTF-8 编码。", "JSON must be UTF-8.")
	}
	if f := d.delim('{'); f != nil {
		return f
	}
	if d.More() {
		name, err := d.Token()
		if err != nil {
			return d.broken(err)
		}
		if name != "readings" {
			return unknownField(fmt.Sprint(name), "readings")
		}
		return d.delim('[')
	}
	return missingReadings()
}

func (d *jsonReader) close() *finding {
	if f := d.delim(']'); f != nil {
		return f
	}
	if d.More() {
		name, err := d.Token()
		if err != nil {
			return d.broken(err)
		}
		return unknownField(fmt.Sprint(name), "readings")
	}
	if f := d.delim('}'); f != nil {
		return f
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return d.broken(errors.New("more behind the end"))
	}
	return nil
}

func (d *jsonReader) delim(want json.Delim) *finding {
	got, err := d.Token()
	switch {
	case err != nil:
		return d.broken(err)
	case got == want:
		return nil
	case want == '[':
		return missingReadings()
	}
	return d.broken(fmt.Errorf("%v where %v is wanted", got, want))
}

// broken says where the text stops being JSON.
func (d *jsonReader) broken(err error) *finding {
	at := d.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	line := 1 + bytes.Count(d.content[:min(int(at), len(d.content))], []byte("\n"))
	return fault(codeDamagedFile, "第 %[1]d 行不是有效的 JSON（%[2]v）。改正后重新发送。",
		"Line %[1]d is no valid JSON (%[2]v). Mend it and send it again.", line, err)
}

func missingReadings() *finding {
	return fault(codeUnknownLayout,
		`JSON 应为 {"readings": [{"indicator": "rd_spend", "region": "350000", "period": "2023", "value": 1171.7, "unit": "亿元"}]}。`,
		`The JSON must be {"readings": [{"indicator": "rd_spend", "region": "350000", "period": "2023", "value": 1171.7, "unit": "亿元"}]}.`)
}

func unknownField(name string, known ...string) *finding {
	list := strings.Join(known, ", ")
	return fault(codeUnknownField, "没有字段“%[1]s”。可用：%[2]s。", "There is no field “%[1]s”. Use %[2]s.", quote(name), list)
}

// reading reads one element into the cells of r: every field at most once, the
// value a number, all others text. The second finding ends the file.
func (d *jsonReader) reading(r row) (found []located, end *finding) {
	clear(r.cells)
	if f := d.delim('{'); f != nil {
		return nil, f
	}
	seen := [6]bool{}
	add := func(col int, f *finding) { found = append(found, located{place{r.number, fieldColumn + col}, f}) }
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, d.broken(err)
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, d.broken(err)
		}
		name := token.(string)
		switch col := fieldOf(name); {
		case col == len(fields):
			add(col, unknownField(name, fields...))
		case seen[col]:
			add(col, fault(codeContradiction, "字段 %[1]s 出现了两次。只保留一个。", "The field %[1]s is there twice. Keep one.", name))
		default:
			seen[col] = true
			if r.cells[col], err = fieldText(value, col == fieldValue); err != nil {
				add(col, badField(col))
			}
		}
	}
	if len(found) == 0 {
		found = checkFields(r)
	}
	return found, d.delim('}')
}

// fieldOf is the column of a field; that of one which is not known is behind all.
func fieldOf(name string) int {
	if i := slices.Index(fields, name); i >= 0 {
		return i
	}
	return len(fields)
}

// fieldText is a field as the cell of a table has it. Null says nothing.
func fieldText(value any, number bool) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case json.Number:
		if number {
			return v.String(), nil
		}
	case string:
		if !number {
			return v, nil
		}
	}
	return "", errors.New("of another type")
}

func badField(col int) *finding {
	if col == fieldValue {
		return fault(codeNotANumber, "value 必须是不带引号的数，没有数值时为 null。", "value must be a number without quotes, or null where there is none.")
	}
	return fault(codeBadField, "%[1]s 必须是带引号的文字。", "%[1]s must be a text in quotes.", fields[col])
}

func isOnlyOfValue(found []located) bool {
	return !slices.ContainsFunc(found, func(l located) bool { return l.col != fieldColumn+fieldValue })
}

// checkFields: a reading without a value has to say so. Nothing is taken for an
// empty line.
func checkFields(r row) []located {
	if r.cells[fieldValue] != "" {
		return nil
	}
	status, ok := readStatus(r.cells[len(fields)-1])
	if ok && !status.HasValue() {
		return nil
	}
	return []located{{place{r.number, fieldColumn + fieldValue}, fault(codeMissingValue,
		"没有数值。填入 value，或把 status 写为 M 缺失、N 不适用 或 O 未采集。",
		"There is no value. Give value, or make status M missing, N not applicable or O not collected.")}}
}
