package forecast

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// mostNumbers bounds the forecasts that are kept to learn from.
const mostNumbers = 3_000_000

// pool is all series of one call, and what was learned from them.
type pool struct {
	options   Options
	histories []history

	rows []row // to learn from
	last []row // of each series, to forecast from
	mix  mixture
	errs *errorModel
}

func newPool(ctx context.Context, series []Series, o Options) (*pool, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := checkAll(series); err != nil {
		return nil, err
	}
	p := &pool{options: o, histories: make([]history, len(series))}
	for i, s := range series {
		p.histories[i] = newHistory(s)
	}
	if err := p.collect(ctx); err != nil {
		return nil, err
	}
	p.mix = learn(p.rows, o.Horizon, len(series))
	p.errs = learnErrors(p)
	return p, ctx.Err()
}

// collect makes the rows, series by series in parallel. With thousands of series
// not every origin is needed.
func (p *pool) collect(ctx context.Context) error {
	numbers := 0
	for _, h := range p.histories {
		numbers += len(h.x) * len(methods) * p.options.Horizon
	}
	stride := 1 + numbers/mostNumbers
	usual := shared(p.histories)
	all := make([][]row, len(p.histories))
	var next, done int64
	var told sync.Mutex
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(atomic.AddInt64(&next, 1)) - 1
				if i >= len(all) {
					return
				}
				h := p.histories[i]
				all[i] = rowsOf(i, h, p.options.Horizon, usual[i], stride)
				if p.options.Progress != nil {
					told.Lock()
					done++
					p.options.Progress(int(done), len(all))
					told.Unlock()
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, rows := range all {
		last := len(rows) - 1
		p.rows = append(p.rows, rows[:last]...)
		p.last = append(p.last, rows[last])
	}
	return nil
}

// parallel gives work's answers for parts of rows, in their order. The parts
// depend on the rows alone, so that sums do not depend on the processors.
func parallel[T any](rows []row, work func([]row) T) []T {
	const fewRows, most = 64, 16
	pieces := min(1+len(rows)/fewRows, most)
	out := make([]T, pieces)
	if pieces == 1 {
		out[0] = work(rows)
		return out
	}
	var workers sync.WaitGroup
	for i := range out {
		part := rows[i*len(rows)/pieces : (i+1)*len(rows)/pieces]
		workers.Go(func() { out[i] = work(part) })
	}
	workers.Wait()
	return out
}

// outlook is the forecast of one series.
func (p *pool) outlook(i int) Forecast {
	h, r := p.histories[i], &p.last[i]
	w, f := make([]float64, len(methods)), make([]float64, p.options.Horizon)
	p.mix.point(r, w, f)
	shares := heaviest(w)
	out := Forecast{Model: modelName(shares), Shares: shares, From: h.from, Unused: h.unused,
		Breaks: slices.Clone(h.breaks), Suspected: h.suspected, Bridged: h.bridged}
	tail := (1 - p.options.Level/100) / 2
	for k, mean := range f {
		s := Step{Time: h.from + len(h.x) + k, Mean: mean, view: h.view, center: h.view.inside(mean, r.last),
			scale: p.errs.scale(r, h.view, w, f, k), errors: p.errs.spreads[k]}
		s.Lower = min(mean, h.view.off(s.center, s.scale*s.errors.quantile(tail)))
		s.Upper = max(mean, h.view.off(s.center, s.scale*s.errors.quantile(1-tail)))
		out.Steps = append(out.Steps, s)
	}
	return out
}
