package ingest

import (
	"bytes"
	"strings"
)

// saveAs is what to do with a file that cannot be read.
const (
	saveAsZH = "在表格软件中另存为 CSV（UTF-8）后重新上传。"
	saveAsEN = "Save it as CSV (UTF-8) in the spreadsheet program and upload that."
)

// signature is how the first bytes of a kind of file look.
type signature struct {
	magic  string
	zh, en string // what the file seems to be
}

var signatures = []signature{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel（.xls）或加密的 Office 文件", "an old Excel (.xls) or encrypted Office file"},
	{"%PDF-", "PDF 文件", "a PDF document"},
	{"\x89PNG", "PNG 图片", "a PNG image"},
	{"\xff\xd8\xff", "JPEG 图片", "a JPEG image"},
	{"GIF8", "GIF 图片", "a GIF image"},
	{"BM", "BMP 图片", "a BMP image"},
	{"II*\x00", "TIFF 图片", "a TIFF image"},
	{"MM\x00*", "TIFF 图片", "a TIFF image"},
	{"\x1f\x8b", "gzip 压缩文件", "a gzip archive"},
	{"7z\xbc\xaf\x27\x1c", "7z 压缩文件", "a 7z archive"},
	{"Rar!", "RAR 压缩文件", "a RAR archive"},
	{"RDX3\n", "R 数据文件", "an R data file"},
	{"<stata_dta", "Stata 数据文件", "a Stata data file"},
	{"SQLite format 3\x00", "SQLite 数据库", "an SQLite database"},
	{"\xff\xfe", "UTF-16 编码的文本（“Unicode 文本”）", "UTF-16 text (“Unicode text”)"},
	{"\xfe\xff", "UTF-16 编码的文本（“Unicode 文本”）", "UTF-16 text (“Unicode text”)"},
}

// refuse looks at the first bytes of a file and says why it cannot be read, or
// nil where it may be text. Whatever holds a NUL byte is not text.
func refuse(head []byte, name string) *finding {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if strings.HasPrefix(name, "~$") {
		return unsupported("Excel 打开文件时产生的锁文件", "the lock file Excel makes while a workbook is open")
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		if bytes.Contains(head, []byte("xl/")) || strings.HasSuffix(strings.ToLower(name), ".xlsx") {
			return unsupported("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)")
		}
		return unsupported("ZIP 压缩文件", "a ZIP archive")
	}
	binary := bytes.IndexByte(head, 0) >= 0
	for _, s := range signatures {
		// Two letters alone prove no image: the text may begin with them.
		if bytes.HasPrefix(head, []byte(s.magic)) && (binary || len(s.magic) > 2 || s.magic[0] >= 0x80) {
			return unsupported(s.zh, s.en)
		}
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), " \t\r\n"))
	for _, tag := range []string{"<!doctype html", "<html", "<table", "<?xml"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return unsupported("网页（HTML 或 XML）", "a web page (HTML or XML)")
		}
	}
	if binary {
		return notText()
	}
	return nil
}

func notText() *finding {
	return unsupported("二进制文件（含空字节），不是文本", "a binary file (it holds NUL bytes), not text")
}

func unsupported(zh, en string) *finding {
	return fault(codeUnsupportedFile,
		"文件似乎是%[1]s，不能读取。"+saveAsZH, "The file seems to be %[2]s and cannot be read. "+saveAsEN, zh, en)
}
