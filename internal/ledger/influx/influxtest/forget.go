package influxtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
)

// Forget has the server lose the readings of one indicator in one region, as a
// damaged disk or a careless administrator does.
func (s *Server) Forget(tb testing.TB, bucket, indicator, region string) {
	tb.Helper()
	if !s.isV2() {
		statement := fmt.Sprintf("DELETE FROM reading WHERE indicator='%s' AND region='%s'", indicator, region)
		if _, err := s.query(tb.Context(), bucket, statement); err != nil {
			tb.Fatal(err)
		}
		return
	}
	client := influxdb2.NewClient(s.URL, s.Token)
	defer client.Close()
	body := strings.NewReader(fmt.Sprintf(`{"start":"1900-01-01T00:00:00Z","stop":"2200-01-01T00:00:00Z","predicate":"_measurement=\"reading\" AND indicator=\"%s\" AND region=\"%s\""}`, indicator, region))
	fault := client.HTTPService().DoPostRequest(tb.Context(), fmt.Sprintf("%s/api/v2/delete?org=%s&bucket=%s", s.URL, s.Org, bucket), body, nil,
		func(r *http.Response) error { return r.Body.Close() })
	if fault != nil {
		tb.Fatal(fault)
	}
}
