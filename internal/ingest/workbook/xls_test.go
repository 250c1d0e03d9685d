package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// shown is a sheet as lines: B2=text, with the size of merged cells behind.
func shown(tb testing.TB, book Book, sheet int) []string {
	tb.Helper()
	var lines []string
	for row, err := range book.Rows(tb.Context(), sheet) {
		if err != nil {
			return append(lines, err.Error())
		}
		for _, c := range row.Cells {
			line := fmt.Sprintf("%c%d=%s", 'A'+c.Col, row.Number, c.Text)
			if c.Rows > 1 || c.Cols > 1 {
				line += fmt.Sprintf(" (%d×%d)", c.Rows, c.Cols)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// cell is the head of a cell's record.
func at(row, col, xf int) []byte { return u16(row, col, xf) }

// stream8 is a workbook of BIFF8 with records in all forms, in an order that
// Excel would not write.
func stream8() []byte {
	long := strings.Repeat("长", 700)
	globals := slices.Concat(
		rec(recCodePage, u16(1200)),
		rec(recFont, make([]byte, 16)), rec(recFont, make([]byte, 16)), rec(recFont, make([]byte, 16)), rec(recFont, make([]byte, 16)),
		rec(recFont, u16(200, 0, 0, 400, 1), make([]byte, 6)), // font 5: raised
		rec(recFormat, u16(164), label8(`yyyy"年"`)),
		rec(recXF, u16(0, 0), make([]byte, 16)), rec(recXF, u16(0, 10), make([]byte, 16)), rec(recXF, u16(0, 164), make([]byte, 16)),
		rec(recSST, u32(9, 5),
			u16(2), []byte{0}, []byte("GD"), // narrow
			u16(2), []byte{1 | 4 | 8}, u16(1), u32(6), wide("福建"), u16(0, 0), []byte("extra!"), // formatted, with phonetics
			u16(4), []byte{8}, u16(1), []byte("12.5"), u16(3, 5), // the last digit is raised
			u16(700), []byte{1}, wide(long[:3*300])),
		rec(recContinue, []byte{1}, wide(long[3*300:3*650])), // goes on wide
		rec(recContinue, []byte{1}, wide(long[3*650:]),
			u16(5), []byte{0}, []byte("ab")),
		rec(recContinue, []byte{1}, wide("次子丑")), // begins narrow and goes on wide
	)
	first := slices.Concat(
		rec(recLabelSST, at(3, 0, 0), u32(1)),
		rec(recNumber, at(3, 1, 1), f64(0.125)),
		rec(recLabelSST, at(0, 0, 0), u32(0)), // an earlier row after a later one
		rec(recMulRK, at(0, 1, 0), u32(uint32(171*4|2)), u16(1), u32(uint32(1250)<<2|3), u16(2), u32(0x40e61d80), u16(3)),
		rec(recRK, at(0, 4, 0), u32(uint32(0xfffffc00)|2)),
		rec(recLabelSST, at(1, 0, 0), u32(2)), rec(recLabelSST, at(1, 1, 0), u32(4)), rec(recLabelSST, at(1, 2, 0), u32(3)),
		rec(recFormula, at(2, 0, 0), f64(2.5), make([]byte, 8)),
		rec(recFormula, at(2, 1, 0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)),
		rec(0x04bc, make([]byte, 10)), rec(recString, label8("结果")), // a shared formula stands between
		rec(recFormula, at(2, 2, 0), []byte{1, 0, 1, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)),
		rec(recFormula, at(2, 3, 0), []byte{2, 0, 7, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)),
		rec(recFormula, at(2, 4, 0), []byte{3, 0, 0, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)),
		bof(0x0600, 0x20), rec(recNumber, at(9, 9, 0), f64(9)), rec(recEOF), // a chart in the sheet
		rec(recBoolErr, at(4, 0, 0), []byte{0x2a, 1}), rec(recBoolErr, at(4, 1, 0), []byte{0, 0}),
		rec(recLabel, at(4, 2, 0), label8("标签")), rec(0x0201, at(4, 3, 0)),
		rec(recMergeCells, u16(2), u16(3, 4, 0, 0), u16(1, 1, 1, 3)),
	)
	second := rec(recNumber, at(0, 0, 0), f64(1))
	return biff(0x0600, globals, []string{"数据", "Sheet2"}, first, second)
}

var shown8 = []string{
	"A1=GD", "B1=171", "C1=1250%", "D1=2024", "E1=-256",
	"A2=12.⁵", "B2=ab次子丑 (1×3)", "C2=" + strings.Repeat("长", 700),
	"A3=2.5", "B3=结果", "C3=TRUE", "D3=#DIV/0!",
	"A4=福建 (2×1)", "B4=12.5%", "A5=#N/A", "B5=FALSE", "C5=标签",
}

func openTest(tb testing.TB, content []byte) (Book, error) {
	tb.Helper()
	book, _, err := Open(tb.Context(), content, Limits{})
	return book, err
}

func TestXLSRecords(t *testing.T) {
	t.Parallel()
	plain := stream8()
	files := map[string][]byte{"plain": plain}
	for name, how := range map[string]int{
		"XOR": encryptXOR, "RC4": encryptRC4, "CryptoAPI, 40 bits": encryptCryptoAPI40, "CryptoAPI, 128 bits": encryptCryptoAPI128,
	} {
		files[name] = encrypted(t, plain, how)
		if bytes.Contains(files[name], wide("标签")) {
			t.Errorf("%s: nothing is encrypted", name)
		}
	}
	for name, stream := range files {
		book, err := openTest(t, ole("Workbook", stream))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff([]Sheet{{"数据", false}, {"Sheet2", false}}, book.Sheets()); diff != "" {
			t.Errorf("%s: sheets (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(shown8, shown(t, book, 0)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff([]string{"A1=1"}, shown(t, book, 1)); diff != "" {
			t.Errorf("%s, second sheet (-want +got):\n%s", name, diff)
		}
	}
}

func TestXLSOfExcel95(t *testing.T) {
	t.Parallel()
	gbk := func(s string) []byte {
		b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	name := string(gbk("数据"))
	format := gbk(`0"亿元"`)
	globals := slices.Concat(rec(recCodePage, u16(936)), rec(recFormat, u16(164), []byte{byte(len(format))}, format),
		rec(recXF, u16(0, 0), make([]byte, 12)), rec(recXF, u16(0, 164), make([]byte, 12)))
	text := gbk("内 蒙 古")
	book, err := openTest(t, ole("Book", biff(0x0500, globals, []string{name}, slices.Concat(
		rec(recLabel, at(0, 0, 0), u16(len(text)), text),
		rec(recRString, at(0, 1, 0), u16(len(text)), text, []byte{1, 0, 0}),
		rec(recNumber, at(1, 1, 1), f64(12.5)),
		rec(recFormula, at(1, 2, 0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, make([]byte, 8)), rec(recString, u16(len(text)), text),
	))))
	if err != nil {
		t.Fatal(err)
	}
	if got := book.Sheets()[0].Name; got != "数据" {
		t.Errorf("the sheet is named %q", got)
	}
	if diff := cmp.Diff([]string{"A1=内 蒙 古", "B1=内 蒙 古", "B2=12.5亿元", "C2=内 蒙 古"}, shown(t, book, 0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestXLSRefused(t *testing.T) {
	t.Parallel()
	sheet := rec(recNumber, at(0, 0, 0), f64(1))
	other := encrypted(t, stream8(), encryptRC4)
	pass, _ := recordAt(other, 20)
	pass.body[10]++ // another salt: another password
	xor := encrypted(t, stream8(), encryptXOR)
	pass, _ = recordAt(xor, 20)
	pass.body[2]++
	newer := encrypted(t, stream8(), encryptRC4)
	pass, _ = recordAt(newer, 20)
	pass.body[2] = 9
	loop := ole("Workbook", bytes.Repeat([]byte("x"), 5000))
	fat := bytes.LastIndex(loop, u32(1, 2, 3))
	copy(loop[fat+8:], u32(0))
	for name, tt := range map[string]struct {
		content []byte
		code    string
	}{
		"another password":      {ole("Workbook", other), CodeEncrypted},
		"another XOR password":  {ole("Workbook", xor), CodeEncrypted},
		"an unknown encryption": {ole("Workbook", newer), CodeEncrypted},
		"an encrypted xlsx":     {ole("EncryptedPackage", make([]byte, 5000)), CodeEncrypted},
		"Word":                  {ole("WordDocument", make([]byte, 5000)), CodeUnsupported},
		"PowerPoint":            {ole("PowerPoint Document", make([]byte, 5000)), CodeUnsupported},
		"another Office file":   {ole("VisioDocument", make([]byte, 5000)), CodeUnsupported},
		"Excel 4 in OLE":        {ole("Book", biff(0x0400, nil, []string{"S"}, sheet)), CodeUnsupported},
		"no sheet":              {ole("Workbook", biff(0x0600, nil, nil)), CodeDamaged},
		"no end":                {ole("Workbook", stream8()[:300]), CodeDamaged},
		"a loop of sectors":     {loop, CodeDamaged},
		"the head only":         {ole("Workbook", stream8())[:512], CodeDamaged},
		"half of it":            {ole("Workbook", append(stream8(), make([]byte, 9000)...))[:4096], CodeDamaged},
	} {
		book, err := openTest(t, tt.content)
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Code != tt.code || refusal.Text.ZH == "" || refusal.Text.EN == "" {
			t.Errorf("%s: %v %v, want %s", name, book, err, tt.code)
		}
	}
	for name, records := range map[string][]byte{
		"a text that is not there": rec(recLabelSST, at(0, 0, 0), u32(9)),
		"two cells in one place":   slices.Concat(sheet, sheet),
		"a cut cell":               rec(recNumber, at(0, 0, 0), []byte{1, 2}),
		"a cell without a place":   rec(recRK, u16(0)),
		"a formula without result": rec(recFormula, at(0, 0, 0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}),
	} {
		book, err := openTest(t, ole("Workbook", biff(0x0600, nil, []string{"S"}, records)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(shown(t, book, 0), " "); !strings.Contains(got, CodeDamaged) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
