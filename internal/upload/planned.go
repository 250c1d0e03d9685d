package upload

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// PlanUsed names the plan that a file was read by.
type PlanUsed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// parsed is a file as it was read, and by which plan.
type parsed struct {
	ingest.Result
	print   ingest.Fingerprint
	options Options // what was said, and what the plan says beside it
	plan    *Plan
	notes   []indicator.Problem // about the plan
}

// parse reads a file with what is said of it and, where that leaves something
// open, with what the office's plan for this shape says. A plan with which the
// file reads worse than without it is not used, and the person is told. A draft
// whose own file is read again has said all that is to be said: its plan adds
// nothing, so that an answer can be taken back.
func (s *Service) parse(ctx context.Context, actor account.User, name string, original []byte, again bool, o Options) (parsed, error) {
	limits := s.Limits
	limits.Bytes = s.maxBytes()
	read := func(a ingest.Answers) (ingest.Result, error) {
		return ingest.Parse(ctx, bytes.NewReader(original), name, ingest.Options{Catalog: s.Catalog(), Answers: a, Limits: limits})
	}
	p := parsed{options: o}
	var err error
	if s.Plans != nil {
		if p.print, err = ingest.FingerprintOf(ctx, original, name, ingest.Options{Catalog: s.Catalog(), Limits: limits}); err != nil {
			return p, err
		}
		asked := o
		if again {
			asked.Plan = ""
		}
		if p.plan, p.notes, err = s.planOf(ctx, actor, p.print, asked); err != nil {
			return p, err
		}
	}
	if p.plan == nil || again {
		p.Result, err = read(o.Answers)
		if p.plan != nil {
			p.tellPlan(p.plan.agreeing(o, s.Catalog()))
		}
		return p, err
	}
	with := p.plan.under(o)
	if p.Result, err = read(with.Answers); err != nil {
		return p, err
	}
	if indicator.HasErrors(p.Problems) {
		plain, err := read(o.Answers)
		if err != nil {
			return p, err
		}
		if !readsBetter(p.Result, plain) {
			p.notes = append(p.notes, planUnfit(*p.plan, firstError(p.Problems)))
			p.Result, p.plan = plain, nil
			return p, nil
		}
	}
	if len(o.Names) == 0 { // a plan may know more names than one file has
		p.Problems = slices.DeleteFunc(p.Problems, func(q indicator.Problem) bool { return q.Code == ingest.UnusedAnswer })
	}
	p.options = with
	p.tellPlan(p.plan.beyond(o, s.Catalog()))
	return p, nil
}

// tellPlan names the plan where it said something.
func (p *parsed) tellPlan(said []Said) {
	if len(said) > 0 {
		p.notes = append(p.notes, planUsed(*p.plan, said))
	}
}

// planOf is the plan that was asked for by name, or else the office's plan for
// files of this shape; nil where there is none.
func (s *Service) planOf(ctx context.Context, actor account.User, print ingest.Fingerprint, o Options) (*Plan, []indicator.Problem, error) {
	if o.Plan == NoPlan {
		return nil, nil, nil
	}
	plans, err := s.plansFor(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	var plan *Plan
	if o.Plan != "" {
		if plan = pick(plans, actor, o.Plan); plan == nil {
			return nil, []indicator.Problem{unknownPlan(plans, o.Plan)}, nil
		}
	} else if i := slices.IndexFunc(plans, func(p Plan) bool {
		return print.Shape != "" && p.Fingerprint.Shape == print.Shape && isOffice(&p, actor)
	}); i >= 0 {
		plan = &plans[i]
	}
	if plan != nil && plan.Answers.NamePlaces() && plan.Fingerprint.Places != print.Places {
		return nil, []indicator.Problem{planMoved(*plan)}, nil
	}
	return plan, nil, nil
}

// under is what a person says, completed by the plan.
func (p Plan) under(o Options) Options {
	o.Answers = o.Over(p.Answers)
	if o.Source == "" {
		o.Source = p.Source
	}
	if o.Stage == "" {
		o.Stage = p.Stage
	}
	return o
}

// beyond is what the plan says that the person did not.
func (p Plan) beyond(o Options, c *indicator.Catalog) []Said {
	said := o.saidOf(c)
	return slices.DeleteFunc(p.under(o).saidOf(c), func(s Said) bool { return slices.Contains(said, s) })
}

// agreeing is what the plan says and the person, too.
func (p Plan) agreeing(o Options, c *indicator.Catalog) []Said {
	said := o.saidOf(c)
	return slices.DeleteFunc(p.Said(c), func(s Said) bool { return !slices.Contains(said, s) })
}

func (o Options) saidOf(c *indicator.Catalog) []Said {
	return Plan{Answers: o.Answers, Source: o.Source, Stage: o.Stage}.Said(c)
}

// readsBetter: more readings, or as many with fewer errors.
func readsBetter(a, b ingest.Result) bool {
	if len(a.Cells) != len(b.Cells) {
		return len(a.Cells) > len(b.Cells)
	}
	return errorsIn(a.Problems) < errorsIn(b.Problems)
}

func errorsIn(problems []indicator.Problem) int {
	n := 0
	for _, p := range problems {
		if p.Severity == indicator.SeverityError {
			n++
		}
	}
	return n
}

func firstError(problems []indicator.Problem) indicator.Problem {
	return problems[slices.IndexFunc(problems, func(p indicator.Problem) bool { return p.Severity == indicator.SeverityError })]
}

// Comparison is a file beside the last one that was submitted or published under
// the same plan, as far as the person may see it.
type Comparison struct {
	Upload         string   `json:"upload"` // id of the last one
	Date           string   `json:"date"`   // of its submission, 2026-10-12
	Changed        int      `json:"changed"`
	New            int      `json:"new"`
	Missing        int      `json:"missing"` // readings that only the last one has
	MissingRegions []string `json:"missing_regions"`
}

// placeUnder names the plan that a file was read by, and compares it with the
// last one under it.
func (s *Service) placeUnder(ctx context.Context, actor account.User, p *Plan, u Upload, cells []ingest.Cell) (*PlanUsed, *Comparison, error) {
	if p == nil {
		return nil, nil, nil
	}
	used := &PlanUsed{p.ID, p.Name}
	if len(cells) == 0 {
		return used, nil, nil
	}
	compared, err := s.compareWithLast(ctx, actor, *p, u, cells)
	return used, compared, err
}

// compareWithLast is nil where there is no last one.
func (s *Service) compareWithLast(ctx context.Context, actor account.User, p Plan, u Upload, cells []ingest.Cell) (*Comparison, error) {
	for _, use := range p.Uses {
		last, err := s.Get(ctx, actor, use.Upload)
		switch {
		case KindOf(err) == NotFound:
			continue
		case err != nil:
			return nil, err
		case last.State == Draft || last.State == Rejected || last.State == Reverted, last.ContentSHA == u.ContentSHA:
			continue
		}
		c, err := s.Drafts.UploadContents(ctx, use.Upload)
		if err != nil {
			return nil, err
		}
		made := compareCells(cells, c.Cells)
		made.Upload, made.Date = last.ID, day(use.At)
		return &made, nil
	}
	return nil, nil
}

type cellKey struct {
	indicator, region string
	period            indicator.Period
}

func keyOf(c ingest.Cell) cellKey { return cellKey{c.Indicator, c.Region, c.Period} }

func compareCells(now, last []ingest.Cell) Comparison {
	made := Comparison{MissingRegions: []string{}}
	left, regions := make(map[cellKey]*ingest.Cell, len(last)), map[string]bool{}
	for i := range last {
		left[keyOf(last[i])] = &last[i]
		regions[last[i].Region] = true
	}
	for _, c := range now {
		delete(regions, c.Region)
		before := left[keyOf(c)]
		switch {
		case before == nil:
			made.New++
		case before.Value != c.Value || before.Status != c.Status:
			made.Changed++
		}
		delete(left, keyOf(c))
	}
	made.Missing = len(left)
	made.MissingRegions = append(made.MissingRegions, sortedKeys(regions)...)
	return made
}

// problem is the comparison in words.
func (m Comparison) problem(c *indicator.Catalog) indicator.Problem {
	zh := fmt.Sprintf("与上一个文件（%s 报送）相比：变动 %d 格，新增 %d 格", m.Date, m.Changed, m.New)
	en := fmt.Sprintf("Compared with the last file (submitted %s): cells changed %d, new %d", m.Date, m.Changed, m.New)
	if m.Missing > 0 {
		zh, en = zh+fmt.Sprintf("，少 %d 格", m.Missing), en+fmt.Sprintf(", missing %d", m.Missing)
	}
	if n := len(m.MissingRegions); n > 0 {
		word := "regions"
		if n == 1 {
			word = "region"
		}
		zh += fmt.Sprintf("，少 %d 个地区（%s）", n, shortNames(c, m.MissingRegions, indicator.ZH))
		en += fmt.Sprintf("; %d %s missing (%s)", n, word, shortNames(c, m.MissingRegions, indicator.EN))
	}
	return note("compared_with_last", zh+"。", en+".")
}
