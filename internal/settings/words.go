package settings

import (
	"reflect"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

// wordsOf is the closed list of words that a type allows; nil for free text.
func wordsOf(t reflect.Type) []string {
	switch t {
	case reflect.TypeFor[LedgerKind]():
		return words(SQLite, InfluxDB)
	case reflect.TypeFor[ServerRole]():
		return words(Primary, Reader)
	case reflect.TypeFor[warning.Code]():
		return words(warning.Codes...)
	case reflect.TypeFor[indicator.Level]():
		return words(indicator.Country, indicator.Province, indicator.City, indicator.County)
	case reflect.TypeFor[indicator.Freq]():
		return frequencies
	case reflect.TypeFor[indicator.Direction]():
		return words(indicator.Up, indicator.Down)
	case reflect.TypeFor[indicator.Measure]():
		return words(indicator.Stock, indicator.Flow, indicator.Ratio, indicator.Growth)
	case reflect.TypeFor[indicator.Price]():
		return words(indicator.CurrentPrice, indicator.ConstantPrice)
	case reflect.TypeFor[indicator.Counted]():
		return words(indicator.InForce, indicator.Cumulative, indicator.New)
	case reflect.TypeFor[indicator.System]():
		return words(indicator.SDG, indicator.OECD, indicator.Eurostat)
	case reflect.TypeFor[indicator.SourceKind]():
		return words(indicator.Original, indicator.Translation, indicator.News)
	case reflect.TypeFor[indicator.Kind]():
		return words(indicator.Reach, indicator.Hold, indicator.Grow, indicator.Directed, indicator.StatedOnly)
	case reflect.TypeFor[indicator.Bound]():
		return words(indicator.AtLeast, indicator.AtMost)
	case reflect.TypeFor[indicator.Relative]():
		return words(indicator.Percent, indicator.Times)
	case reflect.TypeFor[indicator.Link]():
		return words(indicator.Named, indicator.Proxy)
	case reflect.TypeFor[indicator.Basis]():
		return words(indicator.Stated, indicator.Interpreted)
	case reflect.TypeFor[indicator.Binding]():
		return words(indicator.Mandatory, indicator.Indicative, indicator.Unstated)
	}
	return nil
}

var frequencies = strings.Fields("A Q M P2M P3M P4M P5M P6M P7M P8M P9M P10M P11M P12M")

func words[W ~string](list ...W) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

// fold is a name as files may write it: full width or half, any case, with or
// without blanks. Two names with one fold cannot be told apart.
func fold(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(width.Fold.String(name)), ""))
}

// codesOf lists the codes of a list, for suggestions.
func codesOf[V any](list []V, code func(V) string) []string {
	var codes []string
	for _, v := range list {
		if c := code(v); c != "" && !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}
