package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// barOn is a bar on a terminal of that width, on a clock that the test moves.
func barOn(width int, lang indicator.Lang) (b *bar, out *bytes.Buffer, clock *time.Time) {
	out, clock = &bytes.Buffer{}, &time.Time{}
	*clock = someDay()
	return &bar{out: out, lang: lang, room: func() int { return width }, now: func() time.Time { return *clock }}, out, clock
}

// screen is what a terminal shows after that output.
func screen(out string) []string {
	var lines []string
	for _, line := range strings.Split(out, "\n") {
		if i := strings.LastIndex(line, "\r\x1b[K"); i >= 0 {
			line = line[i+len("\r\x1b[K"):]
		}
		lines = append(lines, line)
	}
	return lines
}

func TestBarOnATerminal(t *testing.T) {
	t.Parallel()
	for lang, want := range map[indicator.Lang][]string{
		indicator.ZH: {
			"复制 ███████░░░░░░░  50%  1,500,000/3,000,000 条  50,000 条/秒  剩余 0:30",
			"复制 ██████████████ 100%  3,000,000/3,000,000 条  50,000 条/秒  用时 0:50",
			"核对来源 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  0/10 条",
		},
		indicator.EN: {
			"Copying █████████░░░░░░░░░  50%  1,500,000/3,000,000  50,000/s  0:30 left",
			"Copying ██████████████████ 100%  3,000,000/3,000,000  50,000/s  in 0:50",
			"Verifying source ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0%  0/10",
		},
	} {
		b, out, clock := barOn(74, lang)
		b.tell(ledger.Copying, 500_000, 3_000_000) // copied before: no part of the rate
		*clock = clock.Add(20 * time.Second)
		b.tell(ledger.Copying, 1_500_000, 3_000_000)
		half := screen(out.String())
		*clock = clock.Add(30 * time.Second)
		b.tell(ledger.Copying, 3_000_000, 3_000_000)
		b.tell(ledger.ReadingSource, 0, 10)
		got := append(half, screen(out.String())...)
		b.end()
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("shown:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if !strings.HasSuffix(out.String(), "0/10"+map[indicator.Lang]string{indicator.ZH: " 条"}[lang]+"\n") {
			t.Errorf("the last line is not ended: %q", out.String())
		}
	}
}

// TestBarFits: no line is ever longer than the terminal is wide, or nothing
// could draw over it.
func TestBarFits(t *testing.T) {
	t.Parallel()
	for _, lang := range []indicator.Lang{indicator.ZH, indicator.EN} {
		for width := 24; width <= 200; width++ {
			for phase := range phaseNames {
				b, out, clock := barOn(width, lang)
				for _, done := range []int{0, 7, 9_999_999, 10_000_000} {
					b.tell(phase, done, 10_000_000)
					*clock = clock.Add(2 * time.Hour)
				}
				for _, line := range strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\r' || r == '\n' }) {
					if line = strings.TrimPrefix(line, "\x1b[K"); columns(line) >= width {
						t.Errorf("%d columns on a terminal of %d: %q", columns(line), width, line)
					}
				}
			}
		}
	}
}

// TestBarElsewhere: a line every ten seconds, none for what is quick.
func TestBarElsewhere(t *testing.T) {
	t.Parallel()
	b, out, clock := barOn(0, indicator.EN)
	for second := range 26 {
		b.tell(ledger.Copying, second*1000, 100_000)
		*clock = clock.Add(time.Second)
	}
	b.tell(ledger.ReadingSource, 0, 5)
	b.tell(ledger.ReadingSource, 5, 5)
	b.end()
	want := "Copying  10%  10,000/100,000  1,000/s  1:30 left\nCopying  20%  20,000/100,000  1,000/s  1:20 left\n"
	if out.String() != want {
		t.Errorf("said:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestGroupedAndClock(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -100: "-100", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "0:00", 65 * time.Second: "1:05", time.Hour + 2*time.Minute + 3*time.Second: "1:02:03", 59600 * time.Millisecond: "1:00"} {
		if got := clock(d); got != want {
			t.Errorf("%s is written %s, want %s", d, got, want)
		}
	}
}
