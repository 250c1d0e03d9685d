package ingest

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fold brings full-width digits, letters and signs to their plain forms, all
// minus signs and range dashes but the em dash to "-", and all blanks to ' '.
// Characters without a width are dropped.
func fold(s string) string {
	if plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '−', '﹣', '–', '‐', '‑', '‒':
			return '-'
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
			return -1
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, width.Fold.String(s))
}

// plain reports that s is printable ASCII, which fold leaves as it is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// squash is fold without any blanks and without the ="…" that spreadsheets
// write to keep a code from becoming a number.
func squash(s string) string {
	s = strings.ReplaceAll(fold(s), " ", "")
	if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
		s = inner[:len(inner)-1]
	}
	return s
}

// nameKey is the form in which names are compared: squashed, lower case, and
// without the signs that English names are written with or without.
func nameKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\'', '’', '_', '·', '•':
			return -1
		}
		return unicode.ToLower(r)
	}, squash(s))
}

// layoutMarks is what tables put before a name to show its place in the list.
var layoutMarks = regexp.MustCompile(`^(?:#+|其中[:,]?|\*+|[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.](?:\D))`)

// unmarked takes the layout marks off a squashed name.
func unmarked(s string) string {
	for range 4 { // 其中：#一、 is as deep as tables go
		mark := layoutMarks.FindString(s)
		if mark == "" {
			return s
		}
		if strings.ContainsAny(mark[:1], "0123456789") { // the pattern saw one character of the name
			mark = mark[:strings.IndexAny(mark, "、.")]
			s = strings.TrimLeft(s[len(mark):], "、.")
			continue
		}
		s = s[len(mark):]
	}
	return s
}

// cutBracket splits a trailing bracket off a text: "R&D经费(亿元)" is "R&D经费"
// and "亿元".
func cutBracket(s string) (before, inside string, ok bool) {
	s = strings.TrimSpace(fold(s))
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}} {
		rest, found := strings.CutSuffix(s, pair[1])
		if at := strings.LastIndex(rest, pair[0]); found && at >= 0 {
			return strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+len(pair[0]):]), true
		}
	}
	return s, "", false
}

// cutLabel splits "单位：亿元" at its colon; ok only where both the label is
// short and a colon is there.
func cutLabel(s string) (label, text string, ok bool) {
	label, text, ok = strings.Cut(fold(s), ":")
	if !ok || len(label) > 60 {
		return "", "", false
	}
	return nameKey(label), strings.TrimSpace(text), true
}

// quote shortens a text of the file for a message.
func quote(s string) string { return strings.TrimSpace(clip(strings.TrimSpace(s), 40)) }

// clip is a copy of the first runes of s, with blanks for control characters,
// which could move the cursor of a terminal.
func clip(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return ' '
		}
		return r
	}, firstRunes(s, most+1))
	if cut := firstRunes(s, most); len(cut) < len(s) {
		return cut + "…"
	}
	return strings.Clone(s)
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
