package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

const (
	inUTF8    = "utf-8"
	inGB18030 = "gb18030"
	inBig5    = "big5"
	inUTF16LE = "utf-16le"
	inUTF16BE = "utf-16be"
)

// Encodings lists what a text can be said to be encoded in (--encoding), the most
// common first. Their common names, such as gbk, gb2312 and utf8, are understood too.
func Encodings() []string { return []string{inUTF8, inGB18030, inBig5, inUTF16LE, inUTF16BE} }

// encodingNamed is one of Encodings by any of its names, empty where it is none.
func encodingNamed(name string) string {
	name = strings.ToLower(squash(name))
	switch name {
	case "cp936", "936", "gb2312-80":
		return inGB18030
	case "cp950", "950":
		return inBig5
	case "utf-8-bom", "utf-8-sig":
		return inUTF8
	case "utf16le", "utf16":
		return inUTF16LE
	case "utf16be":
		return inUTF16BE
	}
	if e, err := htmlindex.Get(name); err == nil {
		name, _ = htmlindex.Name(e)
	}
	if name == "gbk" {
		return inGB18030
	}
	if slices.Contains(Encodings(), name) {
		return name
	}
	return ""
}

func decoderOf(name string) encoding.Encoding {
	switch name {
	case inGB18030:
		return simplifiedchinese.GB18030
	case inBig5:
		return traditionalchinese.Big5
	case inUTF16LE:
		return utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	case inUTF16BE:
		return utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
	default:
		return utf.UTF8
	}
}

// readEncoding reads what the person says of the encoding, before anything is opened.
func (p *parser) readEncoding() {
	said := p.options.Encoding
	if isBlank(said) {
		return
	}
	if p.said.encoding = encodingNamed(said); p.said.encoding == "" {
		p.problems.add(place{}, fault(codeUnknownEncoding,
			"没有名为“%[1]s”的编码。--encoding 可以是 %[2]s。", "There is no encoding “%[1]s”. --encoding takes %[2]s.",
			quote(said), strings.Join(Encodings(), ", ")).with(optionEncoding, nearWord(said, Encodings())...))
	}
}

// missingEncoding asks whether a file is the text that it looks like.
func missingEncoding(likely string) *finding {
	return fault(codeMissingEncoding,
		"文件像是没有标记（BOM）的 UTF-16 文本，不能确定。用 --encoding 说明编码（如 --encoding %[1]s），或另存为 xlsx 或 CSV（UTF-8）后重新上传。",
		"The file looks like UTF-16 text without its mark (BOM), which is not certain. Say its encoding with --encoding (such as --encoding %[1]s), or save it as xlsx or CSV (UTF-8) and upload that.",
		likely).with(optionEncoding, likely)
}

// noteEncodingUnused: workbooks and JSON say themselves how they are encoded.
func (p *parser) noteEncodingUnused() {
	if p.said.encoding != "" {
		p.problems.add(place{}, note(codeUnusedAnswer,
			"选项 --encoding 只用于文本和网页；这个文件自带编码，没有用到。",
			"Option --encoding is for texts and web pages; this file says itself how it is encoded, so it was not used."))
	}
}

// ForContent leaves out the encoding where the content shows its own: what was
// said of one file must not spoil another of the same shape.
func (a Answers) ForContent(content []byte) Answers {
	if isUTF16(content) || utf8.Valid(content) && bytes.IndexByte(content, 0) < 0 ||
		workbook.IsZip(content) || workbook.IsOLE(content) {
		a.Encoding = ""
	}
	return a
}

// likelyUTF16 is the UTF-16 that the head of a content without a mark of it seems
// to be in: one that makes it a text. Empty where none does.
func likelyUTF16(head []byte) string {
	if isUTF16(head) || bytes.IndexByte(head, 0) < 0 {
		return ""
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	name, is, other := inUTF16LE, zeros[1], zeros[0] // of ASCII the second byte is 0
	if zeros[0] > zeros[1] {
		name, is, other = inUTF16BE, zeros[0], zeros[1]
	}
	if is*8 < len(head) || other*4 > is { // figures and separators are ASCII
		return ""
	}
	const mostOfPair = 4 // a cut character has its second half behind the end
	if len(head) >= sniffedBytes {
		head = head[:len(head)/mostOfPair*mostOfPair-utf8.UTFMax]
	}
	if !decodes(head, name) {
		return ""
	}
	return name
}

// otherEncodings are those, but for the one it was read in, that make all of a
// content a text.
func otherEncodings(content []byte, used string) []string {
	if name := likelyUTF16(content[:min(len(content), sniffedBytes)]); name != "" {
		return slices.DeleteFunc([]string{name}, func(s string) bool { return s == used })
	}
	candidates := []string{inGB18030, inBig5}
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		candidates = []string{inUTF16LE}
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		candidates = []string{inUTF16BE}
	case utf8.Valid(content): // other encodings read it too, and make nonsense of it
		candidates = []string{inUTF8}
	}
	return slices.DeleteFunc(candidates, func(name string) bool {
		return name == strings.TrimSuffix(used, "-bom") || !decodes(content, name)
	})
}

// decodes reports whether a content is a text in an encoding: without bytes that
// mean nothing and without control characters.
func decodes(content []byte, name string) bool {
	r := bufio.NewReader(transform.NewReader(bytes.NewReader(content), decoderOf(name).NewDecoder()))
	for {
		c, _, err := r.ReadRune()
		switch {
		case err != nil:
			return errors.Is(err, io.EOF)
		case c == utf8.RuneError, unicode.IsControl(c) && !strings.ContainsRune("\t\r\n\f\v\x1a", c):
			return false
		}
	}
}
