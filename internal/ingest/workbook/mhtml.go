package workbook

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"path"
	"regexp"
	"strings"
)

// IsMHTML reports a “single file web page”: a mail whose parts are pages, as
// Excel saves it and browsers do.
func IsMHTML(content []byte) bool {
	return mailHead.Match(content[:min(len(content), 4096)])
}

var mailHead = regexp.MustCompile(`(?i)^(?:mime-version|from|subject|date|x-[a-z-]+):[^\x00]*\ncontent-type:\s*multipart/related`)

// Pages gives the pages of an MHTML file as they are encoded in themselves. Those
// that hold only the names of the sheets are left out. The error is a *Refusal.
func Pages(content []byte, limits Limits) ([][]byte, error) {
	limits = limits.withDefaults()
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return nil, damaged("MHTML: " + err.Error())
	}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, damaged("MHTML: no boundary")
	}
	var pages [][]byte
	unpacked := 0
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for n := 0; n < limits.Entries; n++ {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && len(pages) > 0:
			return pages, nil
		case errors.Is(err, io.EOF):
			return nil, noTable()
		case err != nil:
			return nil, damaged("MHTML: " + err.Error())
		}
		page, err := readPage(part, limits.Unpacked-unpacked)
		if err != nil {
			return nil, err
		}
		if unpacked += len(page); unpacked > limits.Unpacked {
			return nil, unpacksTooLarge(limits.Unpacked)
		}
		if page != nil {
			pages = append(pages, page)
		}
	}
	return nil, tooManyEntries(limits.Entries)
}

// readPage is the text of a part, nil where that is no page with figures.
func readPage(part *multipart.Part, most int) ([]byte, error) {
	location := strings.ReplaceAll(part.Header.Get("Content-Location"), `\`, "/")
	kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if kind != "text/html" || path.Base(location) == "tabstrip.htm" {
		return nil, nil
	}
	var text io.Reader = part // unpacks quoted-printable itself
	if strings.EqualFold(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding")), "base64") {
		text = base64.NewDecoder(base64.StdEncoding, part)
	}
	page, err := io.ReadAll(io.LimitReader(text, int64(most)+1))
	if err != nil {
		return nil, damaged("MHTML: " + err.Error())
	}
	return page, nil
}
