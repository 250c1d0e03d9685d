package dashboard

import (
	"context"
	"weak"

	"github.com/dabiao/dabiao/internal/forecast"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// Outlooks makes and keeps forecasts: once for each state of an indicator's
// readings, as the ledger's version, the as of and the as-of period give it. It
// is safe for concurrent use; make one for each process.
type Outlooks struct {
	pools  *shelf[poolKey, *pool]
	trials *shelf[poolKey, *poolTrials]
	all    forecaster
	test   backtester
}

type (
	forecaster func(context.Context, []forecast.Series, forecast.Options) ([]forecast.Forecast, error)
	backtester func(context.Context, []forecast.Series, forecast.Options, int) (forecast.Report, error)
)

// poolsKept is how many pools stay in memory: the indicators of the current
// version a few times over, at a few dozen kilobytes each.
const poolsKept = 200

// poolKey is all that a pool depends on. A column never changes, and the next
// version has another one where a reading changed; the pointer is weak, so that
// a kept forecast keeps no readings.
type poolKey struct {
	column    weak.Pointer[snapshot.Column]
	group     string
	limit     indicator.Period
	catalogue string
}

// NewOutlooks begins with nothing kept.
func NewOutlooks() *Outlooks {
	turn := make(chan struct{}, 1)
	return &Outlooks{newShelf[poolKey, *pool](poolsKept, turn), newShelf[poolKey, *poolTrials](poolsKept, turn),
		forecast.All, forecast.Backtest}
}

// Of is the outlook of an indicator in a region, from the readings visible in the
// snapshot up to limit (zero: all). Where there is no forecast, the outlook says
// why. An indicator or region that the catalogue does not have is an
// UnknownError; readings that do not add up are a *snapshot.DamageError.
func (o *Outlooks) Of(ctx context.Context, snap *snapshot.Snapshot, catalog *indicator.Catalog,
	code, region string, limit indicator.Period) (*Outlook, error) {
	i, r := catalog.Indicator(code), catalog.Region(region)
	if i == nil {
		return nil, &UnknownError{"indicator", code}
	}
	if r == nil {
		return nil, &UnknownError{"region", region}
	}
	column, err := snap.Column(ctx, code, indicator.Annual)
	if err != nil {
		return nil, err
	}
	return o.of(ctx, column, catalog, i, r, limit)
}

func (o *Outlooks) of(ctx context.Context, column *snapshot.Column, catalog *indicator.Catalog,
	i *indicator.Indicator, r *indicator.Region, limit indicator.Period) (*Outlook, error) {
	p, err := o.pool(ctx, keyOf(column, catalog, r, limit), column, catalog, i)
	if err != nil {
		return nil, err
	}
	if found := p.outlooks[r.Code]; found != nil {
		return found, nil
	}
	return &Outlook{Indicator: i.Code, Region: r.Code, None: OutlookTooFew}, nil
}

func keyOf(column *snapshot.Column, catalog *indicator.Catalog, r *indicator.Region, limit indicator.Period) poolKey {
	group := r.Parent
	if r.Code == indicator.Nation {
		group = indicator.Nation
	}
	return poolKey{weak.Make(column), group, limit, catalog.Hash()}
}

func (o *Outlooks) pool(ctx context.Context, key poolKey, column *snapshot.Column, catalog *indicator.Catalog, i *indicator.Indicator) (*pool, error) {
	if column.Len() == 0 { // an empty column is made anew each time it is asked for
		return &pool{}, nil
	}
	return o.pools.get(ctx, key, func(ctx context.Context) (*pool, error) {
		p := poolOf(column, catalog, i, key.group, key.limit)
		return p, p.look(ctx, o.all)
	})
}
