package indicator

import (
	"fmt"
	"math"
)

// Tenths is a probability in tenths, from 1 to 9; 0 is below one in twenty and 10
// above nineteen in twenty.
func Tenths(p float64) int {
	switch {
	case p < 0.05:
		return 0
	case p > 0.95:
		return 10
	}
	return min(max(int(math.Round(p*10)), 1), 9)
}

// Likelihood is a probability as far as a forecast from a few readings can know
// it: in tenths, behind 可能性. The ends say how rare, and do not say never.
func Likelihood(p float64) Text {
	n := Tenths(p)
	switch n {
	case 0:
		return T("很小，不足5%", "very unlikely, less than 1 in 20")
	case 10:
		return T("很大，超过95%", "very likely, more than 19 in 20")
	}
	return T("约"+string([]rune("一二三四五六七八九")[n-1])+"成", fmt.Sprintf("about %d in 10", n))
}
