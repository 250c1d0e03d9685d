package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dabiao/dabiao/internal/indicator"
)

// endless is a source that never ends and counts what is taken from it.
type endless struct {
	fill  byte
	taken int
}

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e.fill
	}
	e.taken += len(b)
	return len(b), nil
}

func codes(problems []indicator.Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, p.Code)
	}
	return strings.Join(list, " ")
}

func TestParseReadsNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fill  byte
		limit int
		code  string
		most  int
	}{
		"zero bytes": {0, 0, codeUnsupportedFile, sniffedBytes},
		"digits":     {'0', 1 << 20, codeTooBig, 1<<20 + 1},
		"commas":     {',', 1 << 20, codeTooBig, 1<<20 + 1},
		"lines":      {'\n', 1 << 20, codeTooBig, 1<<20 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &endless{fill: tt.fill}
			r, err := Parse(t.Context(), source, "zeros.csv", Options{Catalog: testCatalog(t), Limits: Limits{Bytes: tt.limit}})
			if err != nil {
				t.Fatal(err)
			}
			if got := codes(r.Problems); got != tt.code || len(r.Cells) > 0 {
				t.Errorf("problems %q, %d readings; want %q and none", got, len(r.Cells), tt.code)
			}
			if source.taken > tt.most {
				t.Errorf("read %d bytes, want at most %d", source.taken, tt.most)
			}
		})
	}
}

func TestParseOneHugeLine(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"digits": strings.Repeat("0", 3<<20),
		"commas": strings.Repeat(",", 3<<20),
		"quoted": `"` + strings.Repeat("0", 3<<20) + `"`,
	} {
		r, err := Parse(t.Context(), strings.NewReader(content), "x.csv", Options{Catalog: testCatalog(t)})
		if err != nil {
			t.Fatal(err)
		}
		if got := codes(r.Problems); got != codeLineTooLong {
			t.Errorf("%s: problems %q, want %q", name, got, codeLineTooLong)
		}
	}
}

func TestParseTrouble(t *testing.T) {
	t.Parallel()
	catalog := testCatalog(t)
	broken := errors.New("the disk is gone")
	for name, r := range map[string]io.Reader{
		"at once": iotest.ErrReader(broken),
		"later":   io.MultiReader(strings.NewReader(strings.Repeat("a,b\n", 50_000)), iotest.ErrReader(broken)),
	} {
		if _, err := Parse(t.Context(), r, "a.csv", Options{Catalog: catalog}); !errors.Is(err, broken) {
			t.Errorf("%s: error %v, want %v", name, err, broken)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	content, _ := longFile(t, 10_000)
	if _, err := Parse(ctx, bytes.NewReader(content), "a.csv", Options{Catalog: catalog}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	if _, err := Parse(t.Context(), strings.NewReader("a"), "a.csv", Options{}); err == nil {
		t.Error("no catalogue, and no error")
	}
}

func TestMillionBadRowsAreCounted(t *testing.T) {
	t.Parallel()
	const rows = 60_000
	content := "indicator,region,period,value,unit\n" + strings.Repeat("nothing,nowhere,2023,x,y\n", rows)
	r, err := Parse(t.Context(), strings.NewReader(content), "a.csv", Options{Catalog: testCatalog(t)})
	if err != nil {
		t.Fatal(err)
	}
	kept, rest := map[string]int{}, map[string]string{}
	for _, p := range r.Problems {
		if p.Cell == "" {
			rest[p.Code] = p.Message.EN
		} else {
			kept[p.Code]++
		}
	}
	for _, code := range []string{codeUnknownIndicator, codeUnknownRegion, codeNotANumber, codeUnknownUnit} {
		if kept[code] != 10_000 || !strings.Contains(rest[code], "50000 more") {
			t.Errorf("%s: %d kept, then %q", code, kept[code], rest[code])
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, at := range map[string]place{
		"A1": {1, 0}, "B17": {17, 1}, "Z9": {9, 25}, "AA1": {1, 26}, "AZ2": {2, 51}, "BA3": {3, 52},
		"ZZ10": {10, 701}, "AAA1": {1, 702}, "XFD1048576": {1048576, 16383},
	} {
		if got := at.address(); got != address {
			t.Errorf("%+v is %s, want %s", at, got, address)
		}
		if got := placeOf(address); got != at {
			t.Errorf("%s is %+v, want %+v", address, got, at)
		}
	}
	if got := (place{}).address(); got != "" {
		t.Errorf("the whole file has the address %q", got)
	}
}

func TestReadNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		value  float64
		suffix string
		kind   kind
	}{
		"1171.7": {1171.7, "", isNumber}, "-3.5": {-3.5, "", isNumber}, "0.1": {0.1, "", isNumber}, "5.": {5, "", isNumber},
		"1e3": {1000, "", isNumber}, "1E+3": {1000, "", isNumber}, "1.5e-3": {0.0015, "", isNumber},
		"12,345,678.9": {12345678.9, "", isNumber}, "１２，３４５": {12345, "", isNumber}, "12'345": {12345, "", isNumber},
		"12\u00a0345.6": {12345.6, "", isNumber}, "－１．５": {-1.5, "", isNumber}, "3.5％": {3.5, "%", isNumber},
		"1,234亿元": {1234, "亿元", isNumber}, "1e5家": {1e5, "家", isNumber}, `="12.5"`: {12.5, "", isNumber},
		"": {0, "", isEmpty}, " \u3000": {0, "", isEmpty}, "—": {0, "", isMark}, "……": {0, "", isMark}, "．．": {0, "", isMark},
		"－": {0, "", isMark}, "—  —": {0, "", isMark}, "NaN": {0, "", isNotFinite}, "-inf": {0, "", isNotFinite},
		"1e400": {0, "", isNotFinite}, "-1e400": {0, "", isNotFinite}, "1e-400": {0, "", isNotFinite}, "0e-400": {0, "", isNumber},
		"0x10": {0, "x10", isNumber}, "1_000": {1, "_000", isNumber}, "1,17": {1, ",17", isNumber}, "1,2345": {0, "", isText},
		"12 34": {12, "34", isNumber}, "1,234 567": {1234, "567", isNumber}, "1e": {1, "e", isNumber}, "e5": {0, "", isText},
		"+": {0, "", isText}, ".": {0, "", isMark}, "一百": {0, "", isText}, "(5)": {0, "", isText},
	} {
		value, suffix, k := readNumber(text)
		if value != want.value || suffix != want.suffix || k != want.kind {
			t.Errorf("%q: %v %q %v, want %+v", text, value, suffix, k, want)
		}
	}
}

func TestGridGivesTheCellsOfTheTable(t *testing.T) {
	t.Parallel()
	o := Options{Catalog: testCatalog(t)}
	rows, err := Grid(t.Context(), []byte("地区,2023年\n\n福 建,\"1,071.7\"\n"), "a.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	var got []GridRow
	for r := range rows {
		got = append(got, GridRow{Number: r.Number, Cells: slices.Clone(r.Cells)})
	}
	want := []GridRow{{Number: 1, Cells: []string{"地区", "2023年"}}, {Number: 2, Cells: []string{""}}, {Number: 3, Cells: []string{"福 建", "1,071.7"}}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if rows, err = Grid(t.Context(), []byte("PK\x03\x04 broken"), "a.xlsx", o); err != nil {
		t.Fatal(err)
	}
	for r := range rows {
		t.Errorf("a row of a damaged file: %v", r)
	}
}
