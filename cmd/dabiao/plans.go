package main

import (
	"encoding/json"
	"fmt"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

type plansCmd struct {
	List   planListCmd   `cmd:"" default:"withargs" help:"${plans_list}"`
	Rename planRenameCmd `cmd:"" help:"${plans_rename}"`
	Delete planDeleteCmd `cmd:"" help:"${plans_delete}"`
}

type planListCmd struct{ actor }

// Run lists the import plans.
func (c planListCmd) Run(e *env) error {
	user, r, err := c.enter(e)
	if err != nil {
		return err
	}
	defer r.close()
	plans, err := r.uploads.ListPlans(e.ctx, user)
	if err != nil {
		return err
	}
	if e.flags.JSON {
		items := make([]upload.PlanItem, len(plans))
		for i, p := range plans {
			items[i] = p.Item()
		}
		return json.NewEncoder(e.out).Encode(items)
	}
	for _, p := range plans {
		e.printPlan(r.settings.Catalog, p)
	}
	if len(plans) == 0 {
		e.say("还没有导入方案。导入文件时说明的内容，在提交后会记为方案，供下一个同样的文件使用。",
			"There are no import plans yet. What you say when you import a file is kept as one once it is submitted, for the next such file.")
	}
	return nil
}

func (e *env) printPlan(c *indicator.Catalog, p upload.Plan) {
	last := indicator.T("没有可查看的文件", "no file that you may see").In(e.lang)
	if len(p.Uses) > 0 {
		at := p.Uses[0].At.In(indicator.Shanghai).Format("2006-01-02 15:04")
		last = fmt.Sprintf(indicator.T("用过 %d 次，最近 %s", "uses: %d, last on %s").In(e.lang), len(p.Uses), at)
	}
	fmt.Fprintf(e.out, "%s\n  %s  %s\n", p.Name, p.ID, last)
	for _, said := range p.Said(c) {
		fmt.Fprintf(e.out, indicator.T("  %s：%s\n", "  %s: %s\n").In(e.lang), said.Name.In(e.lang), said.Value.In(e.lang))
	}
}

type planRenameCmd struct {
	Old string `arg:"" help:"${plan_name}"`
	New string `arg:"" help:"${plan_new}"`
	actor
}

// Run gives a plan another name.
func (c planRenameCmd) Run(e *env) error {
	return c.change(e, c.Old, func(r *rooms, user account.User, id string) (upload.Plan, error) {
		p, err := r.uploads.RenamePlan(e.ctx, user, id, c.New)
		if err == nil && !e.flags.JSON {
			e.say("“%s”已改名为“%s”。", "“%s” is now “%s”.", c.Old, p.Name)
		}
		return p, err
	})
}

type planDeleteCmd struct {
	Name string `arg:"" help:"${plan_name}"`
	actor
}

// Run takes a plan out of use.
func (c planDeleteCmd) Run(e *env) error {
	return c.change(e, c.Name, func(r *rooms, user account.User, id string) (upload.Plan, error) {
		p, err := r.uploads.DeletePlan(e.ctx, user, id)
		if err == nil && !e.flags.JSON {
			e.say("已删除导入方案“%s”。", "Deleted the import plan “%s”.", p.Name)
		}
		return p, err
	})
}

// enter opens the rooms for an actor.
func (a actor) enter(e *env) (account.User, *rooms, error) {
	user, err := a.user()
	if err != nil {
		return user, nil, err
	}
	r, err := e.open()
	return user, r, err
}

// change does something to the plan of that name.
func (a actor) change(e *env, name string, do func(*rooms, account.User, string) (upload.Plan, error)) error {
	user, r, err := a.enter(e)
	if err != nil {
		return err
	}
	defer r.close()
	p, err := r.uploads.FindPlan(e.ctx, user, name)
	if err != nil {
		return err
	}
	if p, err = do(r, user, p.ID); err == nil && e.flags.JSON {
		err = json.NewEncoder(e.out).Encode(p.Item())
	}
	return err
}
