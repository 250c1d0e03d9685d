package main

import (
	"fmt"
	"math"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
)

type stepJSON struct {
	Period string   `json:"period"`
	Actual *float64 `json:"actual,omitempty"`
	Mean   float64  `json:"mean"`
	Lower  float64  `json:"lower"`
	Upper  float64  `json:"upper"`
}

type methodJSON struct {
	Method string  `json:"method"`
	Weight float64 `json:"weight"`
}

type outlookJSON struct {
	Series    string       `json:"series"`
	Model     string       `json:"model"`
	Methods   []methodJSON `json:"methods"`
	From      string       `json:"from"`
	Unused    int          `json:"unused"`
	Breaks    []string     `json:"breaks"`
	Suspected []string     `json:"suspected_breaks"`
	Bridged   []string     `json:"bridged"`
	Steps     []stepJSON   `json:"steps"`
}

type forecastsJSON struct {
	Horizon   int           `json:"horizon"`
	Level     float64       `json:"level"`
	Forecasts []outlookJSON `json:"forecasts"`
}

func newOutlook(name string, f forecast.Forecast, freq frequency, actual []float64) outlookJSON {
	o := outlookJSON{Series: name, Model: f.Model, From: freq.period(f.From), Unused: f.Unused,
		Breaks: periods(f.Breaks, freq), Suspected: periods(f.Suspected, freq), Bridged: periods(f.Bridged, freq)}
	for _, s := range f.Shares {
		o.Methods = append(o.Methods, methodJSON{s.Method, s.Weight})
	}
	for k, s := range f.Steps {
		step := stepJSON{Period: freq.period(s.Time), Mean: s.Mean, Lower: s.Lower, Upper: s.Upper}
		if actual != nil {
			step.Actual = known(actual[k])
		}
		o.Steps = append(o.Steps, step)
	}
	return o
}

func (c *forecastCmd) forecastsJSON(file longFile, list []forecast.Forecast) forecastsJSON {
	out := forecastsJSON{Horizon: c.Horizon, Level: c.Level, Forecasts: []outlookJSON{}}
	for i, f := range list {
		out.Forecasts = append(out.Forecasts, newOutlook(file.names[i], f, file.freqs[i], nil))
	}
	return out
}

// scoreJSON has null for an average over nothing.
type scoreJSON struct {
	N        int      `json:"n"`
	SMAPE    *float64 `json:"smape"`
	MASE     *float64 `json:"mase"`
	MSIS     *float64 `json:"msis,omitempty"`
	Coverage *float64 `json:"coverage,omitempty"`
}

func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func newScore(s forecast.Score) scoreJSON {
	return scoreJSON{s.N, known(s.SMAPE), known(s.MASE), known(s.MSIS), known(s.Coverage)}
}

type methodScoreJSON struct {
	Method string   `json:"method"`
	SMAPE  *float64 `json:"smape"`
	MASE   *float64 `json:"mase"`
}

type trialJSON struct {
	outlookJSON
	Origin string            `json:"origin"`
	Score  scoreJSON         `json:"score"`
	Alone  []methodScoreJSON `json:"methods_alone"`
}

type reportJSON struct {
	Horizon int               `json:"horizon"`
	Level   float64           `json:"level"`
	Origins int               `json:"origins"`
	Overall scoreJSON         `json:"overall"`
	Steps   []scoreJSON       `json:"steps"`
	Alone   []methodScoreJSON `json:"methods_alone"`
	Skipped []string          `json:"skipped"`
	Series  []trialJSON       `json:"series"`
}

func alone(scores []forecast.Score) []methodScoreJSON {
	list := make([]methodScoreJSON, len(scores))
	for m, name := range forecast.Methods() {
		list[m] = methodScoreJSON{name, known(scores[m].SMAPE), known(scores[m].MASE)}
	}
	return list
}

func (c *forecastCmd) reportJSON(file longFile, r forecast.Report) reportJSON {
	out := reportJSON{Horizon: c.Horizon, Level: c.Level, Origins: c.Origins, Overall: newScore(r.Overall), Alone: alone(r.Methods),
		Skipped: []string{}, Series: []trialJSON{}}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, newScore(s))
	}
	for _, i := range r.Skipped {
		out.Skipped = append(out.Skipped, file.names[i])
	}
	for _, t := range r.Trials {
		freq := file.freqs[t.Series]
		out.Series = append(out.Series, trialJSON{newOutlook(file.names[t.Series], t.Forecast, freq, t.Actual),
			freq.period(t.Origin), newScore(t.Score), alone(t.Methods)})
	}
	return out
}

// printReport is the table for people; --format json holds every series.
func (c *forecastCmd) printReport(e *env, file longFile, r forecast.Report) {
	tested := len(file.series) - len(r.Skipped)
	if c.Origins == 1 {
		e.say("检验方法：留出每个序列最后 %d 期，用此前的数据预测（与 M 竞赛相同）。", "How: the last %d periods of every series were held out and forecast from what was there before, as the M competitions do.", c.Horizon)
	} else {
		e.say("检验方法：滚动起点。从 %[2]d 个起点各预测 %[1]d 期，起点每次提前一期，每次重新学习。", "How: a rolling origin. %[1]d periods were forecast from each of %[2]d origins, one period apart; everything was learned anew at each.", c.Horizon, c.Origins)
	}
	e.say("参加检验的序列 %d 个，过短而未检验的 %d 个；区间水平 %s%%。", "%d series, %d more too short; intervals of %s %%.", tested, len(r.Skipped), number(c.Level))
	say := func(zh, en string) string { return indicator.T(zh, en).In(e.lang) }
	row := func(name string, s forecast.Score, intervals bool) {
		fmt.Fprintf(e.out, "%s%*s %8s %8s", name, 20-columns(name), "", decimals(s.SMAPE, 2), decimals(s.MASE, 3))
		if intervals {
			fmt.Fprintf(e.out, " %8s %8s %8d", decimals(s.MSIS, 2), decimals(s.Coverage, 1), s.N)
		}
		fmt.Fprintln(e.out)
	}
	head := say("覆盖率%", "cover %")
	fmt.Fprintf(e.out, "\n%20s %8s %8s %8s %*s%s %8s\n", "", "sMAPE", "MASE", "MSIS", 8-columns(head), "", head, "n")
	row(say("全部", "all"), r.Overall, true)
	for k, s := range r.Steps {
		row(fmt.Sprintf(say("第 %d 期", "step %d"), k+1), s, true)
	}
	e.say("\n若只用一种方法：", "\nEach method alone:")
	for m, name := range forecast.Methods() {
		row(name, r.Methods[m], false)
	}
}

// decimals is a dash for an average over nothing.
func decimals(v float64, n int) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.*f", n, v)
}
