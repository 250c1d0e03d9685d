package export_test

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ingest"
)

func catalog() *indicator.Catalog {
	c := &indicator.Catalog{
		Regions: []indicator.Region{
			{Code: indicator.Nation, Name: indicator.T("全国", "China"), Short: indicator.T("全国", "China"), Level: indicator.Country, Collected: true},
			{Code: "110000", Name: indicator.T("北京市", "Beijing"), Short: indicator.T("北京", "Beijing"), Level: indicator.Province, Parent: indicator.Nation, Collected: true},
			{Code: "350000", Name: indicator.T("福建省", "Fujian"), Short: indicator.T("福建", "Fujian"), Level: indicator.Province, Parent: indicator.Nation, Collected: true},
		},
		Indicators: []indicator.Indicator{
			{Code: "green_factories_national", Name: indicator.T("国家级绿色工厂", "National green factories"), Unit: "家"},
			{Code: "industry_growth", Name: indicator.T("工业增速", "Industrial growth"), Unit: "%", Decimals: 1},
			{Code: "rd_spend", Name: indicator.T("R&D经费", "R&D expenditure"), Unit: "亿元", Decimals: 1},
			{Code: "tfp", Name: indicator.T("全要素生产率", "Total factor productivity")},
		},
	}
	c.Index()
	return c
}

func given(rows ...export.Row) iter.Seq2[export.Row, error] {
	return func(yield func(export.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func row(code, region string, p indicator.Period, v float64, s indicator.Status) export.Row {
	return export.Row{Reading: indicator.Reading{Indicator: code, Region: region, Period: p, Value: v, Status: s}}
}

func period(t testing.TB, s string) indicator.Period {
	t.Helper()
	p, err := indicator.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	rows := given(
		row("industry_growth", "350000", period(t, "2024-01/P9M"), -3.5, indicator.Provisional),
		row("rd_spend", "110000", indicator.Year(2023), 1171.7, indicator.Normal),
		row("rd_spend", "350000", indicator.Year(2022), 0, indicator.Missing),
		row("retired", "350000", indicator.Year(2022), 1e6, indicator.Normal),
	)
	var b bytes.Buffer
	if err := export.WriteCSV(&b, catalog(), rows, export.Options{}); err != nil {
		t.Fatal(err)
	}
	want := "indicator,region,period,value,unit,status\n" +
		"industry_growth,350000,2024-01/P9M,-3.5,%,P\n" +
		"rd_spend,110000,2023,1171.7,亿元,A\n" +
		"rd_spend,350000,2022,,亿元,M\n" +
		"retired,350000,2022,1000000,,A\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriteCSVVintages(t *testing.T) {
	t.Parallel()
	first := row("rd_spend", "350000", indicator.Year(2023), 1171.7, indicator.Normal)
	first.Upload, first.Released = "u1", time.Date(2024, 9, 30, 16, 0, 0, 0, time.UTC)
	second := row("rd_spend", "350000", indicator.Year(2023), 1170, indicator.Normal)
	second.Upload, second.Released = "=cmd|' /C calc'!A0", time.Date(2025, 9, 29, 1, 2, 3, 4_000_000, time.UTC)
	var b bytes.Buffer
	if err := export.WriteCSV(&b, catalog(), given(first, second), export.Options{BOM: true, Vintages: true}); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffindicator,region,period,value,unit,status,upload,released\n" +
		"rd_spend,350000,2023,1171.7,亿元,A,u1,2024-10-01T00:00:00+08:00\n" +
		"rd_spend,350000,2023,1170,亿元,A,'=cmd|' /C calc'!A0,2025-09-29T09:02:03.004+08:00\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteCSVFails(t *testing.T) {
	t.Parallel()
	a, b := row("rd_spend", "110000", indicator.Year(2023), 1, "A"), row("rd_spend", "110000", indicator.Year(2022), 1, "A")
	for name, rows := range map[string]iter.Seq2[export.Row, error]{"out of order": given(a, b), "twice": given(a, a)} {
		if err := export.WriteCSV(&bytes.Buffer{}, catalog(), rows, export.Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	broken := errors.New("the ledger is gone")
	failing := func(yield func(export.Row, error) bool) { yield(export.Row{}, broken) }
	if err := export.WriteCSV(&bytes.Buffer{}, catalog(), failing, export.Options{}); !errors.Is(err, broken) {
		t.Errorf("source: %v", err)
	}
	for _, bom := range []bool{true, false} {
		if err := export.WriteCSV(fullDisk{}, catalog(), given(a), export.Options{BOM: bom}); !errors.Is(err, errFull) {
			t.Errorf("sink: %v", err)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"": "", "rd_spend": "rd_spend", "a=b": "a=b", "福建": "福建",
	} {
		if got := export.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]float64{
		"1171.7": 1171.7, "-3.5": -3.5, "1000000": 1e6, "0.1": 0.1, "123456789012345680000": 123456789012345680000,
		"1e+21": 1e21, "1e-07": 1e-7, "0.000001": 1e-6, "0": -1 / inf(),
	} {
		if got := export.Number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

func inf() float64 { x := 0.0; return 1 / x }

func TestExportedReadingsAreReadBackUnchanged(t *testing.T) {
	t.Parallel()
	c := catalog()
	periods := []string{"1999", "2024", "2024-Q1", "2024-Q4", "2024-01", "2024-12", "2024-01/P2M", "2024-01/P12M"}
	statuses := []indicator.Status{"A", "P", "E", "B", "M", "N", "O"}
	rapid.Check(t, func(rt *rapid.T) {
		var want []indicator.Reading
		for _, ind := range c.Indicators {
			for _, region := range c.Regions {
				for _, p := range rapid.SliceOfDistinct(rapid.SampledFrom(periods), rapid.ID[string]).Draw(rt, "periods") {
					r := indicator.Reading{Indicator: ind.Code, Region: region.Code, Period: period(t, p),
						Status: rapid.SampledFrom(statuses).Draw(rt, "status")}
					if r.Status.HasValue() {
						r.Value = rapid.Float64().Draw(rt, "value") + 0 // never −0
					}
					want = append(want, r)
				}
			}
		}
		slices.SortFunc(want, func(a, b indicator.Reading) int {
			if byKey := strings.Compare(a.Indicator+a.Region, b.Indicator+b.Region); byKey != 0 {
				return byKey
			}
			return a.Period.Compare(b.Period)
		})
		if len(want) == 0 {
			return // the empty export is tried on the command line
		}
		rows := make([]export.Row, len(want))
		for i, r := range want {
			rows[i].Reading = r
		}
		for _, o := range []export.Options{{}, {BOM: true}, {Vintages: true}} {
			var b bytes.Buffer
			if err := export.WriteCSV(&b, c, given(rows...), o); err != nil {
				rt.Fatal(err)
			}
			result, err := ingest.Parse(t.Context(), &b, "export.csv", ingest.Options{Catalog: c})
			if err != nil || len(result.Problems) > 0 {
				rt.Fatalf("%v, problems %v", err, result.Problems)
			}
			var got []indicator.Reading
			for _, cell := range result.Cells {
				got = append(got, cell.Reading)
			}
			if !slices.Equal(got, want) {
				rt.Fatalf("got  %v\nwant %v", got, want)
			}
		}
	})
}
