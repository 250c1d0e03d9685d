package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// ownFiles assess an analyst's own targets and readings, without a catalogue
// and without a data directory.
type ownFiles struct {
	Targets string `placeholder:"FILE" help:"${assess_targets}"`
	Data    string `placeholder:"FILE" help:"${assess_data}"`
}

func (o ownFiles) given() bool { return o.Targets != "" || o.Data != "" }

// assessFiles is every target of the file in each of its regions, by each method.
func (c *assessCmd) assessFiles(e *env) ([]dashboard.Assessed, error) {
	if c.Targets == "" || c.Data == "" {
		return nil, usageError{indicator.T("--targets 和 --data 须一起使用", "--targets and --data go together")}
	}
	if len(c.Target)+len(c.Region) > 0 || c.Catalogue+c.AsOf+c.Version != "" {
		return nil, usageError{indicator.T("--targets 和 --data 不用目录和账本，不能与 --target、--region、--catalogue、--as-of、--ledger-version 一起使用",
			"--targets and --data know no catalogue and no ledger: leave --target, --region, --catalogue, --as-of and --ledger-version out")}
	}
	content, err := readInput(e, c.Targets)
	if err != nil {
		return nil, err
	}
	targets, faults := readTargets(content)
	if content, err = readInput(e, c.Data); err != nil {
		return nil, err
	}
	readings, faultsOfData := readReadings(content)
	if len(faults)+len(faultsOfData) == 0 {
		faults = sharedBaselines(targets, readings)
	}
	if len(faults)+len(faultsOfData) > 0 {
		e.printRowFaults(c.Targets, faults)
		e.printRowFaults(c.Data, faultsOfData)
		return nil, errFaults
	}
	return c.verdicts(e, targets, readings)
}

// verdicts are in the order of the targets, and of the regions in the readings.
func (c *assessCmd) verdicts(e *env, targets []fileTarget, readings fileReadings) ([]dashboard.Assessed, error) {
	var period indicator.Period
	if err := period.UnmarshalText([]byte(c.AsOfPeriod)); err != nil {
		return nil, wrongFlag("--as-of-period", c.AsOfPeriod, "2024")
	}
	var list []dashboard.Assessed
	for _, t := range targets {
		for _, region := range t.regions(readings) {
			target := t.Target
			target.Region = region
			in := assess.Input{Target: &target, Indicator: plainIndicator(&target, readings), Region: region,
				Series: readings.of(t.Indicator, region), AsOf: e.now(), AsOfPeriod: period}
			for _, method := range c.methods() {
				verdict, err := assess.Run(method, in)
				if err != nil {
					return nil, c.wrongMethod()
				}
				list = append(list, dashboard.Assessed{Assessment: verdict, Input: in})
			}
		}
	}
	return list, nil
}

// regions of a target: its own, else all that have readings of the indicator.
func (t *fileTarget) regions(readings fileReadings) []string {
	if all := readings.regions[t.Indicator]; t.Region == "" && len(all) > 0 && t.Kind != indicator.StatedOnly {
		return all
	}
	return []string{t.Region}
}

// sharedBaselines are stated values that would be the baseline of several regions.
func sharedBaselines(targets []fileTarget, readings fileReadings) []indicator.Problem {
	var faults rowReader
	for _, t := range targets {
		if t.Baseline != nil && t.Baseline.Value != nil && len(t.regions(readings)) > 1 {
			faults.line = t.line
			faults.fault("shared_baseline", "写明数值的基期只属于一个地区，请填写 region 列", "a baseline with its value belongs to one region, name it in the column region")
		}
	}
	return faults.problems
}

// plainIndicator is what the sentences need of an indicator that nobody
// described: its code for a name, no unit, the decimals of its values. Nothing
// in it enters a verdict.
func plainIndicator(t *indicator.Target, readings fileReadings) *indicator.Indicator {
	if t.Indicator == "" {
		return nil
	}
	var values []float64
	for _, p := range readings.of(t.Indicator, t.Region).Points {
		values = append(values, p.Value)
	}
	if t.Value != nil && t.Kind != indicator.Grow {
		values = append(values, *t.Value)
	}
	name := "“" + visible(t.Indicator) + "”"
	return &indicator.Indicator{Code: t.Indicator, Name: indicator.T(name, name), Unit: "1", Decimals: placesOf(values)}
}

// methods are the names asked for: all means the newest version of each.
func (c *assessCmd) methods() []string {
	if c.Method != allMethods {
		return []string{c.Method}
	}
	var names []string
	for _, m := range assess.Methods() {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

const allMethods = "all"

func (c *assessCmd) wrongMethod() error {
	return wrongFlag("--method", c.Method, "pace")
}

// print gives the verdicts as JSON or CSV for programs, else in sentences.
func (c *assessCmd) print(e *env, list []dashboard.Assessed, name func(region string) string) error {
	if e.flags.JSON || c.CSV {
		items := make([]export.Assessment, len(list))
		for i, a := range list {
			items[i] = export.NewAssessment(a.Assessment)
		}
		if c.CSV {
			return export.WriteAssessments(e.out, items, false)
		}
		return json.NewEncoder(e.out).Encode(items)
	}
	for _, a := range list {
		look := assess.StatusLook(a.Status)
		fmt.Fprintf(e.out, "%s %s  %s  %s", look.Symbol, assess.StatusName(a.Status).In(e.lang), name(a.Region), visible(a.Target))
		if c.Method == allMethods {
			fmt.Fprintf(e.out, "  %s@%d", a.Method, a.Version)
		}
		fmt.Fprintf(e.out, "\n    %s\n", assess.Sentence(a.Assessment, a.Input).In(e.lang))
	}
	if len(list) == 0 {
		e.say("没有符合条件的目标。", "No target fits.")
	}
	return nil
}
