package ingest

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest/workbook"
)

// What to do with a file that is of no use.
var (
	unpack   = indicator.T("解压后逐个上传其中的表格。", "Unpack it and upload the tables in it one by one.")
	retype   = indicator.T("请提供方给出表格文件，或把数据录入表格后上传。", "Ask whoever sent it for the table itself, or type the figures into a table and upload that.")
	export   = indicator.T("在生成它的软件中导出为 CSV（UTF-8）后重新上传。", "Export the data as CSV (UTF-8) from the program that made it and upload that.")
	attached = indicator.T("把其中的附件另存后上传。", "Save what is attached to it and upload that.")
	saveAs   = indicator.T("在表格软件中打开，另存为 xlsx 或 CSV（UTF-8）后重新上传。", "Open it in a spreadsheet program, save it as xlsx or CSV (UTF-8) and upload that.")
)

// signature is how the first bytes of a kind of file look.
type signature struct {
	magic   string
	zh, en  string // what the file seems to be
	instead indicator.Text
}

var signatures = []signature{
	{"%PDF-", "PDF 文件", "a PDF document", retype},
	{"\x89PNG", "PNG 图片", "a PNG image", retype},
	{"\xff\xd8\xff", "JPEG 图片", "a JPEG image", retype},
	{"GIF8", "GIF 图片", "a GIF image", retype},
	{"BM", "BMP 图片", "a BMP image", retype},
	{"II*\x00", "TIFF 图片", "a TIFF image", retype},
	{"MM\x00*", "TIFF 图片", "a TIFF image", retype},
	{"RIFF", "WebP 图片", "a WebP image", retype},
	{"{\\rtf", "RTF 文档", "an RTF document", retype},
	{"\x1f\x8b", "gzip 压缩文件", "a gzip archive", unpack},
	{"7z\xbc\xaf\x27\x1c", "7z 压缩文件", "a 7z archive", unpack},
	{"Rar!", "RAR 压缩文件", "a RAR archive", unpack},
	{"BZh", "bzip2 压缩文件", "a bzip2 archive", unpack},
	{"\xfd7zXZ\x00", "xz 压缩文件", "an xz archive", unpack},
	{"\x28\xb5\x2f\xfd", "zstd 压缩文件", "a zstd archive", unpack},
	{"RDX2\n", "R 数据文件", "an R data file", export},
	{"RDX3\n", "R 数据文件", "an R data file", export},
	{"X\n\x00\x00\x00", "R 数据文件", "an R data file", export},
	{"<stata_dta", "Stata 数据文件", "a Stata data file", export},
	{"\x71\x01\x01", "Stata 数据文件", "a Stata data file", export},
	{"\x71\x02\x01", "Stata 数据文件", "a Stata data file", export},
	{"\x72\x02\x01", "Stata 数据文件", "a Stata data file", export},
	{"\x73\x02\x01", "Stata 数据文件", "a Stata data file", export},
	{"$FL2", "SPSS 数据文件", "an SPSS data file", export},
	{"$FL3", "SPSS 数据文件", "an SPSS data file", export},
	{"PAR1", "Parquet 文件", "a Parquet file", export},
	{"\x00\x01\x00\x00Standard ", "Access 数据库", "an Access database", export},
	{"SQLite format 3\x00", "SQLite 数据库", "an SQLite database", export},
	{"\x09\x00\x04\x00", "Excel 2 工作簿", "an Excel 2 workbook", saveAs},
	{"\x09\x02\x06\x00", "Excel 3 工作簿", "an Excel 3 workbook", saveAs},
	{"\x09\x04\x06\x00", "Excel 4 工作簿", "an Excel 4 workbook", saveAs},
	{"ID;PWXL;", "SYLK 表格", "a SYLK spreadsheet", saveAs},
	{"ID;PCALC", "SYLK 表格", "a SYLK spreadsheet", saveAs},
	{"TABLE\n0,1\n", "DIF 表格", "a DIF spreadsheet", saveAs},
	{"TABLE\r\n0,1\r\n", "DIF 表格", "a DIF spreadsheet", saveAs},
	{"MIME-Version:", "邮件", "a mail", attached},
}

// refuse looks at the first bytes of a file and says why it cannot be read, or
// nil where it may be a table. Text holds no NUL byte.
func refuse(head []byte, name string) *finding {
	if strings.HasPrefix(baseName(name), "~$") {
		return fault(codeUnsupportedFile,
			"这是 Excel 打开文件时产生的锁文件（~$…），不含数据。关闭 Excel，上传名称中没有“~$”的那个文件。",
			"This is the lock file (~$…) Excel makes while a workbook is open; it holds no data. Close Excel and upload the file without “~$” in its name.")
	}
	if workbook.IsZip(head) || workbook.IsOLE(head) || workbook.IsMHTML(head) || isUTF16(head) {
		return nil
	}
	switch strings.ToLower(path.Ext(baseName(name))) {
	case ".rdata", ".rda", ".rds":
		return unsupported("R 数据文件", "an R data file", export)
	}
	binary := bytes.IndexByte(head, 0) >= 0
	for _, s := range signatures {
		// A few letters alone prove nothing: a text may begin with them.
		if bytes.HasPrefix(head, []byte(s.magic)) && (binary || len(s.magic) > 4 || s.magic[0] < ' ' || s.magic[0] > '~' || s.magic == "%PDF-") {
			return unsupported(s.zh, s.en, s.instead)
		}
	}
	if binary {
		return notText()
	}
	return nil
}

func notText() *finding {
	return unsupported("二进制文件（含空字节），不是文本", "a binary file (it holds NUL bytes), not text", saveAs)
}

func unsupported(zh, en string, instead indicator.Text) *finding {
	return fault(codeUnsupportedFile,
		"文件似乎是%[1]s，不能读取。%[3]s", "The file seems to be %[2]s and cannot be read. %[4]s", zh, en, instead.ZH, instead.EN)
}

func baseName(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

// containers are what names end in and what such files hold.
var containers = map[string][]string{
	".csv": {"csv", "tsv"}, ".tsv": {"csv", "tsv"}, ".txt": {"csv", "tsv"}, ".tab": {"csv", "tsv"}, ".prn": {"csv", "tsv"},
	".xlsx": {"xlsx"}, ".xlsm": {"xlsx"}, ".xltx": {"xlsx"}, ".xls": {"xls"}, ".xlt": {"xls"}, ".et": {"xls"},
	".htm": {"html"}, ".html": {"html"}, ".mht": {"html"}, ".mhtml": {"html"}, ".xml": {"xml"}, ".json": {"json"},
}

var containerTexts = map[string]indicator.Text{
	"csv": indicator.T("CSV 文本", "CSV text"), "tsv": indicator.T("制表符分隔的文本", "tab-separated text"),
	"xlsx": indicator.T("xlsx 工作簿", "an xlsx workbook"), "xls": indicator.T("旧版 Excel 工作簿（xls）", "an old Excel workbook (xls)"),
	"html": indicator.T("网页表格", "an HTML table"), "xml": indicator.T("XML 表格（2003）", "an XML spreadsheet of 2003"),
}

// otherName notes a content that the name does not promise, nil where it fits.
func otherName(name, container string) *finding {
	extension := strings.ToLower(path.Ext(baseName(name)))
	promised, known := containers[extension]
	if !known || slices.Contains(promised, container) {
		return nil
	}
	text := containerTexts[container]
	return note(codeOtherName,
		"文件名以 %[1]s 结尾，内容却是%[2]s。已按内容读取。",
		"The name ends in %[1]s, but the content is %[3]s. It was read as what it is.", extension, text.ZH, text.EN)
}
