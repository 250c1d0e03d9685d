package assess

import (
	"math"

	"github.com/dabiao/dabiao/internal/indicator"
)

// yearly is the yearly readings with a value, by year.
type yearly map[int]indicator.Point

// yearlyOf takes the yearly readings up to limit (zero: all) and up to the year
// last (0: all). A reading without a value is as good as none.
func yearlyOf(s indicator.Series, limit indicator.Period, last int) yearly {
	years := yearly{}
	for _, p := range s.Points {
		switch {
		case p.Period.Freq() != indicator.Annual || !p.Status.HasValue():
		case !limit.IsZero() && p.Period.Compare(limit) > 0:
		case last != 0 && p.Period.Year() > last:
		default:
			years[p.Period.Year()] = p
		}
	}
	return years
}

// latest is the newest year; false where there is none.
func (y yearly) latest() (int, bool) {
	newest, found := 0, false
	for year := range y {
		if !found || year > newest {
			newest, found = year, true
		}
	}
	return newest, found
}

// at is the value of a year.
func (y yearly) at(year int) (float64, bool) {
	p, ok := y[year]
	return p.Value, ok
}

// breaksIn reports whether a reading of status B lies in (after, upTo].
func (y yearly) breaksIn(after, upTo int) bool {
	for year, p := range y {
		if after < year && year <= upTo && p.Status == indicator.Break {
			return true
		}
	}
	return false
}

// sumAfter is the sum of the yearly figures in (base, year]: 0 at base itself.
// It is not known before base, nor where a figure in between is missing.
func (y yearly) sumAfter(base, year int) (float64, bool) {
	if year < base {
		return 0, false
	}
	sum := 0.0
	for at := base + 1; at <= year; at++ {
		v, ok := y.at(at)
		if !ok {
			return 0, false
		}
		sum += v
	}
	return sum, true
}

// rounded9 is v rounded to 9 decimals: what bounds are compared with, so that
// 0.1 + 0.2 meets 0.3. Beyond 1e6 a float64 has no tenth decimal to lose.
func rounded9(v float64) float64 {
	if math.Abs(v) > 1e6 || math.IsNaN(v) {
		return v
	}
	return math.Round(v*1e9) / 1e9
}

// less and equal compare at 9 decimals.
func less(a, b float64) bool  { return rounded9(a) < rounded9(b) }
func equal(a, b float64) bool { return rounded9(a) == rounded9(b) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
