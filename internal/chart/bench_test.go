//go:build unix

package chart

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// BenchmarkSVG draws charts of three forms, whole: option, drawing, tidying.
func BenchmarkSVG(b *testing.B) {
	for _, c := range benched() {
		b.Run(c.ID, func(b *testing.B) {
			if _, err := shared().SVG(b.Context(), c, indicator.ZH); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := shared().SVG(b.Context(), c, indicator.ZH); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benched() []*dashboard.Chart {
	return []*dashboard.Chart{ahead("fan", 0.1, goal(dashboard.GoalPoint)), bars(), trend()}
}

// ssr draws each option of a file as often as asked, after some rounds to warm up,
// and prints the milliseconds of processor time that one drawing takes.
const ssr = `
const [library, file, rounds] = process.argv.slice(1);
const echarts = require(library);
const options = JSON.parse(require("fs").readFileSync(file));
function draw() {
  for (const option of options) {
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 800, height: 340 });
    chart.setOption({ ...structuredClone(option), animation: false });
    chart.renderToSVGString();
    chart.dispose();
  }
}
for (let n = 0; n < rounds; n++) draw();
const start = process.cpuUsage();
for (let n = 0; n < rounds; n++) draw();
const used = process.cpuUsage(start);
console.log((used.user + used.system) / 1e3 / rounds / options.length);
process.exit(0);
`

// BenchmarkSVGAndNode draws the same charts with the same library in Node.js, which
// a build needs anyway, and gives the processor time of a drawing in both and their
// ratio. Other programs on the machine change neither much.
func BenchmarkSVGAndNode(b *testing.B) {
	node, err := exec.LookPath("node")
	if err != nil {
		b.Fatal("there is no Node.js on the PATH")
	}
	var options []json.RawMessage
	for _, c := range benched() {
		option, err := Option(c, indicator.ZH)
		if err != nil {
			b.Fatal(err)
		}
		options = append(options, option)
		if _, err := shared().draw(b.Context(), option, Width, 340); err != nil {
			b.Fatal(err)
		}
	}
	text, err := json.Marshal(options)
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "options.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		b.Fatal(err)
	}
	library, err := filepath.Abs("../assets/dist/echarts.min.js")
	if err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(b.Context(), node, "-e", ssr, library, file, "30").Output()
	if err != nil {
		b.Fatal(err)
	}
	var theirs float64
	if err := json.Unmarshal(out, &theirs); err != nil {
		b.Fatal(err)
	}
	start, drawings := processorTime(b), 0
	for b.Loop() {
		for _, option := range options {
			if _, err := shared().draw(b.Context(), option, Width, 340); err != nil {
				b.Fatal(err)
			}
			drawings++
		}
	}
	ours := float64((processorTime(b) - start).Microseconds()) / 1000 / float64(drawings)
	b.ReportMetric(ours, "cpu-ms/svg")
	b.ReportMetric(theirs, "cpu-ms/svg-node")
	b.ReportMetric(ours/theirs, "ratio")
}

// processorTime is what this process has used.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
