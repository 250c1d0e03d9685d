package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
)

// WriteAssessments writes verdicts as CSV, one line each, in their order. What
// there is none of is empty. The numbers, which differ by method and kind, are a
// JSON object in one cell.
func WriteAssessments(w io.Writer, list []Assessment, bom bool) error {
	if err := writeMark(w, bom); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	record := []string{"target", "region", "method", "method_version", "status", "reason", "as_of_period", "latest_period", "latest_value",
		"latest_upload", "target_at", "gap", "needed_per_year", "closed", "early", "pending", "numbers"}
	if err := table.Write(record); err != nil {
		return err
	}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return Number(*v)
	}
	for _, a := range list {
		var latest Latest
		value := ""
		if a.Latest != nil {
			latest, value = *a.Latest, Number(a.Latest.Value)
		}
		numbers, err := json.Marshal(a.Numbers)
		if err != nil {
			return err
		}
		record = append(record[:0], Text(a.Target), Text(a.Region), a.Method, strconv.Itoa(a.MethodVersion), string(a.Status), string(a.Reason),
			a.AsOfPeriod, latest.Period, value, Text(latest.Upload), number(a.TargetAt), number(a.Gap), number(a.NeededPerYear),
			strconv.FormatBool(a.Closed), strconv.FormatBool(a.Early), strconv.FormatBool(a.Pending), string(numbers))
		if err := table.Write(record); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}
