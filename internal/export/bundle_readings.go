package export

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

func readingsTable(c *indicator.Catalog) table[Row] {
	unit := func(row Row) string {
		if i := c.Indicator(row.Indicator); i != nil {
			return Text(i.Unit)
		}
		return ""
	}
	value := func(row Row) string {
		if !row.Status.HasValue() {
			return ""
		}
		return Number(row.Value)
	}
	return table[Row]{
		name: "readings", title: indicator.T("数据，含全部数据版本", "Readings in all their vintages"),
		key:  []string{"indicator", "region", "period", "upload"},
		refs: []reference{{"upload", "uploads", "upload"}},
		columns: slices.Concat(
			col("indicator", "string", "指标代码", "Code of the indicator", func(r Row) string { return Text(r.Indicator) }),
			col("region", "string", "地区代码（GB/T 2260）", "Code of the region (GB/T 2260)", func(r Row) string { return Text(r.Region) }),
			col("period", "string", "报告期：2024、2024-Q3、2024-07、2024-01/P9M", "Period: 2024, 2024-Q3, 2024-07, 2024-01/P9M", func(r Row) string { return r.Period.String() }),
			col("value", "number", "指标值，无数值时为空", "Value, empty where the status has none", value),
			col("unit", "string", "单位", "Unit", unit),
			col("status", "string", "数据状态（SDMX OBS_STATUS）：A P E B 有数值，M N O 无数值", "Observation status (SDMX OBS_STATUS): A P E B have a value, M N O none", func(r Row) string { return string(r.Status) }),
			col("upload", "string", "报送批次", "Upload", func(r Row) string { return Text(r.Upload) }),
			col("sequence", "integer", "批次的顺序", "Order of the uploads", func(r Row) string { return wholeCell(r.Sequence) }),
			col("released", "datetime", "公布时间", "When the figure became public", func(r Row) string { return bundleMoment(r.Released) }),
			col("published", "datetime", "在本系统发布的时间", "When the upload was published here", func(r Row) string { return bundleMoment(r.Published) }),
			col("reverted", "datetime", "撤回时间，未撤回时为空", "When the upload was taken back, empty: never", func(r Row) string { return bundleMoment(r.Reverted) }),
		),
	}
}

// bundleUpload is an upload as its rows tell of it.
type bundleUpload struct {
	Row
	readings int64
}

// bundleUploads gathers the uploads of the rows that pass through it.
type bundleUploads struct{ byID map[string]*bundleUpload }

func (u *bundleUploads) through(rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				if u.byID[row.Upload] == nil {
					u.byID[row.Upload] = &bundleUpload{Row: row}
				}
				u.byID[row.Upload].readings++
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// all gives the uploads in the order in which they were published, once the
// readings have passed.
func (u *bundleUploads) all() iter.Seq2[*bundleUpload, error] {
	return func(yield func(*bundleUpload, error) bool) {
		for _, upload := range u.sorted() {
			if !yield(upload, nil) {
				return
			}
		}
	}
}

func (u *bundleUploads) sorted() []*bundleUpload {
	return slices.SortedFunc(maps.Values(u.byID), func(a, b *bundleUpload) int {
		return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(a.Upload, b.Upload))
	})
}

// sources are where the figures come from, each once.
func (u *bundleUploads) sources() []string {
	var sources []string
	for _, upload := range u.sorted() {
		if upload.Source != "" && !slices.Contains(sources, upload.Source) {
			sources = append(sources, upload.Source)
		}
	}
	return sources
}

func uploadsTable() table[*bundleUpload] {
	at := func(of func(Row) time.Time) func(*bundleUpload) string {
		return func(u *bundleUpload) string { return bundleMoment(of(u.Row)) }
	}
	return table[*bundleUpload]{
		name: "uploads", title: indicator.T("报送批次及数据来源", "Uploads, and where the figures come from"), key: []string{"upload"},
		columns: slices.Concat(
			col("upload", "string", "报送批次", "Upload", func(u *bundleUpload) string { return Text(u.Upload) }),
			col("sequence", "integer", "批次的顺序", "Order of the uploads", func(u *bundleUpload) string { return wholeCell(u.Sequence) }),
			col("released", "datetime", "公布时间", "When the figures became public", at(func(r Row) time.Time { return r.Released })),
			col("published", "datetime", "在本系统发布的时间", "When it was published here", at(func(r Row) time.Time { return r.Published })),
			col("reverted", "datetime", "撤回时间，未撤回时为空", "When it was taken back, empty: never", at(func(r Row) time.Time { return r.Reverted })),
			col("source", "string", "数据来源", "Source", func(u *bundleUpload) string { return Text(u.Source) }),
			col("stage", "string", "数据阶段", "Stage of the figures", func(u *bundleUpload) string { return Text(u.Stage) }),
			col("reason", "string", "修订原因", "Reason of a revision", func(u *bundleUpload) string { return Text(u.Reason) }),
			col("generated", "boolean", "示例数据（生成的，不是真实数据）", "Generated example, not real", func(u *bundleUpload) string { return flagCell(u.Generated) }),
			col("readings", "integer", "数据条数", "Number of its readings", func(u *bundleUpload) string { return wholeCell(u.readings) }),
		),
	}
}
