package warning

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// regionName is a region as tables write it.
func (x *exam) regionName(code string) indicator.Text {
	if r := x.Catalog.Region(code); r != nil {
		return r.Short
	}
	return indicator.T(code, code)
}

// subject is region, period and indicator: what a sentence is about.
func (x *exam) subject(region string, p indicator.Period) indicator.Text {
	r, name := x.regionName(region), x.Indicator.Name
	return indicator.T(r.ZH+p.Label(indicator.ZH)+"“"+name.ZH+"”", r.EN+", "+p.Label(indicator.EN)+", "+name.EN)
}

// number is a value as written, never shortened to nothing.
func (x *exam) number(v float64) string {
	decimals := x.Indicator.Decimals
	if a := math.Abs(v); a > 0 && a < math.Pow(10, -float64(decimals))*10 {
		decimals = int(math.Ceil(-math.Log10(a))) + 2
	}
	return indicator.FormatNumber(v, decimals)
}

func (x *exam) withUnit(v float64) indicator.Text {
	n, unit := x.number(v), x.Indicator.Unit
	en := indicator.UnitName(unit, indicator.EN)
	if en != "" && en[0] <= '9' && en[0] >= '0' { // 100 million yuan
		en = "(" + en + ")"
	}
	return indicator.T(n+" "+indicator.UnitName(unit, indicator.ZH), n+" "+en)
}

// percent is a share as percentage, with its sign.
func percent(share float64) string {
	sign := "+"
	if share < 0 {
		sign = ""
	}
	return sign + indicator.FormatNumber(share*100, 1) + "%"
}

// moved is a change in words: +12.0%, or +1.20 for ratios.
func (x *exam) moved(from, to float64) string {
	if x.scale.log && from > 0 {
		return percent(to/from - 1)
	}
	sign := "+"
	if to < from {
		sign = ""
	}
	return sign + x.number(to-from)
}

func (x *exam) historyText(region string, from, p Point, expected, z float64) indicator.Text {
	s, v := x.subject(region, p.Period), x.withUnit(p.Value)
	return indicator.T(
		fmt.Sprintf("%s为 %s，与该地区自身的变化不符：%s为 %s，按以往的变化约为 %s（稳健 z 值 %.1f，界限 %g）。请核对。",
			s.ZH, v.ZH, from.Period.Label(indicator.ZH), x.number(from.Value), x.number(expected), z, x.OutlierHistory.Z),
		fmt.Sprintf("%s is %s, unlike the region's own history: %s was %s, and its usual change leads to about %s (robust z %.1f, limit %g). Check it.",
			s.EN, v.EN, from.Period.Label(indicator.EN), x.number(from.Value), x.number(expected), z, x.OutlierHistory.Z))
}

func (x *exam) stepText(period indicator.Period, regions, judged int, step float64) indicator.Text {
	size := x.number(step)
	if x.scale.log {
		size = percent(math.Expm1(step))
	}
	return indicator.T(
		fmt.Sprintf("“%s”%s有 %d 个地区（可比 %d 个）同时偏离以往的变化，中位数为 %s：可能是口径变化。请核对；如口径中断，把该期数据状态标为 B。",
			x.Indicator.Name.ZH, period.Label(indicator.ZH), regions, judged, size),
		fmt.Sprintf("%s, %s: %d of %d regions leave their usual change at once, by %s at the median, as after a new definition. Check it; if the series breaks, give these readings the status B.",
			x.Indicator.Name.EN, period.Label(indicator.EN), regions, judged, size))
}

func (x *exam) regionsText(region string, from, p Point, middle float64) indicator.Text {
	s, v := x.subject(region, p.Period), x.withUnit(p.Value)
	return indicator.T(
		fmt.Sprintf("%s为 %s，比%s变动 %s，而其他地区的中位数为 %s，按此约为 %s。请核对。",
			s.ZH, v.ZH, from.Period.Label(indicator.ZH), x.moved(from.Value, p.Value), percent(middle-1), x.number(from.Value*middle)),
		fmt.Sprintf("%s is %s, %s from %s, while the other regions moved by %s at the median, which would lead to about %s. Check it.",
			s.EN, v.EN, x.moved(from.Value, p.Value), from.Period.Label(indicator.EN), percent(middle-1), x.number(from.Value*middle)))
}

func (x *exam) unitText(region string, p Point, m shift, count int) indicator.Text {
	s, v := x.subject(region, p.Period), x.withUnit(p.Value)
	zh, en := fmt.Sprintf("%s数值 %s", m.other.Period.Label(indicator.ZH), x.number(m.other.Value)),
		fmt.Sprintf("the %s of %s", x.number(m.other.Value), m.other.Period.Label(indicator.EN))
	times := powerText(m.n)
	switch {
	case m.peers:
		zh, en = "与其他地区相差悬殊（最接近的为 "+x.number(m.other.Value)+"）", "far from all other regions, of which the nearest has "+x.number(m.other.Value)
	case p.Revised && m.other.Period == p.Period:
		zh, en = "约为已发布数值 "+x.number(m.other.Value)+" 的 "+times.ZH, "about "+times.EN+" the published "+x.number(m.other.Value)
	default:
		zh, en = "约为"+zh+" 的 "+times.ZH, "about "+times.EN+" "+en
	}
	all := indicator.Text{}
	if count > 1 {
		all = indicator.T(fmt.Sprintf("共 %d 个数值如此，首个是", count), fmt.Sprintf("%d values are so; the first: ", count))
	}
	guess := indicator.T("单位或小数点可能有误", "unit or decimal point may be wrong")
	if m.unit != "" {
		guess = indicator.T("看起来是"+indicator.UnitName(m.unit, indicator.ZH), "these look like "+indicator.UnitName(m.unit, indicator.EN))
	}
	return indicator.T(
		fmt.Sprintf("%s%s为 %s，%s：%s。请核对单位（--unit）。", all.ZH, s.ZH, v.ZH, zh, guess.ZH),
		fmt.Sprintf("%s%s is %s, %s: %s. Check the unit (--unit).", all.EN, s.EN, v.EN, en, guess.EN))
}

// powerText is ten to the n: 10,000 倍, 万分之一.
func powerText(n int) indicator.Text {
	whole := indicator.FormatNumber(math.Pow(10, float64(abs(n))), 0)
	if n > 0 {
		return indicator.T(whole+" 倍", whole+" times")
	}
	return indicator.T("1/"+whole, "1/"+whole+" of")
}

// shapeNames say what a run looks like.
var shapeNames = map[shape]indicator.Text{
	constant:  indicator.T("数值完全相同", "are all the same"),
	linear:    indicator.T("每期增减量完全相等，像是直线或插值", "change by exactly the same amount, like a straight line or an interpolation"),
	geometric: indicator.T("每期增减率完全相等，像是按固定增速推算", "change by exactly the same rate, as if worked out from it"),
}

func (x *exam) syntheticText(s Series, r run) indicator.Text {
	first, last := s.Points[r.from], s.Points[r.to]
	region, name := x.regionName(s.Region), shapeNames[r.shape]
	ends := x.number(first.Value) + " → " + x.number(last.Value)
	return indicator.T(
		fmt.Sprintf("%s“%s”%s至%s的 %d 个数值%s（%s）。请核对是否为实际统计的数据；推算的请把数据状态标为 E。",
			region.ZH, x.Indicator.Name.ZH, first.Period.Label(indicator.ZH), last.Period.Label(indicator.ZH), r.points(), name.ZH, ends),
		fmt.Sprintf("%s, %s: the %d values from %s to %s %s (%s). Check that they were counted; give estimates the status E.",
			region.EN, x.Indicator.Name.EN, r.points(), first.Period.Label(indicator.EN), last.Period.Label(indicator.EN), name.EN, ends))
}

func (x *exam) partialText(s Series, p Point, regions int) indicator.Text {
	var revised []string
	for _, q := range s.Points {
		if q.Revised {
			revised = append(revised, q.Period.String())
		}
	}
	const shown = 4
	if len(revised) > shown {
		revised = append(revised[:2], "…", revised[len(revised)-1])
	}
	subject := x.subject(s.Region, p.Period)
	which, whole := p, strings.Join(revised, ", ")
	if !p.Revised { // the step lies right behind the last revised year
		for _, q := range s.Points {
			if q.Revised && q.Period.Compare(p.Period) < 0 {
				which = q
			}
		}
		subject = x.subject(s.Region, which.Period)
	}
	all := indicator.Text{}
	if regions > 1 {
		all = indicator.T(fmt.Sprintf("%d 个地区的序列只修订了部分报告期，变动最大的是：", regions),
			fmt.Sprintf("In %d regions only some periods of the series are revised; the largest change: ", regions))
	}
	return indicator.T(
		fmt.Sprintf("%s%s由 %s 修订为 %s（%s），而相邻的已发布数值没有修订（本次修订：%s），前后可能不可比。请一并修订其余报告期，或把断点处的数据状态标为 B。",
			all.ZH, subject.ZH, x.number(which.Was), x.number(which.Value), x.moved(which.Was, which.Value), whole),
		fmt.Sprintf("%s%s is revised from %s to %s (%s), but the published values beside it are not (revised: %s): the series may break. Revise the other periods too, or give the reading at the break the status B.",
			all.EN, subject.EN, x.number(which.Was), x.number(which.Value), x.moved(which.Was, which.Value), whole))
}

func (x *exam) revisionText(region string, p Point, limit float64, count int) indicator.Text {
	s := x.subject(region, p.Period)
	var most string
	switch {
	case limit == 0:
		most = indicator.FormatNumber(x.RevisionLarge.Relative*100, 0) + "%"
	case x.scale.log:
		most = indicator.FormatNumber(math.Expm1(limit)*100, 1) + "%"
	default:
		most = x.number(limit)
	}
	all := indicator.Text{}
	if count > 1 {
		all = indicator.T(fmt.Sprintf("%d 个数值的修订超过界限，最大的是：", count), fmt.Sprintf("%d revisions are beyond the limit, the largest: ", count))
	}
	return indicator.T(
		fmt.Sprintf("%s%s由 %s 修订为 %s（%s），大于通常的修订（界限 %s）。请核对。",
			all.ZH, s.ZH, x.number(p.Was), x.number(p.Value), x.moved(p.Was, p.Value), most),
		fmt.Sprintf("%s%s is revised from %s to %s (%s), more than usual (limit %s). Check it.",
			all.EN, s.EN, x.number(p.Was), x.number(p.Value), x.moved(p.Was, p.Value), most))
}

func (x *exam) setText(period indicator.Period, lacking []string, size int) indicator.Text {
	const shown = 5
	var zh, en []string
	for _, code := range lacking[:min(shown, len(lacking))] {
		name := x.regionName(code)
		zh, en = append(zh, name.ZH), append(en, name.EN)
	}
	listZH, listEN := strings.Join(zh, "、"), strings.Join(en, ", ")
	if more := len(lacking) - shown; more > 0 {
		listZH, listEN = listZH+"等 "+strconv.Itoa(len(lacking))+" 个地区", listEN+" and "+strconv.Itoa(more)+" more"
	}
	before := period.Add(-1)
	return indicator.T(
		fmt.Sprintf("“%s”%s缺少%s：%s这 %d 个地区是齐全的。请补上，或写明缺测标记（如 …）。",
			x.Indicator.Name.ZH, period.Label(indicator.ZH), listZH, before.Label(indicator.ZH), size),
		fmt.Sprintf("%s, %s: missing are %s, while for %s all %d were there. Add them, or a mark for a missing value (such as …).",
			x.Indicator.Name.EN, period.Label(indicator.EN), listEN, before.Label(indicator.EN), size))
}

func (x *exam) sumText(worst indicator.Period, sum, nation float64, count int) indicator.Text {
	all := indicator.Text{}
	if count > 1 {
		all = indicator.T(fmt.Sprintf("%d 个报告期如此，相差最大的是：", count), fmt.Sprintf("In %d periods; the farthest: ", count))
	}
	limit := indicator.FormatNumber(x.SumMismatch.Tolerance*100, 0)
	return indicator.T(
		fmt.Sprintf("%s“%s”%s各省之和为 %s，全国为 %s，相差 %s（界限 ±%s%%）。请核对是否有误或口径不同。",
			all.ZH, x.Indicator.Name.ZH, worst.Label(indicator.ZH), x.number(sum), x.number(nation), percent(sum/nation-1), limit),
		fmt.Sprintf("%s%s, %s: the provinces add up to %s, the nation is %s, which is %s apart (limit ±%s%%). Check for a mistake or another definition.",
			all.EN, x.Indicator.Name.EN, worst.Label(indicator.EN), x.number(sum), x.number(nation), percent(sum/nation-1), limit))
}
