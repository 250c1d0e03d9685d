package upload

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

// Plan is an import plan 导入方案: what was said of a file, kept for the next file
// of the same shape. It belongs to an office: to everybody with the same regions.
type Plan struct {
	ID          string
	Name        string   // of its own within the office
	Regions     []string // of the office, codes, sorted; empty: the whole country
	Fingerprint ingest.Fingerprint
	Answers     ingest.Answers
	Source      string // said of files that do not say it; empty: nothing
	Stage       string // the same
	Author      string // who gave the answers
	Created     time.Time
	Changed     time.Time // when the answers were given
	Deleted     time.Time // zero: it is in use
	Uses        []PlanUse // newest first
}

// PlanUse is a file that was submitted or published under a plan.
type PlanUse struct {
	Upload string // id
	At     time.Time
}

// What Plans answers.
var (
	ErrNoPlan    = errors.New("no such import plan")
	ErrPlanTaken = errors.New("the office has another plan of this name or shape")
)

// Plans keeps import plans. Every method is atomic, also between processes.
type Plans interface {
	// KeepPlan keeps what was said of an upload. Where the office has a plan of
	// p's shape, that plan takes p's places, answers, source, stage, author and
	// moment of change, and keeps its id, name and creation; else p is added, with
	// a number behind its name where the office has that name. The upload counts
	// as a use; for one that counts already nothing is changed.
	KeepPlan(ctx context.Context, p Plan, use PlanUse) (Plan, error)
	// Plans lists the plans that are not deleted, by name.
	Plans(ctx context.Context) ([]Plan, error)
	// UpdatePlan reads, changes and writes a plan, a deleted one too, in one
	// transaction, but for its uses; or says ErrNoPlan, or ErrPlanTaken. An error
	// of change leaves everything as it was and is returned as it is.
	UpdatePlan(ctx context.Context, id string, change func(*Plan) error) (Plan, error)
}

// ListPlans is every plan of the offices that the actor's regions cover, by name.
// Of its uses there are those whose uploads the actor may see.
func (s *Service) ListPlans(ctx context.Context, actor account.User) ([]Plan, error) {
	plans, err := s.plansFor(ctx, actor)
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	seen, err := s.List(ctx, actor, Filter{})
	if err != nil {
		return nil, err
	}
	visible := make(map[string]bool, len(seen))
	for _, u := range seen {
		visible[u.ID] = true
	}
	for i := range plans {
		plans[i].Uses = slices.DeleteFunc(plans[i].Uses, func(use PlanUse) bool { return !visible[use.Upload] })
	}
	return plans, nil
}

// plansFor are the plans that the actor may see, with all their uses.
func (s *Service) plansFor(ctx context.Context, actor account.User) ([]Plan, error) {
	rules := s.rules()
	if !rules.MayEver(actor, account.Stage) {
		return nil, forbidden(actor, account.Stage, rules, Upload{})
	}
	if s.Plans == nil {
		return nil, nil
	}
	plans, err := s.Plans.Plans(ctx)
	return slices.DeleteFunc(plans, func(p Plan) bool { return !covers(rules, actor, p) }), err
}

// covers reports whether the actor's regions hold those of the plan's office.
func covers(rules account.Rules, actor account.User, p Plan) bool {
	return len(actor.Regions) == 0 || len(p.Regions) > 0 && rules.Covers(actor, p.Regions)
}

// FindPlan is the plan of that id or name that the actor may see, one of the
// actor's own office before others.
func (s *Service) FindPlan(ctx context.Context, actor account.User, name string) (Plan, error) {
	plans, err := s.ListPlans(ctx, actor)
	if err != nil {
		return Plan{}, err
	}
	if p := pick(plans, actor, name); p != nil {
		return *p, nil
	}
	p := unknownPlan(plans, name)
	return Plan{}, &Error{Kind: NotFound, Message: p.Message}
}

func pick(plans []Plan, actor account.User, name string) *Plan {
	for _, own := range []bool{true, false} {
		for i := range plans {
			p := &plans[i]
			if (p.ID == name || p.Name == strings.TrimSpace(name)) && (!own || isOffice(p, actor)) {
				return p
			}
		}
	}
	return nil
}

// isOffice reports that the plan is of the actor's own office.
func isOffice(p *Plan, actor account.User) bool { return slices.Equal(p.Regions, office(actor)) }

// office is the regions of everybody who works with the actor.
func office(actor account.User) []string {
	regions := slices.Clone(actor.Regions)
	slices.Sort(regions)
	return slices.Compact(regions)
}

// RenamePlan gives a plan another name.
func (s *Service) RenamePlan(ctx context.Context, actor account.User, id, name string) (Plan, error) {
	name, problems := cleanText(name, maxPlanName, "bad_name", indicator.T("名称", "name"))
	switch {
	case len(problems) > 0:
		return Plan{}, &Error{Kind: Invalid, Message: problems[0].Message, Problems: problems}
	case name == "" || strings.EqualFold(name, NoPlan):
		return Plan{}, badPlanName()
	}
	return s.changePlan(ctx, actor, id, func(p *Plan) { p.Name = name })
}

// DeletePlan takes a plan out of use; RestorePlan brings it back.
func (s *Service) DeletePlan(ctx context.Context, actor account.User, id string) (Plan, error) {
	return s.changePlan(ctx, actor, id, func(p *Plan) {
		if p.Deleted.IsZero() {
			p.Deleted = moment(s.Now())
		}
	})
}

// RestorePlan undoes DeletePlan, unless the office has another plan of that name
// or shape by now.
func (s *Service) RestorePlan(ctx context.Context, actor account.User, id string) (Plan, error) {
	return s.changePlan(ctx, actor, id, func(p *Plan) { p.Deleted = time.Time{} })
}

func (s *Service) changePlan(ctx context.Context, actor account.User, id string, change func(*Plan)) (Plan, error) {
	rules := s.rules()
	switch {
	case !rules.MayEver(actor, account.Stage):
		return Plan{}, forbidden(actor, account.Stage, rules, Upload{})
	case s.Plans == nil:
		return Plan{}, noPlan()
	}
	p, err := s.Plans.UpdatePlan(ctx, id, func(p *Plan) error {
		if !covers(rules, actor, *p) {
			return ErrNoPlan
		}
		change(p)
		return nil
	})
	switch {
	case errors.Is(err, ErrNoPlan):
		return Plan{}, noPlan()
	case errors.Is(err, ErrPlanTaken):
		return Plan{}, planTaken()
	}
	return p, err
}

// keepPlan keeps what an author said of an upload that is submitted or published.
// Of the region it keeps nothing but the office's only one: the next file of that
// shape may well be about another.
func (s *Service) keepPlan(ctx context.Context, actor account.User, u Upload, c Contents) error {
	if s.Plans == nil || c.Fingerprint.Shape == "" || !slices.Contains(u.Authors, actor.Name) {
		return nil
	}
	answers := c.Answers.ForOthers()
	if len(actor.Regions) != 1 || c.Understood.Region != actor.Regions[0] {
		answers.Region = ""
	}
	if answers.IsZero() {
		return nil
	}
	now := moment(s.Now())
	p := Plan{ID: s.NewID(), Name: planName(c.Understood, u.File), Regions: office(actor), Fingerprint: c.Fingerprint,
		Answers: answers, Stage: u.Stage, Author: actor.Name, Created: now, Changed: now}
	if !strings.ContainsFunc(u.Source, unicode.IsDigit) { // 2024年公报 is the source of one file only
		p.Source = u.Source
	}
	_, err := s.Plans.KeepPlan(ctx, p, PlanUse{u.ID, now})
	return err
}
