package indicator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Catalog is the regions, indicators, documents and targets in force, in file
// order. It is read only once built; Hash names its content.
type Catalog struct {
	Regions    []Region    `json:"regions"`
	Groups     []Group     `json:"groups"`
	Topics     []Topic     `json:"topics"`
	Indicators []Indicator `json:"indicators"`
	Documents  []Document  `json:"documents"`
	Targets    []Target    `json:"targets"`

	hash       string
	regions    map[string]*Region
	indicators map[string]*Indicator
	documents  map[string]*Document
	targets    map[string]*Target
}

// Index builds the lookups and the hash; call it once after the lists are filled.
func (c *Catalog) Index() {
	content, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain data: a failure is a programming error
	}
	sum := sha256.Sum256(content)
	c.hash = hex.EncodeToString(sum[:8])
	c.regions = indexBy(c.Regions, func(r *Region) string { return r.Code })
	c.indicators = indexBy(c.Indicators, func(i *Indicator) string { return i.Code })
	c.documents = indexBy(c.Documents, func(d *Document) string { return d.ID })
	c.targets = indexBy(c.Targets, func(t *Target) string { return t.ID })
}

func indexBy[V any](list []V, key func(*V) string) map[string]*V {
	m := make(map[string]*V, len(list))
	for i := range list {
		m[key(&list[i])] = &list[i]
	}
	return m
}

// Hash names the content: equal catalogues have equal hashes (16 hex digits).
func (c *Catalog) Hash() string { return c.hash }

// Region finds a region by code; nil where there is none.
func (c *Catalog) Region(code string) *Region { return c.regions[code] }

// Indicator finds an indicator by code; nil where there is none.
func (c *Catalog) Indicator(code string) *Indicator { return c.indicators[code] }

// Document finds a document by id; nil where there is none.
func (c *Catalog) Document(id string) *Document { return c.documents[id] }

// Target finds a target by id; nil where there is none.
func (c *Catalog) Target(id string) *Target { return c.targets[id] }

// Provinces lists the 31 provinces that are collected, in file order.
func (c *Catalog) Provinces() []*Region {
	var list []*Region
	for i := range c.Regions {
		if r := &c.Regions[i]; r.Level == Province && r.Collected {
			list = append(list, r)
		}
	}
	return list
}

// Children lists the regions directly below code, in file order.
func (c *Catalog) Children(code string) []*Region {
	var list []*Region
	for i := range c.Regions {
		if c.Regions[i].Parent == code {
			list = append(list, &c.Regions[i])
		}
	}
	return list
}

// Path is the regions from the nation down to code, both included.
func (c *Catalog) Path(code string) []*Region {
	var path []*Region
	for r := c.Region(code); r != nil && len(path) < 8; r = c.Region(r.Parent) {
		path = append(path, r)
	}
	slices.Reverse(path)
	return path
}

// Contains reports whether region inner is outer or lies under it.
func (c *Catalog) Contains(outer, inner string) bool {
	return slices.ContainsFunc(c.Path(inner), func(r *Region) bool { return r.Code == outer })
}

// TargetsFor lists the targets shown to a region, its own first, then those it
// is a reference for; superseded ones are left out.
func (c *Catalog) TargetsFor(region string) []*Target {
	var own, references []*Target
	for i := range c.Targets {
		t := &c.Targets[i]
		switch {
		case t.SupersededBy != "":
		case t.Region == region:
			own = append(own, t)
		case slices.Contains(t.ReferenceFor, region):
			references = append(references, t)
		}
	}
	return append(own, references...)
}

// NearestIndicators lists up to n indicators whose code, name or alias is most like s.
func (c *Catalog) NearestIndicators(s string, n int) []*Indicator {
	return nearest(c.Indicators, s, n, func(i *Indicator) []string {
		return append([]string{i.Code, i.Name.ZH, i.Name.EN}, i.Aliases...)
	})
}

// NearestRegions lists up to n regions whose code, name or alias is most like s.
func (c *Catalog) NearestRegions(s string, n int) []*Region {
	return nearest(c.Regions, s, n, func(r *Region) []string {
		return append([]string{r.Code, r.Name.ZH, r.Short.ZH, r.Name.EN, r.Short.EN, r.Pinyin}, r.Aliases...)
	})
}

// NearestWord is the word most like s; empty where none shares half of it.
func NearestWord(s string, words []string) string {
	found := nearest(words, s, 1, func(w *string) []string { return []string{*w} })
	if len(found) == 0 || distance(strings.ToLower(s), strings.ToLower(*found[0])) > 0.5 {
		return ""
	}
	return *found[0]
}

// nearest ranks by edit distance relative to length and drops what is not alike at all.
func nearest[V any](list []V, s string, n int, names func(*V) []string) []*V {
	type candidate struct {
		item  *V
		score float64
	}
	s = strings.ToLower(s)
	var found []candidate
	for i := range list {
		best := 1.0
		for _, name := range names(&list[i]) {
			if name != "" {
				best = min(best, distance(s, strings.ToLower(name)))
			}
		}
		if best < 0.75 {
			found = append(found, candidate{&list[i], best})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.score < b.score {
			return -1
		}
		if a.score > b.score {
			return 1
		}
		return 0
	})
	var items []*V
	for _, f := range found[:min(n, len(found))] {
		items = append(items, f.item)
	}
	return items
}

// distance is Levenshtein over runes divided by the longer length: 0 equal, 1 unlike.
func distance(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 || len(x) == 0 {
		return 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, rx := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, ry := range y {
			cost := diagonal
			if rx != ry {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return float64(row[len(y)]) / float64(max(len(x), len(y)))
}
