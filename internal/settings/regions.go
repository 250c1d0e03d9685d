package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// regionEntry is a region in regions.yaml; it is collected unless it says no.
type regionEntry struct{ indicator.Region }

func (r *regionEntry) setDefaults() { r.Collected = true }

type regionsFile struct {
	Regions []regionEntry     `yaml:"regions"`
	Groups  []indicator.Group `yaml:"groups"`
}

var (
	regionCode    = regexp.MustCompile(`^\d{6}$`)
	isoCode       = regexp.MustCompile(`^CN(-[A-Z]{2})?$`)
	pinyinPattern = regexp.MustCompile(`^[a-z]+$`)
)

// levels from the top; a region lies in one of a higher level.
var levels = []indicator.Level{indicator.Country, indicator.Province, indicator.City, indicator.County}

// loadRegions fills the regions and groups and reports whether every region has a code.
func (l *loader) loadRegions(c *indicator.Catalog) (complete bool) {
	var content regionsFile
	f := l.read("regions.yaml", &content)
	if f.unusable {
		return false
	}
	for _, r := range content.Regions {
		c.Regions = append(c.Regions, r.Region)
	}
	c.Groups = content.Groups
	f.require("$.regions", len(c.Regions) > 0)
	check := regionCheck{file: f, byCode: map[string]*indicator.Region{}, tiles: map[[2]int]string{}, names: newNames(f)}
	complete = check.codes(c.Regions)
	for i := range c.Regions {
		check.region(fmt.Sprintf("$.regions[%d]", i), &c.Regions[i], complete)
	}
	check.groups(c.Groups, complete)
	return complete
}

// regionCheck holds the regions against each other.
type regionCheck struct {
	*file
	byCode map[string]*indicator.Region
	tiles  map[[2]int]string
	names  names
}

// codes checks the codes of all regions first: the other checks refer to them.
func (k *regionCheck) codes(regions []indicator.Region) (complete bool) {
	complete = len(regions) > 0
	for i := range regions {
		r, path := &regions[i], fmt.Sprintf("$.regions[%d].code", i)
		switch {
		case !k.require(path, r.Code != ""):
			complete = false
		case !regionCode.MatchString(r.Code):
			k.fault(path, "地区代码“%s”应为六位数字（GB/T 2260）。", "the code %q must have six digits (GB/T 2260)", r.Code)
		case k.byCode[r.Code] != nil:
			k.fault(path, "地区代码 %s 重复。请删去一个。", "the code %s is given to two regions: remove one", r.Code)
		default:
			k.byCode[r.Code] = r
		}
	}
	return complete
}

func (k *regionCheck) region(path string, r *indicator.Region, complete bool) {
	k.requireText(path+".name", r.Name)
	k.requireText(path+".short", r.Short)
	k.require(path+".level", r.Level != "")
	if k.require(path+".pinyin", r.Pinyin != "") && !pinyinPattern.MatchString(r.Pinyin) {
		k.fault(path+".pinyin", "拼音“%s”应只含小写字母。", "the pinyin %q must be lower-case letters only", r.Pinyin)
	}
	if r.ISO != "" && !isoCode.MatchString(r.ISO) {
		k.fault(path+".iso", "ISO 3166-2 代码“%s”应形如 CN-FJ。", "the ISO 3166-2 code %q must look like CN-FJ", r.ISO)
	}
	k.parent(path, r, complete)
	k.tile(path, r)
	k.repeated(func(i int) string { return fmt.Sprintf("%s.aliases[%d]", path, i) }, r.Aliases)
	for _, n := range []struct{ key, name string }{
		{".iso", r.ISO}, {".name.zh", r.Name.ZH}, {".name.en", r.Name.EN},
		{".short.zh", r.Short.ZH}, {".short.en", r.Short.EN},
	} {
		k.names.claim(path+n.key, n.name, r.Code)
	}
	for i, alias := range r.Aliases {
		k.names.claim(fmt.Sprintf("%s.aliases[%d]", path, i), alias, r.Code)
	}
}

// parent wants a region of a higher level whose code begins this one's: 350000
// for 350100, 350100 for 350104. A strictly higher level also excludes circles.
func (k *regionCheck) parent(path string, r *indicator.Region, complete bool) {
	path += ".parent"
	if r.Level == indicator.Country {
		if r.Parent != "" {
			k.fault(path, "全国没有上级地区。请删去 parent。", "a country has no parent: remove it")
		}
		return
	}
	if !k.require(path, r.Parent != "") {
		return
	}
	parent := k.byCode[r.Parent]
	switch {
	case parent == nil && complete:
		k.unknown(path, "地区", "region", r.Parent, indicator.NearestWord(r.Parent, k.known()))
	case parent == nil || r.Level == "" || parent.Level == "":
	case slices.Index(levels, parent.Level) >= slices.Index(levels, r.Level):
		k.fault(path, "上级 %s 的级别不高于本地区。请核对 level 和 parent。",
			"the parent %s is not of a higher level: check level and parent", r.Parent)
	case !strings.HasPrefix(r.Code, pairs(r.Parent)):
		k.fault(path, "代码 %[1]s 不在上级 %[2]s 之下。请核对两个代码。",
			"the code %[1]s does not lie under %[2]s: check both codes", r.Code, r.Parent)
	}
}

// pairs drops the empty pairs of digits at the end of a code: 350000 is 35.
func pairs(code string) string {
	for strings.HasSuffix(code, "00") {
		code = code[:len(code)-2]
	}
	return code
}

func (k *regionCheck) known() []string {
	codes := make([]string, 0, len(k.byCode))
	for code := range k.byCode {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// tile wants a place of its own in the tile grid for every province.
func (k *regionCheck) tile(path string, r *indicator.Region) {
	path += ".tile"
	if r.Level != indicator.Province {
		if r.Level != "" && r.Tile != [2]int{} {
			k.fault(path, "只有省级地区有 tile。请删去。", "only provinces have a tile: remove it")
		}
		return
	}
	if !k.require(path, r.Tile != [2]int{}) {
		return
	}
	if r.Tile[0] < 1 || r.Tile[1] < 1 || r.Tile[0] > 24 || r.Tile[1] > 24 {
		k.fault(path, "tile 的列和行应在 1 至 24 之间。", "column and row of a tile must be from 1 to 24")
		return
	}
	if other, taken := k.tiles[r.Tile]; taken {
		k.fault(path, "第 %[1]d 列第 %[2]d 行的位置已属于 %[3]s。请另选位置。",
			"column %[1]d, row %[2]d is already the place of %[3]s: choose another", r.Tile[0], r.Tile[1], other)
		return
	}
	k.tiles[r.Tile] = r.Code
}

func (k *regionCheck) groups(groups []indicator.Group, complete bool) {
	codes := map[string]bool{}
	for i, g := range groups {
		path := fmt.Sprintf("$.groups[%d]", i)
		k.code(path, g.Code, codes)
		k.requireText(path+".name", g.Name)
		k.requireText(path+".definition", g.Definition)
		k.require(path+".regions", len(g.Regions) > 0)
		member := func(j int) string { return fmt.Sprintf("%s.regions[%d]", path, j) }
		k.repeated(member, g.Regions)
		for j, code := range g.Regions {
			if complete && k.byCode[code] == nil {
				k.unknown(member(j), "地区", "region", code, indicator.NearestWord(code, k.known()))
			}
		}
	}
}
