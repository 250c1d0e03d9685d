package workbook

import "testing"

func TestNumbersStoredInPages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ shown, stored, want string }{
		{"1,234.6", "1234.5678", "1234.5678"}, {"2.6%", "0.02641", "2.641%"}, {"1.23E+04", "12345", "12345"}, {"1.2e-3", "0.00123", "0.00123"},
		{"(12.50)", "-12.5", "-12.5"}, {"(1)", "1", "(1)"}, {"12.5", "", "12.5"}, {"2024", "45292", "2024"}, {"2024-01", "45292", "2024-01"},
		{"12", "12345.678", "12345.678 (格式 12)"}, {"1.23E+04", "13345", "13345 (格式 1.23E+04)"}, {"3.5", "45292", "45292 (格式 3.5)"}, {"-", "0", "-"}, {"5", "NaN", "5"},
	} {
		if got := unrounded(tt.shown, tt.stored); got != tt.want {
			t.Errorf("%q with %q stored is %q, want %q", tt.shown, tt.stored, got, tt.want)
		}
	}
}
