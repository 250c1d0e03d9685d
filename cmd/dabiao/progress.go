package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// bar tells on standard error how far a long piece of work has come: one line
// that is drawn anew on a terminal, elsewhere a line every ten seconds.
type bar struct {
	out  io.Writer
	lang indicator.Lang
	room func() int       // columns of the terminal, 0 where there is none
	now  func() time.Time // the wall clock: the product's may stand still

	phase        ledger.Phase
	begun, shown time.Time
	first        int  // done before the phase began: nothing of this run's doing
	widest       int  // text of the phase, so that its bar keeps its length
	drawn        bool // a line is on the terminal and not ended
}

func newBar(e *env) *bar {
	b := &bar{out: e.err, lang: e.lang, now: time.Now, room: func() int { return 0 }}
	if f, ok := e.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		b.room = func() int {
			if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
				return w
			}
			return 80
		}
	}
	return b
}

var phaseNames = map[ledger.Phase]indicator.Text{
	ledger.Copying:       indicator.T("复制", "Copying"),
	ledger.Reading:       indicator.T("核对", "Verifying"),
	ledger.ReadingSource: indicator.T("核对来源", "Verifying source"),
	ledger.ReadingTarget: indicator.T("核对目标", "Verifying target"),
	forecasting:          indicator.T("预测", "Forecasting"),
}

const (
	redrawEvery = 100 * time.Millisecond
	lineEvery   = 10 * time.Second
)

// tell is a ledger.Progress.
func (b *bar) tell(phase ledger.Phase, done, total int) {
	now := b.now()
	if phase != b.phase || done < b.first {
		b.end()
		b.phase, b.begun, b.shown, b.first, b.widest = phase, now, now, done, 0
	}
	room, finished := b.room(), done >= total
	switch {
	case room == 0:
		if now.Sub(b.shown) >= lineEvery {
			fmt.Fprintln(b.out, b.line(now, done, total, 0))
			b.shown = now
		}
	case finished || !b.drawn || now.Sub(b.shown) >= redrawEvery:
		const clear = "\r\x1b[K"
		fmt.Fprint(b.out, clear+b.line(now, done, total, room))
		b.shown, b.drawn = now, true
		if finished {
			b.end()
		}
	}
}

// end leaves the line on the terminal and goes to the next.
func (b *bar) end() {
	if b.drawn {
		fmt.Fprintln(b.out)
	}
	b.drawn = false
	b.phase = ""
}

// line is name, bar, percent, readings, rate and time, as far as there is room.
// No room at all is no terminal: then all is said, without a bar.
func (b *bar) line(now time.Time, done, total, room int) string {
	percent := 100
	if total > 0 {
		percent = min(100, done*100/total)
	}
	say := func(zh, en string, args ...any) string { return fmt.Sprintf(indicator.T(zh, en).In(b.lang), args...) }
	name := phaseNames[b.phase].In(b.lang)
	parts := []string{fmt.Sprintf("%3d%%", percent), say("%s/%s 条", "%s/%s", grouped(done), grouped(total))}
	elapsed := now.Sub(b.begun)
	if made := done - b.first; made > 0 && elapsed >= time.Second {
		rate := float64(made) / elapsed.Seconds()
		parts = append(parts, say("%s 条/秒", "%s/s", grouped(int(rate))))
		if left := float64(total-done) / rate; done < total {
			parts = append(parts, say("剩余 %s", "%s left", clock(time.Duration(left*float64(time.Second)))))
		}
	}
	if done >= total {
		parts = append(parts, say("用时 %s", "in %s", clock(elapsed)))
	}
	left := room - columns(name) - 2 // a blank, and the last column stays free
	for room > 0 && columns(strings.Join(parts, "  ")) > left && len(parts) > 1 {
		parts = parts[:len(parts)-1]
	}
	const least, most = 8, 40
	text := strings.Join(parts, "  ")
	b.widest = max(b.widest, columns(text))
	length := min(left-b.widest-1, most)
	if length < least {
		return name + " " + text
	}
	full := length * percent / 100
	return name + " " + strings.Repeat("█", full) + strings.Repeat("░", length-full) + " " + text
}

// columns is how wide a text is on a terminal: a Chinese character takes two.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if isWide(r) {
			n++
		}
	}
	return n
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// clock writes a duration as 1:05 or 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
