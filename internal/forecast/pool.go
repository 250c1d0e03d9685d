package forecast

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// mostNumbers bounds the forecasts that are kept to learn from.
const mostNumbers = 4_000_000

// pool is all series of one call.
type pool struct {
	options   Options
	histories []history

	rows []row // to learn from
	last []row // of each series
}

func (p *pool) forecast(ctx context.Context) ([]Forecast, error) {
	if err := p.collect(ctx); err != nil {
		return nil, err
	}
	mix := learn(p.rows, p.options.Horizon, len(p.histories))
	e := learnErrors(p, mix)
	out := make([]Forecast, len(p.histories))
	for i := range out {
		out[i] = p.outlook(i, mix, e)
	}
	return out, nil
}

// collect makes the rows, series by series in parallel.
func (p *pool) collect(ctx context.Context) error {
	stride := p.stride()
	all := make([][]row, len(p.histories))
	var next, done atomic.Int64
	var told sync.Mutex
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return
				}
				h := p.histories[i]
				all[i] = rowsOf(i, h, p.options.Horizon, func(t int) bool { return (len(h.x)-2-t+i)%stride == 0 })
				if p.options.Progress != nil {
					told.Lock()
					p.options.Progress(int(done.Add(1)), len(all))
					told.Unlock()
				}
			}
		})
	}
	workers.Wait()
	for _, rows := range all {
		if len(rows) == 0 {
			return ctx.Err()
		}
		last := len(rows) - 1
		weigh(rows[:last], rows[last].n)
		p.rows = append(p.rows, rows[:last]...)
		p.last = append(p.last, rows[last])
	}
	return ctx.Err()
}

// stride is how many origins apart the rows are: with thousands of series not
// every one is needed.
func (p *pool) stride() int {
	numbers := 0
	for _, h := range p.histories {
		numbers += len(h.x) * len(methods) * p.options.Horizon
	}
	return 1 + numbers/mostNumbers
}

// weigh lets the rows of one series weigh one in all, those with a history as
// long as the present one more than those of its youth.
func weigh(rows []row, n int) {
	sum := 0.0
	for i := range rows {
		rows[i].weight = float64(rows[i].n) / float64(n) * float64(len(rows[i].y))
		sum += rows[i].weight
	}
	for i := range rows {
		rows[i].weight /= sum
	}
}

func (p *pool) outlook(i int, mix mixture, e *errorModel) Forecast {
	h, r := p.histories[i], &p.last[i]
	w, f := make([]float64, len(methods)), make([]float64, p.options.Horizon)
	mix.of(r, w)
	combine(r, w, f)
	out := Forecast{From: h.from, Unused: h.unused, Breaks: h.breaks, Bridged: h.bridged, Shares: heaviest(w)}
	out.Model = modelName(out.Shares)
	for k, mean := range f {
		s := Step{Time: h.from + len(h.x) + k, Mean: mean, view: h.view}
		s.center = h.view.to(h.view.inside(mean, r.last))
		s.scale, s.errors = e.scale(r, h.view, w, f, k), e.spread(k)
		tail := (1 - p.options.Level/100) / 2
		s.Lower = min(mean, h.view.clip(h.view.back(s.center+s.scale*s.errors.quantile(tail))))
		s.Upper = max(mean, h.view.clip(h.view.back(s.center+s.scale*s.errors.quantile(1-tail))))
		out.Steps = append(out.Steps, s)
	}
	return out
}

func modelName(shares []Share) string {
	name := ""
	for i, s := range shares {
		if i == 3 {
			return name + " + …"
		}
		if i > 0 {
			name += " + "
		}
		name += s.Method
	}
	return name
}
