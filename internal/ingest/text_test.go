package ingest

import "testing"

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"福建":       "福建",
		"\x1b[2J红": "[2J红",
		"  a\tb ":  "a\tb",
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十":  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一": "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十…",
	} {
		if got := quote(text); got != want {
			t.Errorf("%q quoted as %q, want %q", text, got, want)
		}
	}
}

func TestCutBracket(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"R&D经费（亿元）":          {"R&D经费", "亿元"},
		"研究与试验发展(R&D)经费(亿元)": {"研究与试验发展(R&D)经费", "亿元"},
		"GDP [亿元]":           {"GDP", "亿元"},
		"GDP":                {"GDP", ""},
		"(GDP":               {"(GDP", ""},
	} {
		before, inside, _ := cutBracket(text)
		if before != want[0] || inside != want[1] {
			t.Errorf("%q: %q and %q, want %q", text, before, inside, want)
		}
	}
}

func TestUnmarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"#福州": "福州", "其中:福州": "福州", "一、福建": "福建", "(二)福建": "福建", "1.福建": "福建", "12、福建": "福建",
		"其中:#福州": "福州", "1.5": "1.5", "福建": "福建", "#": "",
	} {
		if got := unmarked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReadPeriod(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2024": "2024", "2024年": "2024", "2024 年度": "2024", "２０２４": "2024",
		"2024-Q3": "2024-Q3", "2024q3": "2024-Q3", "2024年3季度": "2024-Q3", "2024年第三季度": "2024-Q3", "Q3 2024": "2024-Q3",
		"2024-07": "2024-07", "2024/7": "2024-07", "2024年07月": "2024-07", "202407": "2024-07", "2024年7月份": "2024-07",
		"2024年1-9月": "2024-01/P9M", "2024年1—9月": "2024-01/P9M", "2024年1月至9月": "2024-01/P9M", "2024年1~9月": "2024-01/P9M",
		"2024年1－9月": "2024-01/P9M", "2024-01/P12M": "2024-01/P12M", "2024年前三季度": "2024-01/P9M", "2024年上半年": "2024-01/P6M",
		"2024年1-1月": "", "2024年1-13月": "", "2024年下半年": "", "2024年五季度": "", "2024-Q5": "", "2024-13": "", "202413": "",
		"1899": "", "2101": "", "24": "", "2024.1": "", "2024-01-01": "", "2022-2024": "", "最近10年": "", "": "", "350000": "",
	} {
		p, ok := readPeriod(text)
		if p.String() != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", text, p, ok, want)
		}
	}
}
