package influxtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"
)

// addresses names further servers: name=url|org|bucket|token, comma separated.
const addresses = "DABIAO_TEST_INFLUX"

// byAddress gives the servers that the environment names, unasked yet.
func byAddress() ([]*Server, error) {
	var servers []*Server
	for entry := range strings.SplitSeq(os.Getenv(addresses), ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		name, rest, _ := strings.Cut(entry, "=")
		parts := strings.Split(rest, "|")
		if name == "" || len(parts) != 4 || parts[0] == "" || parts[2] == "" {
			// The entry may hold a token: it is not shown.
			return nil, fmt.Errorf("%s: entry %d is not name=url|org|bucket|token", addresses, len(servers)+1)
		}
		servers = append(servers, &Server{
			Name: name, URL: strings.TrimSuffix(parts[0], "/"), Org: parts[1], bucket: parts[2], Token: parts[3],
		})
	}
	return servers, nil
}

// identify asks a server by address for its version. One that does not say that
// it is a 2.x is spoken to as a 1.x: openGemini answers like that.
func (s *Server) identify(ctx context.Context) error {
	answer, err := s.do(ctx, "/ping", nil)
	if err != nil {
		return fmt.Errorf("%s does not answer: %w", s.Name, err)
	}
	s.Version = strings.TrimPrefix(answer.header.Get("X-Influxdb-Version"), "v")
	return nil
}

// freeAddress gives a loopback address on which nobody listens. The port is
// below those that systems give to outgoing connections (from 32768 on), so
// that nobody takes it while a server is down, not even a client that retries:
// on loopback such a connection may find itself.
func freeAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000))
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
}
