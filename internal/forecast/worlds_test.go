package forecast

import (
	"math"
	"math/rand/v2"
)

// evenly draws from [lo, hi] evenly on the log scale.
func evenly(r *rand.Rand, lo, hi float64) float64 {
	return lo * math.Pow(hi/lo, r.Float64())
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// heavy draws from a t distribution with four degrees of freedom.
func heavy(r *rand.Rand) float64 {
	p := min(max(r.Float64(), 1e-6), 1-1e-6)
	return studentT4(p) / math.Sqrt2
}

// path is a yearly economic series: a level that grows by a mean rate and by
// momentum that fades, shocks that stay, errors that pass, and a cycle.
type path struct {
	growth, fading        float64 // mean growth; part of it that is lost each year
	momentum, turn        float64 // autocorrelation of growth, and its own shocks
	shock, noise          float64
	cycle, cyclePeriod    float64
	turnAt                float64 // share of years in which growth is drawn anew
	linear                bool    // changes add up instead of compounding
	shiftAt, burst, still float64 // shares of years with a step, a single outlier, no change at all
}

func (p path) values(r *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	level, g, mean := 0.0, 0.0, p.growth
	size := evenly(r, 10, 1e5)
	phase := r.Float64() * 2 * math.Pi
	for t := -10; t < n; t++ {
		if r.Float64() < p.turnAt {
			mean = p.growth * r.Float64() * 2
		}
		mean *= 1 - p.fading
		g = p.momentum*g + p.turn*heavy(r)
		step := mean + g + p.shock*heavy(r)
		if r.Float64() < p.shiftAt {
			step += 6 * p.shock * heavy(r)
		}
		if r.Float64() < p.still {
			step = 0
		}
		if t >= 0 {
			level += step
		}
		if t < 0 {
			continue
		}
		v := level + p.cycle*math.Sin(phase+2*math.Pi*float64(t)/max(p.cyclePeriod, 1)) + p.noise*r.NormFloat64()
		if r.Float64() < p.burst {
			v += 5 * p.shock * math.Abs(heavy(r))
		}
		switch {
		case p.linear && v > -0.5:
			out[t] = size * (1 + v)
		case p.linear:
			out[t] = size * 0.5 * math.Exp(2*v+1)
		default:
			out[t] = size * math.Exp(v)
		}
	}
	return out
}

type family struct {
	name   string
	weight float64
	draw   func(r *rand.Rand) (values []float64)
}

func length(r *rand.Rand, lo, hi int) int { return lo + r.IntN(hi-lo+1) }

func micro(r *rand.Rand) path {
	return path{growth: 0.02 + 0.04*r.NormFloat64(), momentum: 0.5 * r.Float64(), turn: evenly(r, 0.003, 0.03),
		shock: evenly(r, 0.05, 0.25), noise: evenly(r, 0.005, 0.1), linear: r.Float64() < 0.5, turnAt: 0.04, burst: 0.02, shiftAt: 0.02}
}

func industry(r *rand.Rand) path {
	return path{growth: 0.03 + 0.03*r.NormFloat64(), momentum: 0.5 * r.Float64(), turn: evenly(r, 0.003, 0.02), fading: 0.03 * r.Float64(),
		shock: evenly(r, 0.03, 0.2), noise: evenly(r, 0.005, 0.08), cycle: 0.1 * r.Float64() * r.Float64(), cyclePeriod: 4 + 7*r.Float64(), linear: r.Float64() < 0.5}
}

func macro(r *rand.Rand) path {
	return path{growth: 0.04 + 0.03*r.NormFloat64(), momentum: 0.3 + 0.4*r.Float64(), turn: evenly(r, 0.003, 0.02), fading: 0.03 * r.Float64(),
		shock: evenly(r, 0.005, 0.08), noise: evenly(r, 0.002, 0.03), linear: r.Float64() < 0.3, turnAt: 0.03}
}

func finance(r *rand.Rand) path {
	return path{growth: 0.04 + 0.05*r.NormFloat64(), momentum: 0.4 * r.Float64(), turn: evenly(r, 0.005, 0.04),
		shock: evenly(r, 0.05, 0.25), noise: evenly(r, 0.005, 0.08), linear: r.Float64() < 0.3, turnAt: 0.04, shiftAt: 0.02}
}

func demographic(r *rand.Rand) path {
	return path{growth: 0.012 + 0.02*r.NormFloat64(), momentum: 0.3 + 0.6*r.Float64(), turn: evenly(r, 0.001, 0.02), fading: 0.03 * r.Float64(),
		shock: evenly(r, 0.003, 0.15), noise: evenly(r, 0.001, 0.08), linear: r.Float64() < 0.5, turnAt: 0.03}
}

func boom(r *rand.Rand) path {
	p := macro(r)
	p.growth, p.shock, p.turn = 0.07+0.05*r.NormFloat64(), evenly(r, 0.02, 0.25), evenly(r, 0.005, 0.03)
	return p
}

func drawn(kind func(*rand.Rand) path, lo, hi int) func(*rand.Rand) []float64 {
	return func(r *rand.Rand) []float64 { return kind(r).values(r, length(r, lo, hi)) }
}

// noisy makes a path less persistent: its growth hardly wanders, its values err more.
func noisy(kind func(*rand.Rand) path) func(*rand.Rand) path {
	return func(r *rand.Rand) path {
		p := kind(r)
		p.turn, p.noise = p.turn*0.3, p.noise*2+p.shock*0.5*r.Float64()
		return p
	}
}

// world is a mix of families.
type world struct {
	name     string
	families []family
}

func (w world) series(seed uint64, n int) []Series {
	r := newRand(seed)
	var list []Series
	for range n {
		x := r.Float64()
		for _, f := range w.families {
			if x -= f.weight; x < 0 {
				list = append(list, yearly(f.draw(r)))
				break
			}
		}
	}
	return list
}

func yearly(values []float64) Series {
	var s Series
	for t, v := range values {
		s.Points = append(s.Points, Point{Time: 1980 + t, Value: v})
	}
	return s
}

func share(r *rand.Rand) []float64 {
	p := path{growth: 0.02 * r.NormFloat64(), momentum: 0.6 * r.Float64(), turn: evenly(r, 0.005, 0.05), shock: evenly(r, 0.01, 0.1), noise: evenly(r, 0.002, 0.05), fading: 0.03}
	v := p.values(r, length(r, 12, 30))
	odds := evenly(r, 0.05, 1.5) / v[0]
	for i := range v {
		v[i] = math.Round(10000*v[i]*odds/(1+v[i]*odds)) / 100
	}
	return v
}

func count(r *rand.Rand) []float64 {
	p := micro(r)
	v := p.values(r, length(r, 12, 30))
	to := evenly(r, 3, 300) / v[0]
	for i := range v {
		m := v[i] * to
		v[i] = math.Round(max(m+math.Sqrt(m)*r.NormFloat64(), 0))
	}
	return v
}

func stationary(r *rand.Rand) []float64 {
	n := length(r, 12, 40)
	v := make([]float64, n)
	phi, sd, x, size := 0.9*r.Float64(), evenly(r, 0.01, 0.3), 0.0, evenly(r, 10, 1e4)
	for t := range v {
		x = phi*x + sd*heavy(r)
		v[t] = size * math.Exp(x)
	}
	return v
}

func steps(r *rand.Rand) []float64 {
	p := path{growth: 0.02 * r.NormFloat64(), shock: evenly(r, 0.01, 0.1), still: 0.4, shiftAt: 0.08, burst: 0.05}
	return p.values(r, length(r, 12, 40))
}

func rates(r *rand.Rand) []float64 {
	n := length(r, 12, 40)
	v := make([]float64, n)
	mean, phi, sd := 6+3*r.NormFloat64(), 0.8*r.Float64(), evenly(r, 0.5, 4)
	x := 0.0
	for t := range v {
		x = phi*x + sd*heavy(r)
		v[t] = math.Round(10*(mean+x)) / 10
	}
	return v
}

var worlds = []world{
	{"trade", []family{{"micro", 0.23, drawn(micro, 20, 22)}, {"industry", 0.16, drawn(industry, 20, 45)}, {"macro", 0.13, drawn(macro, 20, 45)},
		{"finance", 0.1, drawn(finance, 20, 40)}, {"demographic", 0.381, drawn(demographic, 20, 45)}}},
	{"noisy", []family{{"micro", 0.23, drawn(noisy(micro), 20, 22)}, {"industry", 0.16, drawn(noisy(industry), 20, 45)}, {"macro", 0.13, drawn(noisy(macro), 20, 45)},
		{"finance", 0.1, drawn(noisy(finance), 20, 40)}, {"demographic", 0.381, drawn(noisy(demographic), 20, 45)}}},
	{"boom", []family{{"boom", 0.6, drawn(boom, 15, 50)}, {"micro", 0.2, drawn(micro, 15, 40)}, {"macro", 0.201, drawn(macro, 15, 50)}}},
	{"odd", []family{{"share", 0.2, share}, {"count", 0.2, count}, {"stationary", 0.2, stationary}, {"steps", 0.2, steps}, {"rates", 0.201, rates}}},
	{"short", []family{{"short", 1.01, func(r *rand.Rand) []float64 {
		return drawn([]func(*rand.Rand) path{micro, industry, macro, demographic, boom}[r.IntN(5)], 10, 16)(r)
	}}}},
	{"yearbook", []family{{"yearbook", 1.01, yearbook(0.03, 20, 40)}}},
	{"growth", []family{{"growth", 1.01, yearbook(0.05, 15, 50)}}},
}
