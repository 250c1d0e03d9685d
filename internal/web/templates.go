package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/indicator"
)

const staticPrefix = "/static/"

//go:embed static
var embeddedStatic embed.FS

//go:embed templates
var embeddedTemplates embed.FS

func staticFiles() fs.FS { return within(embeddedStatic, "static") }

func within(files embed.FS, dir string) fs.FS {
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the folder is embedded by name: it exists
	}
	return sub
}

// templates are all pages, once for each language: what a template says in both
// languages is chosen while it is printed, not by every handler.
type templates struct {
	pages map[indicator.Lang]map[string]*template.Template
}

// parseTemplates reads parts/*.html, which every page may use, and *.html, the pages.
func parseTemplates(static *assets.Set) (*templates, error) {
	files := within(embeddedTemplates, "templates")
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, err
	}
	t := &templates{pages: map[indicator.Lang]map[string]*template.Template{}}
	for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
		parts, err := template.New("parts").Funcs(functions(static, lang)).ParseFS(files, "parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		t.pages[lang] = map[string]*template.Template{}
		for _, name := range names {
			clone, err := parts.Clone()
			if err != nil {
				return nil, fmt.Errorf("templates: %w", err)
			}
			page, err := clone.ParseFS(files, name)
			if err != nil {
				return nil, fmt.Errorf("templates: %w", err)
			}
			t.pages[lang][strings.TrimSuffix(path.Base(name), ".html")] = page
		}
	}
	return t, nil
}

func functions(static *assets.Set, lang indicator.Lang) template.FuncMap {
	return template.FuncMap{
		"t":     func(zh, en string) string { return indicator.T(zh, en).In(lang) },
		"say":   func(t indicator.Text) string { return t.In(lang) },
		"date":  date,
		"clock": clock,
		"asset": static.URL,
		"count": func(n int) string { return indicator.FormatNumber(float64(n), 0) },
	}
}

// render prints a page whole before the first byte is sent, so that a fault in a
// template becomes an error page and not half a page.
func (s *Server) render(c echo.Context, status int, name string, p *page) error {
	t := s.pages.pages[p.Lang][name]
	if t == nil {
		return fmt.Errorf("no template %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", p); err != nil {
		return fmt.Errorf("print page %s: %w", name, err)
	}
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
		return c.NoContent(status)
	}
	return c.HTMLBlob(status, b.Bytes())
}
