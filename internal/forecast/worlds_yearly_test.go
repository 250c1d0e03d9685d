package forecast

import (
	"math"
	"math/rand/v2"
)

// The worlds of this file are made otherwise than those of path, so that nothing
// is good on the kind of series alone that one generator draws. The mean growth of
// a world says how strong its trends are.

// walk goes up by a part of its own power, between straight and exponential, with
// shocks that grow with the level, too: what Smyl's local and global trend takes
// yearly series for.
func walk(mean float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		power, spread := r.Float64(), 0.3+0.7*r.Float64()
		g, shock := mean+mean*r.NormFloat64(), evenly(r, 0.03, 0.35)
		return grow(n, func(y float64, _ int) float64 {
			return g*math.Pow(y, power) + shock*math.Pow(y, spread)*heavy(r)
		})
	}
}

// wander has a trend that takes shocks, fades towards a mean and at times turns.
func wander(mean float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		phi, turn, shock := 0.5+0.45*r.Float64(), evenly(r, 0.003, 0.06), evenly(r, 0.02, 0.25)
		g, compound := mean+0.5*mean*r.NormFloat64(), r.Float64() < 0.5
		b := g + turn*heavy(r)
		return grow(n, func(y float64, _ int) float64 {
			if b = g + phi*(b-g) + turn*heavy(r); r.Float64() < 0.03 {
				b = -b * r.Float64()
			}
			step := b + shock*heavy(r)
			if compound {
				step *= y
			}
			return step
		})
	}
}

// grow adds step by step, from one; nothing falls by more than two thirds, or below
// a twentieth of where it began.
func grow(n int, step func(y float64, t int) float64) []float64 {
	out, y := make([]float64, n), 1.0
	for t := range out {
		y = max(y+step(y, t), y/3)
		y = max(y, 0.1-y)
		out[t] = y
	}
	return out
}

// around is a straight, exponential, broken or saturating line with errors that
// last for a while, and single outliers.
func around(mean float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		phi, shock := 0.95*r.Float64(), evenly(r, 0.02, 0.25)
		g := mean * (0.3 + 1.4*r.Float64())
		var line func(t float64) float64
		switch r.IntN(4) {
		case 0:
			line = func(t float64) float64 { return 1 + g*t }
		case 1:
			line = func(t float64) float64 { return math.Exp(g * t) }
		case 2:
			knot, after := float64(n)*r.Float64(), g*(2*r.Float64()-0.5)
			line = func(t float64) float64 { return math.Exp(g*min(t, knot) + after*max(t-knot, 0)) }
		default:
			top, half := 1+4*r.Float64(), float64(n)*(0.2+0.8*r.Float64())
			line = func(t float64) float64 { return 0.3 + top/(1+math.Exp(-(t-half)*(2*g+0.1))) }
		}
		out, e := make([]float64, n), 0.0
		for t := range out {
			e = phi*e + shock*heavy(r)
			out[t] = line(float64(t)) * math.Exp(e)
			if r.Float64() < 0.02 {
				out[t] *= math.Exp(3 * shock * heavy(r))
			}
		}
		return out
	}
}

// swing is an integrated autoregression whose changes swing with a business cycle.
func swing(mean float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, n int) []float64 {
		radius, angle := 0.3+0.5*r.Float64(), 2*math.Pi/(4+8*r.Float64())
		a, b := 2*radius*math.Cos(angle), -radius*radius
		g, shock, ma := mean+mean*r.NormFloat64(), evenly(r, 0.02, 0.2), -0.5*r.Float64()
		var d, before, last float64
		return grow(n, func(y float64, _ int) float64 {
			e := shock * heavy(r)
			d, before, last = a*d+b*before+e+ma*last, d, e
			return y * (math.Exp(max(g+d, -2)) - 1)
		})
	}
}

// yearbook mixes the kinds, of so many years, at sizes of thousands.
func yearbook(mean float64, lo, hi int) func(*rand.Rand) []float64 {
	return func(r *rand.Rand) []float64 {
		kinds := []func(float64) func(*rand.Rand, int) []float64{walk, walk, wander, around, swing}
		out := kinds[r.IntN(len(kinds))](mean)(r, length(r, lo, hi))
		size := evenly(r, 100, 10000)
		for t := range out {
			out[t] *= size
		}
		return out
	}
}
