package ingest

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowsOfQuotedCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][][]string{
		`"a","b"`:                        {{"a", "b"}},
		"\"a\"\n\"b\"\n":                 {{"a"}, {"b"}},
		"\"a\"\r\n\"b\"\r\n":             {{"a"}, {"b"}},
		"\"a\",\n":                       {{"a", ""}},
		`"",""`:                          {{"", ""}},
		`"1,234","5"`:                    {{"1,234", "5"}},
		"\"one\ntwo\",x\ny":              {{"one\ntwo", "x"}, {"y"}},
		`"say ""yes""",""""`:             {{`say "yes"`, `"`}},
		"\"a\" tail,b\n\"c\"d\n":         {{"a tail", "b"}, {"cd"}},
		"\"a\" \"b\",c":                  {{`a "b"`, "c"}},
		"\"a\"x\r\nb\r,c":                {{"ax"}, {"b\r", "c"}},
		"\"a\"\r,b":                      {{"a", "b"}},
		"a\"b,\"c\"":                     {{`a"b`, "c"}},
		"\"a\"\n\n\"b\"":                 {{"a"}, {""}, {"b"}},
		strings.Repeat(`"a",`, 3) + `""`: {{"a", "a", "a", ""}},
	} {
		sheet := &delimited{text: text, comma: ',', maxLine: 100, maxCells: 100}
		var got [][]string
		for r, f := range sheet.rows(t.Context()) {
			if f != nil {
				t.Fatalf("%q: %v", text, f.finding)
			}
			got = append(got, append([]string{}, r.cells...))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// asked is a context that counts how often it is asked and ends at the last time.
type asked struct {
	context.Context
	times, last int
}

func (a *asked) Err() error {
	if a.times++; a.times >= a.last {
		return context.Canceled
	}
	return nil
}

func TestRowsAskTheContextByBytes(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for name, piece := range map[string]string{
		"one line": "a,", "one quoted line": `"a",`, "short lines": "a\n", "quoted lines": "\"a\"\n", "blank lines": "\n",
	} {
		sheet := &delimited{text: strings.Repeat(piece, size/len(piece)), comma: ',', maxLine: size, maxCells: size + 1}
		read := func(ctx context.Context) (consumed int) {
			for r, f := range sheet.rows(ctx) {
				if f != nil {
					t.Fatalf("%s: %v", name, f.finding)
				}
				consumed = r.end
			}
			return consumed
		}
		whole := &asked{t.Context(), 0, size}
		if got := read(whole); got != size || whole.times < size/bytesBetweenChecks || whole.times > size/bytesBetweenChecks+1 {
			t.Errorf("%s: %d of %d bytes read, context asked %d times; want once in %d bytes", name, got, size, whole.times, bytesBetweenChecks)
		}
		ended := &asked{t.Context(), 0, 3}
		if got := read(ended); got > 2*bytesBetweenChecks+len(piece) || ended.times != ended.last {
			t.Errorf("%s: %d bytes read and %d questions after the context ended", name, got, ended.times)
		}
	}
}
