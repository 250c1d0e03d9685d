package export

import (
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

func assessmentsTable() table[assess.Assessment] {
	type A = assess.Assessment
	latest := func(cell func(*indicator.Point) string) func(A) string {
		return func(a A) string {
			if a.Latest == nil {
				return ""
			}
			return cell(a.Latest)
		}
	}
	return table[A]{
		name: "assessments", title: indicator.T("监测评估，含全部评估方法", "Assessments by every method"),
		key:  []string{"target", "region", "method", "method_version"},
		refs: []reference{{"target", "targets", "target"}},
		columns: slices.Concat(
			col("target", "string", "目标编号", "Id of the target", func(a A) string { return Text(a.Target) }),
			col("region", "string", "地区代码", "Code of the region", func(a A) string { return Text(a.Region) }),
			col("method", "string", "评估方法", "Method", func(a A) string { return a.Method }),
			col("method_version", "integer", "方法的版本", "Version of the method", func(a A) string { return wholeCell(int64(a.Version)) }),
			col("status", "string", "评估结果", "Status", func(a A) string { return string(a.Status) }),
			col("reason", "string", "暂不评估的原因", "Why it is not assessed", func(a A) string { return string(a.Reason) }),
			col("as_of_period", "string", "评估报告期", "As-of period", func(a A) string { return a.AsOfPeriod.String() }),
			col("latest_period", "string", "最新数据的报告期", "Period of the latest reading", latest(func(p *indicator.Point) string { return p.Period.String() })),
			col("latest_value", "number", "最新值", "Latest value", latest(func(p *indicator.Point) string { return Number(p.Value) })),
			col("latest_upload", "string", "最新值的报送批次", "Upload of the latest value", latest(func(p *indicator.Point) string { return Text(p.Upload) })),
			col("target_at", "number", "目标值，指标的单位", "Target value in the indicator's unit", func(a A) string { return numberCell(a.TargetAt) }),
			col("gap", "number", "差距：目标减最新", "Gap: target less latest", func(a A) string { return numberCell(a.Gap) }),
			col("needed_per_year", "number", "今后每年需变动", "Change needed a year from now on", func(a A) string { return numberCell(a.NeededPerYear) }),
			col("closed", "boolean", "最后一年的数据已公布，结果不再变动", "Judged for ever: the reading of the last year is out", func(a A) string { return flagCell(a.Closed) }),
			col("early", "boolean", "提前实现", "Achieved before its last year", func(a A) string { return flagCell(a.Early) }),
			col("pending", "boolean", "待最终数据", "Its last year is over and the reading not out", func(a A) string { return flagCell(a.Pending) }),
			col("ahead", "boolean", "快于预期（序时进度法）", "Faster than time passes (schedule)", func(a A) string { return flagCell(a.Ahead) }),
			col("old", "boolean", "数据较旧", "The latest reading is more than a year older than the assessment", func(a A) string { return flagCell(a.Old) }),
			col("milestones", "string", "阶段值是否达到：年=met、missed、open、not_assessed，以空格分开",
				"Whether milestones were reached: year=met, missed, open or not_assessed, by blanks", milestoneStatesCell),
			col("numbers", "string", "计算过程：名称=数值，以空格分开", "The arithmetic: name=value, by blanks", numbersCell),
		),
	}
}

func milestoneStatesCell(a assess.Assessment) string {
	parts := make([]string, len(a.Milestones))
	for i, m := range a.Milestones {
		parts[i] = yearCell(m.Year) + "=" + string(m.State)
	}
	return strings.Join(parts, " ")
}

func numbersCell(a assess.Assessment) string {
	parts := make([]string, len(a.Numbers))
	for i, n := range a.Numbers {
		parts[i] = n.Name + "=" + numberCell(&n.Value)
	}
	return strings.Join(parts, " ")
}

func parametersTable() table[parameter] {
	return table[parameter]{
		name: "parameters", title: indicator.T("评估的条件", "What the verdicts were asked for"), key: []string{"name"},
		columns: slices.Concat(
			col("name", "string", "as_of 版本时点、day 评估日、as_of_period 评估报告期、version 账本版本、catalogue 目录哈希、methods 评估方法",
				"as_of, day of the verdicts, as_of_period, version of the ledger, hash of the catalogue, methods", func(p parameter) string { return p.name }),
			col("value", "string", "值，空为未指定", "Value, empty: not given", func(p parameter) string { return p.value }),
		),
	}
}
