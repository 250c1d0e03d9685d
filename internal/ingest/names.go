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
	units      map[string]string // nameKey → unit, of names that the person explains
	groups     map[string]bool   // the catalogue's groups of regions
	heads      *memo[headCell]
	answers    []*nameAnswer          // names that the person explains
	answered   map[string]*nameAnswer // the same by nameKey
}

func newNames(c *indicator.Catalog) *names {
	n := &names{
		catalog: c, regions: map[string][]int{}, indicators: map[string][]int{}, units: map[string]string{},
		groups: map[string]bool{}, answered: map[string]*nameAnswer{},
	}
	n.heads = newMemo(n.newHead)
	for _, g := range c.Groups {
		n.groups[nameKey(g.Name.ZH)], n.groups[nameKey(g.Name.EN)] = true, true
	}
	for i, r := range c.Regions {
		known := append([]string{r.Code, r.ISO, r.Name.ZH, r.Short.ZH, r.Name.EN, r.Short.EN}, r.Aliases...)
		if r.Code == indicator.Nation {
			known = append(known, "全国", "中国", "china", "national", "nationwide", "national total", "全国总计", "全国合计")
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

// unknownName says that a name is not in the catalogue and which ones are near.
func unknownName(text string, what indicator.Text, zh, en string) indicator.Text {
	if zh == "" {
		return indicator.T("目录中没有名为“"+quote(text)+"”的"+what.ZH+"。改用目录中的名称或代码。",
			"The catalogue has no "+what.EN+" “"+quote(text)+"”. Use a name or code of the catalogue.")
	}
	return indicator.T("目录中没有名为“"+quote(text)+"”的"+what.ZH+"。相近的有："+zh+"。改用目录中的名称或代码，或用 --name 说明。",
		"The catalogue has no "+what.EN+" “"+quote(text)+"”. Near ones: "+en+". Use a name or code of the catalogue, or say with --name what it stands for.")
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
	if before, inside, ok := n.cutUnit(name); ok && len(ids) == 0 {
		name, unit = before, strings.Clone(inside)
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
			quote(name), a.Code, b.Code).with(optionName, answersFor(name, []*indicator.Indicator{a, b})...)}
	}
	return indicatorRead{id: ids[0], indicator: &n.catalog.Indicators[ids[0]], unit: unit}
}

// indicatorIDs looks a name up as it stands, then without layout marks, signs
// of footnotes and the English name behind it.
func (n *names) indicatorIDs(name string) []int {
	if ids := n.indicatorsNamed(nameKey(name)); len(ids) > 0 {
		return ids
	}
	if len(name) > longestName {
		return nil
	}
	bare := cutFootnoteSign(unmarked(squash(name)))
	if ids := n.indicatorsNamed(nameKey(bare)); len(ids) > 0 {
		return ids
	}
	if ids := n.atItsPrices(bare); len(ids) > 0 {
		return ids
	}
	zh, en, ok := cutLatin(strings.Join(strings.Fields(fold(name)), " "))
	if !ok {
		return nil
	}
	first, other := n.indicatorsNamed(nameKey(unmarked(squash(zh)))), n.indicatorsNamed(nameKey(en))
	if len(first) == 1 && len(other) == 1 && first[0] != other[0] {
		return nil
	}
	return first
}

// regionsNamed and indicatorsNamed look up a nameKey and note that the file has
// it where it is one that the person explains.
func (n *names) regionsNamed(key string) []int {
	ids := n.regions[key]
	if len(ids) > 0 {
		n.answer(key)
	}
	return ids
}

func (n *names) indicatorsNamed(key string) []int {
	ids := n.indicators[key]
	if len(ids) > 0 {
		n.answer(key)
	}
	return ids
}

// unknownIndicator offers the nearest ones, in the message and as answers.
// priceWords stand in brackets behind the name of an indicator.
var priceWords = map[string]indicator.Price{
	"现价": indicator.CurrentPrice, "当年价": indicator.CurrentPrice, "当年价格": indicator.CurrentPrice, "按当年价格计算": indicator.CurrentPrice, "currentprices": indicator.CurrentPrice,
	"不变价": indicator.ConstantPrice, "可比价": indicator.ConstantPrice, "不变价格": indicator.ConstantPrice, "可比价格": indicator.ConstantPrice, "constantprices": indicator.ConstantPrice,
}

// atItsPrices reads 地区生产总值(现价) where the indicator is known to be at those
// prices. At other prices it is another indicator.
func (n *names) atItsPrices(name string) []int {
	before, inside, ok := cutBracket(name)
	price, known := priceWords[nameKey(inside)]
	if !ok || !known {
		return nil
	}
	var ids []int
	for _, id := range n.indicatorsNamed(nameKey(before)) {
		if n.catalog.Indicators[id].Price == price {
			ids = append(ids, id)
		}
	}
	return ids
}

func (n *names) unknownIndicator(text string) *finding {
	text = strings.Clone(text)
	near := n.nearIndicators(text)
	f := &finding{code: codeUnknownIndicator, severity: indicator.SeverityError, message: func() indicator.Text {
		return unknownName(text, indicator.T("指标", "indicator"), indicatorList(near(), indicator.ZH), indicatorList(near(), indicator.EN))
	}}
	return f.withLater(func() []indicator.Suggestion {
		if n.hasOtherMeaning(text) {
			return nil
		}
		return suggested(optionName, answersFor(text, n.likelyIndicators(text)))
	})
}
