package assess

import (
	"math"
	"strconv"
	"testing"
)

func TestEveryStatusAndReasonIsNamed(t *testing.T) {
	t.Parallel()
	seen := map[string]Status{}
	for _, s := range Statuses {
		name, look := StatusName(s), StatusLook(s)
		if name.ZH == "" || name.EN == "" || name.ZH == string(s) || look.Symbol == "" {
			t.Errorf("%s: name %v, look %v", s, name, look)
		}
		for _, key := range []string{look.Symbol, look.Light, look.Dark, name.ZH, name.EN} {
			if other, ok := seen[key]; ok {
				t.Errorf("%s and %s share %q", s, other, key)
			}
			seen[key] = s
		}
	}
	for _, r := range Reasons {
		if n, e := ReasonName(r), ReasonExplanation(r); n.ZH == string(r) || e.ZH == "" || e.EN == "" {
			t.Errorf("%s: name %v, explanation %v", r, n, e)
		}
	}
	if len(Reasons) != len(reasonEntries) {
		t.Errorf("%d reasons in order, %d explained", len(Reasons), len(reasonEntries))
	}
}

// TestContrast: WCAG contrast of at least 4.5 : 1 on white and on the dark page.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses {
		look := StatusLook(s)
		if c := contrast(t, look.Light, "#ffffff"); c < 4.5 {
			t.Errorf("%s %s on white: %.2f", s, look.Light, c)
		}
		if c := contrast(t, look.Dark, "#16181c"); c < 4.5 {
			t.Errorf("%s %s on the dark page: %.2f", s, look.Dark, c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(n>>(16-8*i)&0xff) / 255
		if c <= 0.03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		total += weight * c
	}
	return total
}
