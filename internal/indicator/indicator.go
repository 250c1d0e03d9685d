package indicator

import "time"

// Direction is where an indicator, or a target, wants to go.
type Direction string

// The directions; an empty Direction is none, never a default.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Sign is +1 for up, −1 for down, 0 for none.
func (d Direction) Sign() float64 {
	switch d {
	case Up:
		return 1
	case Down:
		return -1
	}
	return 0
}

// Measure is what kind of quantity an indicator is.
type Measure string

// The measures.
const (
	Stock  Measure = "stock"  // 时点
	Flow   Measure = "flow"   // 时期
	Ratio  Measure = "ratio"  // 比率
	Growth Measure = "growth" // 增速
)

// Price is the price basis of a money indicator, empty for all others.
type Price string

// The price bases.
const (
	CurrentPrice  Price = "current"
	ConstantPrice Price = "constant"
)

// Counted is the way of counting of a number of things, empty for all others.
type Counted string

// The ways of counting.
const (
	InForce    Counted = "in_force"   // 有效期内
	Cumulative Counted = "cumulative" // 累计
	New        Counted = "new"        // 当年新增
)

// Indicator is what is measured. A level or a way of counting of its own is an
// indicator of its own.
type Indicator struct {
	Code        string    `json:"code"`
	Name        Text      `json:"name"`
	Definition  Text      `json:"definition"`
	Edition     string    `json:"edition"` // edition of the definition; a new one is a break
	Topic       string    `json:"topic"`
	Unit        string    `json:"unit"`     // a Unit code: 亿元, %, 家 …
	Decimals    int       `json:"decimals"` // shown places
	Direction   Direction `json:"direction"`
	Measure     Measure   `json:"measure"`
	Price       Price     `json:"price"`
	Counted     Counted   `json:"counted"`
	Min         *float64  `json:"min"` // valid range in Unit, nil: open
	Max         *float64  `json:"max"`
	Frequencies []Freq    `json:"frequencies"`
	Levels      []Level   `json:"levels"`  // levels of region it is collected for
	Aliases     []string  `json:"aliases"` // names that files use
	Release     Release   `json:"release"`
	Crosswalk   Crosswalk `json:"crosswalk"`
}

// Release is the release calendar of an indicator: yearly figures of year y are
// due on Month-Day of y + YearsAfter. The zero Release is unknown.
type Release struct {
	YearsAfter int `json:"years_after"`
	Month      int `json:"month"`
	Day        int `json:"day"`
}

// Due is the beginning, in Shanghai, of the last day on which the figures of a
// period are on time; false where the calendar does not say.
func (r Release) Due(p Period) (time.Time, bool) {
	if r == (Release{}) || p.Freq() != Annual {
		return time.Time{}, false
	}
	return time.Date(p.Year()+r.YearsAfter, time.Month(r.Month), r.Day, 0, 0, 0, 0, Shanghai), true
}

// Topic is one of the five tasks of the Fujian decision.
type Topic struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}
