package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// historyPage shows every vintage of one reading.
func (s *Server) historyPage(c echo.Context) error {
	key := indicator.Key{Indicator: param(c, "code"), Region: strings.TrimSpace(c.QueryParam("region"))}
	period := strings.TrimSpace(c.QueryParam("period"))
	var err error
	if key.Period, err = indicator.ParsePeriod(period); err != nil {
		return badParameter("period", indicator.T(
			"地址中要写明报告期 period，写作 2023、2023-Q4、2023-12 或 2023-01/P9M，收到的是“"+period+"”。从数据表中点一个数值即可到达。",
			"The address must name the period, written 2023, 2023-Q4, 2023-12 or 2023-01/P9M; got “"+period+"”. Any figure of a data table leads here."), err)
	}
	m, err := s.momentOf(c)
	if err != nil {
		return err
	}
	view, err := dashboard.History(c.Request().Context(), m.snap, m.catalog, key, s.config.Now())
	if err != nil {
		return s.unknown(err, m.catalog)
	}
	return s.showView(c, m, view, s.presenter(c), nil, nil)
}
