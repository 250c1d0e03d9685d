package ledgertest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

func emptyLedger(t *testing.T, open Open) {
	f := newFixture(t, open)
	if v := f.version(); v != 0 {
		t.Errorf("Version %d, want 0", v)
	}
	if h := f.history(); h.Version != 0 || len(h.Publications) != 0 {
		t.Errorf("History %+v, want none", h)
	}
	if got := f.vintages(rdSpend); len(got) != 0 {
		t.Errorf("Vintages %v, want none", got)
	}
}

func uploadComesBack(t *testing.T, open Open) {
	f := newFixture(t, open)
	readings := []indicator.Reading{spend(2023, 1171.7), spend(2022, 1082.1),
		reading("gdp", "000000", period("2024-Q1"), 296299)}
	upload := ledger.Upload{
		ID: "u-1", Uploader: "li", File: "2023.csv", Source: "福建省统计局", Stage: "最终核实", Reason: "经济普查",
		Generated: true, Released: time.Date(2024, 9, 30, 0, 0, 0, 0, indicator.Shanghai),
	}
	published := f.publishAs(upload, readings...)
	want := ledger.Publication{
		Upload: upload, SHA: ledger.ContentHash(readings), Seq: published.Seq, At: published.At,
		Rows: 3, Parts: ledger.Parts(readings),
	}
	if diff := cmp.Diff(want, published, samePublications); diff != "" {
		t.Errorf("Publish answered (-want +got):\n%s", diff)
	}
	if published.At.Time().Before(f.clock.Now()) {
		t.Errorf("at %s lies before the clock %s", published.At.Time(), f.clock.Now())
	}
	f.clock.Advance(time.Hour)
	later := f.publish("u-2", spend(2021, 1))
	if !later.Released.Equal(later.At.Time()) {
		t.Errorf("released %s without a given one, want the moment of publishing %s", later.Released, later.At.Time())
	}
	h := f.history()
	if diff := cmp.Diff([]ledger.Publication{published, later}, h.Publications, samePublications); diff != "" {
		t.Errorf("History (-want +got):\n%s", diff)
	}
	if h.Version != later.At || f.version() != later.At {
		t.Errorf("History at %d, Version %d, want %d", h.Version, f.version(), later.At)
	}
}

func textsMayBeAnything(t *testing.T, open Open) {
	f := newFixture(t, open)
	for i, text := range []string{
		"", "福建省统计局《2023年公报》", "<script>alert('1')</script>", `a"b\c'd`, "line\nbreak\ttab", "a=b,c d", "🏭 é ß", "x'; DROP TABLE upload; --", "  blanks  ",
	} {
		u := ledger.Upload{ID: fmt.Sprintf("t%d %s", i, text), Uploader: text, File: text, Source: text, Stage: text, Reason: text}
		f.publishAs(u, spend(2000+i, 1))
		if _, err := f.Revert(t.Context(), u.ID, text, text); err != nil {
			t.Fatal(err)
		}
		h := f.history()
		got := h.Publications[len(h.Publications)-1]
		u.Released = got.Released
		if got.Upload != u || got.RevertedBy != text || got.RevertNote != text {
			t.Errorf("%q came back as %+v", text, got)
		}
	}
}

func valuesComeBack(t *testing.T, open Open) {
	f := newFixture(t, open)
	var readings []indicator.Reading
	for i, v := range []float64{0, 1, -1, 0.1, 1171.7, -2.5e-300, math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, 1 << 53, 1.0 / 3, 6711.3799999999997} {
		readings = append(readings, spend(1990+i, v))
	}
	for i, s := range []indicator.Status{"A", "P", "E", "B", "M", "N", "O"} {
		r := spend(2010+i, 7)
		if r.Status = s; !s.HasValue() {
			r.Value = 0
		}
		readings = append(readings, r)
	}
	f.publish("values", readings...)
	var got []indicator.Reading
	for _, v := range f.vintages(rdSpend) {
		got = append(got, v.Reading)
	}
	if diff := cmp.Diff(readings, got, comparePeriods); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
	f.unchanged("minus zero is zero", func() {
		readings[0].Value = math.Copysign(0, -1)
		f.publish("zero", readings...)
	})
}

var comparePeriods = cmp.Comparer(func(a, b indicator.Period) bool { return a == b })

func frequencies(t *testing.T, open Open) {
	f := newFixture(t, open)
	var readings []indicator.Reading
	for i, s := range []string{
		"2024", "2024-Q1", "2024-Q4", "2024-01", "2024-12", "2024-01/P2M", "2024-01/P3M", "2024-01/P4M", "2024-01/P5M", "2024-01/P6M",
		"2024-01/P7M", "2024-01/P8M", "2024-01/P9M", "2024-01/P10M", "2024-01/P11M", "2024-01/P12M",
	} {
		readings = append(readings, reading("rd_spend", "350000", period(s), float64(i)))
	}
	p := f.publish("all", readings...)
	if want := 14; len(p.Parts) != want {
		t.Errorf("%d parts, want %d", len(p.Parts), want)
	}
	for _, part := range p.Parts {
		var got []indicator.Reading
		for _, v := range f.vintages(ledger.Query{Indicator: "rd_spend", Freq: part.Freq}) {
			got = append(got, v.Reading)
		}
		want := slices.DeleteFunc(slices.Clone(readings), func(r indicator.Reading) bool { return r.Period.Freq() != part.Freq })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", part.Freq, got, want)
		}
		if sums := ledger.Parts(got); len(sums) != 1 || sums[0] != part {
			t.Errorf("%s: %+v came, the upload says %+v", part.Freq, sums, part)
		}
	}
}

func oldPeriods(t *testing.T, open Open) {
	f := newFixture(t, open)
	var want []indicator.Reading
	for _, s := range []string{"1900", "1949", "1969", "1970", "1971", "2161"} {
		want = append(want, reading("rd_spend", "350000", period(s), 1))
	}
	months := []indicator.Reading{
		reading("rd_spend", "350000", period("1952-12"), 1), reading("rd_spend", "350000", period("1969-12"), 2),
		reading("rd_spend", "350000", period("1970-01"), 3)}
	_, err := f.Publish(t.Context(), ledger.Upload{ID: "old"}, append(slices.Clone(want), months...))
	if errors.Is(err, ledger.ErrInvalid) { // a store that cannot keep them says which, and keeps none
		if !strings.Contains(err.Error(), "1900") || len(f.history().Publications) != 0 {
			t.Errorf("error %v, %d publications; want the first reading named and none", err, len(f.history().Publications))
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for freq, want := range map[indicator.Freq][]indicator.Reading{indicator.Annual: want, indicator.Monthly: months} {
		var got []indicator.Reading
		for _, v := range f.vintages(ledger.Query{Indicator: "rd_spend", Freq: freq}) {
			got = append(got, v.Reading)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", freq, got, want)
		}
	}
}

func vintageOrder(t *testing.T, open Open) {
	f := newFixture(t, open)
	var want []ledger.Vintage
	for i, upload := range []string{"c", "a", "b"} {
		var readings []indicator.Reading
		for _, region := range []string{"440000", "110000", "350000", "000000"} {
			for _, year := range []int{2024, 2011, 1999} {
				readings = append(readings, reading("rd_spend", region, indicator.Year(year), float64(i)))
			}
		}
		// Older figures loaded later: the order is that of loading all the same.
		released := f.clock.Now().AddDate(-i, 0, 0)
		p := f.publishAs(ledger.Upload{ID: upload, Released: released}, readings...)
		for _, r := range readings {
			want = append(want, ledger.Vintage{Reading: r, Seq: p.Seq})
		}
	}
	slices.SortStableFunc(want, func(a, b ledger.Vintage) int { return indicator.CompareReadings(a.Reading, b.Reading) })
	if got := f.vintages(rdSpend); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func queries(t *testing.T, open Open) {
	f := newFixture(t, open)
	var all []indicator.Reading
	for _, code := range []string{"rd_spend", "rd_spend_2", "gdp"} {
		for _, region := range []string{"000000", "350000", "350100"} {
			for _, p := range []string{"2020", "2021", "2022", "2021-Q1", "2021-01/P3M"} {
				all = append(all, reading(code, region, period(p), float64(len(all))))
			}
		}
	}
	f.publish("all", all...)
	year := indicator.Year
	for _, q := range []ledger.Query{
		{Indicator: "rd_spend", Freq: "A"},
		{Indicator: "gdp", Freq: "Q"},
		{Indicator: "gdp", Freq: "P3M", Region: "350000"},
		{Indicator: "gdp", Freq: "P4M"},
		{Indicator: "rd_spend", Freq: "A", Region: "350000"},
		{Indicator: "rd_spend", Freq: "A", From: year(2021)},
		{Indicator: "rd_spend", Freq: "A", To: year(2021)},
		{Indicator: "rd_spend", Freq: "A", Region: "350100", From: year(2021), To: year(2021)},
		{Indicator: "rd_spend", Freq: "A", From: year(2022), To: year(2020)},
		{Indicator: "rd_spend", Freq: "A", Region: "3500"},
		{Indicator: "rd_spend%", Freq: "A"},
		{Indicator: "rd", Freq: "A"},
		{Indicator: "x' OR '1'='1", Freq: "A"},
	} {
		var want, got []indicator.Reading
		for _, r := range all {
			if r.Indicator == q.Indicator && r.Period.Freq() == q.Freq && (q.Region == "" || r.Region == q.Region) &&
				(q.From.IsZero() || r.Period.Compare(q.From) >= 0) && (q.To.IsZero() || r.Period.Compare(q.To) <= 0) {
				want = append(want, r)
			}
		}
		for _, v := range f.vintages(q) {
			got = append(got, v.Reading)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: got %v, want %v", q, got, want)
		}
	}
	for _, q := range []ledger.Query{{Indicator: "gdp", Freq: "W"}, {Indicator: "gdp"}, {Indicator: "gdp", Freq: "Q", From: year(2020)}} {
		_, err := collect(f.Vintages(t.Context(), q))
		wantError(t, err, ledger.ErrInvalid)
	}
}
