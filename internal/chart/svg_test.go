package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// shared is one Renderer for the tests: compiling the library takes longest.
var shared = sync.OnceValue(func() *Renderer { return NewRenderer(assets.Dist(), Limits{}) })

// library is code that stands for ECharts, with a machine that runs it.
func library(t *testing.T, code string, limits Limits) *Renderer {
	t.Helper()
	r := NewRenderer(fstest.MapFS{assets.ECharts: {Data: []byte(code)}}, limits)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// gallery is a chart of every form.
func gallery() []*dashboard.Chart {
	down := goal(dashboard.GoalArrow)
	down.Up, down.Hollow = false, true
	return []*dashboard.Chart{
		track("track-point", goal(dashboard.GoalPoint)), track("track-line", goal(dashboard.GoalLine)),
		track("track-band", goal(dashboard.GoalBand)), track("track-path", goal(dashboard.GoalPath)),
		track("track-arrow", goal(dashboard.GoalArrow), down), bars(), trend(), revisions(),
		ahead("track-fan", 0.1, goal(dashboard.GoalPoint), goal(dashboard.GoalArrow)), ahead("track-fan-falling", -0.05, goal(dashboard.GoalBand), down),
	}
}

// TestSVGs draws every form in Chinese, and the fullest in English too: the words
// of the others are in the golden options, and drawing is slow under the race detector.
func TestSVGs(t *testing.T) {
	t.Parallel()
	for _, c := range gallery() {
		langs := []indicator.Lang{indicator.ZH}
		if c.ID == "track-fan" {
			langs = append(langs, indicator.EN)
		}
		for _, lang := range langs {
			t.Run(c.ID+"."+string(lang), func(t *testing.T) {
				t.Parallel()
				got, err := shared().SVG(t.Context(), c, lang)
				if err != nil {
					t.Fatal(err)
				}
				obeys(t, got, c.ID)
				path := filepath.Join("testdata", c.ID+"."+string(lang)+".svg")
				if *update {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", path, diff)
				}
			})
		}
	}
}

// obeys checks that an SVG is well-formed and has nothing that the content
// security policy refuses or that could act, and gives its texts.
func obeys(t *testing.T, svg []byte, id string) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var inText bool
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if !slices.Contains(append([]string{"title", "desc"}, elements...), name) {
				t.Errorf("an element <%s>", name)
			}
			if inText = name == "text" || name == "title" || name == "desc"; inText {
				texts = append(texts, "")
			}
			given := map[string]bool{}
			for _, a := range token.Attr {
				key := a.Name.Local
				if given[key] {
					t.Errorf("<%s> has %s twice", name, key)
				}
				given[key] = true
				if key == "style" || key == "class" || key == "href" || strings.HasPrefix(key, "on") {
					t.Errorf("<%s %s=%q>", name, key, a.Value)
				}
				if key == "id" && !strings.HasPrefix(a.Value, id+"-") {
					t.Errorf("the id %q lacks %q", a.Value, id)
				}
				if strings.Contains(a.Value, "url(") && !strings.HasPrefix(a.Value, "url(#"+id+"-") {
					t.Errorf("<%s %s=%q>", name, key, a.Value)
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				texts[len(texts)-1] += string(token)
			}
		}
	}
}

func TestSVGTextsAreEscaped(t *testing.T) {
	t.Parallel()
	text := indicator.T(hostile, hostile)
	for _, c := range []*dashboard.Chart{track("x", goal(dashboard.GoalPoint), goal(dashboard.GoalBand), goal(dashboard.GoalArrow)), bars(), trend(), revisions(), ahead("y", 0.1)} {
		c.Title, c.Description, c.Unit = text, text, hostile
		for n := range c.Series {
			c.Series[n].Name = text
		}
		for n := range c.Bars {
			c.Bars[n].Name = text
		}
		for n := range c.Goals {
			c.Goals[n].Label, c.Goals[n].Document = text, text
		}
		svg, err := shared().SVG(t.Context(), c, indicator.ZH)
		if err != nil {
			t.Fatal(err)
		}
		texts := obeys(t, svg, c.ID)
		if !slices.Contains(texts, hostile) {
			t.Errorf("%s: the text is lost: %q", c.ID, texts)
		}
		for _, bad := range []string{"<script", "</script", "<img", "foreignObject", "<style"} {
			if bytes.Contains(svg, []byte(bad)) {
				t.Errorf("%s has %s: %s", c.ID, bad, svg)
			}
		}
	}
}

// TestSVGIsTheSameEveryTime: whichever machine draws it, and after whatever.
func TestSVGIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	charts := gallery()[5:]
	want := make([][]byte, len(charts))
	for n, c := range charts {
		var err error
		if want[n], err = shared().SVG(t.Context(), c, indicator.ZH); err != nil {
			t.Fatal(err)
		}
	}
	other := NewRenderer(assets.Dist(), Limits{Machines: 2, Charts: 4})
	defer other.Close()
	var group sync.WaitGroup
	for worker := range 2 {
		group.Go(func() {
			for n := range charts {
				at := (n*3 + worker) % len(charts)
				got, err := other.SVG(t.Context(), charts[at], indicator.ZH)
				if err != nil || !bytes.Equal(got, want[at]) {
					t.Errorf("%s is drawn otherwise the second time (%v)", charts[at].ID, err)
				}
			}
		})
	}
	group.Wait()
}

func TestRendererFaults(t *testing.T) {
	t.Parallel()
	const endless = `var echarts = {init: function () { for (;;) {} }};`
	for _, c := range []struct {
		name, code string
		limits     Limits
		want       error
	}{
		{"a library that does not parse", "var = 1;", Limits{}, ErrScript},
		{"a library that fails at its start", "throw new Error('x');", Limits{}, ErrScript},
		{"a library that throws", `var echarts = {init: function () { throw new TypeError('x'); }};`, Limits{}, ErrScript},
		{"an endless loop", endless, Limits{Time: 20 * time.Millisecond}, ErrTime},
		{"endless memory", `var echarts = {init: function () { for (var a = [];;) a.push({}); }};`, Limits{Memory: 4 << 20}, ErrMemory},
		{"endless depth", `var echarts = {init: function f() { return f() + 1; }};`, Limits{}, ErrScript},
		{"no string", giving("7"), Limits{}, ErrScript},
		{"no SVG", giving("'<svg'"), Limits{}, ErrMarkup},
		{"nothing drawn", giving("'<svg></svg>'"), Limits{}, ErrMarkup},
		{"a script", giving("'<svg><rect/><script>x</script></svg>'"), Limits{}, ErrMarkup},
		{"foreign content", giving("'<svg><rect/><foreignObject/></svg>'"), Limits{}, ErrMarkup},
		{"two drawings", giving("'<svg><rect/></svg><svg><rect/></svg>'"), Limits{}, ErrMarkup},
		{"an end that is not its own", giving("'<svg><g><rect/></svg></g>'"), Limits{}, ErrMarkup},
		{"an image", giving("'<svg><rect/><image/></svg>'"), Limits{}, ErrMarkup},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := library(t, c.code, c.limits)
			for range 3 { // the machine that failed is replaced
				if svg, err := r.SVG(t.Context(), trend(), indicator.ZH); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v: %s", err, c.want, svg)
				}
			}
		})
	}
	if _, err := NewRenderer(fstest.MapFS{}, Limits{}).SVG(t.Context(), trend(), indicator.ZH); !errors.Is(err, ErrScript) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a library: %v", err)
	}
}

// giving is a library that draws what an expression says.
func giving(expression string) string {
	return `var echarts = {init: function () { return {setOption: function () {}, dispose: function () {}, renderToSVGString: function () { return ` + expression + `; }}; }};`
}

func TestRendererEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := library(t, `var echarts = {init: function () { for (;;) {} }};`, Limits{Machines: 1})
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var group sync.WaitGroup
	for range 3 { // one draws, two wait for it
		group.Go(func() {
			if _, err := r.SVG(short, trend(), indicator.ZH); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	group.Wait()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.SVG(gone, trend(), indicator.ZH); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestClosedRenderer(t *testing.T) {
	t.Parallel()
	r := library(t, giving("'<svg><rect/></svg>'"), Limits{})
	if _, err := r.SVG(t.Context(), trend(), indicator.ZH); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.SVG(t.Context(), trend(), indicator.ZH); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	const raw = "<svg width=\"9\" xmlns:xlink=\"x\" onload=\"alert(1)\"><rect clip-path=\"url(#zr7-c0)\" fill=\"url(https://example.org/a.svg)\" fill-opacity=\"1\" style=\"font-size:12px;fill-opacity:0.5;cursor:pointer\"></rect>\n" +
		"<text style=\"font: normal bold 11px 'A B', serif\" dominant-baseline=\"central\" class=\"a\" onclick=\"x\">1 &lt; 2\u0001</text>\n<defs><clipPath id=\"zr7-c0\"><path d=\"M0 0\"></path></clipPath></defs><style><![CDATA[a{}]]></style></svg>"
	got, err := tidy(raw, frame{id: "c", lang: indicator.EN, title: "a & b", description: "d"})
	if err != nil {
		t.Fatal(err)
	}
	want := `<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="en" aria-labelledby="c-title c-desc" font-family="&#39;PingFang SC&#39;, &#39;Microsoft YaHei&#39;, &#39;Noto Sans CJK SC&#39;, system-ui, sans-serif" width="9">
<title id="c-title">a &amp; b</title>
<desc id="c-desc">d</desc>
<rect clip-path="url(#c-1)" fill="url(#c-2)" fill-opacity="1" font-size="12px"/>
<text font-weight="bold" font-size="11px" dy="0.35em">1 &lt; 2</text>
<defs>
<clipPath id="c-1">
<path d="M0 0"/>
</clipPath>
</defs>
</svg>
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// FuzzTidy: whatever the library gives, what comes out obeys.
func FuzzTidy(f *testing.F) {
	f.Add(`<svg><rect/><text style="a:b;x">&lt;</text></svg>`)
	f.Add(`<svg><g id="a"><path fill="url('#a')"/></g><style>b</style></svg>`)
	f.Fuzz(func(t *testing.T, raw string) {
		if svg, err := tidy(raw, frame{id: "c"}); err == nil {
			obeys(t, svg, "c")
		}
	})
}
