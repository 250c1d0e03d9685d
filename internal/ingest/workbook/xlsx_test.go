package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// zipped is an archive of name and content in turn.
func zipped(tb testing.TB, parts ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(f, parts[i+1])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// xlsxParts are those of a workbook with one sheet.
func xlsxParts(sheet string, more ...string) []string {
	return append([]string{
		"[Content_Types].xml", "<Types/>",
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="b" Type="t/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="c" Type="t/styles" Target="./styles.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheet,
	}, more...)
}

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	shared := `<sst><si><t xml:space="preserve"> 甲 </t></si>
		<si><r><rPr><b/></rPr><t>北</t></r>
		    <r><t>京</t></r><rPh sb="0" eb="1"><t>ペキン</t></rPh></si>
		<si><r><t>12.5</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1)</t></r><r><t> 6</t></r></si>
		<si><t>a_x000D_b_x00e9_c_xyz_</t></si></sst>`
	styles := `<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;"/></numFmts>
		<cellStyleXfs><xf numFmtId="10"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="176"/></cellXfs>
		<dxfs><dxf><numFmt numFmtId="9" formatCode="0"/></dxf></dxfs></styleSheet>`
	sheet := `<worksheet><dimension ref="A1:B2"/><sheetData>
		<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c t="s"><v>2</v></c><c r="G2" t="s"><v>3</v></c><c r="H2" s="1"/></row>
		<row r="3" hidden="1"><c r="A3"><v>1.1000000000000001</v></c><c r="B3" s="1"><v>0.125</v></c><c r="C3" s="2"><v>45292</v></c>
			<c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F3" t="str"><f>A1&amp;"x"</f><v>x</v></c>
			<c r="G3"><f>B2*2</f></c><c r="H3"><f>B2*2</f><v/></c><c r="I3" t="str"><f>""</f><v></v></c><c r="J3"><f t="shared" si="0"/><v>7</v></c><c r="K3" t="str"><f>=B2+1</f></c></row>
		<row><c t="inlineStr"><is><t>就</t><r><t>地</t></r></is></c><c t="d"><v>2024-01-31T00:00:00</v></c><c t="d" s="2"><v>2024-01-31T00:00:00</v></c><c s="99"><v>3</v></c><c><v>1E-3</v></c></row>
		</sheetData><mergeCells count="2"><mergeCell ref="B2:C2"/><x:mergeCell count="1" ref='A4:A9'/></mergeCells></worksheet>`
	book, err := openTest(t, zipped(t, xlsxParts(sheet, "xl/sharedStrings.xml", shared, "xl/styles.xml", styles)...))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"B2= 甲  (1×2)", "C2=北京", "D2=12.5¹) 6", "G2=a\rbéc_xyz_",
		"A3=1.1", "B3=12.5%", "C3=2024", "D3=TRUE", "E3=#DIV/0!", "F3=x", "G3==B2*2", "H3==B2*2", "J3=7", "K3==B2+1",
		"A4=就地 (6×1)", "B4=2024-01-31", "C4=2024", "D4=3", "E4=0.001",
	}
	if diff := cmp.Diff(want, shown(t, book, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMergesAcrossStretches puts the tags of merged cells where one read of
// the part ends and the next begins.
func TestMergesAcrossStretches(t *testing.T) {
	t.Parallel()
	for pad := (64 << 10) - 160; pad < (64<<10)+40; pad++ {
		head := `<worksheet><sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>`
		sheet := head + strings.Repeat(" ", pad-len(head)) + `<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B2"/></mergeCells></worksheet>`
		book, err := openTest(t, zipped(t, xlsxParts(sheet)...))
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(t, book, 0); len(got) != 1 || got[0] != "A1=x (1×2)" {
			t.Fatalf("%d bytes before the tags: %v", pad, got)
		}
	}
}

// TestXLSXBombs is not parallel: it counts what is allocated.
func TestXLSXBombs(t *testing.T) {
	const mega = 1 << 20
	small := Limits{Unpacked: 8 * mega, Entries: 20, Text: mega, Token: mega}
	zeros := strings.Repeat("0", 9*mega)
	sheet := func(cells string) []string {
		return xlsxParts("<worksheet><sheetData><row>" + cells + "</row></sheetData></worksheet>")
	}
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("xl/media/%d.png", i), "")
	}
	lying := zipped(t, xlsxParts("<worksheet>"+strings.Repeat(" ", mega)+"</worksheet>")...)
	line := bytes.LastIndex(lying, []byte("PK\x01\x02")) // that of the sheet, which is the last
	binary.LittleEndian.PutUint32(lying[line+24:], 100)
	elsewhere := zipped(t, sheet("")...)
	binary.LittleEndian.PutUint32(elsewhere[len(elsewhere)-10:], 1<<30)
	hidden := zipped(t, many...)
	end := bytes.LastIndex(hidden, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(hidden[end+8:], 3) // says that it has three entries
	binary.LittleEndian.PutUint16(hidden[end+10:], 3)
	tooMany := strings.Repeat("<si><t>a</t></si>", mega/16)
	for name, tt := range map[string]struct {
		content []byte
		code    string
	}{
		"unpacks large":          {zipped(t, append(sheet(""), "xl/media/a.png", zeros)...), CodeTooBig},
		"many entries":           {zipped(t, append(sheet(""), many...)...), CodeTooBig},
		"many entries, unsaid":   {hidden, CodeTooBig},
		"larger than it says":    {lying, CodeDamaged},
		"one long text":          {zipped(t, sheet(`<c t="inlineStr"><is><t>`+zeros[:2*mega]+`</t></is></c>`)...), CodeTooBig},
		"a text in many pieces":  {zipped(t, sheet(`<c t="inlineStr"><is><t>`+strings.Repeat(zeros[:1000]+"<!-- -->", 2000)+`</t></is></c>`)...), CodeTooBig},
		"one long attribute":     {zipped(t, sheet(`<c r="`+zeros[:2*mega]+`"/>`)...), CodeTooBig},
		"one long comment":       {zipped(t, sheet(`<!--`+zeros[:2*mega]+`-->`)...), CodeTooBig},
		"many shared texts":      {zipped(t, append(sheet(""), "xl/sharedStrings.xml", "<sst>"+tooMany+"</sst>")...), CodeTooBig},
		"entities":               {zipped(t, sheet(`<!DOCTYPE x [<!ENTITY a "aaaa">]><c t="str"><v>&a;</v></c>`)...), CodeDamaged},
		"a directory elsewhere":  {elsewhere, CodeDamaged},
		"no directory":           {zipped(t, sheet("")...)[:400], CodeDamaged},
		"a workbook of packages": {zipped(t, "a.xlsx", string(zipped(t, sheet("")...))), CodeUnsupported},
	} {
		var err error
		spent := memory(func() {
			var book Book
			if book, _, err = Open(t.Context(), tt.content, small); err == nil {
				for _, err = range book.Rows(t.Context(), 0) {
					if err != nil {
						break
					}
				}
			}
		})
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
		most := uint64(2 * mega) // to see what is refused before it is unpacked
		if name == "larger than it says" {
			most = 8 * mega // it is unpacked until that shows
		}
		if tt.code == CodeTooBig && len(tt.content) < 20_000 {
			most = 64 * mega // what the decoder leaves behind, of texts up to the limit
		}
		if spent > most {
			t.Errorf("%s: %d bytes allocated", name, spent)
		}
	}
}

// memory is how many bytes are allocated while f runs.
func memory(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
