package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/web"
)

// TestReadyz lists what is wrong in both languages; only a fault makes it 503.
func TestReadyz(t *testing.T) {
	t.Parallel()
	down, slow := indicator.T("连不上", "cannot be reached"), indicator.T("分片过短", "short shards")
	tests := map[string]struct {
		state  web.Readiness
		status int
		want   map[string]any
	}{
		"all right": {web.Readiness{}, http.StatusOK,
			map[string]any{"ready": true, "faults": []any{}, "warnings": []any{}}},
		"a warning": {web.Readiness{Warnings: []indicator.Text{slow}}, http.StatusOK,
			map[string]any{"ready": true, "faults": []any{}, "warnings": []any{map[string]any{"zh": slow.ZH, "en": slow.EN}}}},
		"a fault": {web.Readiness{Faults: []indicator.Text{down}, Warnings: []indicator.Text{slow}}, http.StatusServiceUnavailable,
			map[string]any{"ready": false, "faults": []any{map[string]any{"zh": down.ZH, "en": down.EN}},
				"warnings": []any{map[string]any{"zh": slow.ZH, "en": slow.EN}}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, func(c *web.Config) {
				c.Ready = func(context.Context) web.Readiness { return test.state }
			})
			w := f.client(t).get("/readyz")
			var got map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != test.status {
				t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
