package indicator

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Freq is the frequency of a series: A (year), Q (quarter), M (month), or
// P2M … P12M for figures from January to a month (year to date).
type Freq string

// The plain frequencies.
const (
	Annual    Freq = "A"
	Quarterly Freq = "Q"
	Monthly   Freq = "M"
)

// ParseFreq accepts A, Q, M and P2M to P12M.
func ParseFreq(s string) (Freq, error) {
	f := Freq(s)
	if f == Annual || f == Quarterly || f == Monthly || f.toDate() > 0 {
		return f, nil
	}
	return "", fmt.Errorf("unknown frequency %q: want A, Q, M or P2M … P12M", s)
}

// toDate is n for PnM and 0 for the plain frequencies.
func (f Freq) toDate() int {
	if len(f) < 3 || f[0] != 'P' || f[len(f)-1] != 'M' {
		return 0
	}
	n, err := strconv.Atoi(string(f[1 : len(f)-1]))
	if err != nil || n < 2 || n > 12 || f != Freq("P"+strconv.Itoa(n)+"M") {
		return 0
	}
	return n
}

// perYear is the number of periods of f in a year.
func (f Freq) perYear() int {
	switch f {
	case Quarterly:
		return 4
	case Monthly:
		return 12
	default:
		return 1
	}
}

// Period is a stretch of calendar: a year, quarter or month, or January to a
// month. Periods are comparable with ==; the zero Period is no period.
type Period struct {
	freq Freq
	n    int32 // year × periods a year + index inside the year
}

// Year is the period of a calendar year.
func Year(y int) Period { return Period{Annual, int32(y)} }

var (
	yearPattern    = regexp.MustCompile(`^(\d{4})$`)
	quarterPattern = regexp.MustCompile(`^(\d{4})-Q([1-4])$`)
	monthPattern   = regexp.MustCompile(`^(\d{4})-(\d{2})$`)
	toDatePattern  = regexp.MustCompile(`^(\d{4})-01/(P\d{1,2}M)$`)
)

// ParsePeriod reads the canonical forms 2024, 2024-Q3, 2024-07, 2024-01/P9M.
func ParsePeriod(s string) (Period, error) {
	if m := yearPattern.FindStringSubmatch(s); m != nil {
		return Year(atoi(m[1])), nil
	}
	if m := quarterPattern.FindStringSubmatch(s); m != nil {
		return Period{Quarterly, int32(atoi(m[1])*4 + atoi(m[2]) - 1)}, nil
	}
	if m := monthPattern.FindStringSubmatch(s); m != nil {
		if month := atoi(m[2]); month >= 1 && month <= 12 {
			return Period{Monthly, int32(atoi(m[1])*12 + month - 1)}, nil
		}
	}
	if m := toDatePattern.FindStringSubmatch(s); m != nil {
		if f := Freq(m[2]); f.toDate() > 0 {
			return Period{f, int32(atoi(m[1]))}, nil
		}
	}
	return Period{}, fmt.Errorf("not a period: %q (want 2024, 2024-Q3, 2024-07 or 2024-01/P9M)", s)
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// PeriodAt is the period of frequency f that begins on the day of start (UTC).
func PeriodAt(f Freq, start time.Time) Period {
	y, m, _ := start.UTC().Date()
	per := f.perYear()
	return Period{f, int32(y*per + (int(m)-1)*per/12)}
}

// LastOver is the last period of frequency f that is over on the day of now in Shanghai.
func LastOver(f Freq, now time.Time) Period {
	y, m, d := now.In(Shanghai).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	p := PeriodAt(f, today)
	if p.End().After(today) {
		return p.Add(-1)
	}
	return p
}

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Freq is the frequency of the period.
func (p Period) Freq() Freq { return p.freq }

// Year is the calendar year the period lies in.
func (p Period) Year() int { return floorDiv(int(p.n), p.freq.perYear()) }

// Start is the first day of the period, UTC midnight.
func (p Period) Start() time.Time {
	per := p.freq.perYear()
	index := int(p.n) - p.Year()*per
	return time.Date(p.Year(), time.Month(index*12/per+1), 1, 0, 0, 0, 0, time.UTC)
}

// End is the first day after the period, UTC midnight.
func (p Period) End() time.Time {
	if n := p.freq.toDate(); n > 0 {
		return p.Start().AddDate(0, n, 0)
	}
	return p.Start().AddDate(0, 12/p.freq.perYear(), 0)
}

// Add is the period n steps later; for year-to-date periods a step is a year.
func (p Period) Add(n int) Period { return Period{p.freq, p.n + int32(n)} }

// Sub is the number of steps from q to p, which must have one frequency.
func (p Period) Sub(q Period) int { return int(p.n - q.n) }

// Compare orders by end, then by frequency, so that a list over several
// frequencies has one order.
func (p Period) Compare(q Period) int {
	if p.freq == q.freq {
		return cmp.Compare(p.n, q.n)
	}
	if p.IsZero() || q.IsZero() {
		return cmp.Compare(len(p.freq), len(q.freq))
	}
	if c := p.End().Compare(q.End()); c != 0 {
		return c
	}
	return cmp.Compare(p.freq, q.freq)
}

// String is the canonical form that ParsePeriod reads.
func (p Period) String() string {
	b, _ := p.AppendText(nil)
	return string(b)
}

// AppendText appends the canonical form; the error is always nil. It is the way
// of the loops that write or hash millions of readings.
func (p Period) AppendText(b []byte) ([]byte, error) {
	if p.IsZero() {
		return b, nil
	}
	b = appendPadded(b, p.Year(), 4)
	index := int(p.n) - p.Year()*p.freq.perYear()
	switch p.freq {
	case Annual:
	case Quarterly:
		b = append(b, '-', 'Q', byte('1'+index))
	case Monthly:
		b = appendPadded(append(b, '-'), index+1, 2)
	default:
		b = append(append(b, "-01/"...), p.freq...)
	}
	return b, nil
}

// appendPadded writes n with at least width digits.
func appendPadded(b []byte, n, width int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	for limit := 10; width > 1; width-- {
		if n < limit {
			b = append(b, "000"[:width-1]...)
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// Label is the period as a reader writes it: 2024年, 2024年三季度, 2024年1—9月.
func (p Period) Label(lang Lang) string {
	if lang == EN {
		switch {
		case p.freq == Monthly:
			return p.Start().Format("January 2006")
		case p.freq.toDate() > 0:
			return fmt.Sprintf("January–%s %d", p.End().AddDate(0, 0, -1).Month(), p.Year())
		case p.freq == Quarterly:
			return fmt.Sprintf("Q%d %d", int(p.n)-p.Year()*4+1, p.Year())
		}
		return p.String()
	}
	switch {
	case p.IsZero():
		return ""
	case p.freq == Annual:
		return fmt.Sprintf("%d年", p.n)
	case p.freq == Quarterly:
		return fmt.Sprintf("%d年%s季度", p.Year(), []string{"一", "二", "三", "四"}[int(p.n)-p.Year()*4])
	case p.freq == Monthly:
		return fmt.Sprintf("%d年%d月", p.Year(), p.Start().Month())
	default:
		return fmt.Sprintf("%d年1—%d月", p.Year(), p.freq.toDate())
	}
}

// MarshalText makes a Period a string in JSON and YAML.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote; an empty text is the zero Period.
func (p *Period) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*p = Period{}
		return nil
	}
	parsed, err := ParsePeriod(string(b))
	*p = parsed
	return err
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
