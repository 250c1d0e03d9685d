package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/settings"
)

func sdmx(t *testing.T, o export.SDMXOptions, rows ...export.Row) string {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteSDMX(&b, catalog(), given(rows...), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func lines(list ...string) string { return strings.Join(list, "\r\n") + "\r\n" }

func TestWriteSDMX(t *testing.T) {
	t.Parallel()
	got := sdmx(t, export.SDMXOptions{},
		row("green_factories_national", "000000", indicator.Year(2024), 6430, indicator.Normal),
		row("industry_growth", "350000", period(t, "2024-Q2"), -3.5, indicator.Provisional),
		row("industry_growth", "350000", period(t, "2024-01/P9M"), 3.5, indicator.Break),
		row("rd_spend", "110000", period(t, "2024-07"), 1171.7, indicator.Estimated),
		row("rd_spend", "350000", indicator.Year(2022), 0, indicator.NotCollected),
		row("retired", "350000", indicator.Year(2022), 1e6, indicator.Normal),
	)
	want := lines(
		"STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT",
		"dataflow,DABIAO:READINGS(1.0.0),I,A,000000,green_factories_national,2024,6430,A,NUMBER,0",
		"dataflow,DABIAO:READINGS(1.0.0),I,Q,350000,industry_growth,2024-Q2,-3.5,P,PT,0",
		"dataflow,DABIAO:READINGS(1.0.0),I,_O,350000,industry_growth,2024-01-01/P9M,3.5,B,PT,0",
		"dataflow,DABIAO:READINGS(1.0.0),I,M,110000,rd_spend,2024-07,1171.7,E,CNY,8",
		"dataflow,DABIAO:READINGS(1.0.0),I,A,350000,rd_spend,2022,,O,CNY,8",
		"dataflow,DABIAO:READINGS(1.0.0),I,A,350000,retired,2022,1000000,A,,",
	)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriteSDMXLabels(t *testing.T) {
	t.Parallel()
	r := row("rd_spend", "350000", indicator.Year(2023), 1171.7, indicator.Normal)
	for name, test := range map[string]struct {
		o    export.SDMXOptions
		want string
	}{
		"both": {export.SDMXOptions{Labels: export.LabelsBoth, Lang: indicator.EN, BOM: true}, "\ufeff" + lines(
			"STRUCTURE,STRUCTURE_ID,ACTION,FREQ: Frequency,REF_AREA: Reference area,INDICATOR: Indicator,TIME_PERIOD: Time period,"+
				"OBS_VALUE: Observation value,OBS_STATUS: Observation status,UNIT_MEASURE: Unit of measure,UNIT_MULT: Unit multiplier",
			"dataflow,DABIAO:READINGS(1.0.0): Regional industrial indicators,I,A: Annual,350000: Fujian,rd_spend: R&D expenditure,2023,"+
				"1171.7,A: normal,CNY: Yuan renminbi,8: Hundred millions")},
		"name": {export.SDMXOptions{Labels: export.LabelsName, Lang: indicator.ZH}, lines(
			"STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,频率,REF_AREA,地区,INDICATOR,指标,TIME_PERIOD,报告期,"+
				"OBS_VALUE,数值,OBS_STATUS,数据状态,UNIT_MEASURE,计量单位,UNIT_MULT,单位乘数",
			"dataflow,DABIAO:READINGS(1.0.0),区域产业指标,I,A,年,350000,福建省,rd_spend,R&D经费,2023,2023年,1171.7,,A,正式数,CNY,人民币元,8,亿")},
	} {
		if diff := cmp.Diff(test.want, sdmx(t, test.o, r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestWriteSDMXVintages: with the vintage the key of every row is unique.
func TestWriteSDMXVintages(t *testing.T) {
	t.Parallel()
	first := row("rd_spend", "350000", indicator.Year(2023), 1171.7, indicator.Normal)
	first.Upload, first.Released = "u1", time.Date(2024, 9, 30, 16, 0, 0, 0, time.UTC)
	second := row("rd_spend", "350000", indicator.Year(2023), 1170, indicator.Normal)
	second.Upload, second.Released = "u2", time.Date(2025, 9, 29, 1, 2, 3, 4_000_000, time.UTC)
	want := lines(
		"STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,VINTAGE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,RELEASED",
		"dataflow,DABIAO:VINTAGES(1.0.0),I,A,350000,rd_spend,u1,2023,1171.7,A,CNY,8,2024-10-01T00:00:00+08:00",
		"dataflow,DABIAO:VINTAGES(1.0.0),I,A,350000,rd_spend,u2,2023,1170,A,CNY,8,2025-09-29T09:02:03.004+08:00",
	)
	if diff := cmp.Diff(want, sdmx(t, export.SDMXOptions{Vintages: true}, first, second)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEveryRowIsAsLongAsTheHead: whatever the options, the table is one.
func TestEveryRowIsAsLongAsTheHead(t *testing.T) {
	t.Parallel()
	r := row("rd_spend", "350000", indicator.Year(2023), 1, indicator.Normal)
	for _, labels := range []export.Labels{"", export.LabelsID, export.LabelsName, export.LabelsBoth} {
		for _, vintages := range []bool{false, true} {
			text := sdmx(t, export.SDMXOptions{Labels: labels, Vintages: vintages}, r)
			if _, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil {
				t.Errorf("%s %v: %v", labels, vintages, err)
			}
		}
	}
}

// TestEveryUnitHasACode: no unit of the built-in catalogue is written in words.
func TestEveryUnitHasACode(t *testing.T) {
	t.Parallel()
	built, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, i := range built.Catalog.Indicators {
		var b bytes.Buffer
		r := row(i.Code, "350000", indicator.Year(2023), 1, indicator.Normal)
		if err := export.WriteSDMX(&b, built.Catalog, given(r), export.SDMXOptions{}); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		measure := records[1][len(records[1])-2]
		if measure == "" || strings.Trim(measure, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			t.Errorf("%s: the unit %s is written %q", i.Code, i.Unit, measure)
		}
	}
}

func TestWriteSDMXFails(t *testing.T) {
	t.Parallel()
	a, b := row("rd_spend", "110000", indicator.Year(2023), 1, "A"), row("rd_spend", "110000", indicator.Year(2022), 1, "A")
	for name, rows := range map[string][]export.Row{"out of order": {a, b}, "twice": {a, a}} {
		if err := export.WriteSDMX(&bytes.Buffer{}, catalog(), given(rows...), export.SDMXOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, bom := range []bool{true, false} {
		if err := export.WriteSDMX(fullDisk{}, catalog(), given(a), export.SDMXOptions{BOM: bom}); !errors.Is(err, errFull) {
			t.Errorf("sink: %v", err)
		}
	}
}
