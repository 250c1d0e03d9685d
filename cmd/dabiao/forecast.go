package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// forecasting is the phase that the bar names.
const forecasting ledger.Phase = "forecasting"

type forecastCmd struct {
	File     string   `arg:""                           help:"${forecast_file}"`
	Horizon  int      `default:"6"                      help:"${forecast_horizon}"`
	Level    float64  `default:"95"                     help:"${forecast_level}"`
	Min      *float64 `placeholder:"VALUE"              help:"${forecast_min}"`
	Max      *float64 `placeholder:"VALUE"              help:"${forecast_max}"`
	Format   string   `default:"csv" enum:"csv,json"    help:"${forecast_format}"`
	Backtest bool     `                                 help:"${forecast_backtest}"`
	Origins  int      `default:"1"                      help:"${forecast_origins}"`
}

// Run forecasts every series of a file, or holds its own forecasts against it.
func (c *forecastCmd) Run(e *env) error {
	limits, err := c.check()
	if err != nil {
		return err
	}
	content, err := readInput(e, c.File)
	if err != nil {
		return err
	}
	file, problems := readLong(content, limits)
	if len(problems) > 0 {
		e.printRowFaults(c.File, problems)
		return errFaults
	}
	progress := newBar(e)
	options := forecast.Options{Horizon: c.Horizon, Level: c.Level}
	if isTerminal(e.err) {
		options.Progress = func(done, total int) { progress.tell(forecasting, done, total) }
	}
	asJSON := c.Format == "json" || e.flags.JSON
	if c.Backtest {
		report, err := forecast.Backtest(e.ctx, file.series, options, c.Origins)
		progress.end()
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(e.out).Encode(c.reportJSON(file, report))
		}
		c.printReport(e, file, report)
		return nil
	}
	list, err := forecast.All(e.ctx, file.series, options)
	progress.end()
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(e.out).Encode(c.forecastsJSON(file, list))
	}
	return writeForecasts(e.out, file, list)
}

func (c *forecastCmd) check() (forecast.Range, error) {
	var none forecast.Range
	switch {
	case c.Horizon < 1 || c.Horizon > forecast.MaxHorizon:
		return none, usageError{indicator.T(fmt.Sprintf("--horizon 须为 1 至 %d，现在是 %d", forecast.MaxHorizon, c.Horizon),
			fmt.Sprintf("--horizon must be from 1 to %d; it is %d", forecast.MaxHorizon, c.Horizon))}
	case !(c.Level > 0 && c.Level < 100):
		return none, usageError{indicator.T("--level 须大于 0、小于 100，现在是 "+number(c.Level),
			"--level must be above 0 and below 100; it is "+number(c.Level))}
	case c.Origins < 1:
		return none, usageError{indicator.T(fmt.Sprintf("--origins 须为 1 或更大，现在是 %d", c.Origins),
			fmt.Sprintf("--origins must be 1 or more; it is %d", c.Origins))}
	case c.Min == nil && c.Max == nil:
		return none, nil
	}
	limits := forecast.Range{Min: math.Inf(-1), Max: math.Inf(1)}
	if c.Min != nil {
		limits.Min = *c.Min
	}
	if c.Max != nil {
		limits.Max = *c.Max
	}
	if !(limits.Min < limits.Max) {
		return none, usageError{indicator.T("--min 须小于 --max", "--min must be less than --max")}
	}
	return limits, nil
}

// number writes eight significant digits, never with an exponent.
func number(v float64) string {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 7, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func writeForecasts(out io.Writer, file longFile, list []forecast.Forecast) error {
	w := csv.NewWriter(out)
	_ = w.Write([]string{"series", "period", "mean", "lower", "upper", "model"}) // Error tells
	for i, f := range list {
		model := f.Model + basis(f, file.freqs[i])
		for _, s := range f.Steps {
			_ = w.Write([]string{file.names[i], file.freqs[i].period(s.Time), number(s.Mean), number(s.Lower), number(s.Upper), model})
		}
	}
	w.Flush()
	return w.Error()
}

// basis says what of the history a forecast rests on, where that is not all of it.
func basis(f forecast.Forecast, freq frequency) string {
	text := ""
	if f.Unused > 0 {
		text += "; from " + freq.period(f.From)
	}
	if len(f.Suspected) > 0 {
		text += " (suspected break)"
	}
	if len(f.Bridged) > 0 {
		text += "; bridged " + strings.Join(periods(f.Bridged, freq), " ")
	}
	return text
}

func periods(times []int, freq frequency) []string {
	list := make([]string, len(times))
	for i, t := range times {
		list[i] = freq.period(t)
	}
	return list
}
