package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/dabiao/dabiao/internal/indicator"
)

// elements are all that an SVG of ours may have; a <style> is left out, anything
// else is an error.
var elements = []string{"svg", "g", "defs", "clipPath", "pattern", "linearGradient", "stop",
	"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}

// attributes are those that are kept, also where ECharts has them inside style="…".
var attributes = []string{"d", "x", "y", "dx", "dy", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "points", "width", "height", "transform",
	"viewBox", "id", "offset", "stop-color", "clip-path", "clip-rule", "fill", "fill-opacity", "fill-rule", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
	"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "paint-order", "patternContentUnits", "patternTransform",
	"patternUnits", "text-anchor", "font-size", "font-style", "font-weight"}

const svgSpace = "http://www.w3.org/2000/svg"

// frame is what the drawing lacks.
type frame struct {
	id                 string // prefix of all ids
	lang               indicator.Lang
	title, description string // read aloud
}

// tidy makes what ECharts drew into an SVG that obeys style-src 'self' and is the
// same text whatever was drawn before: without style sheet, classes and inline
// styles, and with ids that are numbered within the chart. What is not known to be
// harmless is an error that is ErrMarkup.
func tidy(raw string, f frame) ([]byte, error) {
	c := tidier{frame: f, ids: map[string]string{}}
	d := xml.NewDecoder(strings.NewReader(strings.Map(printable, raw)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMarkup, err)
		}
		if err := c.token(token); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMarkup, err)
		}
	}
	if c.shapes == 0 {
		return nil, fmt.Errorf("%w: there is nothing in it", ErrMarkup)
	}
	c.out.WriteByte('\n')
	return c.out.Bytes(), nil
}

// printable drops what XML cannot hold.
func printable(r rune) rune {
	if r != '\n' && r != '\t' && unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF {
		return -1
	}
	return r
}

type tidier struct {
	frame
	out    bytes.Buffer
	ids    map[string]string // theirs → ours
	depth  int
	shapes int
	open   bool     // the start tag lacks its end
	given  []string // attributes of it
	text   int      // depth of the text that we are in, 0: in none
	skip   bool     // inside a style sheet
}

func (c *tidier) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return c.start(t)
	case xml.EndElement:
		c.end(t.Name.Local)
	case xml.CharData:
		if c.text > 0 {
			c.finishTag()
			escape(&c.out, string(t))
		} else if !c.skip && len(bytes.TrimSpace(t)) > 0 {
			return fmt.Errorf("text %.40q outside of <text>", t)
		}
	default:
		return fmt.Errorf("a %T", token)
	}
	return nil
}

func (c *tidier) start(t xml.StartElement) error {
	name := t.Name.Local
	switch {
	case name == "style" && !c.skip:
		c.skip = true
		return nil
	case c.skip || t.Name.Space != "" && t.Name.Space != svgSpace || !slices.Contains(elements, name) || (c.out.Len() == 0) != (name == "svg") || c.text > 0 && name != "tspan":
		return fmt.Errorf("an element <%s>", name)
	case name == "path" || name == "rect":
		c.shapes++
	}
	c.finishTag()
	if c.text == 0 && c.depth > 0 {
		c.out.WriteByte('\n')
	}
	c.depth++
	if name == "text" {
		c.text = c.depth
	}
	c.out.WriteString("<" + name)
	c.given = c.given[:0]
	if c.depth == 1 {
		c.attribute("xmlns", svgSpace)
		c.attribute("role", "img")
		c.attribute("lang", string(c.lang))
		c.attribute("aria-labelledby", c.id+"-title "+c.id+"-desc")
		c.attribute("font-family", fontFamily)
	}
	for _, a := range t.Attr {
		c.keep(a.Name.Local, a.Value)
	}
	c.open = true
	if c.depth == 1 {
		c.told("title", c.title)
		c.told("desc", c.description)
	}
	return nil
}

// told writes an element for readers who do not see the drawing.
func (c *tidier) told(name, text string) {
	c.finishTag()
	c.out.WriteString("\n<" + name)
	c.given = c.given[:0]
	c.attribute("id", c.id+"-"+name)
	c.out.WriteByte('>')
	escape(&c.out, strings.Map(printable, text))
	c.out.WriteString("</" + name + ">")
}

// keep writes an attribute that we know, and drops any other.
func (c *tidier) keep(name, value string) {
	switch {
	case name == "style":
		for declaration := range strings.SplitSeq(value, ";") {
			property, value, _ := strings.Cut(declaration, ":")
			if property = strings.TrimSpace(property); property != name {
				c.keep(property, strings.TrimSpace(value))
			}
		}
	case name == "font":
		if f := font.FindStringSubmatch(value); f != nil {
			c.fontPart("font-style", f[1])
			c.fontPart("font-weight", f[2])
			c.attribute("font-size", f[3])
		}
	case name == "dominant-baseline" && value == "central":
		c.attribute("dy", "0.35em") // which every renderer knows
	case name == "id":
		c.attribute(name, c.ours(value))
	case slices.Contains(attributes, name):
		c.attribute(name, reference.ReplaceAllStringFunc(value, func(r string) string {
			return "url(#" + c.ours(reference.FindStringSubmatch(r)[1]) + ")"
		}))
	}
}

// font is the short way of style="font:…" with rich text: style, weight, size, family.
var font = regexp.MustCompile(`^(\w+) (\w+) ([\d.]+px) `)

func (c *tidier) fontPart(name, value string) {
	if value != "normal" {
		c.attribute(name, value)
	}
}

// reference is an address in a value; one that is not in the drawing becomes an id
// that nothing has.
var reference = regexp.MustCompile(`url\(\s*['"]?#?([^)'"]*)['"]?\s*\)`)

func (c *tidier) ours(id string) string {
	if _, known := c.ids[id]; !known {
		c.ids[id] = c.id + "-" + strconv.Itoa(len(c.ids)+1)
	}
	return c.ids[id]
}

// attribute writes one that the element does not have yet.
func (c *tidier) attribute(name, value string) {
	if slices.Contains(c.given, name) {
		return
	}
	c.given = append(c.given, name)
	c.out.WriteString(" " + name + `="`)
	escape(&c.out, value)
	c.out.WriteByte('"')
}

func (c *tidier) finishTag() {
	if c.open {
		c.out.WriteByte('>')
		c.open = false
	}
}

func (c *tidier) end(name string) {
	if c.skip {
		c.skip = name != "style"
		return
	}
	if c.open {
		c.out.WriteString("/>")
	} else {
		if c.text == 0 {
			c.out.WriteByte('\n')
		}
		c.out.WriteString("</" + name + ">")
	}
	c.open = false
	if c.text == c.depth {
		c.text = 0
	}
	c.depth--
}

// escape writes text as the content of an element or attribute.
func escape(out *bytes.Buffer, text string) {
	if err := xml.EscapeText(out, []byte(text)); err != nil {
		panic(err) // a buffer does not fail
	}
}
