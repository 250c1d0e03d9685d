package chart

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"modernc.org/quickjs"

	"github.com/dabiao/dabiao/internal/assets"
	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
)

// What can go wrong in a Renderer; a context that ends is its own error.
var (
	ErrClosed = errors.New("the chart renderer is closed")
	ErrTime   = errors.New("the chart took longer than a chart may")
	ErrMemory = errors.New("the chart needs more memory than a chart may")
	ErrScript = errors.New("the chart library failed")
	ErrMarkup = errors.New("the drawing is not an SVG that may be shown")
)

// Limits of a Renderer; a zero takes the default.
type Limits struct {
	Machines int           // drawing at the same time, each on one processor: 2
	Memory   int           // bytes of one machine: 64 MiB; the library alone takes about 10
	Time     time.Duration // of one chart, waiting not counted: 20 s
	Charts   int           // after so many a machine is replaced: 500
}

func (l Limits) orDefaults() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{{&l.Machines, 2}, {&l.Memory, 64 << 20}, {&l.Charts, 500}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if l.Time <= 0 {
		l.Time = 20 * time.Second
	}
	return l
}

// Renderer draws charts as SVG without a browser: the server-side rendering of
// ECharts runs in JavaScript machines inside this process. The library is compiled
// at the first chart, and a machine starts when all others are busy. It is safe
// for concurrent use; Close ends it.
type Renderer struct {
	limits Limits
	code   func() ([]byte, error)
	free   chan *machine // one entry a machine; nil: not started
	closed chan struct{}
	once   sync.Once
}

// machine is one JavaScript world, used by one goroutine at a time.
type machine struct {
	vm     *quickjs.VM
	charts int // drawn so far
}

//go:embed glue.js
var glue string

// NewRenderer makes a Renderer with the library that files hold (assets.Dist).
func NewRenderer(files fs.FS, limits Limits) *Renderer {
	r := &Renderer{limits: limits.orDefaults(), closed: make(chan struct{})}
	r.code = sync.OnceValues(func() ([]byte, error) { return compile(files) })
	r.free = make(chan *machine, r.limits.Machines)
	for range r.limits.Machines {
		r.free <- nil
	}
	return r
}

func compile(files fs.FS) ([]byte, error) {
	library, err := fs.ReadFile(files, assets.ECharts)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScript, err)
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScript, err)
	}
	code, err := vm.Compile(glue+"\n"+string(library), quickjs.EvalGlobal)
	if err := errors.Join(err, vm.Close()); err != nil {
		return nil, fmt.Errorf("%w: compile: %w", ErrScript, err)
	}
	return code, nil
}

// Width of every SVG in CSS pixels; Height is its height. It scales freely.
const Width = 800

// SVG is the chart in one language as a light SVG, the same bytes every time. It
// has no script, style, link or foreign content, and obeys the content security
// policy of the pages inline too: its ids begin with the id of the chart.
func (r *Renderer) SVG(ctx context.Context, c *dashboard.Chart, lang indicator.Lang) ([]byte, error) {
	option, err := Option(c, lang)
	if err != nil {
		return nil, err
	}
	raw, err := r.draw(ctx, option, Width, Height(c))
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.ID, err)
	}
	svg, err := tidy(raw, frame{id: c.ID, lang: lang, title: c.Title.In(lang), description: c.Description.In(lang)})
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", c.ID, err)
	}
	return svg, nil
}

// draw gives an option to the next free machine. One that failed is not used again.
func (r *Renderer) draw(ctx context.Context, option json.RawMessage, width, height int) (string, error) {
	m, err := r.take(ctx)
	if err != nil {
		return "", err
	}
	if m == nil {
		if m, err = r.start(); err != nil {
			r.free <- nil
			return "", err
		}
	}
	svg, err := m.draw(ctx, option, width, height, r.limits.Time)
	if m.charts++; err != nil || m.charts >= r.limits.Charts {
		err = errors.Join(err, m.vm.Close())
		m = nil
	}
	r.free <- m
	return svg, err
}

func (r *Renderer) take(ctx context.Context) (*machine, error) {
	select {
	case <-r.closed:
		return nil, ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-r.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case m := <-r.free:
		return m, nil
	}
}

func (r *Renderer) start() (*machine, error) {
	code, err := r.code()
	if err != nil {
		return nil, err
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrScript, err)
	}
	vm.SetMemoryLimit(uintptr(r.limits.Memory))
	if _, err := vm.EvalBytecode(code); err != nil {
		return nil, errors.Join(scriptFault(err), vm.Close())
	}
	return &machine{vm: vm}, nil
}

// draw runs until the context or the time ends. A context that ends in the very
// moment before the script begins is noticed at its end.
func (m *machine) draw(ctx context.Context, option json.RawMessage, width, height int, limit time.Duration) (string, error) {
	if err := m.vm.SetEvalTimeout(limit); err != nil {
		return "", fmt.Errorf("%w: %w", ErrScript, err)
	}
	stop := context.AfterFunc(ctx, m.vm.Interrupt)
	answer, err := m.vm.Call("__render", string(option), width, height, paperColor)
	stop()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", scriptFault(err)
	}
	svg, ok := answer.(string)
	if !ok {
		return "", fmt.Errorf("%w: it gave %T", ErrScript, answer)
	}
	return svg, nil
}

// scriptFault gives what the machine threw its kind.
func scriptFault(err error) error {
	switch err.Error() {
	case "InternalError: interrupted":
		return ErrTime
	case "InternalError: out of memory", "null": // null: there was no memory for the error either
		return ErrMemory
	}
	return fmt.Errorf("%w: %w", ErrScript, err)
}

// Close ends the machines, waiting for those that draw. Later charts are ErrClosed.
func (r *Renderer) Close() error {
	var errs []error
	r.once.Do(func() {
		close(r.closed)
		for range r.limits.Machines {
			if m := <-r.free; m != nil {
				errs = append(errs, m.vm.Close())
			}
		}
	})
	return errors.Join(errs...)
}
