package ingest

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	utf "golang.org/x/text/encoding/unicode"
)

func TestNamesOfEncodings(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"utf-8": inUTF8, "UTF8": inUTF8, " Utf-8 ": inUTF8, "utf-8-sig": inUTF8, "gbk": inGB18030, "GB2312": inGB18030,
		"GB18030": inGB18030, "cp936": inGB18030, "Big5": inBig5, "big5-hkscs": inBig5, "utf-16": inUTF16LE, "UTF-16LE": inUTF16LE,
		"utf-16be": inUTF16BE, "latin1": "", "shift_jis": "", "": "", "ansi": "", "乱码": "",
	} {
		if got := encodingNamed(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	for _, name := range Encodings() {
		if encodingNamed(name) != name {
			t.Errorf("%s is not known", name)
		}
	}
}

// TestOtherEncodings: only what makes all of a content a text is proposed, and
// never what would make nonsense of a text that is one.
func TestOtherEncodings(t *testing.T) {
	t.Parallel()
	const text = "地区,2023年\n福建,1171.7\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := utf.UTF16(utf.BigEndian, utf.IgnoreBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content, used string
		want          []string
	}{
		{text, inBig5, []string{inUTF8}},
		{text, inUTF8, nil},
		{"\ufeff" + text, "utf-8-bom", nil},
		{"地区\ufffd,1", inUTF8, nil},
		{gb, inUTF8, []string{inGB18030, inBig5}},
		{gb + "\xff", inGB18030, nil},
		{wide, inUTF8, []string{inUTF16BE}},
		{wide, inUTF16BE, nil},
		{"gdp,2023\n1,2\n\x00", inUTF8, nil},
		{"\xff\xfe1\x00", inUTF8, []string{inUTF16LE}},
	} {
		if got := otherEncodings([]byte(c.content), c.used); !slices.Equal(got, c.want) {
			t.Errorf("%q read as %s: %v, want %v", c.content, c.used, got, c.want)
		}
	}
}

// TestEncodingOfOneFile: what was said of one must not spoil another of its shape.
func TestEncodingOfOneFile(t *testing.T) {
	t.Parallel()
	said := Answers{Encoding: "big5", Unit: "亿元"}
	for content, want := range map[string]string{
		"地区,2023\n": "", "\xff\xfe1\x00": "", "PK\x03\x04\xff": "", "\xa6\x61\xb0\xcf\n": "big5", "1\x00,\x00": "big5",
	} {
		if got := said.ForContent([]byte(content)); got.Encoding != want || got.Unit == "" {
			t.Errorf("%q: %+v, want the encoding %q", content, got, want)
		}
	}
}

// TestGridInTheEncodingThatWasSaid: the page shows what was read.
func TestGridInTheEncodingThatWasSaid(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("地区,2023年\n")
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{"": "地区", "gbk": "地区", "big5": "華Е"} {
		rows, err := Grid(t.Context(), []byte(gb), "a.csv", Options{Catalog: testCatalog(t), Answers: Answers{Encoding: said}})
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows {
			if r.Cells[0] != want {
				t.Errorf("said %q: %q, want %q", said, r.Cells[0], want)
			}
		}
	}
}
