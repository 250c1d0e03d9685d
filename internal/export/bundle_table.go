package export

import (
	"encoding/csv"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

// table is one CSV file of a bundle: its cells and its description come from the
// same list of columns.
type table[T any] struct {
	name    string
	title   indicator.Text
	key     []string
	refs    []reference
	columns []column[T]
}

// column is one column: how a row is written in it, and what is said of it.
type column[T any] struct {
	name  string
	kind  string // a type of Table Schema
	title indicator.Text
	cell  func(T) string
}

// reference says that a column holds keys of another table.
type reference struct{ column, table, key string }

// writeTable writes the rows as they come.
func writeTable[T any](z *bundleWriter, t table[T], rows iter.Seq2[T, error]) error {
	entry, err := z.create(t.name + ".csv")
	if err != nil {
		return err
	}
	m := newMeasured(entry)
	w := csv.NewWriter(m)
	record := make([]string, len(t.columns))
	for i, c := range t.columns {
		record[i] = c.name
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, c := range t.columns {
			record[i] = c.cell(row)
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	z.resources = append(z.resources, t.resource(m))
	return w.Error()
}

// rowsOf gives a list as rows that cannot fail.
func rowsOf[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range list {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// The cells. A text that a spreadsheet would run has an apostrophe before it, in
// every table alike, so that keys still meet.

func wholeCell(n int64) string { return strconv.FormatInt(n, 10) }

// yearCell is a year that 0 stands for none of.
func yearCell(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func flagCell(b bool) string { return strconv.FormatBool(b) }

// numberCell is empty where there is none. Only a miss may be infinite.
func numberCell(v *float64) string {
	switch {
	case v == nil:
		return ""
	case math.IsInf(*v, 1):
		return "inf"
	case math.IsInf(*v, -1):
		return "-inf"
	}
	return Number(*v)
}

// bundleMoment is a moment to the millisecond in Shanghai, always as long, so that
// moments can be compared as texts; empty where there is none.
func bundleMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(indicator.Shanghai).Format("2006-01-02T15:04:05.000Z07:00")
}

// codesCell is codes, which hold no blanks.
func codesCell(codes []string) string { return Text(strings.Join(codes, " ")) }

// texts are the two columns of a text in both languages.
func texts[T any](name string, title indicator.Text, of func(T) indicator.Text) []column[T] {
	return []column[T]{
		{name + "_zh", "string", indicator.T(title.ZH+"（中文）", title.EN+" (Chinese)"), func(row T) string { return Text(of(row).ZH) }},
		{name + "_en", "string", indicator.T(title.ZH+"（英文）", title.EN+" (English)"), func(row T) string { return Text(of(row).EN) }},
	}
}

// col is a list of one column, for slices.Concat beside texts.
func col[T any](name, kind, zh, en string, cell func(T) string) []column[T] {
	return []column[T]{{name, kind, indicator.T(zh, en), cell}}
}
