package forecast

// Interval is the interval of the step at a level of its own, per cent, above 0
// and below 100: that of Options gives Lower and Upper.
func (s Step) Interval(level float64) (lower, upper float64) {
	tail := (1 - level/100) / 2
	lower = s.view.off(s.center, s.scale*s.errors.quantile(tail))
	upper = s.view.off(s.center, s.scale*s.errors.quantile(1-tail))
	return min(s.Mean, lower), max(s.Mean, upper)
}
