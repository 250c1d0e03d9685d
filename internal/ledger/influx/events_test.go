package influx

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// TestIntentsForgotten: a published upload needs its intent no more.
func TestIntentsForgotten(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, s *influxtest.Server) {
		l := openOn(t, s, s.Bucket(t), time.Now)
		said := ledger.Upload{ID: "a", Uploader: "li", File: "2023.csv", Source: "省统计局", Stage: "年报", Reason: "经济普查", Generated: true}
		if _, err := l.Publish(t.Context(), said, []indicator.Reading{reading(2023, 1)}); err != nil {
			t.Fatal(err)
		}
		before, err := l.History(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(l.options.Bucket, "/") { // 1.x
			err = l.ask(t.Context(), "DROP SERIES FROM upload WHERE kind='intent'", discard)
		} else {
			from, to := time.Unix(0, 0), time.Unix(0, 0).AddDate(0, 0, 2)
			err = l.client.DeleteAPI().DeleteWithName(t.Context(), l.options.Org, l.options.Bucket, from, to, `_measurement="upload" AND kind="intent"`)
		}
		if err != nil {
			t.Fatal(err)
		}
		after, err := l.History(t.Context())
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Errorf("%v, -before +after:\n%s", err, diff)
		}
		b, err := l.Publish(t.Context(), ledger.Upload{ID: "b"}, []indicator.Reading{reading(2023, 2)})
		if err != nil || b.Seq <= before.Publications[0].Seq {
			t.Errorf("the next upload has seq %d after %d: %v", b.Seq, before.Publications[0].Seq, err)
		}
	})
}
