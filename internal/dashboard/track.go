package dashboard

import (
	"cmp"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// Track is one target as a region stands to it.
type Track struct {
	ID         string // anchor, unique on the page
	Target     string
	Region     string
	RegionName Text
	Indicator  string
	Name       Text // of the indicator, or of the statement's topic
	Unit       string
	Decimals   int
	Headline   Text // the target in a few words: ≥ 3.5 %，2025年
	Statement  Text // what the document says, in our words
	Document   Text
	Locator    Text
	Counted    bool // own target with a named indicator
	Hollow     bool // reference or proxy
	Status     assess.Status
	Reason     assess.Reason
	Sentence   Text // the verdict in words
	Facts      []Fact
	Arithmetic []Fact      // every intermediate number of the verdict, in the order it arose
	Proof      *TrackProof // nil where there is no more to be said
	Whole      bool        // the page is that of this target: its proof has everything
	Marks      []Mark
	Outlook    *TrackOutlook // nil where the forecast has nothing to say
	Figure     *Figure       // nil for a statement and where nothing can be drawn
	Link       *Link         // to the target's page
	Why        *Why          // on the target's page
	RegionLink *Link
}

// tracks shows the targets of the page's region that no panel above it has
// shown, in the order of their importance.
func (b *builder) tracks(d *PanelDefinition, p *Panel) {
	if len(b.assessed) == 0 {
		p.Empty = say("目录中没有%s的目标。", "The catalogue has no targets of %s.", b.region.Short)
		return
	}
	for _, a := range b.inOrder() {
		if b.tracked[a.Target] || d.Limit > 0 && len(p.Tracks) == d.Limit {
			continue
		}
		b.tracked[a.Target] = true
		p.Tracks = append(p.Tracks, b.track(a, trackAnchor(a.Target), d.Until))
	}
	if d.Limit == 0 {
		p.Counts = counts(counted(b.assessed))
	}
}

// inOrder is the page's verdicts as a reader should meet them: first the one
// that the page opens with, then counted ones by severity, own proxies,
// references, and statements last.
func (b *builder) inOrder() []Assessed {
	list := slices.Clone(b.assessed)
	slices.SortStableFunc(list, func(x, y Assessed) int { return cmp.Compare(trackGroup(x), trackGroup(y)) })
	first := slices.IndexFunc(list, func(a Assessed) bool { return a.Status != assess.NotAssessed })
	if first > 0 {
		a := list[first]
		list = slices.Insert(slices.Delete(list, first, first+1), 0, a)
	}
	return list
}

// trackGroup orders tracks: counted by severity, then own proxies, then
// references, then statements.
func trackGroup(a Assessed) int {
	t := a.Input.Target
	switch {
	case a.Counted():
		return severity(a.Status)
	case t.Kind == indicator.StatedOnly:
		return 300
	case t.Region == a.Region:
		return 100 + severity(a.Status)
	}
	return 200 + severity(a.Status)
}

// track is one target as one region stands to it.
func (b *builder) track(a Assessed, id string, until int) Track {
	t, i := a.Input.Target, a.Input.Indicator
	track := Track{
		ID: id, Target: t.ID, Region: a.Region, RegionName: b.regionName(a.Region), Name: b.subject(t),
		Headline: Headline(t, i), Statement: t.Statement, Document: b.documentTitle(t), Locator: t.Locator,
		Counted: a.Counted(), Hollow: !a.Counted(), Status: a.Status, Reason: a.Reason,
		Sentence: b.verdict(a), Marks: targetMarks(a),
		Link: targetLink(t, a.Region),
	}
	if a.Region != "" {
		track.RegionLink = &Link{Page: "region", ID: a.Region}
	}
	c := b.credits()
	c.mark(track.Marks...)
	if i != nil {
		track.Indicator, track.Unit, track.Decimals = i.Code, i.Unit, i.Decimals
		if until == 0 {
			until = Horizon
		}
		if chart := b.trackChart(a, "chart-"+id, max(until, t.LastYear()), c); chart != nil {
			chart.Description = describe(chart, track.Sentence)
			track.Figure = &Figure{ID: chart.ID, Chart: chart, Table: chart.table("table-" + id), Foot: c.foot()}
		}
	}
	track.Facts, track.Outlook = b.trackFacts(a, c), trackOutlook(a, id, b.target != nil)
	track.Arithmetic = arithmetic(a)
	track.Proof = b.precedentOnly(a)
	return track
}

// targetLink leads to the proof of a target in a region.
func targetLink(t *indicator.Target, region string) *Link {
	if region == t.Region {
		return &Link{Page: "target", ID: t.ID}
	}
	return &Link{Page: "target", ID: t.ID, Region: region}
}

// arithmetic lets a reader prove the verdict.
func arithmetic(a Assessed) []Fact {
	var facts []Fact
	for _, n := range a.Numbers {
		i := a.Input.Indicator
		facts = append(facts, Fact{assess.NumberName(n.Name), Cell{
			Text: indicator.T(assess.NumberText(n, i, indicator.ZH), assess.NumberText(n, i, indicator.EN))}})
	}
	return facts
}

// subject is what a target is about: its indicator, else its topic, else its kind.
func (b *builder) subject(t *indicator.Target) Text {
	if i := b.catalog.Indicator(t.Indicator); i != nil {
		return i.Name
	}
	if name := b.topicName(t.Topic); !name.IsZero() {
		return name
	}
	return KindName(t.Kind)
}

func (b *builder) topicName(code string) Text {
	for _, topic := range b.catalog.Topics {
		if topic.Code == code {
			return topic.Name
		}
	}
	return Text{}
}

// trackFacts are the numbers of a verdict and what qualifies the target. Lines
// that say nothing are left out.
func (b *builder) trackFacts(a Assessed, c *credits) []Fact {
	i := a.Input.Indicator
	var facts []Fact
	add := func(zh, en string, cell Cell) {
		if !cell.IsEmpty() {
			facts = append(facts, Fact{indicator.T(zh, en), cell})
		}
	}
	if i != nil {
		if a.Latest != nil {
			add("最新值", "Latest", Cell{Number: &a.Latest.Value, Decimals: i.Decimals, Unit: i.Unit,
				Marks: c.point(a.Region, *a.Latest), Note: periodOf(a.Latest.Period)})
			add("报告期", "Period", Cell{Period: a.Latest.Period})
		}
		unit, decimals := i.Unit, i.Decimals
		if a.TargetAt != nil {
			add("目标值", "Target value", Cell{Number: a.TargetAt, Decimals: max(decimals, min(decimalsOf(*a.TargetAt), 2)), Unit: unit})
			decimals = max(decimals, min(decimalsOf(*a.TargetAt), 2))
		}
		if inPoints(i) {
			unit = pointUnit
		}
		if a.Gap != nil {
			add("差距（目标减最新）", "Gap (target less latest)", Cell{Number: a.Gap, Decimals: decimals, Unit: unit, Signed: true})
		}
		if a.NeededPerYear != nil {
			add("今后每年需变动", "Needed a year from now on",
				Cell{Number: a.NeededPerYear, Decimals: max(decimals, 1), Unit: unit, Signed: true})
		}
		facts = append(facts, outlookFacts(a)...)
	}
	facts = append(facts, milestoneFacts(a)...)
	return append(facts, b.targetFacts(a.Input.Target, a.Region)...)
}

// targetFacts are what the catalogue says about a target. region is the one it is
// shown for.
func (b *builder) targetFacts(t *indicator.Target, region string) []Fact {
	var facts []Fact
	add := func(zh, en string, value Text, link *Link) {
		if !value.IsZero() {
			facts = append(facts, Fact{indicator.T(zh, en), Cell{Text: value, Link: link}})
		}
	}
	if t.Region != region {
		add("目标所属", "Target of", b.regionName(t.Region), &Link{Page: "region", ID: t.Region})
	}
	if t.Link == indicator.Proxy {
		add("代表指标", "Proxy", say("文件未点名指标，以%s为代表指标。", "The document names no indicator; %s stands in for it.", b.subject(t)), nil)
	}
	if t.Basis == indicator.Interpreted {
		reason := t.BasisReason
		if reason.IsZero() {
			reason = indicator.T("数值、区间或年份为本系统的解读。", "The number, band or year is our reading.")
		}
		add("解读", "Interpreted", reason, nil)
	}
	add("性质", "Force", bindingFact(t.Binding), nil)
	add("牵头单位", "Lead", t.Lead, nil)
	return facts
}

func bindingFact(b indicator.Binding) Text {
	if b == indicator.Mandatory || b == indicator.Indicative {
		return BindingName(b)
	}
	return Text{}
}

// describe is a chart in words for those who do not see it.
func describe(chart *Chart, verdict Text) Text {
	texts := []Text{say("折线图：%s，%d年至%d年。", "Line chart: %s, %d to %d.", chart.Title, chart.From, chart.To)}
	for _, l := range chart.Series {
		if l.Role == RoleOther {
			continue
		}
		first, last := l.Points[0], l.Points[len(l.Points)-1]
		if first.Value == nil || last.Value == nil {
			continue
		}
		texts = append(texts, say("%s：%s%s，%s%s。", "%s: %[3]s in %[2]s, %[5]s in %[4]s.", l.Name,
			periodOf(first.Period), amount(*first.Value, chart.Decimals, chart.Unit),
			periodOf(last.Period), amount(*last.Value, chart.Decimals, chart.Unit)))
	}
	if chart.Fan != nil {
		texts = append(texts, chart.Fan.describe(chart))
	}
	return sentences(append(texts, verdict)...)
}
