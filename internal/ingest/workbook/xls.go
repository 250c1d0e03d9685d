package workbook

import (
	"context"
	"slices"
)

// xls is a workbook of BIFF8 (Excel 97 to 2003) or BIFF5 (Excel 5 and 95).
type xls struct {
	stream    []byte
	limits    Limits
	biff8     bool
	codePage  int
	epoch1904 bool
	engine    bool     // says which program calculated it; one that does not is calculated when it is opened
	formats   []format // by XF
	codes     map[int]string
	fonts     int
	raised    map[int]bool // fonts of superscripts
	sheets    []Sheet
	starts    []int // of the sheets in the stream
	shared    []string

	indexed int // the sheet that index belongs to, -1: none
	index   sheetIndex
}

func openXLS(ctx context.Context, content []byte, limits Limits) (*xls, error) {
	c, err := openCompound(content)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"Workbook", "Book", "WORKBOOK", "BOOK"} {
		stream, ok, err := c.stream(name)
		if err != nil {
			return nil, err
		}
		if ok {
			x := &xls{stream: stream, limits: limits, codePage: 936, codes: map[int]string{}, raised: map[int]bool{}, indexed: -1}
			return x, x.readGlobals(ctx)
		}
	}
	return nil, c.otherKind()
}

// otherKind says what a compound file is that holds no workbook.
func (c *compound) otherKind() *Refusal {
	has := func(name string) bool { return c.streams[name].kind != 0 }
	switch {
	case has("EncryptedPackage"):
		return needsPassword()
	case has("WordDocument"):
		return copyTable("Word 文件", "a Word document")
	case has("PowerPoint Document"):
		return copyTable("PowerPoint 文件", "a PowerPoint file")
	}
	return saveAsXLSX("不含工作簿的 Office 文件", "an Office file without a workbook")
}

func (x *xls) Sheets() []Sheet { return x.sheets }

// readGlobals reads the first part of the stream: what holds for all sheets.
func (x *xls) readGlobals(ctx context.Context) error {
	first, ok := recordAt(x.stream, 0)
	if !ok || first.kind != recBOF || len(first.body) < 4 {
		return saveAsXLSX("Excel 5 之前的工作簿", "a workbook of before Excel 5")
	}
	switch le16(first.body) {
	case 0x0600:
		x.biff8 = true
	case 0x0500:
	default:
		return saveAsXLSX("Excel 5 之前的工作簿", "a workbook of before Excel 5")
	}
	for r := first; ; {
		if r, ok = recordAt(x.stream, r.next); !ok {
			return damaged("BIFF: no end of the globals")
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.kind == recEOF {
			break
		}
		if err := x.readGlobal(r); err != nil {
			return err
		}
	}
	if len(x.sheets) == 0 {
		return damaged("BIFF: no sheet")
	}
	return nil
}

func (x *xls) readGlobal(r record) error {
	b := r.body
	switch r.kind {
	case recFilePass:
		return decrypt(x.stream, r, x.biff8)
	case recCodePage:
		if len(b) >= 2 {
			x.codePage = le16(b)
		}
	case recDate1904:
		x.epoch1904 = len(b) >= 2 && le16(b) == 1
	case recRecalcID:
		x.engine = len(b) >= 8 && le32(b[4:]) != 0
	case recFormat:
		if len(b) >= 3 {
			text, _ := x.text(b[2:], x.biff8)
			x.codes[le16(b)] = text
		}
	case recFont:
		if x.fonts == 4 { // no font has this number
			x.fonts++
		}
		x.raised[x.fonts] = len(b) >= 10 && le16(b[8:]) == 1
		x.fonts++
	case recXF:
		f := format{}
		if len(b) >= 4 {
			f = x.formatByID(le16(b[2:]))
		}
		x.formats = append(x.formats, f)
	case recBoundSheet:
		return x.readBoundSheet(b)
	case recSST:
		return x.readShared(r)
	}
	return nil
}

func (x *xls) formatByID(id int) format {
	if code, ok := x.codes[id]; ok {
		return parseFormat(code)
	}
	return parseFormat(builtIn[id])
}

// text reads a text with its length in front: of BIFF8 in two bytes where wide
// is set, of BIFF5 in one where it is not.
func (x *xls) text(b []byte, twoBytes bool) (string, bool) {
	size := 1
	if twoBytes {
		size = 2
	}
	if x.biff8 {
		p := parts{[][]byte{b}}
		return p.rich(size, x.raised)
	}
	if len(b) < size {
		return "", false
	}
	count := int(b[0])
	if twoBytes {
		count = le16(b)
	}
	b = b[size:]
	return decodeBytes(b[:min(count, len(b))], x.codePage), count <= len(b)
}

func (x *xls) readBoundSheet(b []byte) error {
	const worksheet = 0
	if len(b) < 8 {
		return damaged("BIFF: sheet")
	}
	if b[5] != worksheet {
		return nil
	}
	name, ok := x.text(b[6:], false)
	if !ok {
		return damaged("BIFF: sheet")
	}
	start := int(le32(b))
	if slices.Contains(x.starts, start) || len(x.starts) == x.limits.Entries {
		return damaged("BIFF: sheets")
	}
	x.sheets = append(x.sheets, Sheet{Name: name, Hidden: b[4]&3 != 0})
	x.starts = append(x.starts, start)
	return nil
}

// readShared reads the texts that cells refer to by number.
func (x *xls) readShared(r record) error {
	const entry = 16 // bytes a text costs beside its own
	p := parts{continued(x.stream, r)}
	if p.take(8) == nil {
		return damaged("BIFF: SST")
	}
	size := 0
	for !p.done() {
		text, ok := p.rich(2, x.raised)
		if !ok {
			return damaged("BIFF: SST")
		}
		if size += len(text) + entry; size > x.limits.Text {
			return tooMuchText(x.limits.Text)
		}
		x.shared = append(x.shared, text)
	}
	return nil
}
