package workbook

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// xmlReader reads XML token by token in bounded memory: no token is longer
// than a limit, and the context is asked between stretches of bytes.
type xmlReader struct {
	*xml.Decoder
	source *source
	name   string // of the part, for messages
}

func newXMLReader(ctx context.Context, r io.Reader, name string, token int) *xmlReader {
	s := &source{ctx: ctx, r: r, buffer: make([]byte, 32<<10), token: token, left: token}
	return &xmlReader{xml.NewDecoder(s), s, name}
}

// next is the next token: a start, an end, or characters; io.EOF at the end.
// Names are without their name spaces.
func (x *xmlReader) next() (xml.Token, error) {
	for {
		x.source.left = x.source.token
		token, err := x.RawToken()
		var refusal *Refusal
		switch {
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		case errors.As(err, &refusal):
			return nil, refusal
		case err != nil && x.source.ctx.Err() != nil:
			return nil, x.source.ctx.Err()
		case err != nil:
			return nil, damaged(x.name + ": " + err.Error())
		}
		switch token.(type) {
		case xml.StartElement, xml.EndElement, xml.CharData:
			return token, nil
		}
	}
}

// text is the characters up to the end of the element that was just begun, at
// most as many as a token may have.
func (x *xmlReader) text() (string, error) { return x.richText("") }

// richText is text that may be formatted: the characters in elements of that
// name, all where it is empty, without phonetics (rPh), and with digits raised
// where they are superscripts (Sup, or vertAlign in the properties of a run).
func (x *xmlReader) richText(in string) (string, error) {
	var b strings.Builder
	name, skipping, raised := "", 0, 0
	for depth := 1; depth > 0; {
		token, err := x.next()
		if err != nil {
			return "", x.cut(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch name = t.Name.Local; {
			case name == "rPh" && skipping == 0:
				skipping = depth
			case name == "Sup" && raised == 0:
				raised = depth
			case name == "vertAlign" && attribute(t, "val") == "superscript":
				raised = depth - 2 // the run with these properties
			}
		case xml.EndElement:
			if depth == skipping {
				skipping = 0
			}
			if depth == raised {
				raised = 0
			}
			depth--
			name = ""
		case xml.CharData:
			if skipping > 0 || in != "" && in != name {
				continue
			}
			if b.Len()+len(t) > x.source.token {
				return "", tooMuchText(x.source.token)
			}
			if raised > 0 {
				t = xml.CharData(superscript(string(t)))
			}
			b.Write(t)
		}
	}
	return b.String(), nil
}

// cut makes an end in the middle of an element damage.
func (x *xmlReader) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return damaged(x.name + ": unexpected end")
	}
	return err
}

// attribute is the value of an attribute, whatever its name space.
func attribute(e xml.StartElement, name string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == name {
			return e.Attr[i].Value
		}
	}
	return ""
}

// isTrue reads a boolean attribute.
func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// source gives bytes one by one, as the decoder would read them through a
// buffer of its own otherwise, and stops where a token grows too long.
type source struct {
	ctx    context.Context
	r      io.Reader
	buffer []byte
	rest   []byte
	token  int // the most one token may take
	left   int // of this token
}

var errNoBytes = errors.New("a source of XML is read byte by byte")

func (s *source) Read([]byte) (int, error) { return 0, errNoBytes }

func (s *source) ReadByte() (byte, error) {
	if s.left--; s.left < 0 {
		return 0, tooMuchText(s.token)
	}
	for len(s.rest) == 0 {
		if err := s.ctx.Err(); err != nil {
			return 0, err
		}
		n, err := s.r.Read(s.buffer)
		s.rest = s.buffer[:n]
		if n == 0 && err != nil {
			return 0, err
		}
	}
	c := s.rest[0]
	s.rest = s.rest[1:]
	return c, nil
}
