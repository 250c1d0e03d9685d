package indicator

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// sampleCatalog is a small catalogue, indexed.
func sampleCatalog() *Catalog {
	c := &Catalog{
		Regions: []Region{
			{Code: "000000", Name: T("全国", "China"), Short: T("全国", "China"), Level: Country, Collected: true},
			{Code: "350000", Name: T("福建省", "Fujian Province"), Short: T("福建", "Fujian"), Level: Province, Parent: "000000", Pinyin: "fujian", Aliases: []string{"闽"}, Collected: true},
			{Code: "350100", Name: T("福州市", "Fuzhou"), Short: T("福州", "Fuzhou"), Level: City, Parent: "350000", Pinyin: "fuzhou", Collected: true},
			{Code: "350102", Name: T("鼓楼区", "Gulou District"), Short: T("鼓楼", "Gulou"), Level: County, Parent: "350100", Collected: true},
			{Code: "440000", Name: T("广东省", "Guangdong Province"), Short: T("广东", "Guangdong"), Level: Province, Parent: "000000", Collected: true},
			{Code: "710000", Name: T("台湾省", "Taiwan Province"), Short: T("台湾", "Taiwan"), Level: Province, Parent: "000000"},
		},
		Indicators: []Indicator{
			{Code: "rd_spend", Name: T("研发经费", "R&D spending"), Aliases: []string{"研究与试验发展(R&D)经费", "R&D经费"}},
			{Code: "rd_intensity", Name: T("研发投入强度", "R&D intensity")},
			{Code: "gdp", Name: T("地区生产总值", "Gross domestic product"), Aliases: []string{"GDP"}},
		},
		Documents: []Document{{ID: "decision"}},
		Targets: []Target{
			{ID: "reference", Region: "000000", Indicator: "rd_spend", ReferenceFor: []string{"350000", "440000"}, Link: Named, Kind: Grow, Until: 2030},
			{ID: "own", Region: "350000", Indicator: "rd_spend", Link: Named, Kind: Reach, By: 2035},
			{ID: "old", Region: "350000", Indicator: "rd_spend", SupersededBy: "own", Link: Named, Kind: Reach, By: 2025},
			{ID: "proxy", Region: "350000", Indicator: "gdp", Link: Proxy, Kind: Directed},
			{ID: "words", Region: "350000", Link: Named, Kind: StatedOnly},
		},
	}
	c.Index()
	return c
}

func codes(regions []*Region) (list []string) {
	for _, r := range regions {
		list = append(list, r.Code)
	}
	return list
}

func TestCatalogLookups(t *testing.T) {
	t.Parallel()
	c := sampleCatalog()
	if c.Region("350000").Short.ZH != "福建" || c.Indicator("gdp").Code != "gdp" || c.Document("decision") == nil || c.Target("own").By != 2035 {
		t.Error("a lookup gives something else")
	}
	if c.Region("") != nil || c.Indicator("GDP") != nil || c.Document("x") != nil || c.Target("x") != nil {
		t.Error("a lookup gives something where there is nothing")
	}
	if c.Region("440000") != &c.Regions[4] {
		t.Error("a lookup gives a copy")
	}
	for name, got := range map[string][]string{
		"provinces": codes(c.Provinces()), "children": codes(c.Children("000000")), "path": codes(c.Path("350102")),
		"path of the nation": codes(c.Path("000000")), "path of nothing": codes(c.Path("999999")),
	} {
		want := map[string][]string{
			"provinces": {"350000", "440000"}, "children": {"350000", "440000", "710000"}, "path": {"000000", "350000", "350100", "350102"},
			"path of the nation": {"000000"}, "path of nothing": nil,
		}[name]
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, x := range []struct {
		outer, inner string
		want         bool
	}{{"000000", "350102", true}, {"350000", "350000", true}, {"350100", "350000", false}, {"440000", "350102", false}, {"", "350000", false}} {
		if got := c.Contains(x.outer, x.inner); got != x.want {
			t.Errorf("%q contains %q: %v", x.outer, x.inner, got)
		}
	}
}

// TestPathEnds: regions that are each other's parents must not hang a page.
func TestPathEnds(t *testing.T) {
	t.Parallel()
	c := &Catalog{Regions: []Region{{Code: "a", Parent: "b"}, {Code: "b", Parent: "a"}}}
	c.Index()
	if got := len(c.Path("a")); got > 8 {
		t.Errorf("a path of %d regions", got)
	}
}

func TestTargetsFor(t *testing.T) {
	t.Parallel()
	c := sampleCatalog()
	for region, want := range map[string][]string{
		"350000": {"own", "proxy", "words", "reference"}, "440000": {"reference"}, "000000": {"reference"}, "350100": nil,
	} {
		var got []string
		for _, target := range c.TargetsFor(region) {
			got = append(got, target.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", region, got, want)
		}
	}
	for id, want := range map[string]bool{"own": true, "reference": false, "proxy": false, "words": false} {
		if got := c.Target(id).Counts("350000"); got != want {
			t.Errorf("%s counts: %v", id, got)
		}
	}
	if c.Target("own").LastYear() != 2035 || c.Target("reference").LastYear() != 2030 || c.Target("proxy").LastYear() != 0 {
		t.Error("a last year is another")
	}
}

func TestCatalogHash(t *testing.T) {
	t.Parallel()
	a, b := sampleCatalog(), sampleCatalog()
	if a.Hash() != b.Hash() || len(a.Hash()) != 16 {
		t.Errorf("hashes %s and %s of one content", a.Hash(), b.Hash())
	}
	for name, change := range map[string]func(*Catalog){
		"a target":    func(c *Catalog) { v := 1.5; c.Targets[1].Value = &v },
		"a name":      func(c *Catalog) { c.Regions[1].Name.EN = "Fukien" },
		"a decimal":   func(c *Catalog) { c.Indicators[0].Decimals = 3 },
		"a document":  func(c *Catalog) { c.Documents[0].Date = "2025" },
		"a new group": func(c *Catalog) { c.Groups = append(c.Groups, Group{Code: "east"}) },
		"a topic":     func(c *Catalog) { c.Topics = append(c.Topics, Topic{Code: "innovation"}) },
	} {
		c := sampleCatalog()
		change(c)
		if c.Index(); c.Hash() == a.Hash() {
			t.Errorf("%s changed and the hash did not", name)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	c := sampleCatalog()
	for s, want := range map[string]string{
		"福健": "350000", "福建": "350000", "fujian": "350000", "Fujan": "350000", "FUJIAN PROVINCE": "350000", "闽": "350000", "广东市": "440000",
		"350001": "350000", "福州": "350100", "": "", "xyzzy": "", "亚特兰蒂斯": "",
	} {
		got := ""
		if found := c.NearestRegions(s, 1); len(found) > 0 {
			got = found[0].Code
		}
		if got != want {
			t.Errorf("the region nearest to %q is %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{"rd_spent": "rd_spend", "R&D 经费": "rd_spend", "研发强度": "rd_intensity", "Gdp": "gdp", "???": ""} {
		got := ""
		if found := c.NearestIndicators(s, 3); len(found) > 0 {
			got = found[0].Code
		}
		if got != want {
			t.Errorf("the indicator nearest to %q is %q, want %q", s, got, want)
		}
	}
	if got := c.NearestRegions("福", 2); len(got) > 2 {
		t.Errorf("%d regions, want at most 2", len(got))
	}
}

func TestNearestWord(t *testing.T) {
	t.Parallel()
	words := []string{"catalogue", "indicator", "region"}
	for s, want := range map[string]string{"indicators": "indicator", "REGION": "region", "regoin": "region", "zzz": "", "": ""} {
		if got := NearestWord(s, words); got != want {
			t.Errorf("the word nearest to %q is %q, want %q", s, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("ab福建")), 1, 6, -1)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (a == b) || d < 0 || d > 1 {
			t.Fatalf("%q and %q: %v and %v", a, b, d, distance(b, a))
		}
	})
	for _, c := range []struct {
		a, b string
		want float64
	}{{"kitten", "sitting", 3.0 / 7}, {"福建", "福健", 0.5}, {"a", "", 1}, {"", "", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
