package web

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
)

// apiForecast is the forecast of one indicator in one region. Without one, reason
// says why and steps are empty.
type apiForecast struct {
	Indicator string              `json:"indicator"`
	Region    string              `json:"region"`
	Unit      string              `json:"unit"`
	Level     float64             `json:"level"`
	Reason    dashboard.NoOutlook `json:"reason"`
	Last      *indicator.Period   `json:"last"` // null without a reading
	From      *indicator.Period   `json:"from"` // null where nothing was used
	Readings  int                 `json:"readings"`
	Series    int                 `json:"series"`
	Model     string              `json:"model"`
	Methods   []apiWeight         `json:"methods"`
	Breaks    []int               `json:"breaks"`
	Suspected []int               `json:"suspected_breaks"`
	Bridged   []int               `json:"bridged"`
	Steps     []apiStep           `json:"steps"`
	Backtest  *apiBacktest        `json:"backtest"` // null where not asked for, or too few readings
}

type apiWeight struct {
	Method string  `json:"method"`
	Weight float64 `json:"weight"`
}

type apiStep struct {
	Period indicator.Period `json:"period"`
	Mean   float64          `json:"mean"`
	Lower  float64          `json:"lower"`
	Upper  float64          `json:"upper"`
}

func newForecast(o *dashboard.Outlook, unit string, level float64, horizon int) apiForecast {
	f := apiForecast{Indicator: o.Indicator, Region: o.Region, Unit: unit, Level: level, Reason: o.None,
		Last: yearOrNone(o.Last), From: yearOrNone(o.From), Readings: o.Used, Series: o.Pool, Model: o.Model, Methods: []apiWeight{},
		Breaks: orEmpty(o.Breaks), Suspected: orEmpty(o.Suspected), Bridged: orEmpty(o.Bridged), Steps: []apiStep{}}
	for _, m := range o.Methods {
		f.Methods = append(f.Methods, apiWeight{m.Method, m.Weight})
	}
	for n, s := range o.Steps {
		if horizon > 0 && n == horizon {
			break
		}
		lower, upper := s.Interval(level)
		f.Steps = append(f.Steps, apiStep{indicator.Year(s.Year), s.Mean, lower, upper})
	}
	return f
}

func yearOrNone(year int) *indicator.Period {
	if year == 0 {
		return nil
	}
	p := indicator.Year(year)
	return &p
}

// forecastsQuery is what an address asks of the forecasts.
type forecastsQuery struct {
	indicators, regions []string
	level               float64
	horizon, limit      int // 0: all
	backtest            bool
	format              string
	bom                 bool
}

func readForecastsQuery(q *apiQuery, m moment) forecastsQuery {
	return forecastsQuery{indicators: q.indicators(m.catalog), regions: q.regions("region", m.catalog),
		level: q.level(), horizon: q.count("horizon"), limit: q.limit(),
		backtest: q.choice("backtest", "true", "false") == "true",
		format:   q.choice("format", formatJSON, formatCSV), bom: q.choice("bom", "true", "false") == "true"}
}

// level is of an interval, per cent.
func (q *apiQuery) level() float64 {
	value := q.one("level")
	if value == "" {
		return dashboard.OuterLevel
	}
	level, err := strconv.ParseFloat(value, 64)
	if err != nil || !(level > 0 && level < 100) {
		q.fail(badParameter("level", indicator.T(
			"参数 level 应为大于 0、小于 100 的数，收到的是“"+value+"”。",
			"The parameter level must be a number above 0 and below 100; got “"+value+"”."), err))
	}
	return level
}

// apiForecasts gives the forecasts that the parameters select.
func (s *Server) apiForecasts(c echo.Context) error {
	q, m, err := s.catalogQuery(c, "indicator", "region", "level", "horizon", "backtest", "format", "bom", paramAsOfPeriod, "limit")
	if err != nil {
		return err
	}
	asked := readForecastsQuery(q, m)
	if err := q.err(); err != nil {
		return err
	}
	if s.unchanged(c, m) {
		return c.NoContent(http.StatusNotModified)
	}
	items, err := s.forecasts(c.Request().Context(), m, asked)
	if err != nil {
		return err
	}
	if asked.format == formatCSV {
		setFileName(c, "forecasts.csv")
		return s.stream(c, mimeCSV, func(w io.Writer) error { return writeForecasts(w, items, asked.bom) })
	}
	return c.JSON(http.StatusOK, listAnswer[apiForecast]{items, m.stamp(c)})
}

// forecasts are in the order of the catalogue. A region that is not asked for by
// its code and has no reading is left out.
func (s *Server) forecasts(ctx context.Context, m moment, asked forecastsQuery) ([]apiForecast, error) {
	items := []apiForecast{}
	for _, i := range m.catalog.Indicators {
		if !wanted(asked.indicators, i.Code) {
			continue
		}
		for _, r := range m.catalog.Regions {
			if !wanted(asked.regions, r.Code) {
				continue
			}
			if asked.limit > 0 && len(items) == asked.limit {
				return items, nil
			}
			outlook, err := s.outlooks.Of(ctx, m.snap, m.catalog, i.Code, r.Code, m.period)
			if err != nil {
				return nil, err
			}
			if outlook.Last == 0 && len(asked.regions) == 0 {
				continue
			}
			item := newForecast(outlook, i.Unit, asked.level, asked.horizon)
			if asked.backtest {
				trials, err := s.outlooks.Trials(ctx, m.snap, m.catalog, i.Code, r.Code, m.period)
				if err != nil {
					return nil, err
				}
				item.Backtest = newBacktest(trials)
			}
			items = append(items, item)
		}
	}
	return items, nil
}

// writeForecasts writes a row a year; series without a forecast have none.
func writeForecasts(w io.Writer, items []apiForecast, bom bool) error {
	if bom {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	table := csv.NewWriter(w)
	if err := table.Write([]string{"indicator", "region", "period", "mean", "lower", "upper", "unit", "level", "model"}); err != nil {
		return err
	}
	for _, f := range items {
		for _, s := range f.Steps {
			if err := table.Write([]string{export.Text(f.Indicator), export.Text(f.Region), s.Period.String(), export.Number(s.Mean),
				export.Number(s.Lower), export.Number(s.Upper), export.Text(f.Unit), export.Number(f.Level), export.Text(f.Model)}); err != nil {
				return err
			}
		}
	}
	table.Flush()
	return table.Error()
}
