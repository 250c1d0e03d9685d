package influxtest

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Request is one request on its way to the real server.
type Request struct {
	Body   []byte
	w      http.ResponseWriter
	r      *http.Request
	server string
}

// Step names the step of the ledger's protocol that the request belongs to:
// read, intent, take back, rows, commit or undo.
func (q Request) Step() string {
	switch text := string(q.Body); {
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

// Forward answers with what the real server says.
func (q Request) Forward() {
	response, err := q.send()
	if err != nil {
		http.Error(q.w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	for name, values := range response.Header {
		if name != "Content-Length" && name != "Transfer-Encoding" {
			q.w.Header()[name] = values
		}
	}
	q.w.WriteHeader(response.StatusCode)
	_, _ = q.w.Write(body)
}

// Arrive hands the request to the real server and answers nothing.
func (q Request) Arrive() {
	if response, err := q.send(); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

func (q Request) send() (*http.Response, error) {
	onward, err := http.NewRequest(q.r.Method, q.server+q.r.URL.RequestURI(), bytes.NewReader(q.Body)) //nolint:noctx // it goes on when the client has gone
	if err != nil {
		return nil, err
	}
	onward.Header = q.r.Header.Clone()
	return http.DefaultClient.Do(onward)
}

// Refuse answers in place of the real server, which sees nothing.
func (q Request) Refuse(status int, body string, headers ...string) {
	for i := 0; i < len(headers); i += 2 {
		q.w.Header().Set(headers[i], headers[i+1])
	}
	q.w.Header().Set("Content-Type", "application/json")
	q.w.WriteHeader(status)
	_, _ = io.WriteString(q.w, body)
}

// Cut ends the connection without an answer, or in the middle of one.
func (q Request) Cut(firstBytes string) {
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

// Proxy stands between a ledger and a real server. Everything passes unless a
// test sets what happens.
type Proxy struct {
	URL    string
	mu     sync.Mutex
	handle func(Request)
}

// NewProxy starts a proxy in front of a server; it ends with the test.
func NewProxy(tb testing.TB, s *Server) *Proxy {
	p := &Proxy{handle: Request.Forward}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has gone
		}
		p.mu.Lock()
		handle := p.handle
		p.mu.Unlock()
		handle(Request{body, w, r, s.URL})
	}))
	tb.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// On sets what happens to every request from now on.
func (p *Proxy) On(handle func(Request)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handle = handle
}

// Strike sets what happens to the requests of one step: skip of them pass, n are
// struck, and all others pass.
func (p *Proxy) Strike(step string, skip, n int, strike func(Request)) {
	var seen atomic.Int64
	p.On(func(q Request) {
		if q.Step() == step {
			if i := int(seen.Add(1)) - 1; i >= skip && i < skip+n {
				strike(q)
				return
			}
		}
		q.Forward()
	})
}
