package ingest

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestEveryReadingInJSON: each is a reading or has a problem of its own, or the
// whole file has one.
func TestEveryReadingInJSON(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"json_readings", "json_answers", "bad_json_readings"} {
		content, err := os.ReadFile("testdata/cases/" + name + "/input.json")
		if err != nil {
			t.Fatal(err)
		}
		r, err := Parse(t.Context(), bytes.NewReader(content), "input.json", Options{Catalog: testCatalog(t), Answers: Answers{Unit: "亿元"}})
		if err != nil {
			t.Fatal(err)
		}
		settled := map[int]bool{}
		for _, c := range r.Cells {
			settled[placeOf(c.Cell).row] = true
		}
		for _, p := range r.Problems {
			settled[placeOf(p.Cell).row] = true
		}
		for i := range strings.Count(string(content), `{"`) + strings.Count(string(content), `{}`) - 1 - strings.Count(string(content), `{"a"`) {
			if !settled[i+1] {
				t.Errorf("%s: nothing became of readings[%d]", name, i)
			}
		}
	}
}

func TestJSONThatIsNone(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{}`:                          "unknown_layout",
		`{"readings": 1}`:             "unknown_layout",
		`{"readings": {}}`:            "unknown_layout",
		`{"readings": []}`:            "no_data",
		`{"readings": [1]}`:           "damaged_file",
		`{"readings": [[]]}`:          "damaged_file",
		`{"readings": []`:             "damaged_file",
		`{"readings": [], "more": 1}`: "unknown_field",
		`{"readings": []} {}`:         "damaged_file",
		`{"` + "\xff" + `": []}`:      "bad_encoding",
		`{"readings": [{"value": ` + strings.Repeat("[", 20_000) + `}]}`: "damaged_file",
		"\ufeff {\n\"readings\" : [ ] }":                                 "no_data",
	} {
		r, err := Parse(t.Context(), strings.NewReader(content), "a.json", Options{Catalog: testCatalog(t)})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Problems) != 1 || r.Problems[0].Code != want || r.Problems[0].Cell != "" {
			t.Errorf("%.60s: %+v, want %s", content, r.Problems, want)
		}
	}
	// A table whose first cell looks like the beginning of an object is a table.
	r, err := Parse(t.Context(), strings.NewReader("{说明},\n地区,2023年\n福建,1\n"), "a.csv", Options{Catalog: testCatalog(t), Answers: Answers{Indicator: "gdp", Unit: "亿元"}})
	if err != nil || len(r.Cells) != 1 || r.Understood.Container != "csv" {
		t.Errorf("%+v %v", r, err)
	}
}

// TestJSONWithinLimits: the cells of a reading are its fields.
func TestJSONWithinLimits(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"readings": [`)
	for year := 2001; year <= 2010; year++ {
		fmt.Fprintf(&b, `{"indicator":"gdp","region":"350000","period":"%d","value":1,"unit":"亿元"},`, year)
	}
	content := strings.TrimSuffix(b.String(), ",") + `]}`
	for limit, want := range map[int]int{60: 10, 59: 9} {
		r, err := Parse(t.Context(), strings.NewReader(content), "a.json", Options{Catalog: testCatalog(t), Limits: Limits{Cells: limit}})
		if err != nil || len(r.Cells) != want || (len(r.Problems) > 0) != (want < 10) {
			t.Errorf("limit %d: %d readings, problems %v, %v", limit, len(r.Cells), r.Problems, err)
		}
	}
}

func TestJSONHasNoFingerprint(t *testing.T) {
	t.Parallel()
	got, err := FingerprintOf(t.Context(), []byte(`{"readings": [{"value": 1}]}`), "readings.json", Options{Catalog: testCatalog(t)})
	if err != nil || got != (Fingerprint{}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGridOfJSON(t *testing.T) {
	t.Parallel()
	const content = `{"readings": [{"value": 1.50, "region": "福建", "period": "2023", "indicator": "gdp"}, {"value": null}]}`
	rows, err := Grid(t.Context(), []byte(content), "a.json", Options{Catalog: testCatalog(t)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range rows {
		got = append(got, fmt.Sprint(r.Number, " ", strings.Join(r.Cells, "|")))
	}
	if want := []string{"1 indicator|region|period|value|unit|status", "2 gdp|福建|2023|1.50||", "3 |||||"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
