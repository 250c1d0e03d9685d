package forecast

import (
	"math"
	"slices"
)

// usual is what all series together say of the growth of one of them: the growth,
// and how many changes of its own it counts for.
type usual struct{ growth, weight float64 }

const (
	usualWeight = 10     // where there is no company to learn it from
	leastUsual  = 2      // whatever the company
	mostUsual   = 300    // whatever the company
	usualTrust  = 20     // series after which half is learned
	leastApart  = 0.2    // of the squared distance between growths that is no chance, at least
	fewUsual    = 4      // values of the shortest series that has a say
	asNormal    = 1.4826 // a median distance of normal errors times this is their deviation
)

// average is the mean change of x, drawn towards the usual growth; the mean of one
// change of nothing and the usual ones where x is a single value.
func (u usual) average(x []float64) float64 {
	n := len(x)
	if n < 2 {
		return u.growth / 2
	}
	return (x[n-1] - x[0] + u.weight*u.growth) / (float64(n) + u.weight)
}

// shared is the usual of each history: the growth is the middle of all that are
// seen on the same view. How much it counts is an empirical Bayes estimate (James
// and Stein): the variance of the changes of the series over the variance of the
// growth from series to series, beyond what chance explains. What hardly differs
// between the series, and what is erratic in itself, is drawn the more firmly.
func shared(histories []history) []usual {
	out := make([]usual, len(histories))
	for _, kind := range []viewKind{logarithm, logit} {
		growth, apart, count := together(histories, kind)
		for i, h := range histories {
			if h.view.kind != kind {
				continue
			}
			out[i] = usual{growth, usualWeight}
			if apart > 0 && len(h.x) >= fewUsual {
				_, square := h.growth()
				learned := min(max(square/apart, leastUsual), mostUsual)
				trust := float64(count) / float64(count+usualTrust)
				out[i].weight = usualWeight * math.Pow(learned/usualWeight, trust)
			}
		}
	}
	return out
}

// together is the middle of the growths on a view, the variance between them that
// chance does not explain, and how many there are.
func together(histories []history, kind viewKind) (growth, apart float64, count int) {
	var growths, noise []float64
	for _, h := range histories {
		if h.view.kind == kind && len(h.x) >= fewUsual {
			g, square := h.growth()
			growths, noise = append(growths, g), append(noise, square/float64(len(h.x)-1))
		}
	}
	if len(growths) == 0 {
		return 0, 0, 0
	}
	slices.Sort(growths)
	slices.Sort(noise)
	growth = middle(growths)
	off := make([]float64, len(growths))
	for i, g := range growths {
		off[i] = math.Abs(g - growth)
	}
	slices.Sort(off)
	total := asNormal * middle(off)
	total *= total
	return growth, max(total-middle(noise), leastApart*total), len(growths)
}

// growth is the average change on the view, and the squared deviation of the
// changes, robustly: from their mean absolute one.
func (h history) growth() (mean, square float64) {
	n := len(h.x)
	mean = (h.view.to(h.x[n-1]) - h.view.to(h.x[0])) / float64(n-1)
	dev := 0.0
	for t := 1; t < n; t++ {
		dev += math.Abs(h.view.to(h.x[t]) - h.view.to(h.x[t-1]) - mean)
	}
	dev *= math.Sqrt(math.Pi/2) / float64(n-2)
	return mean, dev * dev
}
