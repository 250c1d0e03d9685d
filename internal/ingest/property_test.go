package ingest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
)

// panel draws readings of one indicator over provinces and years.
func panel(t *rapid.T, c *indicator.Catalog) []indicator.Reading {
	provinces := c.Provinces()
	first := rapid.IntRange(1990, 2020).Draw(t, "first year")
	years := rapid.IntRange(1, 6).Draw(t, "years")
	count := rapid.IntRange(1, len(provinces)).Draw(t, "provinces")
	var readings []indicator.Reading
	for _, region := range provinces[:count] {
		for y := range years {
			r := indicator.Reading{Indicator: "rd_spend", Region: region.Code, Period: indicator.Year(first + y)}
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				continue
			case 1:
				r.Status = indicator.Missing
			default:
				r.Status, r.Value = indicator.Normal, rapid.Float64Range(0, 1e7).Draw(t, "value")
			}
			readings = append(readings, r)
		}
	}
	return readings
}

func shortest(r indicator.Reading) string {
	if !r.Status.HasValue() {
		return "—"
	}
	return strconv.FormatFloat(r.Value, 'g', -1, 64)
}

// writeLong is a long UTF-8 file with the columns in the given order.
func writeLong(c *indicator.Catalog, readings []indicator.Reading, order []int) []byte {
	var b bytes.Buffer
	line := func(cells ...string) {
		for i, at := range order {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(cells[at])
		}
		b.WriteByte('\n')
	}
	line("指标", "省份", "年份", "数值", "单位")
	for _, r := range readings {
		line("R&D经费", c.Region(r.Region).Name.ZH, r.Period.Label(indicator.ZH), shortest(r), "亿元")
	}
	return b.Bytes()
}

// writeWide is an export as the national statistics site makes it, in GB18030.
func writeWide(c *indicator.Catalog, readings []indicator.Reading) ([]byte, error) {
	var years []indicator.Period
	var regions []string
	values := map[indicator.Key]string{}
	for _, r := range readings {
		values[r.Key()] = shortest(r)
		if !slices.Contains(years, r.Period) {
			years = append(years, r.Period)
		}
		if !slices.Contains(regions, r.Region) {
			regions = append(regions, r.Region)
		}
	}
	slices.SortFunc(years, func(a, b indicator.Period) int { return b.Compare(a) })
	var b strings.Builder
	b.WriteString("数据库：分省年度数据\r\n指标：研究与试验发展(R&D)经费(亿元)\r\n时间：最近10年\r\n地区")
	for _, y := range years {
		b.WriteString("," + y.Label(indicator.ZH))
	}
	for _, region := range regions {
		b.WriteString("\r\n" + c.Region(region).Name.ZH)
		for _, y := range years {
			b.WriteString("," + values[indicator.Key{Indicator: "rd_spend", Region: region, Period: y}])
		}
	}
	b.WriteString("\r\n数据来源：国家统计局\r\n")
	return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(b.String()))
}

func TestLongAndWideGiveTheSameReadings(t *testing.T) {
	t.Parallel()
	catalog := testCatalog(t)
	rapid.Check(t, func(t *rapid.T) {
		want := panel(t, catalog)
		if len(want) == 0 {
			return // a file without readings has a case of its own
		}
		order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "columns")
		wide, err := writeWide(catalog, want)
		if err != nil {
			t.Fatal(err)
		}
		for encoding, content := range map[string][]byte{"utf-8": writeLong(catalog, want, order), "gb18030": wide} {
			r, err := Parse(t.Context(), bytes.NewReader(content), "panel.csv", Options{Catalog: catalog})
			if err != nil {
				t.Fatal(err)
			}
			if r.Understood.Encoding != encoding || indicator.HasErrors(r.Problems) {
				t.Fatalf("%s read as %s, problems %v", encoding, r.Understood.Encoding, r.Problems)
			}
			var got []indicator.Reading
			for _, cell := range r.Cells {
				got = append(got, cell.Reading)
			}
			slices.SortFunc(got, func(a, b indicator.Reading) int {
				return cmp.Or(cmp.Compare(a.Region, b.Region), a.Period.Compare(b.Period))
			})
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s: got %v\nwant %v", encoding, got, want)
			}
		}
	})
}
