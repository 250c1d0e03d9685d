package assess

// paceDirection: the average of the last five changes and the last change. No
// change is not right. "Since" tells when the target began, not which readings
// are compared.
func (j *judgement) paceDirection() {
	j.noteLatest()
	d := j.desired()
	if d == 0 {
		j.fail(Undefined)
		return
	}
	if !j.known {
		return
	}
	j.note("d", d)
	y1, hasLast := j.years.at(j.t - 1)
	if !hasLast {
		j.fail(TooFewReadings)
	}
	a, ok := j.change5(j.years.at)
	if !ok || !hasLast {
		return
	}
	last := j.yt - y1
	j.note("y1", y1)
	j.note("last_change", last)
	average, latest := less(0, d*a), less(0, d*last)
	switch {
	case average && latest:
		j.judge(OnTrack)
	case average:
		j.judge(AtRisk)
	case latest:
		j.judge(OffTrack)
	default:
		j.judge(Reversing)
	}
}
