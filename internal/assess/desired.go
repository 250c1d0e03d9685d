package assess

import "github.com/dabiao/dabiao/internal/indicator"

// Desired is d, the direction in which a target wants its indicator to go: that
// of its bound, else its own, else the indicator's; +1, −1, or 0 where nothing says it.
func Desired(t *indicator.Target, i *indicator.Indicator) float64 {
	switch t.Bound {
	case indicator.AtLeast:
		return 1
	case indicator.AtMost:
		return -1
	}
	if d := t.Direction.Sign(); d != 0 || i == nil {
		return d
	}
	return i.Direction.Sign()
}
