package influx

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// table is the part of an answer that a row belongs to.
type table struct {
	statement int64
	tags      map[string]string // of GROUP BY
	columns   []string
}

// rowFunc takes one row: the decoder stands before its opening bracket, and must
// stand behind its closing one afterwards.
type rowFunc func(t *table, d *jsontext.Decoder) error

// decode reads an answer of /query as it comes: one JSON document for each
// chunk. Everything that is not the end of a whole answer is an error.
func decode(r io.Reader, row rowFunc) error {
	a := answer{Decoder: jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), row: row}
	for documents := 0; ; documents++ {
		if a.PeekKind() == '{' {
			if err := a.object(a.document); err != nil {
				return err
			}
			continue
		}
		_, err := a.ReadToken()
		if errors.Is(err, io.EOF) && documents > 0 && !a.partial {
			return nil
		}
		return fmt.Errorf("the answer breaks off or is not JSON: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
}

// answer walks along the documents of one answer.
type answer struct {
	*jsontext.Decoder
	row     rowFunc
	table   table
	partial bool // more of the last result is to come
}

// object calls member for every name of an object.
func (a *answer) object(member func(name string) error) error {
	if err := a.expect('{'); err != nil {
		return err
	}
	for a.PeekKind() == '"' {
		name, err := a.ReadToken()
		if err != nil {
			return err
		}
		if err := member(name.String()); err != nil {
			return err
		}
	}
	return a.expect('}')
}

func (a *answer) array(element func() error) error {
	if err := a.expect('['); err != nil {
		return err
	}
	for a.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	return a.expect(']')
}

func (a *answer) expect(kind jsontext.Kind) error {
	token, err := a.ReadToken()
	if err == nil && token.Kind() != kind {
		err = fmt.Errorf("the answer has %s where %s was expected", token.Kind(), kind)
	}
	return err
}

func (a *answer) document(name string) error {
	switch name {
	case "results":
		return a.array(func() error { return a.object(a.result) })
	case "error":
		return a.failed()
	}
	return a.SkipValue()
}

func (a *answer) result(name string) error {
	switch name {
	case "statement_id":
		a.partial = false
		token, err := a.ReadToken()
		if err == nil && token.Kind() == '0' {
			a.table.statement = token.Int()
		}
		return err
	case "series":
		return a.array(func() error {
			a.table.tags, a.table.columns = nil, nil
			return a.object(a.series)
		})
	case "partial":
		token, err := a.ReadToken()
		a.partial = err == nil && token.Kind() == 't'
		return err
	case "error":
		return a.failed()
	}
	return a.SkipValue()
}

func (a *answer) series(name string) error {
	switch name {
	case "tags":
		a.table.tags = map[string]string{}
		return a.object(func(tag string) (err error) {
			a.table.tags[tag], err = text(a.Decoder)
			return err
		})
	case "columns":
		return a.array(func() error {
			column, err := text(a.Decoder)
			a.table.columns = append(a.table.columns, column)
			return err
		})
	case "values":
		return a.array(func() error { return a.row(&a.table, a.Decoder) })
	}
	return a.SkipValue()
}

// failed reads the error that an answer holds although its status is 200.
func (a *answer) failed() error {
	message, err := text(a.Decoder)
	if err != nil {
		return err
	}
	return statementError(message)
}

// text reads a string; null is empty.
func text(d *jsontext.Decoder) (string, error) {
	token, err := d.ReadToken()
	switch {
	case err != nil:
		return "", err
	case token.Kind() == 'n':
		return "", nil
	case token.Kind() != '"':
		return "", fmt.Errorf("the answer has %s where a text was expected", token.Kind())
	}
	return token.String(), nil
}

// whole reads an integer; null is 0.
func whole(d *jsontext.Decoder) (int64, error) {
	token, err := d.ReadToken()
	switch {
	case err != nil:
		return 0, err
	case token.Kind() == 'n':
		return 0, nil
	case token.Kind() != '0':
		return 0, fmt.Errorf("the answer has %s where a number was expected", token.Kind())
	}
	return token.Int(), nil
}
