package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/export"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/snapshot"
	"github.com/dabiao/dabiao/internal/store"
	"github.com/dabiao/dabiao/internal/upload"
)

// newService is the real thing over an empty data directory, with review on.
func newService(t *testing.T, today string) *upload.Service {
	t.Helper()
	s, faults := settings.Load(settings.Dirs{DefaultConfig: config.FS, DefaultDashboards: dashboards.FS})
	if len(faults) > 0 {
		t.Fatalf("built-in configuration: %v", faults)
	}
	now := func() time.Time { return moment(t, today) }
	dir := t.TempDir()
	l, err := sqlite.Open(t.Context(), filepath.Join(dir, "ledger.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	drafts, err := store.Open(t.Context(), filepath.Join(dir, "dabiao.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if err := drafts.Close(); err != nil {
			t.Error(err)
		}
	})
	return &upload.Service{Catalog: func() *indicator.Catalog { return s.Catalog }, Ledger: l, Snapshots: snapshot.New(l),
		Drafts: drafts, Review: true, Now: now, NewID: uuid.NewString}
}

func moment(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := indicator.ParseAsOf(day)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func load(t *testing.T, svc *upload.Service, realOnly bool) {
	t.Helper()
	if err := Load(t.Context(), svc, realOnly, nil); err != nil {
		t.Fatal(err)
	}
}

// value reads one value as it was public on a day; false where there was none.
func value(t *testing.T, svc *upload.Service, asOf, code, region string, year int) (indicator.Point, bool) {
	t.Helper()
	snap, err := svc.Snapshots.At(t.Context(), moment(t, asOf), 0)
	if err != nil {
		t.Fatal(err)
	}
	column, err := snap.Column(t.Context(), code, indicator.Annual)
	if err != nil {
		t.Fatal(err)
	}
	return column.Series(region).At(indicator.Year(year))
}

func publications(t *testing.T, svc *upload.Service) int {
	t.Helper()
	h, err := svc.Ledger.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(h.Publications)
}

func TestSample(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	load(t, svc, false)
	t.Run("vintages", func(t *testing.T) { vintagesAsTheyWerePublic(t, svc) })
	t.Run("provinces", func(t *testing.T) { provincesAreWhole(t, svc) })
	t.Run("sums", func(t *testing.T) { sumsOfProvinces(t, svc) })
}

func vintagesAsTheyWerePublic(t *testing.T, svc *upload.Service) {
	for _, c := range []struct {
		asOf, code, region string
		year               int
		want               float64 // NaN: not public yet
		status             indicator.Status
	}{
		{"2018-12-30", "gdp", "120000", 2017, math.NaN(), ""},
		{"2019-06-30", "gdp", "120000", 2017, 18549.19, "A"},
		{"2024-12-31", "gdp", "120000", 2017, 18549.19, "A"},
		{"2024-12-31", "gdp", "120000", 2018, 13362.92, "B"},
		{"2026-06-30", "gdp", "120000", 2017, 12468.2, "A"},
		{"2026-06-30", "gdp", "120000", 2018, 13411.1, "A"},
		{"2024-10-01", "rd_intensity", "000000", 2023, math.NaN(), ""},
		{"2024-10-02", "rd_intensity", "000000", 2023, 2.65, "A"},
		{"2025-09-28", "rd_intensity", "000000", 2023, 2.65, "A"},
		{"2025-09-29", "rd_intensity", "000000", 2023, 2.58, "A"},
		{"2025-09-29", "rd_spend", "000000", 2024, 36326.8, "A"},
		{"2024-12-31", "rd_spend", "000000", 2024, math.NaN(), ""},
		{"2023-09-17", "rd_spend", "350000", 2022, math.NaN(), ""},
		{"2026-06-30", "secondary_share", "220000", 2018, 42.53, "A"},
		{"2026-06-30", "secondary_share", "220000", 2019, 35.2, "B"},
		{"2026-06-30", "manufacturing_share", "000000", 2022, 27.7, "B"},
		{"2026-06-30", "manufacturing_share", "000000", 2020, math.NaN(), ""},
		{"2026-06-30", "green_factories_national", "350000", 2022, 85, "A"},
		{"2026-06-30", "green_factories_national", "350000", 2023, 123, "E"},
	} {
		p, ok := value(t, svc, c.asOf, c.code, c.region, c.year)
		if ok == math.IsNaN(c.want) || ok && (p.Value != c.want || p.Status != c.status) {
			t.Errorf("%s %s %d as of %s: got %v (%v), want %v %s", c.code, c.region, c.year, c.asOf, p, ok, c.want, c.status)
		}
	}
}

func provincesAreWhole(t *testing.T, svc *upload.Service) {
	for _, c := range []struct {
		code        string
		first, last int
		gap         int // a year without readings
	}{
		{"rd_spend", 2011, 2024, 0}, {"rd_intensity", 2011, 2024, 0}, {"gdp", 2011, 2024, 0},
		{"rd_personnel", 2011, 2022, 0}, {"secondary_share", 2011, 2022, 0},
		{"hightech_mfg_enterprises", 2011, 2022, 2017}, {"hightech_mfg_revenue", 2011, 2022, 2017},
		{"hightech_firms_recognised", 2018, 2022, 0},
		{"manufacturing_share", 2011, 2024, 0}, {"green_factories_national", 2019, 2024, 0}, {"digital_smes", 2022, 2024, 0},
	} {
		for year := c.first - 1; year <= c.last+1; year++ {
			want := 31
			if year < c.first || year > c.last || year == c.gap {
				want = 0
			}
			got := 0
			for _, r := range svc.Catalog().Provinces() {
				if _, ok := value(t, svc, "2026-06-30", c.code, r.Code, year); ok {
					got++
				}
			}
			if got != want {
				t.Errorf("%s %d: %d provinces, want %d", c.code, year, got, want)
			}
		}
	}
}

// sumsOfProvinces holds the provinces against the national R&D expenditure
// of the communiqués, which the panel's own files do not carry.
func sumsOfProvinces(t *testing.T, svc *upload.Service) {
	for year, national := range map[int]float64{2011: 8687.0, 2012: 10298.4, 2013: 11846.6, 2014: 13015.6, 2015: 14169.9,
		2016: 15676.7, 2017: 17606.1, 2018: 19677.9, 2019: 22143.6, 2020: 24393.1, 2021: 27956.3, 2022: 30782.9,
		2023: 33357.1, 2024: 36326.8} {
		sum := 0.0
		for _, r := range svc.Catalog().Provinces() {
			p, _ := value(t, svc, "2026-06-30", "rd_spend", r.Code, year)
			sum += p.Value
		}
		if math.Abs(sum-national) > 0.3+1e-9 {
			t.Errorf("R&D %d: provinces sum to %.1f, the nation has %.1f", year, sum, national)
		}
	}
}

func TestSecondLoadDoesNothing(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	var heard []string
	if err := Load(t.Context(), svc, true, func(done, total int) { heard = append(heard, fmt.Sprint(done, "/", total)) }); err != nil {
		t.Fatal(err)
	}
	realFiles := len(batches) - 3
	if got := publications(t, svc); got != realFiles || len(heard) != realFiles {
		t.Errorf("real only: %d publications, progress %v, want %d", got, heard, realFiles)
	}
	load(t, svc, false)
	if err := Load(t.Context(), svc, false, func(done, total int) { t.Errorf("loaded again: %d of %d", done, total) }); err != nil {
		t.Fatal(err)
	}
	if got := publications(t, svc); got != len(batches) {
		t.Errorf("%d publications after three loads, want %d", got, len(batches))
	}
	list, err := svc.List(t.Context(), account.User{}, upload.Filter{Author: User})
	if err != nil || len(list) != len(batches) {
		t.Fatalf("%d uploads, %v", len(list), err)
	}
	for _, u := range list {
		marked := strings.Contains(u.Source, "示例数据") && strings.Contains(u.Source, "generated example")
		if isExample := strings.Contains(u.File, "example"); u.Generated != isExample || marked != isExample {
			t.Errorf("%s: generated %v, source %q", u.File, u.Generated, u.Source)
		}
	}
}

// TestRevertedStaysReverted: a start of the demo does not undo what a person did.
func TestRevertedStaysReverted(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2026-06-30")
	load(t, svc, true)
	list, err := svc.List(t.Context(), account.User{}, upload.Filter{Indicator: "sme_pilot_cities"})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d uploads, %v", len(list), err)
	}
	if _, err := svc.Revert(t.Context(), account.User{Name: "li", Role: account.Admin}, list[0].ID, "wrong"); err != nil {
		t.Fatal(err)
	}
	load(t, svc, true)
	if _, ok := value(t, svc, "2026-06-30", "sme_pilot_cities", "000000", 2024); ok {
		t.Error("the reverted upload came back")
	}
}

func TestWhatIsNotPublicYetIsLeftOut(t *testing.T) {
	t.Parallel()
	svc := newService(t, "2024-12-31")
	load(t, svc, false)
	if _, ok := value(t, svc, "2024-12-31", "rd_spend", "350000", 2023); !ok {
		t.Error("R&D 2023 was public by the end of 2024")
	}
	if got := publications(t, svc); got != 16 {
		t.Errorf("%d publications by the end of 2024, want 16", got)
	}
}

// rows reads a file of the sample.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	content, err := files.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

func TestFiles(t *testing.T) {
	t.Parallel()
	counts := map[string]int{"01": 434, "02": 217, "03": 62, "04": 62, "05": 155, "06": 15, "07": 62, "08": 62, "09": 4, "10": 4,
		"11": 62, "12": 4, "13": 64, "14": 27, "15": 4, "16": 1, "17": 96, "18": 372, "19": 62, "20": 1581, "21": 1, "22": 2,
		"31": 434, "32": 185, "33": 93}
	entries, err := files.ReadDir("data")
	if err != nil || len(entries) != len(batches) || len(counts) != len(batches) {
		t.Fatalf("%d files, %d batches, %d counts, %v", len(entries), len(batches), len(counts), err)
	}
	for _, b := range batches {
		if got := len(rows(t, b.file)); got != counts[b.file[:2]] {
			t.Errorf("%s: %d rows, want %d", b.file, got, counts[b.file[:2]])
		}
	}
	if !slices.IsSortedFunc(batches, func(a, b batch) int { return strings.Compare(a.released, b.released) }) {
		t.Error("batches must stand in the order of release")
	}
}

// TestExamplesLeaveRealReadingsAlone: no made-up reading has the key of a real one.
func TestExamplesLeaveRealReadingsAlone(t *testing.T) {
	t.Parallel()
	real := map[string]string{}
	for _, b := range batches {
		for _, r := range rows(t, b.file) {
			key := strings.Join(r[:3], " ")
			if b.generated && real[key] != "" {
				t.Errorf("%s: %s is a real reading of %s", b.file, key, real[key])
			}
			if !b.generated {
				real[key] = b.file
			}
		}
	}
}

// rdLong and rdWide are one panel in the two forms that users send: our long
// layout in UTF-8, and the wide export of the national statistics site in GB18030.
func rdForms(t *testing.T, c *indicator.Catalog) (long, wide []byte) {
	t.Helper()
	values := map[string]string{}
	var l bytes.Buffer
	l.WriteString("indicator,region,period,value,unit,status\n")
	for _, b := range batches {
		for _, r := range rows(t, b.file) {
			if r[0] == "rd_spend" && r[1] != indicator.Nation && r[2] <= "2022" {
				values[r[1]+r[2]] = r[3]
				fmt.Fprintln(&l, strings.Join(r, ","))
			}
		}
	}
	var w strings.Builder
	w.WriteString("数据库：分省年度数据\r\n指标：研究与试验发展（R&D）经费(亿元)\r\n时间：最近12年\r\n地区")
	for year := 2022; year >= 2011; year-- {
		fmt.Fprintf(&w, ",%d年", year)
	}
	for _, r := range c.Provinces() {
		w.WriteString("\r\n" + r.Name.ZH)
		for year := 2022; year >= 2011; year-- {
			w.WriteString("," + values[fmt.Sprint(r.Code, year)])
		}
	}
	w.WriteString("\r\n数据来源：国家统计局\r\n")
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(w.String())
	if err != nil {
		t.Fatal(err)
	}
	return l.Bytes(), []byte(encoded)
}

// publishAll puts one file into an empty ledger, the way of every file, and
// gives back its export.
func publishAll(ctx context.Context, t *testing.T, name string, content []byte, o upload.Options) (csv string, encoding string) {
	t.Helper()
	svc := newService(t, "2026-06-30")
	svc.Review = false
	actor := account.User{Name: "li", Role: account.Admin}
	staged, err := svc.Stage(ctx, actor, name, bytes.NewReader(content), o)
	if err != nil || indicator.HasErrors(staged.Problems) {
		t.Fatalf("%s: %v %v", name, err, staged.Problems)
	}
	if _, err := svc.Publish(ctx, actor, staged.Upload.ID); err != nil {
		t.Fatal(err)
	}
	return exported(t, svc), staged.Understood.Encoding
}

// exported is what the command export writes of the whole ledger.
func exported(t *testing.T, svc *upload.Service) string {
	t.Helper()
	snap, err := svc.Snapshots.At(t.Context(), time.Time{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := func(yield func(export.Row, error) bool) {
		for row, err := range snap.Readings(t.Context(), snapshot.Selection{}) {
			if !yield(export.Row{Reading: row.Reading}, err) {
				return
			}
		}
	}
	var b strings.Builder
	if err := export.WriteCSV(&b, svc.Catalog(), rows, export.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLongAndWideFormsAreTheSame(t *testing.T) {
	t.Parallel()
	long, wide := rdForms(t, newService(t, "2026-06-30").Catalog())
	a, encodingA := publishAll(t.Context(), t, "long.csv", long, upload.Options{})
	b, encodingB := publishAll(t.Context(), t, "wide.csv", wide, upload.Options{})
	if encodingA != "utf-8" || encodingB != "gb18030" {
		t.Errorf("encodings %s and %s", encodingA, encodingB)
	}
	if a != b || strings.Count(a, "\n") != 1+31*12 {
		t.Errorf("the two forms differ, or are not whole:\n%s\n%s", a, b)
	}
}
