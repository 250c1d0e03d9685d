package dashboard

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// today is the day on which every test stands.
var today = time.Date(2025, 11, 23, 8, 0, 0, 0, time.UTC)

func number(v float64) *float64 { return &v }

func province(code, zh, en string, column, row int) indicator.Region {
	return indicator.Region{
		Code: code, Name: indicator.T(zh+"省", en), Short: indicator.T(zh, en), Level: indicator.Province,
		Parent: indicator.Nation, Tile: [2]int{column, row}, Collected: true,
	}
}

// testCatalog is a small country of five provinces.
func testCatalog() *indicator.Catalog {
	taiwan := province("710000", "台湾", "Taiwan", 3, 3)
	taiwan.Collected = false
	c := &indicator.Catalog{
		Regions: []indicator.Region{
			{Code: indicator.Nation, Name: indicator.T("全国", "China"), Short: indicator.T("全国", "China"), Level: indicator.Country, Collected: true},
			province("320000", "江苏", "Jiangsu", 2, 1), province("330000", "浙江", "Zhejiang", 3, 1),
			province("350000", "福建", "Fujian", 2, 2), province("360000", "江西", "Jiangxi", 1, 2),
			province("440000", "广东", "Guangdong", 1, 3), taiwan,
			{Code: "350100", Short: indicator.T("福州", "Fuzhou"), Level: indicator.City, Parent: "350000", Collected: true},
		},
		Topics: []indicator.Topic{{Code: "innovation", Name: indicator.T("科技创新", "Innovation")}},
		Indicators: []indicator.Indicator{
			{Code: "rd_spend", Name: indicator.T("研发经费", "R&D spending"), Unit: "亿元", Decimals: 1, Direction: indicator.Up, Measure: indicator.Flow,
				Definition: indicator.T("全社会研发经费。", "Spending on R&D."), Release: indicator.Release{YearsAfter: 1, Month: 9, Day: 30},
				Crosswalk: indicator.Crosswalk{Near: []indicator.Counterpart{{System: indicator.OECD, Code: "G_NC", Name: indicator.T("国内研发总支出", "GERD")}},
					Note: indicator.T("含义相同。", "It means the same.")}},
			{Code: "rd_intensity", Name: indicator.T("研发强度", "R&D intensity"), Unit: "%", Decimals: 2, Direction: indicator.Up, Measure: indicator.Ratio},
			{Code: "energy", Name: indicator.T("能耗强度", "Energy intensity"), Unit: "吨标准煤/万元", Decimals: 2, Direction: indicator.Down, Measure: indicator.Ratio,
				Crosswalk: indicator.Crosswalk{Note: indicator.T("只有中国统计。", "Only China counts it.")}},
			{Code: "secondary_share", Name: indicator.T("第二产业比重", "Secondary share"), Unit: "%", Decimals: 1, Measure: indicator.Ratio},
			{Code: "green", Name: indicator.T("绿色工厂", "Green factories"), Unit: "家", Direction: indicator.Up, Measure: indicator.Stock, Counted: indicator.InForce},
			{Code: "staff", Name: indicator.T("研发人员", "R&D staff"), Unit: "人年", Direction: indicator.Up, Measure: indicator.Flow},
		},
		Documents: []indicator.Document{
			{ID: "plan", Title: indicator.T("福建省规划", "Fujian plan"), Issuer: indicator.T("福建省政府", "Government of Fujian"), Date: "2021-07", SourceKind: indicator.Original},
			{ID: "outline", Title: indicator.T("全国纲要", "National outline"), Date: "2021-03"},
		},
		Targets: testTargets(),
	}
	c.Index()
	return c
}

func testTargets() []indicator.Target {
	provinces := []string{"320000", "330000", "350000", "360000", "440000"}
	return []indicator.Target{
		{ID: "plan-1-rd_intensity", Document: "plan", Locator: indicator.T("第一段", "paragraph 1"), Statement: indicator.T("研发强度达到3%。", "R&D intensity of 3 %."),
			Region: "350000", Indicator: "rd_intensity", Topic: "innovation", Link: indicator.Named, Basis: indicator.Stated, Binding: indicator.Indicative,
			Lead: indicator.T("科技厅", "Science department"), Kind: indicator.Reach, Value: number(3), Bound: indicator.AtLeast, Direction: indicator.Up, By: 2030},
		{ID: "plan-2-energy", Document: "plan", Statement: indicator.T("能耗强度下降。", "Energy intensity falls."), Region: "350000", Indicator: "energy",
			Link: indicator.Proxy, Basis: indicator.Interpreted, BasisReason: indicator.T("文件未写年份。", "No year is stated."), Kind: indicator.Directed, Direction: indicator.Down, Until: 2035},
		{ID: "plan-3-statement", Document: "plan", Statement: indicator.T("产业现代化迈上新台阶。", "Industry is modernised."), Region: "350000", Kind: indicator.StatedOnly, By: 2035},
		{ID: "outline-1-rd_spend", Document: "outline", Statement: indicator.T("研发经费年均增长7%以上。", "R&D spending up by 7 % a year."), Region: indicator.Nation,
			ReferenceFor: provinces, Indicator: "rd_spend", Topic: "innovation", Link: indicator.Named, Basis: indicator.Stated,
			Kind: indicator.Grow, Value: number(7), Bound: indicator.AtLeast, Direction: indicator.Up, From: 2021, Until: 2025},
		{ID: "outline-2-secondary_share", Document: "outline", Statement: indicator.T("比重基本稳定。", "The share is stable."), Region: indicator.Nation,
			ReferenceFor: provinces, Indicator: "secondary_share", Link: indicator.Named, Basis: indicator.Interpreted,
			Kind: indicator.Hold, Baseline: &indicator.Baseline{Year: 2022}, Tolerance: &indicator.Tolerance{Value: 1}},
		{ID: "old-1-rd_intensity", Document: "plan", Region: "350000", Indicator: "rd_intensity", Link: indicator.Named, Kind: indicator.Reach,
			Value: number(2.5), By: 2020, SupersededBy: "plan-1-rd_intensity"},
	}
}

// yearly makes readings of consecutive years.
func yearly(code, region string, first int, values ...float64) []indicator.Reading {
	list := make([]indicator.Reading, len(values))
	for n, v := range values {
		list[n] = indicator.Reading{Indicator: code, Region: region, Period: indicator.Year(first + n), Value: v, Status: indicator.Normal}
	}
	return list
}

// testLedger holds a first release of 2018–2024, a later revision of one figure
// and a generated example.
func testLedger(t testing.TB) ledger.Ledger {
	t.Helper()
	l, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "ledger.db"), func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var first []indicator.Reading
	add := func(list ...indicator.Reading) { first = append(first, list...) }
	add(yearly("rd_spend", "320000", 2018, 250, 278, 300, 344, 383, 421, 460)...)
	add(yearly("rd_spend", "330000", 2018, 144, 167, 186, 216, 242, 264, 290)...)
	add(yearly("rd_spend", "350000", 2018, 64, 75, 84, 97, 108, 117, 126)...)
	add(yearly("rd_spend", "360000", 2018, 31, 38, 43, 50, 56, 60, 126)...) // a tie in 2024
	add(yearly("rd_spend", "440000", 2018, 270, 310, 348, 400, 441, 480, 510)...)
	for n, region := range []string{"320000", "330000", "350000", "360000", "440000"} { // no national figure
		add(yearly("staff", region, 2023, float64(100*n), float64(100*n+100))...)
	}
	add(yearly("rd_spend", indicator.Nation, 2018, 759, 868, 961, 1107, 1230, 1342, 1600)...)
	for n, region := range []string{"320000", "330000", "350000", "360000", "440000", indicator.Nation} {
		base := []float64{2.7, 2.6, 1.8, 1.4, 2.8, 2.2}[n]
		add(yearly("rd_intensity", region, 2018, base, base+0.05, base+0.1, base+0.2, base+0.25, base+0.3, base+0.34)...)
		add(yearly("energy", region, 2018, 0.6+base/10, 0.58+base/10, 0.57+base/10, 0.55+base/10, 0.52+base/10, 0.5+base/10, 0.49+base/10)...)
		add(yearly("secondary_share", region, 2018, 45+base, 44.6+base)...)
		broken := yearly("secondary_share", region, 2020, 42+base, 41.8+base, 41.7+base, 41.2+base, 40.9+base)
		broken[0].Status = indicator.Break
		add(broken...)
	}
	example := append(yearly("green", "350000", 2020, 48, 62, 85, 120, 158), yearly("green", "330000", 2020, 90, 120, 160, 210, 260)...)
	example = append(example, yearly("green", "440000", 2020, 120, 150, 200, 260, 330)...)
	revision := yearly("rd_intensity", "350000", 2023, 2.25)
	revision[0].Status = indicator.Provisional
	for _, u := range []struct {
		upload   ledger.Upload
		readings []indicator.Reading
	}{
		{ledger.Upload{ID: "first", Source: "统计公报", Stage: "年报", Released: day(2025, 9, 29)}, first},
		{ledger.Upload{ID: "revision", Source: "修订公告", Stage: "修订", Reason: "普查", Released: day(2025, 10, 20)}, revision},
		{ledger.Upload{ID: "example", Source: "示例数据 / generated example", Generated: true, Released: day(2025, 11, 1)}, example},
	} {
		if _, err := l.Publish(context.Background(), u.upload, u.readings); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func day(y, m, d int) time.Time {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, indicator.Shanghai)
}

// at is the snapshot at an as of; the zero time is now.
func at(t testing.TB, asOf time.Time) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.New(testLedger(t)).At(context.Background(), asOf, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pages are definitions as an operator would write them.
func page(t testing.TB, name string) *Definition {
	t.Helper()
	titled := func(kinds ...PanelKind) []PanelDefinition {
		var list []PanelDefinition
		for _, k := range kinds {
			list = append(list, PanelDefinition{Kind: k, Title: indicator.T("图表", string(k))})
		}
		return list
	}
	d := &Definition{Page: name, Title: indicator.T("页面", "Page")}
	switch name {
	case "overview":
		d.Panels = titled(KindTiles, KindScoreboard, KindUploads)
		d.Panels[0].Indicators = []string{"rd_intensity", "rd_spend", "green"}
	case "region":
		d.Parameters, d.Title = []string{"region"}, indicator.T("{region}工业指标", "Industry in {region}")
		d.Panels = append(titled(KindTracks), titled(KindProfile, KindTracks)...)
		d.Panels[0].ID, d.Panels[0].Limit = "focus", 1
	case "indicator":
		d.Parameters, d.Title = []string{"indicator"}, indicator.T("{indicator}", "{indicator}")
		d.Panels = titled(KindRanking, KindTrend, KindNation, KindDefinition, KindCrosswalk)
	case "targets":
		d.Panels = titled(KindTargets)
	case "target":
		d.Parameters, d.Title = []string{"target"}, indicator.T("{target}", "{target}")
		d.Panels = titled(KindTarget, KindStandings)
	default:
		t.Fatal(fmt.Errorf("no page %q", name))
	}
	return d
}

// build makes a page as of now unless asOf says otherwise.
func build(t testing.TB, name string, asOf time.Time, p Params) *View {
	t.Helper()
	p.Now = today
	v, err := Build(context.Background(), at(t, asOf), testCatalog(), page(t, name), p)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
