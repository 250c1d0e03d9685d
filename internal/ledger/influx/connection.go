package influx

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
)

// connection speaks with the server: writes of line protocol, and InfluxQL
// through the client's own HTTP service, so that address, token and TLS come
// from one place.
type connection struct {
	client    influxdb2.Client
	transport *http.Transport
	writer    api.WriteAPIBlocking
	query     string // address, with database and policy
	timeout   time.Duration

	mu     sync.Mutex
	server product
}

func connect(o Options) (*connection, error) {
	address, err := url.Parse(o.URL)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" ||
		address.User != nil || strings.Trim(address.Path, "/") != "" || address.RawQuery != "" {
		return nil, fmt.Errorf("the address %q: want http://HOST:PORT or https://HOST:PORT and nothing else", o.URL)
	}
	address.Path = "/"
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	if len(o.CA) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(o.CA) {
			return nil, errors.New("the file of authorities holds no certificate in PEM form")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	doer := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token stays here
	}
	client := influxdb2.NewClientWithOptions(address.String(), o.Token,
		influxdb2.DefaultOptions().SetHTTPClient(doer).SetApplicationName("dabiao"))
	place := url.Values{"epoch": {"ns"}, "chunked": {"true"}, "chunk_size": {"10000"}}
	database, policy, named := strings.Cut(o.Bucket, "/")
	place.Set("db", database)
	if named {
		place.Set("rp", policy)
	}
	return &connection{
		client: client, transport: transport, writer: client.WriteAPIBlocking(o.Org, o.Bucket),
		query: address.JoinPath("query").String() + "?" + place.Encode(), timeout: o.Timeout,
	}, nil
}

func (c *connection) close() {
	c.client.Close()
	c.transport.CloseIdleConnections()
}

// write sends lines once.
func (c *connection) write(ctx context.Context, lines []byte) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	return c.writer.WriteRecord(ctx, string(lines))
}

// writeUntil sends lines again and again, as long as that can help, until the
// context ends. Lines that arrive twice are there once. Reached tells whether
// any of them may have arrived.
func (c *connection) writeUntil(ctx context.Context, lines []byte) (reached bool, err error) {
	err = retry(ctx, func() error {
		err := c.write(ctx, lines)
		reached = reached || mayHaveArrived(err)
		return err
	})
	return reached, err
}

// ask sends InfluxQL statements once and hands every row of the answer to row,
// in order. An answer that is not whole is an error.
func (c *connection) ask(ctx context.Context, text string, row rowFunc) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(c.timeout, func() { cancel(errSilent) })
	defer silence.Stop()
	form := strings.NewReader(url.Values{"q": {text}}.Encode())
	var body io.ReadCloser
	fault := c.client.HTTPService().DoPostRequest(ctx, c.query, form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
	}, func(r *http.Response) error {
		body = r.Body
		return nil
	})
	if fault != nil {
		return orCause(ctx, fault)
	}
	defer body.Close()
	return orCause(ctx, decode(&listener{body, silence, c.timeout}, row))
}

// errSilent is how a request ends whose answer stops coming.
var errSilent = errors.New("the server stopped answering")

// orCause prefers the reason why we broke a request off to what the broken
// connection says of it.
func orCause(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

// listener runs out of patience only while it waits for the next piece: a long
// answer may take long, and so may whoever reads it; a silent server may not.
type listener struct {
	io.Reader
	silence *time.Timer
	timeout time.Duration
}

func (l *listener) Read(b []byte) (int, error) {
	l.silence.Reset(l.timeout)
	defer l.silence.Stop()
	return l.Reader.Read(b)
}

// statements joins InfluxQL statements.
func statements(list ...string) string { return strings.Join(list, ";") }

// literal is a string in InfluxQL.
func literal(s string) string {
	var b bytes.Buffer
	b.WriteByte('\'')
	for i := range len(s) {
		switch s[i] {
		case '\'', '\\':
			b.WriteByte('\\')
			b.WriteByte(s[i])
		case '\n':
			b.WriteString(`\n`)
		default:
			b.WriteByte(s[i])
		}
	}
	b.WriteByte('\'')
	return b.String()
}
