package settings

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/dabiao/dabiao/internal/indicator"
)

// The YAML library's own strict decoding stops at the first fault. This decoder
// walks the parsed tree instead, so that one run names every fault with its
// line. Keys are the yaml, else the json tag of a field. Anchors, aliases and
// tags are refused: every value stands where it is used.

// defaulter fills in what a file may leave out.
type defaulter interface{ setDefaults() }

// nodeDecoder is a type with a notation of its own.
type nodeDecoder interface {
	decodeNode(f *file, path string, n ast.Node)
}

// decode fills into, a pointer to a struct, from the file's content.
func (f *file) decode(data []byte, into any) {
	docs, err := parse(data)
	switch {
	case err != nil:
		f.unusable = true
		line, reason := position(err)
		f.lines["$"] = line
		f.fault("$", "不是有效的 YAML：%[1]s。请检查缩进、引号和冒号。",
			"not valid YAML: %[1]s; check indentation, quotes and colons", reason)
	case len(docs) == 0:
		f.unusable = true
		f.fault("$", "文件为空。请写入内容，或删去文件以使用内置的默认值。",
			"the file is empty: fill it, or delete it to use the built-in one")
	case len(docs) > 1:
		f.unusable = true
		f.lines["$"] = docs[1].GetToken().Position.Line
		f.fault("$", "文件含有多个 YAML 文档。请合并为一个。", "the file holds several YAML documents: join them into one")
	default:
		f.value(docs[0], "$", reflect.ValueOf(into).Elem())
	}
}

// refuse records a value that could not be read, by its key.
func (f *file) refuse(path, zh, en string, args ...any) {
	f.refused[path] = true
	message := say(zh, en, args...)
	if path != "$" {
		message = indicator.T(label(path)+"："+message.ZH, label(path)+": "+message.EN)
	}
	f.faultText(path, message)
}

// value decodes n into v.
func (f *file) value(n ast.Node, path string, v reflect.Value) {
	f.lines[path] = n.GetToken().Position.Line
	if special, ok := v.Addr().Interface().(nodeDecoder); ok {
		special.decodeNode(f, path, n)
		return
	}
	switch n.(type) {
	case *ast.NullNode:
		f.refuse(path, "值为空。请填写，或删去这个键。", "the value is empty; fill it in, or remove the key")
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		f.refuse(path, "不支持锚点、别名和标签。请直接写出值。", "anchors, aliases and tags are not supported; write the value out")
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(n, path, v.Elem())
	case reflect.Struct: // keeps what the struct around it has set
		if d, ok := v.Addr().Interface().(defaulter); ok {
			v.SetZero()
			d.setDefaults()
		}
		f.mapping(n, path, v)
	case reflect.Slice, reflect.Array:
		f.sequence(n, path, v)
	default:
		f.scalar(n, path, v)
	}
}

// mapping decodes the keys that n has into the fields of v and leaves the others.
func (f *file) mapping(n ast.Node, path string, v reflect.Value) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		f.refuse(path, "应为“键: 值”的列表。", "want a mapping of keys to values")
		return
	}
	fields := fieldsOf(v.Type())
	first := map[string]int{}
	for _, kv := range m.Values {
		key, line := keyOf(kv.Key), kv.Key.GetToken().Position.Line
		here := path + "." + key
		if earlier, twice := first[key]; twice {
			f.lines[here] = line
			f.fault(here, "键“%[1]s”重复，第 %[2]d 行已有。请删去一个。", "the key %[1]q is given twice, first in line %[2]d: remove one", key, earlier)
			continue
		}
		first[key] = line
		index, ok := fields.index[key]
		if !ok {
			f.lines[here] = line
			f.unknownKey(here, key, fields.names)
			continue
		}
		f.value(kv.Value, here, v.FieldByIndex(index))
	}
}

func keyOf(key ast.MapKeyNode) string {
	if s, ok := key.(*ast.StringNode); ok {
		return s.Value
	}
	return key.String()
}

func (f *file) unknownKey(path, key string, known []string) {
	if nearest := indicator.NearestWord(key, known); nearest != "" {
		f.fault(path, "未知的键“%s”。是否应为“%s”。", "unknown key %q; did you mean %q?", key, nearest)
		return
	}
	f.fault(path, "未知的键“%s”。可用的键：%s。", "unknown key %q; the keys here are %s", key, strings.Join(known, ", "))
}

// sequence decodes a list; an array wants exactly its length.
func (f *file) sequence(n ast.Node, path string, v reflect.Value) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		f.refuse(path, "应为列表。", "want a list")
		return
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values)))
	} else if len(s.Values) != v.Len() {
		f.refuse(path, "应有 %[1]d 个值，现有 %[2]d 个。", "want %[1]d values, found %[2]d", v.Len(), len(s.Values))
		return
	}
	for i, item := range s.Values {
		f.value(item, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
	}
}

// scalar decodes text, numbers, yes or no, and the closed lists of words.
func (f *file) scalar(n ast.Node, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		text, ok := textOf(n)
		if !ok {
			f.refuse(path, "应为文字。如确为文字，请加引号。", "want text; if it is text, put it in quotes")
			return
		}
		if words := wordsOf(v.Type()); words != nil && !f.oneOf(path, text, words) {
			return
		}
		v.SetString(text)
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			f.refuse(path, "应为 true 或 false。", "want true or false")
			return
		}
		v.SetBool(b.Value)
	case reflect.Int:
		whole, err := strconv.Atoi(numberOf(n))
		if err != nil {
			f.refuse(path, "应为整数，不加引号。", "want a whole number, without quotes")
			return
		}
		v.SetInt(int64(whole))
	case reflect.Float64:
		number, err := strconv.ParseFloat(numberOf(n), 64)
		if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
			f.refuse(path, "应为数字，不加引号和单位。", "want a number, without quotes or unit")
			return
		}
		v.SetFloat(number)
	default:
		panic(fmt.Sprintf("settings: no rule to decode a %s", v.Type()))
	}
}

// textOf is the text of a scalar. Numbers count as text, as they are written:
// a region's code needs no quotes.
func textOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(n.Value), true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// numberOf is a number as written; empty for anything else.
func numberOf(n ast.Node) string {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value
	}
	return ""
}

func (f *file) oneOf(path, text string, words []string) bool {
	for _, w := range words {
		if w == text {
			return true
		}
	}
	f.refuse(path, "“%s”不可用。可选：%s。", "%q is not possible; choose from %s", text, strings.Join(words, ", "))
	return false
}

// fieldSet is the keys of a struct, in the order of its fields.
type fieldSet struct {
	names []string
	index map[string][]int
}

// fieldsOf lists the keys of a struct; those of embedded structs are its own.
func fieldsOf(t reflect.Type) fieldSet {
	set := fieldSet{index: map[string][]int{}}
	for _, field := range reflect.VisibleFields(t) {
		name := field.Tag.Get("yaml")
		if name == "" {
			name = field.Tag.Get("json")
		}
		if name == "" || name == "-" {
			continue
		}
		set.names = append(set.names, name)
		set.index[name] = field.Index
	}
	return set
}
