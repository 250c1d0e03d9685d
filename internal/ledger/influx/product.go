package influx

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// product is what answers at the address.
type product struct{ name, version string }

const (
	influxDB   = "InfluxDB"
	openGemini = "openGemini"
)

// single matches the versions of InfluxDB that are one machine: what they have
// acknowledged shows at once. Clusters name themselves otherwise, as 1.11.8-c1.11.8.
var single = regexp.MustCompile(`^v?[12]\.\d+\.\d+$`)

// showsLate reports whether acknowledged points may take a while to show.
func (p product) showsLate() bool { return p.name != influxDB || !single.MatchString(p.version) }

// identify asks once what the server is.
func (c *connection) identify(ctx context.Context) (product, error) {
	c.mu.Lock()
	known := c.server
	c.mu.Unlock()
	if known.name != "" {
		return known, nil
	}
	var p product
	err := aFewTimes(ctx, func() (err error) {
		p, err = c.ping(ctx)
		return err
	})
	if err != nil {
		return p, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = p
	return p, nil
}

func (c *connection) ping(ctx context.Context) (product, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, errSilent)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.client.ServerURL()+"ping", nil)
	if err != nil {
		return product{}, err
	}
	response, err := c.client.HTTPService().DoHTTPRequestWithResponse(request, nil)
	if err != nil {
		return product{}, orCause(ctx, err)
	}
	defer response.Body.Close()
	if version := response.Header.Get("X-Geminidb-Version"); version != "" {
		return product{openGemini, version}, nil
	}
	if version := response.Header.Get("X-Influxdb-Version"); version != "" {
		return product{influxDB, version}, nil
	}
	return product{}, fmt.Errorf("what answers there (status %s) does not say that it is InfluxDB", response.Status)
}

// The years whose nanoseconds every server can hold.
const firstYear, lastYear = 1700, 2200

// fits refuses readings that this server could not keep, before anything is written.
func (l *Ledger) fits(ctx context.Context, batch ledger.Batch) error {
	p, err := l.identify(ctx)
	if err != nil {
		return l.explain(ctx, err)
	}
	first := firstYear
	if p.name == openGemini {
		first = 1970
	}
	for _, r := range batch.Readings {
		if year := r.Period.Year(); year < first || year > lastYear {
			return fmt.Errorf("%w: reading %s %s %s: %s keeps the years %d to %d only",
				ledger.ErrInvalid, r.Indicator, r.Region, r.Period, p.name, first, lastYear)
		}
	}
	return nil
}

// fitsBelowDay refuses a seq that would move rows to another day, where no period
// begins and nothing could take them away again: that of a clock decades ahead.
func fitsBelowDay(seq int64) error {
	if seq < 0 || seq >= dayLength {
		return fmt.Errorf("%w: the seq %d is not of a moment between 2020 and 2062: look at the clock", ledger.ErrInvalid, seq)
	}
	return nil
}

// awaitReadings waits until a server that shows points late shows all rows of a
// batch, so that a commit never makes a part of an upload visible.
func (l *Ledger) awaitReadings(ctx context.Context, batch ledger.Batch, seq int64) error {
	p, err := l.identify(ctx)
	if err != nil || !p.showsLate() {
		return err
	}
	ctx, cancel := l.patient(ctx)
	defer cancel()
	for _, part := range batch.Parts {
		for pause := firstPause; ; pause = min(2*pause, longPause) {
			came, err := l.count(ctx, part.Indicator, part.Freq, seq)
			if err == nil && came == part {
				break
			}
			if err != nil && lasting(err) {
				return err
			}
			if !sleep(ctx, pause) {
				return overdue(ctx, fmt.Sprintf("%d of %d readings of %s show", came.Rows, part.Rows, part.Indicator), err)
			}
		}
	}
	return nil
}

// count is what the server really holds of one part of an upload.
func (l *Ledger) count(ctx context.Context, code string, freq indicator.Freq, seq int64) (ledger.Part, error) {
	came := ledger.Part{Indicator: code, Freq: freq}
	query := ledger.Query{Indicator: code, Freq: freq}
	question, err := selectVintages(query)
	if err != nil {
		return came, err
	}
	err = l.stream(ctx, query, question, func(v ledger.Vintage) (bool, error) {
		if v.Seq == seq {
			came.Rows++
			came.Checksum += ledger.Checksum(v.Reading)
		}
		return true, nil
	})
	return came, err
}
