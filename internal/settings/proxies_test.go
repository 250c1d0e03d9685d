package settings_test

import (
	"net/netip"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dabiao/dabiao/config"
	"github.com/dabiao/dabiao/dashboards"
	"github.com/dabiao/dabiao/internal/settings"
)

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][]netip.Prefix{
		"review: true\n":        nil,
		"trusted_proxies: []\n": nil,
		"trusted_proxies:\n  - 10.0.0.5\n  - 172.16.0.0/12\n  - fd00::1\n  - fd00:1::/32\n": {
			netip.MustParsePrefix("10.0.0.5/32"), netip.MustParsePrefix("172.16.0.0/12"),
			netip.MustParsePrefix("fd00::1/128"), netip.MustParsePrefix("fd00:1::/32")},
	} {
		s, faults := settings.Load(settings.Dirs{
			Config: fstest.MapFS{"dabiao.yaml": {Data: []byte(content)}}, ConfigName: "etc",
			DefaultConfig: config.FS, DefaultDashboards: dashboards.FS,
		})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if diff := cmp.Diff(want, s.TrustedProxies, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", content, diff)
		}
	}
}
