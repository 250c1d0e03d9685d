package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/warning"
)

type warningsCmd struct {
	Region string `placeholder:"CODE" help:"${warnings_region}"`
	moment
}

// Run lists the warnings, acknowledged ones too.
func (c *warningsCmd) Run(e *env) error {
	r, err := e.openToRead()
	if err != nil {
		return err
	}
	defer r.close()
	catalog := r.settings.Catalog
	if c.Region != "" && catalog.Region(c.Region) == nil {
		return r.unknown(&dashboard.UnknownError{Parameter: "region", Value: c.Region})
	}
	snap, err := c.snapshot(e, r)
	if err != nil {
		return err
	}
	warner := dashboard.NewWarner(r.settings.Warnings, r.settings.Checks, dashboard.NewOutlooks())
	found, err := warner.Of(e.ctx, snap, catalog, indicator.Period{}, e.now())
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(slices.Clone(found), func(w warning.Warning) bool { return c.Region != "" && w.Region != c.Region })
	notes, err := warning.NotesOn(e.ctx, r.store, list)
	if err != nil {
		return err
	}
	told := make([]export.Warning, len(list))
	for i, w := range list {
		told[i] = export.NewWarning(w, notes[w.Key], e.lang)
	}
	if e.flags.JSON {
		return json.NewEncoder(e.out).Encode(told)
	}
	for _, w := range told {
		state := ""
		if !w.Open {
			state = indicator.T("（已处置）", " (acknowledged)").In(e.lang)
		}
		fmt.Fprintf(e.out, "%s %s  %s  %s  %s%s\n", w.Severity.Symbol(), w.Severity.Name().In(e.lang), w.Rule.Name().In(e.lang),
			regionName(catalog, w.Region).In(e.lang), w.Targets[0], state)
		fmt.Fprintln(e.out, wrap("    "+w.Message, screenWidth, 4))
	}
	if len(told) == 0 {
		e.say("没有预警。", "There are no warnings.")
	}
	return nil
}
