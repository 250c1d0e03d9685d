package influx

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/dabiao/dabiao/internal/ledger/influx/influxtest"
)

// request is one request on its way to the real server.
type request struct {
	w    http.ResponseWriter
	r    *http.Request
	body []byte
	pass func() *http.Response // the real server's answer; its body is read whole
}

// what names the step of the protocol that the request belongs to.
func (q request) what() string {
	switch text := string(q.body); {
	case !strings.HasPrefix(q.r.URL.Path, "/api/v2/write"):
		return "read"
	case strings.Contains(text, "kind=intent") && strings.Contains(text, "undone=true"):
		return "take back"
	case strings.Contains(text, "kind=intent"):
		return "intent"
	case strings.Contains(text, "kind=commit"):
		return "commit"
	case strings.Contains(text, "kind=undo"):
		return "undo"
	}
	return "rows"
}

// forward answers with what the real server says.
func (q request) forward() { answerWith(q.w, q.pass()) }

func answerWith(w http.ResponseWriter, response *http.Response) {
	body, _ := io.ReadAll(response.Body)
	for name, values := range response.Header {
		if name != "Content-Length" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body)
}

// refuse answers in place of the real server, which sees nothing.
func (q request) refuse(status int, body string, headers ...string) {
	for i := 0; i < len(headers); i += 2 {
		q.w.Header().Set(headers[i], headers[i+1])
	}
	q.w.Header().Set("Content-Type", "application/json")
	q.w.WriteHeader(status)
	_, _ = io.WriteString(q.w, body)
}

// cut ends the connection without an answer, or in the middle of one.
func (q request) cut(firstBytes string) {
	conn, buffer, err := q.w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = buffer.WriteString(firstBytes)
	_ = buffer.Flush()
	if tcp, ok := conn.(*net.TCPConn); ok && firstBytes == "" {
		_ = tcp.SetLinger(0) // a reset, not an orderly end
	}
	conn.Close()
}

// proxy stands between a ledger and a real server. Everything passes unless a
// test sets what happens.
type proxy struct {
	*httptest.Server
	mu     sync.Mutex
	handle func(request)
	seen   []string // what came by, in order, without reads
}

func newProxy(t *testing.T, s *influxtest.Server) *proxy {
	p := &proxy{}
	p.on(request.forward)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone
		}
		q := request{w: w, r: r, body: body, pass: func() *http.Response { return passOn(s.URL, r, body) }}
		p.mu.Lock()
		handle := p.handle
		if what := q.what(); what != "read" {
			p.seen = append(p.seen, what)
		}
		p.mu.Unlock()
		handle(q)
	}))
	t.Cleanup(p.Close)
	return p
}

func passOn(server string, r *http.Request, body []byte) *http.Response {
	onward, err := http.NewRequest(r.Method, server+r.URL.RequestURI(), bytes.NewReader(body)) //nolint:noctx // it goes on when the client has gone
	if err != nil {
		panic(err)
	}
	onward.Header = r.Header.Clone()
	response, err := http.DefaultClient.Do(onward)
	if err != nil {
		return &http.Response{StatusCode: http.StatusBadGateway, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(err.Error()))}
	}
	return response
}

// on sets what happens to every request from now on.
func (p *proxy) on(handle func(request)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handle = handle
}

// first sets what happens to the first n requests of one kind; what comes after
// them, and all others, passes.
func (p *proxy) first(n int, what string, handle func(request)) {
	var mu sync.Mutex
	p.on(func(q request) {
		mu.Lock()
		strike := q.what() == what && n > 0
		if strike {
			n--
		}
		mu.Unlock()
		if strike {
			handle(q)
		} else {
			q.forward()
		}
	})
}

func (p *proxy) steps() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.seen...)
}

// behind makes the options of a ledger go through the proxy.
func (p *proxy) behind(o *Options) { o.URL = p.URL }
