package workbook

import (
	"math"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// BIFF is a stream of records: two bytes of kind, two of length, the body.

// The records that are read (MS-XLS 2.3).
const (
	recFormula     = 0x0006
	recEOF         = 0x000a
	recDate1904    = 0x0022
	recFilePass    = 0x002f
	recFont        = 0x0031
	recContinue    = 0x003c
	recCodePage    = 0x0042
	recColInfo     = 0x007d
	recBoundSheet  = 0x0085
	recMulRK       = 0x00bd
	recRString     = 0x00d6
	recXF          = 0x00e0
	recMergeCells  = 0x00e5
	recSST         = 0x00fc
	recLabelSST    = 0x00fd
	recRecalcID    = 0x01c1
	recNumber      = 0x0203
	recLabel       = 0x0204
	recBoolErr     = 0x0205
	recString      = 0x0207
	recRow         = 0x0208
	recRK          = 0x027e
	recFormula4    = 0x0406
	recFormat      = 0x041e
	recBOF         = 0x0809
	recordHeadSize = 4
)

// record is one record; next is where the one behind it begins.
type record struct {
	kind     int
	body     []byte
	at, next int
}

// recordAt is the record at a position, ok false where there is none.
func recordAt(stream []byte, at int) (r record, ok bool) {
	if at < 0 || at+recordHeadSize > len(stream) {
		return record{}, false
	}
	from := at + recordHeadSize
	next := from + le16(stream[at+2:])
	if next > len(stream) {
		return record{}, false
	}
	return record{le16(stream[at:]), stream[from:next], at, next}, true
}

// continued is the bodies of a record and of those that continue it.
func continued(stream []byte, r record) [][]byte {
	parts := [][]byte{r.body}
	for {
		more, ok := recordAt(stream, r.next)
		if !ok || more.kind != recContinue {
			return parts
		}
		parts, r = append(parts, more.body), more
	}
}

// parts reads across the bodies of continued records.
type parts struct {
	rest [][]byte // rest[0] is being read
}

func (p *parts) done() bool {
	for len(p.rest) > 0 && len(p.rest[0]) == 0 {
		p.rest = p.rest[1:]
	}
	return len(p.rest) == 0
}

// take is the next n bytes, nil where there are fewer.
func (p *parts) take(n int) []byte {
	var b []byte
	for !p.done() {
		from := p.rest[0]
		if b == nil && len(from) >= n {
			p.rest[0] = from[n:]
			return from[:n]
		}
		size := min(n-len(b), len(from))
		b = append(b, from[:size]...)
		p.rest[0] = from[size:]
		if len(b) == n {
			return b
		}
	}
	return nil
}

func (p *parts) skip(n int) {
	for n > 0 && !p.done() {
		size := min(n, len(p.rest[0]))
		p.rest[0] = p.rest[0][size:]
		n -= size
	}
}

// chars reads count characters of one or two bytes. Where they go on in
// another record, that begins with a byte that says how wide they are there.
func (p *parts) chars(count int, wide bool) ([]uint16, bool) {
	units := make([]uint16, 0, min(count, 1<<12))
	for first := true; ; first = false {
		if count == 0 {
			return units, true
		}
		if p.done() {
			return nil, false
		}
		from := p.rest[0]
		if !first {
			wide, from = from[0]&1 != 0, from[1:]
		}
		width := 1
		if wide {
			width = 2
		}
		n := min(count, len(from)/width)
		for i := range n {
			if wide {
				units = append(units, uint16(le16(from[2*i:])))
			} else {
				units = append(units, uint16(from[i]))
			}
		}
		if count -= n; count == 0 {
			p.rest[0] = from[n*width:]
		} else {
			p.rest = p.rest[1:]
		}
	}
}

// rich reads a text of BIFF8 with all that may come with it. How long it is
// stands in sizeBytes. raised are the fonts of superscripts: digits in them are
// raised, as they are no part of a number. Phonetics are skipped.
func (p *parts) rich(sizeBytes int, raised map[int]bool) (string, bool) {
	head := p.take(sizeBytes + 1)
	if head == nil {
		return "", false
	}
	count, flags := int(head[0]), head[sizeBytes]
	if sizeBytes == 2 {
		count = le16(head)
	}
	runs, after := 0, 0
	if flags&8 != 0 {
		b := p.take(2)
		if b == nil {
			return "", false
		}
		runs = le16(b)
	}
	if flags&4 != 0 {
		b := p.take(4)
		if b == nil {
			return "", false
		}
		after = int(min(le32(b), 1<<30))
	}
	units, ok := p.chars(count, flags&1 != 0)
	from, up := 0, false
	for range runs {
		b := p.take(4)
		if b == nil {
			break
		}
		to := min(le16(b), len(units))
		raise(units, from, to, up)
		from, up = to, raised[le16(b[2:])]
	}
	raise(units, from, len(units), up)
	p.skip(after)
	return string(utf16.Decode(units)), ok
}

func raise(units []uint16, from, to int, up bool) {
	for i := from; i < to && up; i++ {
		if c := units[i]; '0' <= c && c <= '9' {
			units[i] = uint16([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[c-'0'])
		}
	}
}

// codePages are the encodings of texts before BIFF8.
var codePages = map[int]encoding.Encoding{
	936: simplifiedchinese.GB18030, 54936: simplifiedchinese.GB18030, 950: traditionalchinese.Big5, 932: japanese.ShiftJIS,
	949: korean.EUCKR, 1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 0x8001: charmap.Windows1252,
}

func decodeBytes(b []byte, codePage int) string {
	enc := codePages[codePage]
	if enc == nil {
		enc = simplifiedchinese.GB18030
	}
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(text)
}

// rkNumber is a number of 30 bits, an integer or the head of a float, perhaps
// in hundredths.
func rkNumber(rk uint32) float64 {
	v := math.Float64frombits(uint64(rk&^3) << 32)
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}

var errorNames = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A",
}

func errorName(code byte) string {
	if name, ok := errorNames[code]; ok {
		return name
	}
	return "#ERROR!"
}
