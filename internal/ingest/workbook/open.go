package workbook

import (
	"bytes"
	"context"
)

// Open reads what a file of sheets says of itself: its sheets, styles and
// texts. Pages and XML must be UTF-8. content must not change as long as the book
// is read. It also says what the file is: xlsx, xls, xml or html. The error is
// a *Refusal, or that of ctx.
func Open(ctx context.Context, content []byte, limits Limits) (Book, string, error) {
	limits = limits.withDefaults()
	switch {
	case IsZip(content):
		return openZip(ctx, content, limits)
	case IsOLE(content):
		book, err := openXLS(ctx, content, limits)
		if err != nil {
			return nil, "", err
		}
		return book, "xls", nil
	case isXML2003(content):
		book, err := openXML2003(ctx, content, limits)
		if err != nil {
			return nil, "", err
		}
		return book, "xml", nil
	}
	book, err := openHTML(ctx, content, limits)
	if err != nil {
		return nil, "", err
	}
	return book, "html", nil
}

// IsMarkup reports text that is a web page or XML.
func IsMarkup(text []byte) bool {
	text = bytes.ToLower(bytes.TrimLeft(text[:min(len(text), 4096)], " \t\r\n\ufeff"))
	for _, tag := range []string{
		"<!doctype", "<!--", "<?xml", "<html", "<head", "<meta", "<title", "<style", "<script", "<body", "<table", "<div", "<center", "<form", "<workbook",
	} {
		if bytes.HasPrefix(text, []byte(tag)) {
			return true
		}
	}
	return false
}

// IsZip reports a file that begins like a zip archive.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

func openZip(ctx context.Context, content []byte, limits Limits) (Book, string, error) {
	a, err := openArchive(content, limits)
	if err != nil {
		if head := content[:min(len(content), 4096)]; !bytes.Contains(head, []byte("xl/")) && !bytes.Contains(head, []byte("[Content_Types].xml")) {
			return nil, "", unpackFirst("ZIP 压缩文件", "a ZIP archive")
		}
		return nil, "", err
	}
	if other := a.otherKind(); other != nil {
		return nil, "", other
	}
	book, err := openXLSX(ctx, a, limits)
	if err != nil {
		return nil, "", err
	}
	return book, "xlsx", nil
}

// otherKind says what an archive is that is no xlsx, nil where it is one.
func (a *archive) otherKind() *Refusal {
	switch {
	case a.has("xl/workbook.bin"):
		return saveAsXLSX("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
	case a.has("word/document.xml"):
		return copyTable("Word 文件", "a Word document")
	case a.has("ppt/presentation.xml"):
		return copyTable("PowerPoint 文件", "a PowerPoint file")
	case a.has("mimetype") && a.has("content.xml"):
		return saveAsXLSX("OpenDocument 文件（.ods）", "an OpenDocument file (.ods)")
	case a.has("Index/Document.iwa"):
		return saveAsXLSX("Numbers 表格", "a Numbers spreadsheet")
	case a.has("[Content_Types].xml") || a.has("xl/workbook.xml"):
		return nil
	}
	return unpackFirst("ZIP 压缩文件", "a ZIP archive")
}
