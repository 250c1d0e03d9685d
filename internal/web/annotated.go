package web

import (
	"context"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// Annotation is a file that was read, for the workbook to mend it in.
type Annotation struct {
	Lang       indicator.Lang
	File       string
	Content    []byte
	Options    ingest.Options // that it was read with
	Understood ingest.Understood
	Problems   []indicator.Problem
}

// Write writes the workbook: see export.Annotated.
func (a Annotation) Write(ctx context.Context, w io.Writer) error {
	rows, err := ingest.Grid(ctx, a.Content, a.File, a.Options)
	if err != nil {
		return err
	}
	err = export.Annotated{
		Lang: a.Lang, File: a.File, Sheet: a.Understood.Sheet, Rows: annotatedRows(rows),
		Headers: a.isHeader, Problems: a.Problems,
	}.WriteXLSX(w)
	if ctx.Err() != nil { // the rows may have ended with it
		return ctx.Err()
	}
	return err
}

func annotatedRows(rows iter.Seq[ingest.GridRow]) iter.Seq[export.AnnotatedRow] {
	return func(yield func(export.AnnotatedRow) bool) {
		for r := range rows {
			row := export.AnnotatedRow{Number: r.Number, Cells: r.Cells}
			for _, area := range r.Merged {
				row.Merged = append(row.Merged, export.AnnotatedArea(area))
			}
			if !yield(row) {
				return
			}
		}
	}
}

// isHeader reports a row of a header, or one above the first.
func (a Annotation) isHeader(row int) bool {
	u := a.Understood
	if row < u.HeaderRow+max(u.Headers, 1) {
		return true
	}
	for _, b := range u.Blocks {
		if b.HeaderRow <= row && row < b.HeaderRow+max(b.Headers, 1) {
			return true
		}
	}
	return false
}

// annotatedFile hands out the file of an upload with what is wrong in it, to
// those who may see drafts.
func (s *Server) annotatedFile(c echo.Context) error {
	ctx, user, id := c.Request().Context(), userOf(c), param(c, "id")
	name, content, err := s.config.Uploads.File(ctx, user, id)
	if err != nil {
		return err
	}
	contents, err := s.config.Uploads.Contents(ctx, user, id)
	if err != nil {
		return err
	}
	a := Annotation{Lang: addressOf(c).Lang, File: name, Content: content, Understood: contents.Understood, Problems: contents.Problems,
		Options: ingest.Options{Catalog: s.config.Catalog(), Answers: contents.Answers, Limits: s.config.Uploads.Limits}}
	setFileName(c, AnnotatedName(name, a.Lang))
	return s.stream(c, mimeXLSX, func(w io.Writer) error { return a.Write(ctx, w) })
}

// AnnotatedName is the name of the annotated workbook of a file.
func AnnotatedName(file string, lang indicator.Lang) string {
	return strings.TrimSuffix(file, path.Ext(file)) + indicator.T("-核对", "-checked").In(lang) + ".xlsx"
}

func (s *Server) apiAnnotated(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	return s.annotatedFile(c)
}
