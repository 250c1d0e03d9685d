package indicator

import (
	"math"
	"slices"
	"time"
)

// Document is a paper that states targets.
type Document struct {
	ID         string     `json:"id"`
	Title      Text       `json:"title"`
	Issuer     Text       `json:"issuer"`
	Date       string     `json:"date"` // 2024, 2024-01 or 2024-01-31 as far as known, else empty
	Address    string     `json:"address"`
	SourceKind SourceKind `json:"source_kind"`
	Seen       Text       `json:"seen"` // how we saw it: the issuer's page, a reprint, a text without address
	Note       Text       `json:"note"`
}

// SourceKind is how near a document is to the issuer's own words.
type SourceKind string

// The kinds of source.
const (
	Original    SourceKind = "original"
	Translation SourceKind = "translation"
	News        SourceKind = "news"
)

// Kind of a target.
type Kind string

// The kinds of target.
const (
	Reach      Kind = "reach"     // 达到
	Hold       Kind = "hold"      // 保持
	Grow       Kind = "grow"      // 年均增长
	Directed   Kind = "direction" // 方向性
	StatedOnly Kind = "statement" // 定性表述
)

// Bound says on which side of the value a target is met.
type Bound string

// The bounds.
const (
	AtLeast Bound = "at_least"
	AtMost  Bound = "at_most"
)

// Relative says how Value relates to the baseline; empty: it does not.
type Relative string

// The relations: T = y0·(1 + value/100), and T = y0·value.
const (
	Percent Relative = "percent"
	Times   Relative = "times"
)

// Link says whether the text names the indicator or we read it so.
type Link string

// The links.
const (
	Named Link = "named"
	Proxy Link = "proxy"
)

// Basis says whether number, band and date are in the text.
type Basis string

// The bases.
const (
	Stated      Basis = "stated"
	Interpreted Basis = "interpreted"
)

// Binding is the force of a target.
type Binding string

// The forces.
const (
	Mandatory  Binding = "约束性"
	Indicative Binding = "预期性"
	Unstated   Binding = "unstated"
)

// Baseline is the year a target counts from, with the value where the document states it.
type Baseline struct {
	Year  int      `json:"year"`
	Value *float64 `json:"value"`
}

// Tolerance is the half width of a hold band, in units or per cent of its middle.
type Tolerance struct {
	Value   float64 `json:"value"`
	Percent bool    `json:"percent"`
}

// Around is the half width in units of a band with this middle.
func (t *Tolerance) Around(middle float64) float64 {
	if t.Percent {
		return math.Abs(middle) * t.Value / 100
	}
	return t.Value
}

// Milestone is a value on the way, by year.
type Milestone struct {
	Year  int     `json:"year"`
	Value float64 `json:"value"`
}

// Target is what a document says a region should reach, for one indicator.
// Fields that its kind has no use for are zero.
type Target struct {
	ID           string      `json:"id"`
	Row          string      `json:"row"` // row of the table it was recorded from
	Document     string      `json:"document"`
	Locator      Text        `json:"locator"`
	Statement    Text        `json:"statement"`     // in our own words
	Region       string      `json:"region"`        // empty only for a statement without one
	ReferenceFor []string    `json:"reference_for"` // region codes it is also shown to
	Indicator    string      `json:"indicator"`     // empty for a statement without one
	Topic        string      `json:"topic"`
	Link         Link        `json:"indicator_link"`
	Basis        Basis       `json:"basis"`
	BasisReason  Text        `json:"basis_reason"`
	Approximate  bool        `json:"approximate"` // 左右
	Binding      Binding     `json:"binding"`
	Lead         Text        `json:"lead"` // 牵头单位
	InForceFrom  Date        `json:"in_force_from"`
	InForceUntil Date        `json:"in_force_until"`
	SupersededBy string      `json:"superseded_by"`
	Kind         Kind        `json:"kind"`
	Value        *float64    `json:"value"`
	Bound        Bound       `json:"bound"`
	Relative     Relative    `json:"relative"`
	Counted      Counted     `json:"counted"` // way of counting, empty: the indicator's
	Price        Price       `json:"price"`   // price basis, empty: the indicator's
	Baseline     *Baseline   `json:"baseline"`
	Tolerance    *Tolerance  `json:"tolerance"`
	Direction    Direction   `json:"direction"`
	By           int         `json:"by"`    // reach: target year, 0 none
	From         int         `json:"from"`  // grow: first year; direction: since
	Until        int         `json:"until"` // hold, grow, direction: last year, 0 none
	Milestones   []Milestone `json:"milestones"`
}

// LastYear is the target year: by for reach, until for the other kinds; 0 none.
func (t *Target) LastYear() int {
	if t.Kind == Reach {
		return t.By
	}
	return t.Until
}

// Counts reports whether the target counts on a region's scoreboard: its own
// target, and an indicator that the text names.
func (t *Target) Counts(region string) bool {
	return t.Region == region && t.Link == Named && t.Kind != StatedOnly
}

// Sums reports whether the target adds up the yearly figures after its baseline:
// one that counts what is new each year, by its own way of counting or, without
// one, the indicator's (nil: none).
func (t *Target) Sums(i *Indicator) bool {
	counted := t.Counted
	if counted == "" && i != nil {
		counted = i.Counted
	}
	return t.Kind == Reach && counted == New && t.Baseline != nil
}

// ShownTo reports whether the target is the region's own or a reference for it.
func (t *Target) ShownTo(region string) bool {
	return t.Region == region || slices.Contains(t.ReferenceFor, region)
}

// Date is a calendar day, 2024-01-31, or empty.
type Date string

// Valid reports whether d is empty or a day that exists.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return d == "" || err == nil
}
