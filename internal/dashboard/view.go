package dashboard

import (
	"time"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Text is a name or sentence in both languages. No Text of a View holds markup.
type Text = indicator.Text

// Params are what the address of a page says. The as of is the snapshot's own.
type Params struct {
	Region    string // code, for pages with the parameter region; of a page of one target the region whose proof it shows, empty: the target's own
	Indicator string // code, for pages with the parameter indicator, and the choice on the overview
	Target    string // id, for pages with the parameter target
	Filters   Filters
	// AsOfPeriod is the assessment period 评估报告期; zero: none.
	AsOfPeriod indicator.Period
	Method     string   // empty: pace
	Compare    *Earlier // on a page of one target: the moment to compare with, nil: none
	Now        time.Time
	Outlooks   *Outlooks // nil: pages without forecasts
}

// Filters narrow a list of targets; an empty field does not.
type Filters struct {
	Document, Region, Topic, Kind, Binding, Lead string
}

// View is a whole page in both languages.
type View struct {
	Page       string // the definition's name
	Title      Text
	Breadcrumb []Crumb // the last entry is this page and has no link
	// Lead answers the page's question in one or two sentences made from the numbers.
	Lead    Text
	Notices []Notice
	Panels  []Panel

	AsOf       time.Time // zero: current
	AsOfPeriod indicator.Period
	Version    int64  // of the ledger
	Catalogue  string // hash
	Method     string
}

// Crumb is one step of the way from the nation to the page.
type Crumb struct {
	Name Text
	Link *Link
}

// Link names another page; web turns it into a URL that keeps language and as of.
type Link struct {
	Page string // overview, region, indicator, targets, target, upload, history
	// ID is the region or indicator code, the target or publication id; on
	// overview the indicator chosen; on targets the document to filter by.
	ID     string
	Region string // on target: the region whose proof is meant, empty: the target's own
	Anchor string // id of a panel or track on that page, or empty
	// Reading is the one whose history is meant.
	Reading indicator.Key
}

// Notice is printed at the head of the page.
type Notice struct {
	Code NoticeCode
	Text Text
}

// NoticeCode says which notice it is.
type NoticeCode string

// The notices.
const (
	NoticeGenerated NoticeCode = "generated" // the page shows generated example data 示例数据
	NoticeAsOf      NoticeCode = "as_of"     // the page shows what was public at a past moment
	NoticePeriod    NoticeCode = "period"    // only readings up to a period are used
	NoticeNational  NoticeCode = "national"  // what national figures leave out
	NoticeDamage    NoticeCode = "damage"    // figures are left out because the ledger's do not add up
)

// Panel is one block of a page. Kind says which of the bodies it has; Empty is
// set, and the bodies other than choosers and filters absent, where there is
// nothing to show yet.
type Panel struct {
	ID    string // anchor, unique on the page
	Kind  PanelKind
	Title Text
	Note  Text
	Empty Text // what is missing and how to fill it

	Choices []Choice // tiles: the indicators to choose from
	Tiles   *TileGrid
	Counts  []Count // how many verdicts of each status the panel shows, zeros left out
	Filters []Filter
	Table   *Table  // scoreboard, uploads, profile, targets, standings
	Figure  *Figure // ranking, trend
	Tracks  []Track // tracks; target: one
	Card    *Card   // definition, target
	Foot    *Foot   // of the table or tiles
}

// Choice is one entry of a chooser.
type Choice struct {
	Value  string
	Name   Text
	Chosen bool
}

// Filter is one select of the target list: Name is the address parameter; the
// first choice has an empty value and means all.
type Filter struct {
	Name    string // document, region, topic, kind, binding, lead
	Title   Text
	Choices []Choice
}

// Count is a number of verdicts.
type Count struct {
	Status assess.Status
	N      int
}

// TileGrid is the provinces on a grid that is roughly the country's shape.
type TileGrid struct {
	Indicator     string
	Unit          string // code
	Decimals      int
	Columns, Rows int
	Tiles         []Tile // by row, then column
}

// Tile is one province. Without a status of its own (no target for this
// indicator) Status is empty; without a reading Value is nil.
type Tile struct {
	Region      string
	Name        Text // short: 福建
	Column, Row int  // from 1
	Value       *float64
	Period      indicator.Period
	Rank        int // 1 … 31, 0: not ranked
	RankOf      int
	Status      assess.Status
	Reason      assess.Reason
	Hollow      bool // the status is of a reference or proxy target: never counted
	Collected   bool
	Marks       []Mark
	Sentence    Text // the tile in words, for hover and screen readers
	Link        *Link
}

// Mark is a qualification of a number.
type Mark string

// The marks. MarkName gives their words.
const (
	MarkProvisional Mark = "provisional"  // 初步数
	MarkEstimated   Mark = "estimated"    // 估计数
	MarkBreak       Mark = "break"        // 口径变化
	MarkRevised     Mark = "revised"      // 有修订: another vintage has another value
	MarkGenerated   Mark = "generated"    // 示例数据
	MarkOld         Mark = "old"          // older than the as-of year by more than a year
	MarkPending     Mark = "pending"      // 待最终数据
	MarkEarly       Mark = "early"        // 提前实现
	MarkAhead       Mark = "ahead"        // 快于预期
	MarkClosed      Mark = "closed"       // 已到期
	MarkReference   Mark = "reference"    // 参考：非本地区目标
	MarkProxy       Mark = "proxy"        // 以…为代表指标
	MarkInterpreted Mark = "interpreted"  // 解读
	MarkApproximate Mark = "approximate"  // 左右
	MarkEarlier     Mark = "earlier"      // the figure is of an earlier period than the others
	MarkSummed      Mark = "sum_of_parts" // 以31个省份合计为全国
)

// Table is a table in words and typed numbers; who shows it formats and sorts.
type Table struct {
	ID      string
	Caption Text
	Columns []Column
	Rows    []Row
}

// Column is the head of a column. Unit is a unit code where the whole column
// has one, else the cells carry it.
type Column struct {
	Key   string // rank, value …, unique in the table
	Title Text
	// Sub is a second line of the head: the document a target is from.
	Sub     Text
	Unit    string
	Numeric bool // right-aligned, sorted as numbers
	Link    *Link
}

// Row is one line of a table.
type Row struct {
	ID    string // region, indicator, target or publication: what the line is about
	Own   bool   // the page's own region: marked
	Cells []Cell // as many as columns
}

// Cell holds one of Number, Status and Text, or nothing (—).
type Cell struct {
	Text     Text
	Number   *float64 // nil: no number
	Decimals int
	Signed   bool   // show + on a positive number
	Unit     string // a unit code, where the column has none; a change of a ratio is in 个百分点
	Period   indicator.Period
	Time     time.Time // a moment: shown as a date
	Status   assess.Status
	Reason   assess.Reason
	Hollow   bool // the status is drawn hollow and not counted
	Marks    []Mark
	Note     Text // the cell in words, for hover and screen readers; never the only place of a fact
	Link     *Link
}

// IsEmpty reports whether the cell holds nothing.
func (c Cell) IsEmpty() bool {
	return c.Number == nil && c.Status == "" && c.Text.IsZero() && c.Period.IsZero() && c.Time.IsZero()
}

// Figure is a chart with the table of its numbers and where they come from.
type Figure struct {
	ID    string // unique on the page
	Chart *Chart // nil: nothing to draw, the table says why
	Table Table
	Foot  Foot
}

// Foot is printed under a chart or table.
type Foot struct {
	Sources  []Source // newest first
	AsOf     time.Time
	Marks    []Mark // used in it: a legend of marks
	Notes    []Text
	National bool // shows national figures: 未包括香港、澳门特别行政区和台湾省
}

// Source is one upload that gave figures, with the words on it.
type Source struct {
	Upload    string // publication id
	Source    string // as the uploader wrote it
	Stage     string // 快报, 年报 …
	Released  time.Time
	Generated bool
	Link      *Link
}

// Chart is a drawing in words of the domain: what chart turns into an option.
type Chart struct {
	ID          string
	Form        Form
	Indicator   string // code, of charts whose figures lead to their vintages
	Title       Text
	Description Text // the drawing in words, made from the numbers
	Unit        string
	Decimals    int
	FromZero    bool // the value axis starts at zero
	Generated   bool // it draws generated example data, and says so inside the drawing
	From, To    int  // first and last year of the time axis of a line chart
	Series      []Line
	Fan         *Fan // the forecast of the chart's own region; nil: none
	Goals       []Goal
	Bars        []Bar     // of a bar chart, top to bottom
	Steps       []Step    // of a step chart, by time
	Until       time.Time // to which the last step reaches
}

// Form is the shape of a chart.
type Form string

// The forms.
const (
	FormLine  Form = "line"  // over time, From … To
	FormBars  Form = "bars"  // regions side by side, from zero
	FormSteps Form = "steps" // one figure as it stood over time
)

// Role says how a line or bar is drawn.
type Role string

// The roles.
const (
	RoleOwn    Role = "own"    // the page's own region: accent
	RoleNation Role = "nation" // dark grey
	RoleOther  Role = "other"  // light grey, behind
	RoleNamed  Role = "named"  // one of a few lines of equal weight
)

// Line is one region's readings over time.
type Line struct {
	Region string
	Name   Text
	Role   Role
	Points []Reading
	Label  bool // its name stands at its end
}

// Reading is one point of a line. A gap has no Value; a gap or a break says why
// in Note.
type Reading struct {
	Period indicator.Period
	Value  *float64
	Marks  []Mark
	Note   Text
}

// Bar is one region of a bar chart.
type Bar struct {
	Region string
	Name   Text
	Role   Role
	Value  float64
	Period indicator.Period
	Marks  []Mark
}

// Step is a moment from which on a figure stood at a value, or at none.
type Step struct {
	At    time.Time
	Value *float64
	Note  Text
}

// Goal is what a target draws.
type Goal struct {
	Shape GoalShape
	Label Text // value and year, in short: ≥ 300家，2025年
	// Document is the title of the paper that states it.
	Document Text
	// Value at Until: a point or line. Low and High: a band. Path: a point a year.
	Value       float64
	From, Until int // years between which it holds; From 0: from the first year of the axis
	Low, High   float64
	Path        []PathPoint
	Up          bool // arrow
	Hollow      bool // a reference or proxy target: drawn dashed and lighter
	Milestone   bool // a point on the way to another goal
}

// GoalShape is how a target is drawn.
type GoalShape string

// The shapes.
const (
	GoalPoint GoalShape = "point" // reach: a value in a year
	GoalLine  GoalShape = "line"  // a bound that holds over years
	GoalBand  GoalShape = "band"  // hold: Low … High
	GoalPath  GoalShape = "path"  // grow: what the rate asks for, year by year
	GoalArrow GoalShape = "arrow" // direction
)

// PathPoint is one year of a path.
type PathPoint struct {
	Year  int
	Value float64
}
