package ingest

import (
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// names finds regions and indicators of a catalogue by what files call them.
type names struct {
	catalog    *indicator.Catalog
	regions    map[string][]int // nameKey → indexes into catalog.Regions
	indicators map[string][]int
}

func newNames(c *indicator.Catalog) *names {
	n := &names{c, map[string][]int{}, map[string][]int{}}
	for i, r := range c.Regions {
		known := append([]string{r.Code, r.ISO, r.Name.ZH, r.Short.ZH, r.Name.EN, r.Short.EN}, r.Aliases...)
		if r.Code == indicator.Nation {
			known = append(known, "全国", "中国", "china", "national")
		}
		enter(n.regions, i, known)
	}
	for i, ind := range c.Indicators {
		enter(n.indicators, i, append([]string{ind.Code, ind.Name.ZH, ind.Name.EN}, ind.Aliases...))
	}
	return n
}

func enter(index map[string][]int, i int, known []string) {
	for _, name := range known {
		key := nameKey(name)
		if list := index[key]; key != "" && (len(list) == 0 || list[len(list)-1] != i) {
			index[key] = append(list, i)
		}
	}
}

// regionRead is what a region cell was read as. An empty cell has neither a
// region nor a fault.
type regionRead struct {
	id     int // index into the catalogue
	region *indicator.Region
	fault  *finding
}

func (n *names) region(text string) regionRead {
	key := nameKey(text)
	if key == "" {
		return regionRead{}
	}
	ids := n.regionIDs(key)
	if len(ids) == 0 {
		ids = n.regionIDs(nameKey(unmarked(squash(text))))
	}
	switch {
	case len(ids) == 0:
		return regionRead{fault: n.unknownRegion(text)}
	case len(ids) > 1:
		return regionRead{fault: fault(codeAmbiguousName,
			"“%[1]s”可以指%[2]s。改用行政区划代码。", "“%[1]s” can mean %[3]s. Use the code of the region.",
			quote(text), n.regionList(ids, indicator.ZH), n.regionList(ids, indicator.EN))}
	}
	r := &n.catalog.Regions[ids[0]]
	if !r.Collected {
		return regionRead{fault: fault(codeNotCollected,
			"%[1]s不在采集范围内，不能上传其数据。删去这一行。", "Figures of %[2]s are not collected. Remove the row.",
			r.Name.ZH, r.Name.EN)}
	}
	return regionRead{id: ids[0], region: r}
}

// regionIDs looks a key up as a name, then as a longer or shorter code, then as
// an English name with the kind of region behind it. A name shared by several
// levels (吉林) is the highest of them, as in every official table; a city is
// never taken for its province, nor the reverse.
func (n *names) regionIDs(key string) []int {
	ids := n.regions[key]
	if len(ids) == 0 {
		if code := sixDigits(key); code != "" {
			ids = n.regions[code]
		}
	}
	for suffix, levels := range englishKinds {
		name, ok := strings.CutSuffix(key, suffix)
		if len(ids) > 0 || !ok {
			continue
		}
		for _, id := range n.regions[name] {
			r := &n.catalog.Regions[id]
			if strings.Contains(levels, string(r.Level)) || suffix == "city" && strings.HasSuffix(r.Name.ZH, "市") {
				ids = append(ids, id)
			}
		}
	}
	return n.highest(ids)
}

// englishKinds is what may stand behind an English name, and for which levels.
var englishKinds = map[string]string{
	"province": "province", "municipality": "province", "autonomousregion": "province",
	"city": "city", "prefecture": "city", "county": "county", "district": "county",
}

func (n *names) highest(ids []int) []int {
	for _, level := range []indicator.Level{indicator.Country, indicator.Province, indicator.City, indicator.County} {
		var at []int
		for _, id := range ids {
			if n.catalog.Regions[id].Level == level {
				at = append(at, id)
			}
		}
		if len(at) > 0 {
			return at
		}
	}
	return nil
}

// sixDigits brings a GB/T 2260 code of 2, 4, 9 or 12 digits to six. Codes of
// towns and villages (digits behind the sixth) are no county.
func sixDigits(code string) string {
	for i := range len(code) {
		if !isDigit(code[i]) {
			return ""
		}
	}
	switch len(code) {
	case 2, 4:
		return code + "000000"[len(code):]
	case 9, 12:
		if strings.Trim(code[6:], "0") == "" {
			return code[:6]
		}
	}
	return ""
}

func (n *names) regionList(ids []int, lang indicator.Lang) string {
	list := make([]string, 0, len(ids))
	for _, id := range ids {
		r := &n.catalog.Regions[id]
		list = append(list, n.regionLabel(r, lang))
	}
	return strings.Join(list, separators[lang])
}

// regionLabel names a region so that it cannot be taken for another one.
func (n *names) regionLabel(r *indicator.Region, lang indicator.Lang) string {
	return r.Name.In(lang) + brackets[lang][0] + r.Code + brackets[lang][1]
}

var (
	separators = map[indicator.Lang]string{indicator.ZH: "、", indicator.EN: ", "}
	brackets   = map[indicator.Lang][2]string{indicator.ZH: {"（", "）"}, indicator.EN: {" (", ")"}}
)

// suggestions is how many near names a message offers.
const suggestions = 3

func (n *names) unknownRegion(text string) *finding {
	text = strings.Clone(text)
	return &finding{code: codeUnknownRegion, severity: indicator.SeverityError, message: func() indicator.Text {
		near := n.catalog.NearestRegions(unmarked(squash(text)), suggestions)
		var zh, en []string
		for _, r := range near {
			zh = append(zh, n.regionLabel(r, indicator.ZH))
			en = append(en, n.regionLabel(r, indicator.EN))
		}
		return unknownName(text, indicator.T("地区", "region"), zh, en)
	}}
}

// unknownName says that a name is not in the catalogue and which ones are near.
func unknownName(text string, what indicator.Text, zh, en []string) indicator.Text {
	if len(zh) == 0 {
		return indicator.T("目录中没有名为“"+quote(text)+"”的"+what.ZH+"。改用目录中的名称或代码。",
			"The catalogue has no "+what.EN+" “"+quote(text)+"”. Use a name or code of the catalogue.")
	}
	return indicator.T("目录中没有名为“"+quote(text)+"”的"+what.ZH+"。相近的有："+strings.Join(zh, "、")+"。改用目录中的名称或代码。",
		"The catalogue has no "+what.EN+" “"+quote(text)+"”. Near ones: "+strings.Join(en, ", ")+". Use a name or code of the catalogue.")
}

// indicatorRead is what an indicator's name was read as. The unit in brackets
// behind the name is kept apart.
type indicatorRead struct {
	id        int
	indicator *indicator.Indicator
	unit      string
	fault     *finding
}

func (n *names) indicator(text string) indicatorRead {
	name, unit := strings.TrimSpace(text), ""
	ids := n.indicatorIDs(name)
	if before, inside, ok := cutUnit(name); ok && len(ids) == 0 {
		name, unit = before, inside
		ids = n.indicatorIDs(name)
	}
	switch {
	case nameKey(name) == "":
		return indicatorRead{unit: unit}
	case len(ids) == 0:
		return indicatorRead{unit: unit, fault: n.unknownIndicator(name)}
	case len(ids) > 1:
		a, b := &n.catalog.Indicators[ids[0]], &n.catalog.Indicators[ids[1]]
		return indicatorRead{unit: unit, fault: fault(codeAmbiguousName,
			"“%[1]s”可以指 %[2]s 或 %[3]s。改用指标代码。", "“%[1]s” can mean %[2]s or %[3]s. Use the code of the indicator.",
			quote(name), a.Code, b.Code)}
	}
	return indicatorRead{id: ids[0], indicator: &n.catalog.Indicators[ids[0]], unit: unit}
}

func (n *names) indicatorIDs(name string) []int {
	if ids := n.indicators[nameKey(name)]; len(ids) > 0 {
		return ids
	}
	return n.indicators[nameKey(unmarked(squash(name)))]
}

func (n *names) unknownIndicator(text string) *finding {
	text = strings.Clone(text)
	return &finding{code: codeUnknownIndicator, severity: indicator.SeverityError, message: func() indicator.Text {
		var zh, en []string
		for _, i := range n.catalog.NearestIndicators(text, suggestions) {
			zh = append(zh, i.Name.ZH+"（"+i.Code+"）")
			en = append(en, i.Name.EN+" ("+i.Code+")")
		}
		return unknownName(text, indicator.T("指标", "indicator"), zh, en)
	}}
}
