package chart

import "strings"

// labelWidth is how many Chinese characters fit beside a mark on a phone.
const labelWidth = 8

// halves is the width of a rune in half Chinese characters: Latin letters and
// digits are about half as wide.
func halves(r rune) int {
	if r < 0x2E80 {
		return 1
	}
	return 2
}

func width(s string) int {
	n := 0
	for _, r := range s {
		n += halves(r)
	}
	return n
}

// short cuts a text after so many Chinese characters, or twice as many letters.
func short(s string, characters int) string {
	used := 0
	for i, r := range s {
		used += halves(r)
		if used > 2*characters {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// wrap breaks a text into lines of so many Chinese characters: between Chinese
// characters, and between words and numbers but not inside them.
func wrap(s string, characters int) string {
	var lines []string
	line := ""
	for _, piece := range pieces(s) {
		if line != "" && width(line)+width(strings.TrimRight(piece, " ")) > 2*characters {
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.TrimLeft(piece, " ")
			continue
		}
		line += piece
	}
	return strings.Join(append(lines, line), "\n")
}

// pieces parts a text into what must stay together: a Chinese character, a word
// or number with the blanks after it.
func pieces(s string) []string {
	var list []string
	runes := []rune(s)
	for start := 0; start < len(runes); {
		end := start + 1
		if halves(runes[start]) == 1 {
			for end < len(runes) && halves(runes[end]) == 1 && (runes[end] == ' ' || runes[end-1] != ' ') {
				end++
			}
		}
		list = append(list, string(runes[start:end]))
		start = end
	}
	return list
}
