package influx

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// look opens a ledger and inspects it.
func look(t *testing.T, o Options) Inspection {
	t.Helper()
	l, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Inspect(t.Context())
}

// states are the findings of an inspection; what is right is left out.
func (in Inspection) states() map[Check]State {
	list := map[Check]State{}
	for _, f := range in.Findings {
		if f.State != Right {
			list[f.Check] = f.State
		}
	}
	return list
}

func (in Inspection) text(c Check) string {
	for _, f := range in.Findings {
		if f.Check == c {
			return f.Text.EN
		}
	}
	return ""
}

// from is every check from c on.
func from(c Check, state State) map[Check]State {
	list := map[Check]State{}
	for i := len(Checks) - 1; i >= 0; i-- {
		list[Checks[i]] = state
		if Checks[i] == c {
			break
		}
	}
	return list
}

func with(list map[Check]State, c Check, state State) map[Check]State {
	list = maps.Clone(list)
	list[c] = state
	return list
}

// TestInspectTellsWhatIsWrong on real servers, with tokens that may this and not that.
func TestInspectTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		good := s.Bucket(t)
		sound := Options{URL: s.URL, Org: s.Org, Bucket: good, Token: s.Token, Now: time.Now}
		missing := "nowhere"
		if s.Version == influxtest.V1 {
			missing = "nowhere/rp"
		}
		const week = 7 * 24 * time.Hour
		tests := map[string]struct {
			change func(*Options)
			want   map[Check]State // but what is right
			check  Check           // whose text says
			says   string
		}{
			"all right":             {func(*Options) {}, map[Check]State{}, Reachable, "InfluxDB " + s.Version},
			"read and write":        {func(o *Options) { o.Token = s.TokenFor(t, good, true, true) }, map[Check]State{}, BucketThere, good},
			"wrong token":           {func(o *Options) { o.Token = "some:body" }, with(from(BucketThere, Unknown), TokenTaken, Wrong), TokenTaken, "does not accept"},
			"no token":              {func(o *Options) { o.Token = "" }, with(from(BucketThere, Unknown), TokenTaken, Wrong), TokenTaken, "none is given"},
			"read only":             {func(o *Options) { o.Token = s.TokenFor(t, good, true, false) }, map[Check]State{MayWrite: Wrong}, MayWrite, "may not write"},
			"write only":            {func(o *Options) { o.Token = s.TokenFor(t, good, false, true) }, map[Check]State{MayRead: Wrong, KeepsAll: Unknown, OneShard: Unknown}, MayRead, "may not read"},
			"no rights":             {func(o *Options) { o.Token = s.TokenFor(t, good, false, false) }, map[Check]State{MayRead: Wrong, MayWrite: Wrong, KeepsAll: Unknown, OneShard: Unknown}, MayRead, "may not read"},
			"no bucket":             {func(o *Options) { o.Bucket = missing }, with(from(MayRead, Unknown), BucketThere, Wrong), BucketThere, "14088w"},
			"short shards":          {func(o *Options) { o.Bucket = s.BucketWith(t, 0, week) }, map[Check]State{OneShard: Wrong}, OneShard, "is 7 days instead of 270 years"},
			"short retention":       {func(o *Options) { o.Bucket = s.BucketWith(t, 30*24*time.Hour, week) }, map[Check]State{KeepsAll: Wrong, OneShard: Wrong}, KeepsAll, "older than 30 days"},
			"by the influx program": {func(o *Options) { o.Bucket = s.BucketWith(t, shardLength, shardLength) }, map[Check]State{}, KeepsAll, "for ever"},
		}
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				o := sound
				test.change(&o)
				in := look(t, o)
				if diff := cmp.Diff(test.want, in.states()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if !strings.Contains(in.text(test.check), test.says) {
					t.Errorf("%s says %q, want %q in it", test.check, in.text(test.check), test.says)
				}
				if in.Product != influxDB || in.Version != s.Version {
					t.Errorf("it is %s %s", in.Product, in.Version)
				}
				wantSound(t, in, o.Token)
			})
		}
	})
}

// TestInspectOfATokenSwitchedOff: 2.x refuses it with 403 where it is to write,
// and only where it is to read with 401.
func TestInspectOfATokenSwitchedOff(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		if s.Version == influxtest.V1 {
			return // has users and no tokens
		}
		o := Options{URL: s.URL, Org: s.Org, Bucket: s.Bucket(t), Now: time.Now}
		o.Token = s.TokenFor(t, o.Bucket, true, true)
		s.SwitchOff(t, o.Token)
		in := look(t, o)
		if diff := cmp.Diff(with(from(BucketThere, Unknown), TokenTaken, Wrong), in.states()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if !strings.Contains(in.text(TokenTaken), "does not accept") {
			t.Errorf("it says %q", in.text(TokenTaken))
		}
		wantSound(t, in, o.Token)
	})
}

// wantSound: every finding has both languages or neither, what is wrong says
// so, and no secret is in it.
func wantSound(t *testing.T, in Inspection, token string) {
	t.Helper()
	for _, f := range in.Findings {
		if (f.State == Unknown) != f.Text.IsZero() || !f.Text.IsZero() && (f.Text.ZH == "" || f.Text.EN == "") {
			t.Errorf("%s is %s: %+v", f.Check, f.State, f.Text)
		}
		if f.Check.Name().IsZero() || f.State.Name().IsZero() {
			t.Errorf("%s or %s has no name", f.Check, f.State)
		}
	}
	_, password, named := strings.Cut(token, ":")
	if !named {
		password = token
	}
	if password != "" && strings.Contains(fmt.Sprintf("%+v", in), password) {
		t.Errorf("the token is shown: %+v", in)
	}
}

// TestInspectChangesNothing: not a point, and no series, comes of trying to write.
func TestInspectChangesNothing(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		l, err := Open(Options{URL: s.URL, Org: s.Org, Bucket: s.Bucket(t), Token: s.Token, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for range 3 {
			l.Inspect(t.Context())
		}
		if err := l.ask(t.Context(), "SHOW MEASUREMENTS", func(tab *table, d *jsontext.Decoder) error {
			row, err := record(tab, d)
			t.Errorf("there is a measurement: %v", row)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestInspectWithoutInflux: nothing answers, or something else does.
func TestInspectWithoutInflux(t *testing.T) {
	t.Parallel()
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer slow.Close()
	gemini := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Geminidb-Version", "1.5.2")
		if r.URL.Path != "/ping" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer gemini.Close()
	for name, test := range map[string]struct{ url, says, product string }{
		"nobody":         {"http://" + nobody.Addr().String(), "connection refused", ""},
		"something else": {other.URL, "does not say that it is InfluxDB", ""},
		"silent":         {slow.URL, "stopped answering", ""},
		"busy":           {gemini.URL, "503", "openGemini"},
	} {
		t.Run(name, func(t *testing.T) {
			in := look(t, Options{URL: test.url, Org: "o", Bucket: "b", Token: "tell-nobody", Timeout: 200 * time.Millisecond, Now: time.Now})
			if diff := cmp.Diff(with(from(TokenTaken, Unknown), Reachable, Wrong), in.states()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !strings.Contains(in.text(Reachable), test.says) || in.Product != test.product {
				t.Errorf("%s says %q", in.Product, in.text(Reachable))
			}
			wantSound(t, in, "tell-nobody")
		})
	}
}

// TestAuthorities: a server with a certificate of its own is believed only with
// the authority that the options name.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Geminidb-Version", "1.5.2")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of those who leave
	o := Options{URL: server.URL, Org: "o", Bucket: "b/rp", Token: "a:b", Now: time.Now}
	if in := look(t, o); in.states()[Reachable] != Wrong || !strings.Contains(in.text(Reachable), "certificate") {
		t.Errorf("without the authority: %+v", in)
	}
	o.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if in := look(t, o); in.states()[TokenTaken] != Wrong || in.text(Reachable) != "openGemini 1.5.2" {
		t.Errorf("with the authority: %+v", in)
	}
}

// TestPrepareCreatesTheBucket with the right terms, once, and leaves one alone
// that is there.
func TestPrepareCreatesTheBucket(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		const week = 7 * 24 * time.Hour
		buckets := []string{"new", "o'd d 中 $(x)", "new/slash"}
		if s.Version == influxtest.V1 { // the third is a policy of a database that is there, the last the default one
			buckets = []string{"new/rp", `od"d '中 $(x)/r"p`, "new/another", "alone"}
		}
		for _, bucket := range buckets {
			o := Options{URL: s.URL, Org: s.Org, Bucket: bucket, Token: s.Token, Now: time.Now}
			l, err := Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			for range 2 {
				if err := l.Prepare(t.Context()); err != nil {
					t.Errorf("prepare %s: %v", bucket, err)
				}
			}
			if diff := cmp.Diff(map[Check]State{}, l.Inspect(t.Context()).states()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", bucket, diff)
			}
		}
		short := Options{URL: s.URL, Org: s.Org, Bucket: s.BucketWith(t, 0, week), Token: s.Token, Now: time.Now}
		l, err := Open(short)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if err := l.Prepare(t.Context()); err != nil {
			t.Error(err)
		}
		if got := l.Inspect(t.Context()).states()[OneShard]; got != Wrong {
			t.Errorf("a bucket with data was altered: its shard duration is %s", got)
		}
	})
}

// TestPrepareSaysTheCommand where the token may not create the bucket. The
// statement of 1.x is tried; what the influx program sends is in the test above.
func TestPrepareSaysTheCommand(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		bucket, want := "figures", "influx bucket create --host "+s.URL+" --org dabiao --name figures --retention 14088w --shard-group-duration 14088w"
		if s.Version == influxtest.V1 {
			bucket, want = "figures/rp", `CREATE DATABASE "figures" WITH DURATION 0s REPLICATION 3 SHARD DURATION 14088w NAME "rp"`
		}
		o := Options{URL: s.URL, Org: s.Org, Bucket: bucket, Token: s.TokenFor(t, s.Bucket(t), true, true), Replication: 3, Now: time.Now}
		l, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		err = l.Prepare(t.Context())
		var refusal *Refusal
		if !errors.As(err, &refusal) || !strings.HasSuffix(refusal.Text.ZH, "\n"+want) || !strings.HasSuffix(refusal.Text.EN, "\n"+want) {
			t.Fatalf("got %v, want a refusal that ends with\n%s", err, want)
		}
		if !strings.Contains(look(t, o).text(BucketThere), want) {
			t.Errorf("Inspect does not say the command: %s", look(t, o).text(BucketThere))
		}
		if s.Version == influxtest.V1 {
			admin := o
			admin.Token = s.Token
			a, err := Open(admin)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if err := a.ask(t.Context(), want, discard); err != nil {
				t.Errorf("the statement does not work: %v", err)
			}
			if got := a.Inspect(t.Context()).states(); len(got) > 0 {
				t.Errorf("after it: %v", got)
			}
		}
	})
}

// TestPrepareTellsTroubleFromRefusal: what may pass by itself is unavailable,
// what somebody must mend is a refusal.
func TestPrepareTellsTroubleFromRefusal(t *testing.T) {
	t.Parallel()
	influxtest.EachOwn(t, func(t *testing.T, s *influxtest.Server) {
		sound := Options{URL: s.URL, Org: s.Org, Bucket: s.Bucket(t), Token: s.Token, Now: time.Now}
		for name, change := range map[string]func(*Options){
			"wrong token": func(o *Options) { o.Token = "some:body" },
			"no token":    func(o *Options) { o.Token = "" },
		} {
			o := sound
			change(&o)
			l, err := Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if err := l.Prepare(t.Context()); !errors.As(err, new(*Refusal)) || errors.Is(err, ledger.ErrUnavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s.Version == influxtest.V2 {
			o := sound
			o.Org = "nobody"
			l, err := Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if err := l.Prepare(t.Context()); !errors.As(err, new(*Refusal)) || !strings.Contains(err.Error(), `no organisation "nobody"`) {
				t.Errorf("wrong organisation: %v", err)
			}
		}
		l, err := Open(sound)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s.Kill()
		if err := l.Prepare(t.Context()); !errors.Is(err, ledger.ErrUnavailable) || errors.As(err, new(*Refusal)) {
			t.Errorf("server down: %v", err)
		}
	})
}

// TestShellWords keeps a name one word on a command line.
func TestShellWords(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"dabiao": "dabiao", "http://127.0.0.1:8086": "http://127.0.0.1:8086",
		"two words": "'two words'", "it's": `'it'\''s'`, "$(rm)": "'$(rm)'", "": "''",
	} {
		if got := shell(word); got != want {
			t.Errorf("%q becomes %s, want %s", word, got, want)
		}
	}
}
