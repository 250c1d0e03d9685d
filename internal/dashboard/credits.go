package dashboard

import (
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
)

// credits gathers, while a panel is made, which uploads its figures come from
// and how they are qualified, for the lines under it.
type credits struct {
	b        *builder
	uploads  map[string]bool
	marks    map[Mark]bool
	notes    []Text
	national bool
}

func (b *builder) credits() *credits {
	return &credits{b: b, uploads: map[string]bool{}, marks: map[Mark]bool{}}
}

// point takes note of a figure that is shown and gives its marks.
func (c *credits) point(region string, p indicator.Point) []Mark {
	if region == indicator.Nation {
		c.national = true
	}
	c.uploads[p.Upload] = true
	var marks []Mark
	switch p.Status {
	case indicator.Provisional:
		marks = append(marks, MarkProvisional)
	case indicator.Estimated:
		marks = append(marks, MarkEstimated)
	case indicator.Break:
		marks = append(marks, MarkBreak)
	}
	if p.Revised {
		marks = append(marks, MarkRevised)
	}
	if c.b.generatedUpload(p.Upload) {
		c.b.generated = true
		marks = append(marks, MarkGenerated)
	}
	c.mark(marks...)
	return marks
}

func (c *credits) mark(marks ...Mark) {
	for _, m := range marks {
		c.marks[m] = true
	}
}

func (c *credits) note(t Text) { c.notes = append(c.notes, t) }

// foot is what is printed under the panel: its sources, newest first.
func (c *credits) foot() Foot {
	foot := Foot{AsOf: c.b.snap.AsOf(), Notes: c.notes, National: c.national}
	for id := range c.uploads {
		p, ok := c.b.snap.Publication(id)
		if !ok {
			continue
		}
		foot.Sources = append(foot.Sources, Source{
			Upload: p.ID, Source: p.Source, Stage: p.Stage, Released: p.Released, Generated: p.Generated,
			Link: &Link{Page: "upload", ID: p.ID},
		})
	}
	slices.SortFunc(foot.Sources, func(a, b Source) int {
		if c := b.Released.Compare(a.Released); c != 0 {
			return c
		}
		if a.Upload < b.Upload {
			return -1
		}
		return 1
	})
	for _, m := range allMarks {
		if c.marks[m] {
			foot.Marks = append(foot.Marks, m)
		}
	}
	c.b.national = c.b.national || c.national
	return foot
}

// allMarks is the order in which marks are explained.
var allMarks = []Mark{MarkGenerated, MarkProvisional, MarkEstimated, MarkBreak, MarkRevised, MarkEarlier, MarkOld, MarkSummed,
	MarkPending, MarkEarly, MarkAhead, MarkClosed, MarkReference, MarkProxy, MarkInterpreted, MarkApproximate}

// targetMarks are the qualifications of a verdict, most important first.
func targetMarks(a Assessed) []Mark {
	t := a.Input.Target
	var marks []Mark
	for _, m := range []struct {
		mark Mark
		on   bool
	}{
		{MarkReference, t.Region != a.Region},
		{MarkProxy, t.Link == indicator.Proxy},
		{MarkInterpreted, t.Basis == indicator.Interpreted},
		{MarkApproximate, t.Approximate},
		{MarkEarly, a.Early},
		{MarkAhead, a.Ahead},
		{MarkPending, a.Pending},
		{MarkClosed, a.Closed},
		{MarkOld, a.Old},
	} {
		if m.on {
			marks = append(marks, m.mark)
		}
	}
	return marks
}
