package influxtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// refusal is an answer of a server that says no, unlike none at all.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

// refused makes an error of the client a refusal when the server answered.
func refused(err error) error {
	if err == nil || errors.As(err, new(*url.Error)) {
		return err
	}
	return &refusal{err.Error()}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends one request with the server's token; a form makes it a POST.
func (s *Server) do(ctx context.Context, path string, form url.Values) (answer, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Authorization", "Token "+s.Token)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, text}, err
}

// query sends an InfluxQL statement to a bucket and gives the rows of the
// answer as column → value. What the server refuses is a *refusal.
func (s *Server) query(ctx context.Context, bucket, statement string) ([]map[string]any, error) {
	database, policy, _ := strings.Cut(bucket, "/")
	answer, err := s.do(ctx, "/query", url.Values{"db": {database}, "rp": {policy}, "epoch": {"ns"}, "q": {statement}})
	if err != nil {
		return nil, err
	}
	var content struct {
		Results []struct {
			Error  string
			Series []struct {
				Columns []string
				Values  [][]any
			}
		}
	}
	if answer.status >= http.StatusInternalServerError {
		return nil, fmt.Errorf("%s: status %d: %s", statement, answer.status, answer.body)
	}
	if err := json.Unmarshal(answer.body, &content); err != nil || answer.status != http.StatusOK {
		return nil, &refusal{fmt.Sprintf("%s: status %d: %s", statement, answer.status, answer.body)}
	}
	var rows []map[string]any
	for _, result := range content.Results {
		if result.Error != "" {
			return nil, &refusal{statement + ": " + result.Error}
		}
		for _, series := range result.Series {
			for _, values := range series.Values {
				row := map[string]any{}
				for i, column := range series.Columns {
					row[column] = values[i]
				}
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}
