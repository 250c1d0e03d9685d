package indicator

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFindUnit(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"亿元": "亿元", " 亿 元": "", " 亿元 ": "亿元", "％": "%", "Per  Cent": "%", "PCT": "%", "FTE": "人年", "个": "个", "户": "家", "小数": "1",
		"": "", "亿": "", "美元": "",
	} {
		if u, ok := FindUnit(s); u.Code != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", s, u.Code, want)
		}
	}
	seen := map[string]bool{}
	for _, u := range units {
		if u.Code == "" || u.Name.ZH == "" || u.Name.EN == "" || u.Dimension == "" || u.Factor <= 0 || seen[u.Code] {
			t.Errorf("unit %+v lacks something or is there twice", u)
		}
		seen[u.Code] = true
		if found, ok := FindUnit(UnitName(u.Code, EN)); !ok || found.Dimension != u.Dimension || found.Factor != u.Factor {
			t.Errorf("%s in English is found as %q", u.Code, found.Code)
		}
		for _, alias := range u.aliases {
			if found, ok := FindUnit(alias); !ok || found.Dimension != u.Dimension || found.Factor != u.Factor {
				t.Errorf("%q, an alias of %s, is found as %q", alias, u.Code, found.Code)
			}
		}
	}
}

func TestConvertUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v        float64
		from, to string
		want     float64
	}{
		{10300, "万元", "亿元", 1.03},
		{1.1, "亿元", "万元", 11000},
		{0.07, "亿元", "元", 7e6},
		{57761.02, "亿元", "万元", 577610200},
		{3.41, "%", "1", 0.0341},
		{0.0341, "小数", "%", 3.41},
		{0.29, "1", "%", 29},
		{1.2, "万家", "家", 12000},
		{5, "个", "家", 5},
		{0.1234567890123456, "%", "％", 0.1234567890123456}, // not touched where nothing is converted
		{0, "元", "亿元", 0},
		{-12.5, "百万元", "千元", -12500},
	} {
		if got, err := ConvertUnit(c.v, c.from, c.to); err != nil || got != c.want {
			t.Errorf("%v %s is %v %s, want %v: %v", c.v, c.from, got, c.to, c.want, err)
		}
	}
	for _, c := range [][2]string{{"亿元", "家"}, {"%", "亿元"}, {"人年", "家"}, {"两", "元"}, {"元", ""}, {"%", "个百分点"}} {
		if got, err := ConvertUnit(1, c[0], c[1]); err == nil {
			t.Errorf("1 %s became %v %s", c[0], got, c[1])
		}
	}
	if got, err := ConvertUnit(1e308, "亿元", "元"); err == nil {
		t.Errorf("1e308 亿元 became %v", got)
	}
}

// TestConvertUnitIsExact: a number of a dozen digits survives the way to
// another unit and back, digit by digit.
func TestConvertUnitIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(units).Draw(t, "from"), rapid.SampledFrom(units).Draw(t, "to")
		if from.Dimension != to.Dimension {
			to = from
		}
		v, err := strconv.ParseFloat(strconv.Itoa(rapid.IntRange(-999_999_999_999, 999_999_999_999).Draw(t, "digits"))+
			"e-"+strconv.Itoa(rapid.IntRange(0, 12).Draw(t, "places")), 64)
		if err != nil {
			t.Fatal(err)
		}
		there, err := ConvertUnit(v, from.Code, to.Code)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ConvertUnit(there, to.Code, from.Code); err != nil || back != v {
			t.Fatalf("%v %s is %v %s is %v: %v", v, from.Code, there, to.Code, back, err)
		}
	})
}

func TestFormatNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0, 0, "0"}, {0, 2, "0.00"}, {1, 1, "1.0"}, {999, 0, "999"}, {1000, 0, "1,000"}, {57761.02, 2, "57,761.02"},
		{1234567.891, 1, "1,234,567.9"}, {0.5, 0, "1"}, {1.5, 0, "2"}, {2.5, 0, "3"}, {-2.5, 0, "−3"}, {999.95, 1, "1,000.0"},
		{1.005, 2, "1.01"}, {2.675, 2, "2.68"}, {-1.005, 2, "−1.01"}, {8.345, 2, "8.35"}, {0.285, 2, "0.29"}, {1.0049, 2, "1.00"},
		{-0.04, 1, "0.0"}, {-0.05, 1, "−0.1"}, {math.Copysign(0, -1), 1, "0.0"}, {-1234.5, 1, "−1,234.5"}, {9.99, 1, "10.0"},
		{1e21, 0, "1,000,000,000,000,000,000,000"}, {1e-9, 2, "0.00"}, {0.1, 12, "0.100000000000"}, {12.3, -1, "12"},
		{math.NaN(), 1, "—"}, {math.Inf(1), 1, "—"}, {math.Inf(-1), 1, "—"},
	} {
		if got := FormatNumber(c.v, c.decimals); got != c.want {
			t.Errorf("%v with %d decimals is %s, want %s", c.v, c.decimals, got, c.want)
		}
	}
	i := Indicator{Decimals: 2}
	if got := i.Format(1171.7); got != "1,171.70" {
		t.Errorf("Format: %s", got)
	}
}

func TestFormatNumberProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "v")
		decimals := rapid.IntRange(0, 6).Draw(t, "decimals")
		s := FormatNumber(v, decimals)
		back, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(s), 64)
		if err != nil {
			t.Fatalf("%v is %s: %v", v, s, err)
		}
		if half := 0.5*math.Pow(10, -float64(decimals)) + 1e-3*math.Pow(10, -float64(decimals)) + math.Abs(v)*1e-15; math.Abs(back-v) > half {
			t.Fatalf("%v is written as %s", v, s)
		}
		if mirrored := FormatNumber(-v, decimals); strings.TrimPrefix(s, "−") != strings.TrimPrefix(mirrored, "−") {
			t.Fatalf("%s and %s", s, mirrored)
		}
		whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "−"), ".")
		if len(fraction) != decimals {
			t.Fatalf("%s has %d decimals, want %d", s, len(fraction), decimals)
		}
		for i, group := range strings.Split(whole, ",") {
			if len(group) != 3 && (i > 0 || len(group) == 0 || len(group) > 3) {
				t.Fatalf("%s is grouped wrongly", s)
			}
		}
	})
}

func TestUnitName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code string
		lang Lang
		want string
	}{{"亿元", ZH, "亿元"}, {"亿元", EN, "100 million yuan"}, {"％", EN, "％"}, {"箱", EN, "箱"}, {"", ZH, ""}} {
		if got := UnitName(c.code, c.lang); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.code, c.lang, got, c.want)
		}
	}
}
