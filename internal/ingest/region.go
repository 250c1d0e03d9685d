package ingest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// regionRead is what a region cell was read as. An empty cell has neither a
// region nor a fault.
type regionRead struct {
	id     int // index into the catalogue
	region *indicator.Region
	fault  *finding
	told   bool // the fault says that the whole row or column is not read, which is no mistake
}

// isKnown reports that the text names something, if no region to be read.
func (r regionRead) isKnown() bool {
	return r.region != nil || r.fault != nil && r.fault.code != codeUnknownRegion
}

// region reads a region by name or code: as it stands, without layout marks and
// signs of footnotes, as a name in two languages, as a region with those around
// it (福建省福州市).
func (n *names) region(text string) regionRead {
	key := nameKey(text)
	if key == "" {
		return regionRead{}
	}
	ids := n.regionIDs(key)
	if len(ids) == 0 && len(text) > longestName {
		return regionRead{fault: n.unknownRegion(text)}
	}
	if len(ids) == 0 {
		bare := cutFootnoteSign(cutRemark(unmarked(squash(text))))
		if key = nameKey(bare); key == "" {
			return regionRead{fault: n.unknownRegion(text)}
		}
		if ids = n.regionIDs(key); len(ids) == 0 {
			ids = n.inTwoLanguages(text)
		}
		if len(ids) == 0 {
			ids = n.withItsCode(key)
		}
		if len(ids) == 0 {
			ids = n.insideEachOther(key)
		}
	}
	switch {
	case len(ids) == 0:
		return n.noRegion(text, key)
	case len(ids) > 1:
		return regionRead{fault: fault(codeAmbiguousName,
			"“%[1]s”可以指%[2]s。改用行政区划代码，或用 --name 说明。", "“%[1]s” can mean %[3]s. Use the code of the region, or say with --name which it is.",
			quote(text), n.regionLabels(n.regionsOf(ids), indicator.ZH), n.regionLabels(n.regionsOf(ids), indicator.EN)).
			with(optionName, regionAnswers(text, n.regionsOf(ids))...)}
	}
	r := &n.catalog.Regions[ids[0]]
	if !r.Collected {
		return regionRead{told: true, fault: note(codeNotCollected,
			"%[1]s不在采集范围内，目录中没有其数据，这里的数值未读取。", "Figures of %[2]s are not collected: the catalogue has no series for them, and those here were not read.",
			r.Name.ZH, r.Name.EN)}
	}
	return regionRead{id: ids[0], region: r}
}

// cutRemark takes the number of a footnote in brackets off a name: 北京(1). A
// longer number there is a code.
func cutRemark(s string) string {
	if before, inside, ok := cutBracket(s); ok && len(inside) < 3 && isDecimal(inside) && before != "" {
		return before
	}
	return s
}

// inTwoLanguages reads 北京 Beijing. What does not name one region twice is no
// name, but a word such as Total behind the nation's name says nothing else.
func (n *names) inTwoLanguages(text string) []int {
	zh, en, ok := cutLatin(strings.Join(strings.Fields(fold(text)), " "))
	if !ok {
		return nil
	}
	first, other := n.regionIDs(nameKey(unmarked(squash(zh)))), n.regionIDs(nameKey(en))
	var both []int
	for _, a := range first {
		for _, b := range other {
			if a == b {
				both = append(both, a)
			}
		}
	}
	if len(both) == 0 && len(first) == 1 && totalWords[nameKey(en)] && n.catalog.Regions[first[0]].Code == indicator.Nation {
		return first
	}
	return both
}

var (
	codeThenName = regexp.MustCompile(`^(\d+)[-—:.,、/|]*(\D.*)$`)
	nameThenCode = regexp.MustCompile(`^(.*?[^\d(])[-—:.,、/|]*\(?(\d+)\)?$`)
)

// withItsCode reads a name and a code in one cell, 350000 福建 or 福建省(350000).
// They must name the same region.
func (n *names) withItsCode(key string) []int {
	code, name := "", ""
	if m := codeThenName.FindStringSubmatch(key); m != nil {
		code, name = m[1], m[2]
	} else if m := nameThenCode.FindStringSubmatch(key); m != nil {
		code, name = m[2], m[1]
	}
	byCode := n.regions[sixDigits(code)]
	if len(byCode) == 1 && slices.Contains(n.regions[name], byCode[0]) {
		return byCode
	}
	return nil
}

// insideEachOther reads a region written behind the one it lies in: 福建省福州市,
// 福建-福州, 福州市鼓楼区.
func (n *names) insideEachOther(key string) []int {
	if len(key) > 120 {
		return nil
	}
	var found []int
	for at := range key {
		if at == 0 {
			continue
		}
		outer := n.regionsNamed(strings.TrimRight(key[:at], "-/>\\,"))
		if len(outer) == 0 {
			continue
		}
		rest := strings.TrimLeft(key[at:], "-/>\\,")
		inner := n.regionsNamed(rest)
		if len(inner) == 0 {
			inner = n.insideEachOther(rest)
		}
		for _, i := range inner {
			for _, o := range outer {
				inside := i != o && n.catalog.Contains(n.catalog.Regions[o].Code, n.catalog.Regions[i].Code)
				if inside && !contains(found, i) && n.catalog.Regions[o].Level != indicator.Country {
					found = append(found, i)
				}
			}
		}
	}
	if len(found) > 1 {
		return n.highest(found)
	}
	return found
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// totalWords stand for all rows together without saying what all of them are.
var totalWords = wordSet(`全省 全市 全区 全县 全州 合计 总计 总数 共计 小计 总和 累计 平均 地区合计 各地区合计 total grandtotal sum subtotal nationaltotal average`)

// localTotals are those of a region below the nation.
var localTotals = wordSet(`全省 全市 全区 全县 全州`)

// groupWords are the groups of regions that tables put between the regions.
var groupWords = wordSet(`东部 中部 西部 东北 东部地区 中部地区 西部地区 东北地区 华北 华东 华中 华南 西南 西北 华北地区 华东地区 华中地区 华南地区 西南地区
	西北地区 沿海地区 内陆地区 沿海 内陆 eastern central western northeastern northeast easternregion centralregion westernregion northeasternregion
	east middle west eastregion westregion
	港澳台 港澳台地区 hongkong,macaoandtaiwan hongkongmacaoandtaiwan`)

// noRegion says why a text names no region whose figures are read.
func (n *names) noRegion(text, key string) regionRead {
	zh, en, _ := cutLatin(key)
	switch {
	case totalWords[key] || zh != "" && totalWords[zh] && totalWords[en]:
		return regionRead{told: true, fault: note(codeTotal,
			"“%[1]s”没有写明是哪个地区的总数，未读取。如为全国，改写为“全国”，否则写该地区的名称。",
			"“%[1]s” does not say of which region it is the total, so it was not read. Write 全国 or “National” for the nation, else the region's name.",
			quote(text))}
	case groupWords[key] || zh != "" && groupWords[zh] || n.groups[key]:
		return regionRead{told: true, fault: note(codeRegionGroup,
			"“%[1]s”是一组地区，其数值未读取。",
			"“%[1]s” is a group of regions, its figures were not read.", quote(text))}
	}
	return regionRead{fault: n.unknownRegion(text)}
}

// regionIDs looks a key up as a name, then as a longer or shorter code, then as
// an English name with the kind of region behind it. A name shared by several
// levels (吉林) is the highest of them, as in every official table; a city is
// never taken for its province, nor the reverse.
func (n *names) regionIDs(key string) []int {
	ids := n.regionsNamed(key)
	if len(ids) == 0 {
		if code := sixDigits(key); code != "" {
			ids = n.regionsNamed(code)
		}
	}
	for suffix, levels := range englishKinds {
		name, ok := strings.CutSuffix(key, suffix)
		if len(ids) > 0 || !ok {
			continue
		}
		for _, id := range n.regionsNamed(name) {
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
	"zhuangautonomousregion": "province", "huiautonomousregion": "province", "uygurautonomousregion": "province",
	"uyghurautonomousregion": "province", "zhuang": "province", "hui": "province", "uygur": "province", "uyghur": "province",
	"sar": "province", "specialadministrativeregion": "province",
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

// sixDigits brings a GB/T 2260 code of 2, 4, 9 or 12 digits to six, also one
// that a program made a fraction (350000.0) and the older ISO codes (CN-35).
// Codes of towns and villages (digits behind the sixth) are no county.
func sixDigits(code string) string {
	code = strings.TrimPrefix(strings.TrimSuffix(code, ".0"), "cn-")
	for i := range len(code) {
		if !isDigit(code[i]) {
			return ""
		}
	}
	switch len(code) {
	case 2, 4:
		return code + "000000"[len(code):]
	case 6:
		return code
	case 9, 12:
		if strings.Trim(code[6:], "0") == "" {
			return code[:6]
		}
	}
	return ""
}

// mostListed is how many regions of one name a message lists.
const mostListed = 8

func (n *names) regionsOf(ids []int) []*indicator.Region {
	list := make([]*indicator.Region, 0, mostListed)
	for _, id := range ids[:min(len(ids), mostListed)] {
		list = append(list, &n.catalog.Regions[id])
	}
	return list
}

func (n *names) regionLabels(regions []*indicator.Region, lang indicator.Lang) string {
	list := make([]string, 0, len(regions))
	for _, r := range regions {
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

// unknownRegion offers the nearest ones, in the message and as answers.
func (n *names) unknownRegion(text string) *finding {
	text = strings.Clone(text)
	near := n.nearRegions(text)
	f := &finding{code: codeUnknownRegion, severity: indicator.SeverityError, message: func() indicator.Text {
		return unknownName(text, indicator.T("地区", "region"), n.regionLabels(near(), indicator.ZH), n.regionLabels(near(), indicator.EN))
	}}
	return f.withLater(func() []indicator.Suggestion {
		if n.hasOtherMeaning(text) {
			return nil
		}
		return suggested(optionName, regionAnswers(text, n.likelyRegions(text)))
	})
}
