package ingest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/indicator"
)

// cube is readings of two indicators over regions and years, every cell filled
// or missing, as text.
type cube struct {
	catalog    *indicator.Catalog
	indicators []*indicator.Indicator
	regions    []*indicator.Region
	years      []int
	want       []indicator.Reading
	text       map[indicator.Key]string
}

func drawCube(t *rapid.T, catalog *indicator.Catalog) cube {
	c := cube{catalog: catalog, text: map[indicator.Key]string{},
		indicators: []*indicator.Indicator{catalog.Indicator("rd_spend"), catalog.Indicator("rd_personnel")}}
	provinces := catalog.Provinces()
	for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(provinces)-1), 2, 8, rapid.ID).Draw(t, "regions") {
		c.regions = append(c.regions, provinces[at])
	}
	first := rapid.IntRange(1990, 2020).Draw(t, "first year")
	for y := range rapid.IntRange(2, 5).Draw(t, "years") {
		c.years = append(c.years, first+y)
	}
	for _, ind := range c.indicators {
		for _, region := range c.regions {
			for _, y := range c.years {
				r := indicator.Reading{Indicator: ind.Code, Region: region.Code, Period: indicator.Year(y), Status: indicator.Normal}
				switch rapid.IntRange(0, 9).Draw(t, "kind") {
				case 0:
					continue
				case 1:
					r.Status = indicator.Missing
				default:
					r.Value = rapid.Float64Range(0, 1e7).Draw(t, "value")
				}
				c.want = append(c.want, r)
				c.text[r.Key()] = shortest(r)
			}
		}
	}
	slices.SortFunc(c.want, indicator.CompareReadings)
	return c
}

func (c cube) at(ind *indicator.Indicator, region *indicator.Region, year int) string {
	return c.text[indicator.Key{Indicator: ind.Code, Region: region.Code, Period: indicator.Year(year)}]
}

func year(y int) string { return strconv.Itoa(y) + "年" }

// named is an indicator with its unit, as headers write it.
func named(ind *indicator.Indicator) string { return ind.Name.ZH + "（" + ind.Unit + "）" }

func (c cube) long() [][]string {
	rows := [][]string{{"指标", "地区", "年份", "数值", "单位"}}
	for _, ind := range c.indicators {
		for _, region := range c.regions {
			for _, y := range c.years {
				rows = append(rows, []string{ind.Code, region.Code, strconv.Itoa(y), c.at(ind, region, y), ind.Unit})
			}
		}
	}
	return rows
}

func (c cube) byYears() [][]string {
	rows := [][]string{{"指标", "单位", "地 区"}}
	for _, y := range c.years {
		rows[0] = append(rows[0], year(y))
	}
	for _, ind := range c.indicators {
		for _, region := range c.regions {
			line := []string{ind.Name.ZH, ind.Unit, region.Short.ZH}
			for _, y := range c.years {
				line = append(line, c.at(ind, region, y))
			}
			rows = append(rows, line)
		}
	}
	return rows
}

func (c cube) byRegions() [][]string {
	rows := [][]string{{"年份", "指标"}}
	for _, region := range c.regions {
		rows[0] = append(rows[0], region.Name.ZH+" "+region.Short.EN)
	}
	for _, y := range c.years {
		for _, ind := range c.indicators {
			line := []string{year(y), named(ind)}
			for _, region := range c.regions {
				line = append(line, c.at(ind, region, y))
			}
			rows = append(rows, line)
		}
	}
	return rows
}

func (c cube) byIndicators() [][]string {
	rows := [][]string{{"省份", "年度", "序号"}}
	for _, ind := range c.indicators {
		rows[0] = append(rows[0], ind.Name.ZH+"/"+ind.Unit)
	}
	for i, region := range c.regions {
		for _, y := range c.years {
			line := []string{region.Name.EN, strconv.Itoa(y), strconv.Itoa(i + 1)}
			for _, ind := range c.indicators {
				line = append(line, c.at(ind, region, y))
			}
			rows = append(rows, line)
		}
	}
	return rows
}

// byIndicatorsAndYears has a header of two rows, the upper of which spans.
func (c cube) byIndicatorsAndYears() [][]string {
	rows := [][]string{{"地区"}, {""}}
	for _, ind := range c.indicators {
		for i, y := range c.years {
			upper := ""
			if i == 0 {
				upper = named(ind)
			}
			rows[0], rows[1] = append(rows[0], upper), append(rows[1], year(y))
		}
	}
	for _, region := range c.regions {
		line := []string{region.Short.ZH}
		for _, ind := range c.indicators {
			for _, y := range c.years {
				line = append(line, c.at(ind, region, y))
			}
		}
		rows = append(rows, line)
	}
	return rows
}

// blocks is one table an indicator under each other.
func (c cube) blocks() [][]string {
	var rows [][]string
	for n, ind := range c.indicators {
		rows = append(rows, []string{fmt.Sprintf("表%d 各地区%s", n+1, ind.Name.ZH)}, []string{"单位：" + ind.Unit})
		header := []string{""}
		for _, y := range c.years {
			header = append(header, year(y))
		}
		rows = append(rows, header)
		for _, region := range c.regions {
			line := []string{region.Short.ZH}
			for _, y := range c.years {
				line = append(line, c.at(ind, region, y))
			}
			rows = append(rows, line)
		}
		rows = append(rows, []string{"注：本表不含港澳台。"}, nil)
	}
	return rows
}

// sections is one header and a heading before the rows of each indicator.
func (c cube) sections() [][]string {
	rows := [][]string{{"地区"}}
	for _, y := range c.years {
		rows[0] = append(rows[0], year(y))
	}
	for _, ind := range c.indicators {
		rows = append(rows, []string{named(ind)})
		for _, region := range c.regions {
			line := []string{region.Code}
			for _, y := range c.years {
				line = append(line, c.at(ind, region, y))
			}
			rows = append(rows, line)
		}
	}
	return rows
}

func writeCSV(t *rapid.T, rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shuffled gives the columns of a table another order.
func shuffled(rows [][]string, order []int) [][]string {
	var out [][]string
	for _, row := range rows {
		line := make([]string, len(order))
		for i, at := range order {
			if at < len(row) {
				line[i] = row[at]
			}
		}
		out = append(out, line)
	}
	return out
}

// TestEveryLayoutGivesTheSameReadings: the same readings in any layout are the
// same readings, with the columns in any order.
func TestEveryLayoutGivesTheSameReadings(t *testing.T) {
	t.Parallel()
	catalog := testCatalog(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawCube(t, catalog)
		if len(c.want) == 0 {
			return // a file without readings has a case of its own
		}
		for layout, tt := range map[string]struct {
			rows  [][]string
			mixed bool // its columns may stand in any order
		}{
			"long": {c.long(), true}, "wide_by_years": {c.byYears(), true},
			"wide_by_regions": {c.byRegions(), true}, "wide_by_indicators": {c.byIndicators(), true},
			"wide_by_indicators_and_years": {c.byIndicatorsAndYears(), false},
			"blocks":                       {c.blocks(), false}, "sections": {c.sections(), false},
		} {
			rows := tt.rows
			if tt.mixed {
				columns := make([]int, len(rows[0]))
				for i := range columns {
					columns[i] = i
				}
				rows = shuffled(rows, rapid.Permutation(columns).Draw(t, "columns"))
			}
			content := writeCSV(t, rows)
			r, err := Parse(t.Context(), bytes.NewReader(content), layout+".csv", Options{Catalog: catalog})
			if err != nil {
				t.Fatal(err)
			}
			var got []indicator.Reading
			for _, cell := range r.Cells {
				got = append(got, cell.Reading)
			}
			slices.SortFunc(got, indicator.CompareReadings)
			if fmt.Sprint(got) != fmt.Sprint(c.want) || indicator.HasErrors(r.Problems) {
				t.Fatalf("%s as %s:\n%s\ngot  %v\nwant %v\n%v", layout, r.Understood.Layout, content, got, c.want, r.Problems)
			}
			if !strings.HasPrefix(layout, "wide") && layout != "long" {
				continue
			}
			if r.Understood.Layout != layout {
				t.Fatalf("%s was read as %s", layout, r.Understood.Layout)
			}
		}
	})
}

// TestNamesOfLayoutsAndRoles: a page and a terminal have a name for each.
func TestNamesOfLayoutsAndRoles(t *testing.T) {
	t.Parallel()
	seen := map[indicator.Text]bool{{}: true}
	for _, layout := range Layouts() {
		if name := LayoutName(layout); seen[name] || name.EN == "" {
			t.Errorf("the layout %s is called %q", layout, name)
		} else {
			seen[name] = true
		}
	}
	for word, role := range headerWords {
		if name := role.Name(); name.ZH == "" || name.EN == "" {
			t.Errorf("%s: the role %q has no name", word, role)
		}
	}
	if name := LayoutName("sideways"); !name.IsZero() {
		t.Errorf("no layout is called %q", name)
	}
}
