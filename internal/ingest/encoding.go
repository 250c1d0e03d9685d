package ingest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

const (
	utf8BOM      = "\xef\xbb\xbf"
	sniffedBytes = 64 << 10
	replacement  = "\uFFFD"
)

// readAll reads at most limit bytes. A finding says why the file is refused;
// what is plainly no table is refused before the rest of it is read.
func readAll(r io.Reader, name string, limit int) ([]byte, *finding, error) {
	head := make([]byte, min(sniffedBytes, limit+1))
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	if f := refuse(head, name); f != nil {
		return nil, f, nil
	}
	var buffer bytes.Buffer
	buffer.Grow(min(n+remaining(r), limit+1) + bytes.MinRead)
	buffer.Write(head)
	if _, err := io.Copy(&buffer, io.LimitReader(r, int64(limit+1-n))); err != nil {
		return nil, nil, err
	}
	content := buffer.Bytes()
	if len(content) > limit {
		most := indicator.ByteSize(int64(limit))
		return nil, fault(codeTooBig,
			"文件超过 %[1]s 的上限。按指标或年份拆成几个文件后分别上传。",
			"The file is larger than the limit of %[1]s. Split it by indicator or year and upload the parts.", most), nil
	}
	return content, nil, nil
}

func emptyFile() *finding {
	return fault(codeEmptyFile, "文件是空的。上传含有表头和数据的文件。",
		"The file is empty. Upload a file with a header line and data.")
}

// remaining is what r says is left to read, 0 where it does not say: with it
// the buffer need not grow through copies of itself.
func remaining(r io.Reader) int {
	switch sized := r.(type) {
	case interface{ Len() int }:
		return sized.Len()
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := sized.Stat(); err == nil && info.Mode().IsRegular() {
			return int(info.Size())
		}
	}
	return 0
}

// decode gives the text and the encoding's name: UTF-16 where it begins with
// the mark of that, UTF-8 where the whole content is valid UTF-8, else what a web
// page says of itself, else GB18030. Bytes that are neither become U+FFFD, which
// the rows report. The text shares memory with content, which must not change.
func decode(content []byte) (text, name string, err error) {
	name = "utf-8"
	var from encoding.Encoding
	if isUTF16(content) {
		name, from = "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	for bytes.HasPrefix(content, []byte(utf8BOM)) { // each program that joins files adds one
		content, name = content[len(utf8BOM):], "utf-8-bom"
	}
	if from == nil && !utf8.Valid(content) {
		name, from = declaredEncoding(content)
	}
	if from != nil {
		decoder := transform.NewReader(bytes.NewReader(content), from.NewDecoder())
		var decoded bytes.Buffer
		decoded.Grow(len(content)*3/2 + bytes.MinRead) // two bytes a Chinese character become three
		if _, err := decoded.ReadFrom(decoder); err != nil {
			return "", "", err
		}
		content = decoded.Bytes()
	}
	// A second copy of a 50 MB file would be a quarter of the memory it may cost.
	text = unsafe.String(unsafe.SliceData(content), len(content))
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, name, nil
}

func isUTF16(content []byte) bool {
	return bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff"))
}

// charset is how web pages (meta) and XML declare their encoding.
var charset = regexp.MustCompile(`(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_-]+)`)

// declaredEncoding is that of a content which is not UTF-8. GB18030 reads all
// that GB2312 and GBK can hold; only a page in another one says which.
func declaredEncoding(content []byte) (string, encoding.Encoding) {
	if workbook.IsMarkup(content) {
		if m := charset.FindSubmatch(content[:min(len(content), 4096)]); m != nil {
			declared, err := htmlindex.Get(string(m[1]))
			if err == nil {
				name, err := htmlindex.Name(declared)
				if err == nil && !strings.HasPrefix(name, "gb") && !strings.HasPrefix(name, "utf-") {
					return name, declared
				}
			}
		}
	}
	return "gb18030", simplifiedchinese.GB18030
}
