package ingest

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// titleWords is what titles and the file's name speak of without saying it of
// the whole file. It is never read from there, only suggested.
type titleWords struct {
	regions    []string // codes
	years      []string // the likeliest first
	indicators []*indicator.Indicator
	unknown    []string // what is left of titles
}

// add takes what one title speaks of.
func (w *titleWords) add(title string, h *titleHint) {
	if r := h.begins.region; r != nil && !slices.Contains(w.regions, r.Code) {
		w.regions = append(w.regions, r.Code)
	}
	if i := h.indicator.indicator; i != nil && !slices.Contains(w.indicators, i) {
		w.indicators = append(w.indicators, i)
	}
	if h.left != "" && len(w.unknown) < mostListed {
		w.unknown = append(w.unknown, h.left)
	}
	for _, text := range anyYear.FindAllString(title, mostListed) {
		year, _ := strconv.Atoi(text) // four digits by the pattern
		if strings.Contains(title, "年鉴") || strings.Contains(strings.ToLower(title), "yearbook") {
			w.addYear(year - 1) // a yearbook tells of the year before
		}
		w.addYear(year)
	}
}

func (w *titleWords) addYear(year int) {
	if text := strconv.Itoa(year); year >= firstYear && len(w.years) < mostListed && !slices.Contains(w.years, text) {
		w.years = append(w.years, text)
	}
}

// addFileName takes what the name of the file speaks of.
func (p *parser) addFileName() {
	name := path.Base(strings.ReplaceAll(p.fileName, `\`, "/"))
	title := strings.Join(strings.Fields(fold(strings.TrimSuffix(name, path.Ext(name)))), " ")
	if len(title) > longestName {
		return
	}
	h := titleHint{}
	p.takeApart(&h, strings.NewReplacer("_", " ", "-", " ").Replace(title))
	h.left = ""
	p.wide.words.add(title, &h)
}

// likely are the answers that titles and the name of the file suggest for what
// nothing says, and a word on where the first of them comes from.
func (p *parser) likely(role Role) (values []string, zh, en string) {
	w := &p.wide.words
	switch role {
	case RoleRegion:
		return w.regions[:min(len(w.regions), suggestions)], "", ""
	case RolePeriod:
		return w.years[:min(len(w.years), suggestions)], "", ""
	case RoleIndicator:
	default:
		return nil, "", ""
	}
	meant := slices.Clone(w.indicators)
	for _, left := range w.unknown {
		if near := p.names.nearIndicators(left)(); zh == "" && len(near) > 0 {
			zh = "标题“" + quote(left) + "”不是目录中的指标，相近的有：" + indicatorList(near, indicator.ZH) + "。"
			en = "The title “" + quote(left) + "” is no indicator of the catalogue. Near ones: " + indicatorList(near, indicator.EN) + ". "
		}
		for _, i := range p.names.likelyIndicators(left) {
			if !slices.Contains(meant, i) {
				meant = append(meant, i)
			}
		}
	}
	if zh == "" && len(w.unknown) > 0 {
		zh = "标题“" + quote(w.unknown[0]) + "”中没有认出目录中的指标。"
		en = "No indicator of the catalogue was recognised in the title “" + quote(w.unknown[0]) + "”. "
	}
	for _, i := range meant[:min(len(meant), suggestions)] {
		values = append(values, i.Code)
	}
	return values, zh, en
}
