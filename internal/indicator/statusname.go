package indicator

// Statuses are the observation statuses in the order in which they are explained.
var Statuses = []Status{Normal, Provisional, Estimated, Break, Missing, NotApplicable, NotCollected}

// StatusName is an observation status in words.
func StatusName(s Status) Text {
	switch s {
	case Normal:
		return T("正式数", "normal")
	case Provisional:
		return T("初步数", "provisional")
	case Estimated:
		return T("估计数", "estimated")
	case Break:
		return T("口径变化", "break in the series")
	case Missing:
		return T("缺失", "missing")
	case NotApplicable:
		return T("不适用", "not applicable")
	case NotCollected:
		return T("未采集", "not collected")
	}
	return T(string(s), string(s))
}
