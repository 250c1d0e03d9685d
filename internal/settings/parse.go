package settings

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parse gives the bodies of the documents that are not empty. A panic of the
// library on strange input is an error like any other: a configuration can
// never take the program down.
func parse(data []byte) (docs []ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("unreadable syntax: %v", r)
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if err := tooDeep(tokens); err != nil {
		return nil, err
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, err
	}
	for _, d := range tree.Docs {
		if d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	return docs, nil
}

// tooDeep refuses nesting that no configuration has: the library's memory grows
// with the square of the depth. A level costs a bracket or a column of indent.
func tooDeep(tokens token.Tokens) error {
	const brackets, columns = 32, 256
	depth := 0
	for _, t := range tokens {
		indented := false
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			indented = depth == 0 && t.Position.Column > columns
		}
		if depth > brackets || indented {
			return &yaml.SyntaxError{Message: "nested too deeply", Token: t}
		}
	}
	return nil
}

// position is the line of a syntax error and its reason without the source.
func position(err error) (line int, reason string) {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return syntax.GetToken().Position.Line, syntax.GetMessage()
	}
	return 1, err.Error()
}
