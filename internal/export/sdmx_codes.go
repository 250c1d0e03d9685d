package export

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dabiao/dabiao/internal/indicator"
)

// component is one column of an SDMX-CSV file. The values of one that is not
// coded are their own names.
type component struct {
	id    string
	name  indicator.Text
	coded bool
	of    func(Row) code
}

// sdmxComponents are dimensions, measure and attributes, in this order.
func sdmxComponents(c *indicator.Catalog, vintages bool) []component {
	plain := func(id string) code { return code{id: id} }
	unitOf := func(r Row) string {
		if i := c.Indicator(r.Indicator); i != nil {
			return i.Unit
		}
		return ""
	}
	list := []component{
		{"FREQ", indicator.T("频率", "Frequency"), true, func(r Row) code { return sdmxFreq(r.Period.Freq()) }},
		{"REF_AREA", indicator.T("地区", "Reference area"), true, func(r Row) code { return regionCode(c, r.Region) }},
		{"INDICATOR", indicator.T("指标", "Indicator"), true, func(r Row) code { return indicatorCode(c, r.Indicator) }},
	}
	if vintages {
		list = append(list, component{"VINTAGE", indicator.T("数据版本", "Vintage"), false, func(r Row) code { return plain(Text(r.Upload)) }})
	}
	list = append(list,
		component{"TIME_PERIOD", indicator.T("报告期", "Time period"), false, func(r Row) code {
			return code{sdmxPeriod(r.Period), indicator.T(r.Period.Label(indicator.ZH), r.Period.Label(indicator.EN))}
		}},
		component{"OBS_VALUE", indicator.T("数值", "Observation value"), false, func(r Row) code {
			if !r.Status.HasValue() {
				return code{}
			}
			return plain(Number(r.Value))
		}},
		component{"OBS_STATUS", indicator.T("数据状态", "Observation status"), true, func(r Row) code {
			return code{string(r.Status), indicator.StatusName(r.Status)}
		}},
		component{"UNIT_MEASURE", indicator.T("计量单位", "Unit of measure"), true, func(r Row) code {
			measure, _ := sdmxUnit(unitOf(r))
			return measure
		}},
		component{"UNIT_MULT", indicator.T("单位乘数", "Unit multiplier"), true, func(r Row) code {
			_, multiplier := sdmxUnit(unitOf(r))
			return multiplier
		}},
	)
	if vintages {
		list = append(list, component{"RELEASED", indicator.T("公布时间", "Released"), false, func(r Row) code { return plain(moment(r.Released)) }})
	}
	return list
}

func regionCode(c *indicator.Catalog, region string) code {
	if r := c.Region(region); r != nil {
		return code{region, r.Name}
	}
	return code{id: region}
}

func indicatorCode(c *indicator.Catalog, of string) code {
	if i := c.Indicator(of); i != nil {
		return code{of, i.Name}
	}
	return code{id: of}
}

// sdmxFreq is the frequency in the code list CL_FREQ. Year-to-date figures have
// none there; taken for yearly ones they would mingle with the whole years.
func sdmxFreq(f indicator.Freq) code {
	switch f {
	case indicator.Annual:
		return code{"A", indicator.T("年", "Annual")}
	case indicator.Quarterly:
		return code{"Q", indicator.T("季", "Quarterly")}
	case indicator.Monthly:
		return code{"M", indicator.T("月", "Monthly")}
	}
	return code{"_O", indicator.T("其他（年初累计）", "Other (year to date)")}
}

// sdmxPeriod is the period as SDMX writes it: year to date is a time range, whose
// start is a day.
func sdmxPeriod(p indicator.Period) string {
	switch p.Freq() {
	case indicator.Annual, indicator.Quarterly, indicator.Monthly:
		return p.String()
	}
	return p.Start().Format("2006-01-02") + "/" + string(p.Freq())
}

// measures are the codes of the dimensions' base units: the cross-domain ones
// where there are such (CNY of ISO 4217; PT and NUMBER as in the global structure
// of the SDG indicators).
var measures = map[string]code{
	"money":            {"CNY", indicator.T("人民币元", "Yuan renminbi")},
	"ratio":            {"RATIO", indicator.T("比例", "Ratio")},
	"points":           {"PT_POINTS", indicator.T("百分点", "Percentage points")},
	"count":            {"NUMBER", indicator.T("个数", "Number")},
	"labour":           {"PERSON_YEARS", indicator.T("人年", "Person-years")},
	"energy intensity": {"TCE_10K_CNY", indicator.T("吨标准煤/万元", "Tonnes of coal equivalent per 10,000 yuan")},
	"mass":             {"TONNES", indicator.T("吨", "Tonnes")},
	"index":            {"INDEX", indicator.T("指数", "Index")},
}

// sdmxUnit is a unit as code of the base unit and power of ten. A unit that is
// not known stands there as it is.
func sdmxUnit(unit string) (measure, multiplier code) {
	u, known := indicator.FindUnit(unit)
	measure, listed := measures[u.Dimension]
	switch {
	case unit == "":
		return code{}, code{}
	case u.Code == "%":
		return code{"PT", indicator.T("百分比", "Percentage")}, powerOfTen(0)
	case !known || !listed:
		return code{id: unit}, powerOfTen(0)
	}
	return measure, powerOfTen(int(math.Round(math.Log10(u.Factor))))
}

func powerOfTen(n int) code {
	names := map[int]indicator.Text{
		0: indicator.T("个", "Units"), 3: indicator.T("千", "Thousands"), 4: indicator.T("万", "Ten thousands"),
		6: indicator.T("百万", "Millions"), 8: indicator.T("亿", "Hundred millions"),
	}
	name, ok := names[n]
	if !ok {
		name = indicator.T(fmt.Sprintf("10的%d次方", n), fmt.Sprintf("10 to the power of %d", n))
	}
	return code{strconv.Itoa(n), name}
}
