package workbook

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// xlsx is a workbook of Office Open XML. Its sheets are unpacked as they are
// read; only the shared texts are kept.
type xlsx struct {
	archive   *archive
	limits    Limits
	sheets    []Sheet
	parts     []string // of the sheets
	epoch1904 bool
	stale     bool     // results are to be calculated when the book is opened: zeros were never calculated
	formats   []format // by cell style
	shared    []string
	kept      int             // bytes of texts, of all kinds
	merges    map[[2]int]span // of one sheet, by row and column of the first cell
	merged    int             // that sheet, -1: none
}

// span is how far a merged cell goes.
type span struct{ rows, cols int }

func openXLSX(ctx context.Context, a *archive, limits Limits) (*xlsx, error) {
	x := &xlsx{archive: a, limits: limits, merged: -1}
	main, err := x.mainPart(ctx)
	if err != nil {
		return nil, err
	}
	targets, kinds, err := x.relations(ctx, main)
	if err != nil {
		return nil, err
	}
	if err := x.readWorkbook(ctx, main, targets); err != nil {
		return nil, err
	}
	if err := x.readStyles(ctx, kinds["styles"]); err != nil {
		return nil, err
	}
	return x, x.readShared(ctx, kinds["sharedStrings"])
}

// keep counts a text that is kept.
func (x *xlsx) keep(text string) error {
	const entry = 32 // bytes it costs beside its own
	if x.kept += len(text) + entry; x.kept > x.limits.Text {
		return tooMuchText(x.limits.Text)
	}
	return nil
}

func (x *xlsx) Sheets() []Sheet    { return x.sheets }
func (x *xlsx) Size(sheet int) int { return x.archive.size(x.parts[sheet]) }

// part calls f for each start of an element and each end of one in a part.
func (x *xlsx) part(ctx context.Context, name string, f func(*xmlReader, xml.Token) error) error {
	r, err := x.archive.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	reader := newXMLReader(ctx, r, name, x.limits.Token)
	for {
		token, err := reader.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f(reader, token)
		}
		if err != nil {
			return err
		}
	}
}

// mainPart is the part that lists the sheets.
func (x *xlsx) mainPart(ctx context.Context) (string, error) {
	_, kinds, err := x.relations(ctx, "")
	if err != nil {
		return "", err
	}
	if main := kinds["officeDocument"]; main != "" {
		return main, nil
	}
	return "xl/workbook.xml", nil
}

// relations are the parts that a part refers to, by id and by kind.
func (x *xlsx) relations(ctx context.Context, of string) (byID, byKind map[string]string, err error) {
	dir, base := path.Split(of)
	byID, byKind = map[string]string{}, map[string]string{}
	name := dir + "_rels/" + base + ".rels"
	if !x.archive.has(name) {
		return byID, byKind, nil
	}
	err = x.part(ctx, name, func(_ *xmlReader, token xml.Token) error {
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
			return nil
		}
		target := attribute(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = path.Clean(target[1:])
		} else {
			target = path.Join(dir, target)
		}
		byID[attribute(e, "Id")] = target
		kind := path.Base(attribute(e, "Type"))
		if byKind[kind] == "" {
			byKind[kind] = target
		}
		return x.keep(target)
	})
	return byID, byKind, err
}

func (x *xlsx) readWorkbook(ctx context.Context, main string, targets map[string]string) error {
	err := x.part(ctx, main, func(_ *xmlReader, token xml.Token) error {
		e, ok := token.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "workbookPr":
			x.epoch1904 = isTrue(attribute(e, "date1904"))
		case ok && e.Name.Local == "calcPr":
			x.stale = isTrue(attribute(e, "fullCalcOnLoad"))
		case ok && e.Name.Local == "sheet":
			target := targets[relationID(e)]
			if target == "" || !x.archive.has(target) {
				return damaged(main + ": sheet without a part")
			}
			if slices.Contains(x.parts, target) || len(x.parts) == x.limits.Entries {
				return damaged(main + ": sheets")
			}
			if !isWorksheet(target) {
				return nil
			}
			x.parts = append(x.parts, target)
			x.sheets = append(x.sheets, Sheet{Name: attribute(e, "name"), Hidden: strings.HasSuffix(strings.ToLower(attribute(e, "state")), "hidden")})
			return x.keep(attribute(e, "name"))
		}
		return nil
	})
	if err == nil && len(x.sheets) == 0 {
		return damaged(main + ": no sheet")
	}
	return err
}

// relationID is r:id; sheetId is another thing and so is an id without a prefix.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// isWorksheet tells a sheet of cells from one that is a chart or a dialog.
func isWorksheet(part string) bool {
	return !strings.Contains(part, "chartsheets/") && !strings.Contains(part, "dialogsheets/") && !strings.Contains(part, "macrosheets/")
}

func (x *xlsx) readStyles(ctx context.Context, part string) error {
	if part == "" || !x.archive.has(part) {
		return nil
	}
	const most = 1 << 16 // styles; spreadsheet programs allow fewer
	codes, inCells := map[int]string{}, false
	return x.part(ctx, part, func(_ *xmlReader, token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "numFmt" && len(codes) < most:
				id, err := strconv.Atoi(attribute(e, "numFmtId"))
				if code := attribute(e, "formatCode"); err == nil && len(code) < 1000 {
					codes[id] = code
				}
			case e.Name.Local == "cellXfs":
				inCells = true
			case e.Name.Local == "xf" && inCells && len(x.formats) < most:
				x.formats = append(x.formats, formatByID(attribute(e, "numFmtId"), codes))
			}
		case xml.EndElement:
			inCells = inCells && e.Name.Local != "cellXfs"
		}
		return nil
	})
}

func formatByID(id string, codes map[int]string) format {
	n, err := strconv.Atoi(id)
	if err != nil {
		return format{}
	}
	if code, ok := codes[n]; ok {
		return parseFormat(code)
	}
	return parseFormat(builtIn[n])
}

func (x *xlsx) readShared(ctx context.Context, part string) error {
	if part == "" || !x.archive.has(part) {
		return nil
	}
	return x.part(ctx, part, func(r *xmlReader, token xml.Token) error {
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "si" {
			return nil
		}
		text, err := r.richText("t")
		if err != nil {
			return err
		}
		x.shared = append(x.shared, unescape(text))
		return x.keep(text)
	})
}

// unescape writes the characters that XML cannot hold, _x000D_, as they are.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "_x")
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		s = s[at:]
		if len(s) >= 7 && s[6] == '_' {
			if code, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				b.WriteRune(rune(code))
				s = s[7:]
				continue
			}
		}
		b.WriteString(s[:2])
		s = s[2:]
	}
}
