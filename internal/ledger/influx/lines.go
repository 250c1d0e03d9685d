package influx

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// The measurements, and what sets apart the points about an upload:
//
//	reading,freq=A,indicator=rd_spend,region=350000 value=1171.7,status="A"   ⟨start of the period⟩ + seq
//	upload,kind=intent,id=…  seq, at, what was said, sha, undone              ⟨seq⟩
//	upload,kind=commit       seq, at, what was said, sha, upload (its id), released, rows, parts  ⟨seq⟩
//	upload,kind=undo         seq, at, by, reason                              ⟨seq⟩
//
// All times are nanoseconds. The id is a tag of intents, so that two of one seq
// are two points. Commits and undos are one series each: asking for the newest
// is cheap.

// appendReadings appends a line for each reading. They come sorted, so what
// neighbours share is written once.
func appendReadings(b []byte, readings []indicator.Reading, seq int64) []byte {
	var key []byte
	var last indicator.Reading
	for _, r := range readings {
		if key == nil || r.Indicator != last.Indicator || r.Region != last.Region || r.Period.Freq() != last.Period.Freq() {
			key = fmt.Appendf(key[:0], "reading,freq=%s,indicator=%s,region=%s value=", r.Period.Freq(), r.Indicator, r.Region)
			last = r
		}
		b = append(b, key...)
		b = strconv.AppendFloat(b, r.Value, 'g', -1, 64)
		b = append(append(append(b, `,status="`...), r.Status...), `" `...)
		b = strconv.AppendInt(b, pointTime(r.Period, seq), 10)
		b = append(b, '\n')
	}
	return b
}

// pointTime is the time of a vintage: the start of its period, and the seq below
// the day.
func pointTime(p indicator.Period, seq int64) int64 { return p.Start().UnixNano() + seq }

// line builds one point field by field.
type line struct{ b []byte }

func newLine(series string) *line { return &line{append([]byte(series), ' ')} }

func (l *line) field(name string) *line {
	if l.b[len(l.b)-1] != ' ' {
		l.b = append(l.b, ',')
	}
	l.b = append(append(l.b, name...), '=')
	return l
}

func (l *line) whole(name string, n int64) *line {
	l.field(name).b = append(strconv.AppendInt(l.b, n, 10), 'i')
	return l
}

func (l *line) truth(name string, v bool) *line {
	l.field(name).b = strconv.AppendBool(l.b, v)
	return l
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (l *line) text(name, s string) *line {
	l.field(name).b = fmt.Appendf(l.b, `"%s"`, quoted.Replace(strings.ToValidUTF8(s, "\uFFFD")))
	return l
}

func (l *line) at(time int64) []byte {
	return append(strconv.AppendInt(append(l.b, ' '), time, 10), '\n')
}

// upload adds what was said about an upload, and the hash of its readings.
func (l *line) upload(u ledger.Upload, sha string) *line {
	return l.text("file", u.File).truth("generated", u.Generated).text("reason", u.Reason).text("sha", sha).
		text("source", u.Source).text("stage", u.Stage).text("uploader", u.Uploader)
}

func (i intent) line() []byte {
	return newLine("upload,id="+escapeID(i.ID)+",kind=intent").
		whole("at", int64(i.at)).whole("seq", i.seq).upload(i.Upload, i.sha).truth("undone", i.undone).at(i.seq)
}

func commitLine(p ledger.Publication) []byte {
	l := newLine("upload,kind=commit").whole("at", int64(p.At)).whole("seq", p.Seq).upload(p.Upload, p.SHA).
		text("upload", p.ID).whole("released", p.Released.UnixMilli()).whole("rows", int64(p.Rows))
	for i, piece := range pieces(formatParts(p.Parts)) {
		l.text(partsField(i), piece)
	}
	return l.at(p.Seq)
}

func undoLine(p ledger.Publication) []byte {
	return newLine("upload,kind=undo").whole("at", int64(p.RevertedAt)).
		text("by", p.RevertedBy).text("reason", p.RevertNote).whole("seq", p.Seq).at(p.Seq)
}

// escapeID makes any id a tag value; unescapeID undoes it.
func escapeID(id string) string { return url.QueryEscape(strings.ToValidUTF8(id, "\uFFFD")) }

func unescapeID(tag string) (string, error) { return url.QueryUnescape(tag) }

// formatParts writes parts as "indicator freq rows checksum;…".
func formatParts(parts []ledger.Part) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%s %s %d %x;", p.Indicator, p.Freq, p.Rows, p.Checksum)
	}
	return b.String()
}

func parseParts(s string) ([]ledger.Part, error) {
	var parts []ledger.Part
	for s != "" {
		var one string
		one, s, _ = strings.Cut(s, ";")
		words := strings.Split(one, " ")
		if len(words) != 4 {
			return nil, fmt.Errorf("not a part: %q", one)
		}
		freq, err := indicator.ParseFreq(words[1])
		if err != nil {
			return nil, err
		}
		rows, err := strconv.Atoi(words[2])
		if err != nil {
			return nil, err
		}
		checksum, err := strconv.ParseUint(words[3], 16, 64)
		if err != nil {
			return nil, err
		}
		parts = append(parts, ledger.Part{Indicator: words[0], Freq: freq, Rows: rows, Checksum: checksum})
	}
	return parts, nil
}

// pieces cuts a text into what fits into one field: the server takes 64 KiB.
func pieces(s string) []string {
	const most = 60_000
	list := []string{s[:min(len(s), most)]}
	for s = s[min(len(s), most):]; s != ""; s = s[min(len(s), most):] {
		list = append(list, s[:min(len(s), most)])
	}
	return list
}

// partsField names the fields of the pieces: parts, parts_1, …
func partsField(i int) string {
	if i == 0 {
		return "parts"
	}
	return "parts_" + strconv.Itoa(i)
}
