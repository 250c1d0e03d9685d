package upload

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// CoverageState is how a reading that is to be collected stands.
type CoverageState string

// The states of coverage.
const (
	OnTime      CoverageState = "on_time"       // published by its due day
	Late        CoverageState = "late"          // published after it
	Undated     CoverageState = "published"     // published; the calendar has no day for it
	InReview    CoverageState = "submitted"     // an open upload has it, for those who may see that
	InDraft     CoverageState = "draft"         // a draft has it, for those who may see that
	NotDue      CoverageState = "not_due"       // its day is still to come
	Overdue     CoverageState = "overdue"       // its day is over
	Uncollected CoverageState = "not_collected" // marked as without a value
	NoCalendar  CoverageState = "no_calendar"   // not published, and the calendar has no day for it
)

// CoverageStates lists them all in the order of a legend.
var CoverageStates = []CoverageState{OnTime, Late, Undated, InReview, InDraft, NotDue, Overdue, Uncollected, NoCalendar}

// Name is the state as a page shows it.
func (s CoverageState) Name() indicator.Text {
	switch s {
	case OnTime:
		return indicator.T("按时发布", "on time")
	case Late:
		return indicator.T("迟发布", "late")
	case Undated:
		return indicator.T("已发布", "published")
	case InReview:
		return indicator.T("待审核", "submitted")
	case InDraft:
		return indicator.T("草稿", "draft")
	case NotDue:
		return indicator.T("未到期", "not yet due")
	case Overdue:
		return indicator.T("逾期", "overdue")
	case Uncollected:
		return indicator.T("未采集", "not collected")
	case NoCalendar:
		return indicator.T("未发布，无发布日历", "not published, no calendar")
	}
	return indicator.Text{}
}

// CoverageCell is one region, indicator and period.
type CoverageCell struct {
	indicator.Key
	State    CoverageState
	Due      time.Time        // beginning of the due day in Shanghai; zero: no calendar
	Released time.Time        // when it first had a value; zero: it has none
	Days     int              // how late it was published, or how long it is overdue
	Mark     indicator.Status // of what is not collected: M, N or O
	Upload   string           // the open upload that has it; empty: none that the actor may see
}

// CoverageQuery selects what is looked at. Snapshot and Catalog are of one moment;
// today is that moment, or now.
type CoverageQuery struct {
	Snapshot   *snapshot.Snapshot
	Catalog    *indicator.Catalog
	Indicators []string        // codes; none: all
	Regions    []string        // codes; none: all
	Level      indicator.Level // of the regions; empty: all
	Freq       indicator.Freq  // empty: yearly
	Period     indicator.Period
	Periods    int // the last ones that are over, where Period is not given; 0: five
}

// defaultPeriods is how many periods are looked at.
const defaultPeriods = 5

// Coverage is how far what is to be collected is there: an indicator for the
// levels that its definition names, in regions that are collected.
type Coverage struct {
	Today      time.Time
	Indicators []*indicator.Indicator // in catalogue order, as are the regions
	Regions    []*indicator.Region
	Periods    []indicator.Period            // ascending
	Cells      []CoverageCell                // by indicator, region and period
	Damages    []*snapshot.DamageError       // of indicators left out: the ledger does not add up
	Last       map[[2]string]indicator.Point // last value of [indicator, region], where there is one
}

// Coverer computes coverage. It keeps when readings were first published, for each
// indicator until the ledger has another upload of it. It is safe for concurrent use.
type Coverer struct {
	service *Service
	firsts  firsts
}

// NewCoverer makes the Coverer of a service.
func NewCoverer(s *Service) *Coverer { return &Coverer{service: s} }

// Coverage looks at what the query selects. Whoever may read figures may ask; open
// uploads show to those who may see them, and only while the snapshot is not of
// the past.
func (c *Coverer) Coverage(ctx context.Context, actor account.User, q CoverageQuery) (Coverage, error) {
	today := q.Snapshot.AsOf()
	if today.IsZero() {
		today = c.service.Now()
	}
	v := Coverage{Today: today, Periods: q.periods(today), Last: map[[2]string]indicator.Point{}}
	var open map[indicator.Key]openReading
	if q.Snapshot.AsOf().IsZero() {
		var err error
		if open, err = c.service.openReadings(ctx, actor); err != nil {
			return v, err
		}
	}
	seen := map[string]bool{}
	for i := range q.Catalog.Indicators {
		ind := &q.Catalog.Indicators[i]
		regions := q.regionsOf(ind)
		if len(regions) == 0 {
			continue
		}
		known, err := c.firsts.of(ctx, q.Snapshot, ind.Code, v.Periods)
		var column *snapshot.Column
		if err == nil {
			column, err = q.Snapshot.Column(ctx, ind.Code, q.freq())
		}
		var damage *snapshot.DamageError
		if errors.As(err, &damage) {
			v.Damages = append(v.Damages, damage)
			continue
		} else if err != nil {
			return v, ledgerTrouble(err)
		}
		v.Indicators = append(v.Indicators, ind)
		for _, r := range regions {
			seen[r.Code] = true
			if last, ok := column.Series(r.Code).Latest(indicator.Period{}); ok {
				v.Last[[2]string{ind.Code, r.Code}] = last
			}
			for _, p := range v.Periods {
				key := indicator.Key{Indicator: ind.Code, Region: r.Code, Period: p}
				v.Cells = append(v.Cells, cover(key, ind.Release, known[key], open[key], today))
			}
		}
	}
	for i := range q.Catalog.Regions {
		if r := &q.Catalog.Regions[i]; seen[r.Code] {
			v.Regions = append(v.Regions, r)
		}
	}
	return v, nil
}

func (q CoverageQuery) freq() indicator.Freq {
	switch {
	case !q.Period.IsZero():
		return q.Period.Freq()
	case q.Freq == "":
		return indicator.Annual
	}
	return q.Freq
}

func (q CoverageQuery) periods(today time.Time) []indicator.Period {
	if !q.Period.IsZero() {
		return []indicator.Period{q.Period}
	}
	n := q.Periods
	if n <= 0 {
		n = defaultPeriods
	}
	last := indicator.LastOver(q.freq(), today)
	list := make([]indicator.Period, n)
	for i := range list {
		list[i] = last.Add(i + 1 - n)
	}
	return list
}

// regionsOf are the selected regions that the indicator is collected for.
func (q CoverageQuery) regionsOf(ind *indicator.Indicator) []*indicator.Region {
	if len(q.Indicators) > 0 && !slices.Contains(q.Indicators, ind.Code) ||
		len(ind.Frequencies) > 0 && !slices.Contains(ind.Frequencies, q.freq()) {
		return nil
	}
	var list []*indicator.Region
	for i := range q.Catalog.Regions {
		r := &q.Catalog.Regions[i]
		if r.Collected && (len(ind.Levels) == 0 || slices.Contains(ind.Levels, r.Level)) &&
			(q.Level == "" || r.Level == q.Level) && (len(q.Regions) == 0 || slices.Contains(q.Regions, r.Code)) {
			list = append(list, r)
		}
	}
	return list
}

// cover is how one reading stands: what is published counts before what is under way.
func cover(key indicator.Key, calendar indicator.Release, known first, open openReading, today time.Time) CoverageCell {
	c := CoverageCell{Key: key, Upload: open.upload}
	due, dated := calendar.Due(key.Period)
	if dated {
		c.Due = due
	}
	switch {
	case known.status.HasValue():
		c.Released, c.State = known.released, Undated
		if dated {
			c.State, c.Days = OnTime, max(0, daysBetween(due, known.released))
			if c.Days > 0 {
				c.State = Late
			}
		}
	case open.upload != "":
		c.State = open.state
	case known.status != "":
		c.State, c.Mark = Uncollected, known.status
	case !dated:
		c.State = NoCalendar
	default:
		c.State, c.Days = NotDue, max(0, daysBetween(due, today))
	}
	if c.State == NotDue && c.Days > 0 {
		c.State = Overdue
	}
	return c
}

// daysBetween counts the days of the calendar in Shanghai from one moment to another.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(indicator.Shanghai).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)).Hours()) / 24
}

// openReading is what an open upload has of a reading.
type openReading struct {
	state  CoverageState
	upload string
}

// openReadings are those of the open uploads that the actor may see; of several
// the one that is furthest.
func (s *Service) openReadings(ctx context.Context, actor account.User) (map[indicator.Key]openReading, error) {
	list, err := s.Drafts.Uploads(ctx, Draft, Submitted, Publishing)
	if err != nil {
		return nil, err
	}
	open := map[indicator.Key]openReading{}
	for _, u := range list {
		if u.Faulty || !s.seesDraft(actor, u) {
			continue
		}
		contents, err := s.Drafts.UploadContents(ctx, u.ID)
		if err != nil {
			return nil, err
		}
		state := InReview
		if u.State == Draft {
			state = InDraft
		}
		for _, cell := range contents.Cells {
			if key := cell.Key(); open[key].state != InReview {
				open[key] = openReading{state, u.ID}
			}
		}
	}
	return open, nil
}
