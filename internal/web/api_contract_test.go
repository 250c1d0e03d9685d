package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// description is openapi.yaml, loaded and valid, and a router over it.
func description(t *testing.T) (*openapi3.T, routers.Router) {
	t.Helper()
	loaded, err := loadDescription()
	if err != nil {
		t.Fatal(err)
	}
	return loaded.doc, loaded.router
}

type loadedDescription struct {
	doc    *openapi3.T
	router routers.Router
}

// loadDescription does so once: it takes long, and every client holds its answers to it.
var loadDescription = sync.OnceValues(func() (d loadedDescription, err error) {
	content, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return d, err
	}
	if d.doc, err = openapi3.NewLoader().LoadFromData(content); err != nil {
		return d, err
	}
	if err = d.doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		return d, err
	}
	d.router, err = legacy.NewRouter(d.doc)
	return d, err
})

var pathParameter = regexp.MustCompile(`:(\w+)`)

// TestDescriptionNamesEveryRoute: what is described is mounted, and the other way round.
func TestDescriptionNamesEveryRoute(t *testing.T) {
	t.Parallel()
	doc, _ := description(t)
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	for _, r := range newFixture(t, nil).server.Routes() {
		if r.Method == http.MethodHead || !strings.HasPrefix(r.Path, "/api/v1/") {
			continue
		}
		name := r.Method + " " + pathParameter.ReplaceAllString(r.Path, "{$1}")
		if !described[name] {
			t.Errorf("%s is mounted and not described", name)
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s is described and not mounted", name)
	}
}

// TestDescriptionNamesEveryParameter: a route takes the parameters that are
// described for it and no other. Its refusal of an unknown one lists what it takes.
func TestDescriptionNamesEveryParameter(t *testing.T) {
	t.Parallel()
	doc, _ := description(t)
	f := newFixture(t, nil)
	f.fill(t, "rd_spend")
	h := newHeld(t, f)
	h.logIn(t, "admin")
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			var described []string
			for _, p := range operation.Parameters {
				if p.Value.In == openapi3.ParameterInQuery {
					described = append(described, p.Value.Name)
				}
			}
			address := strings.NewReplacer("{code}", "x", "{id}", "x").Replace(path) + "?nonsense=1&lang=en"
			var refused struct{ Detail string }
			decode(t, h.send(t, method, address, "", nil), &refused)
			_, names, _ := strings.Cut(strings.TrimSuffix(refused.Detail, "."), "Use ")
			taken := strings.Split(names, ", ")
			slices.Sort(described)
			slices.Sort(taken)
			if !slices.Equal(described, taken) {
				t.Errorf("%s %s: described %v, taken %v", method, path, described, taken)
			}
		}
	}
}

// held sends requests and holds every answer against the description.
type held struct {
	*client
	fixture *fixture
	router  routers.Router
	token   string // CSRF, after logging in
}

func newHeld(t *testing.T, f *fixture) *held {
	t.Helper()
	_, router := description(t)
	return &held{client: f.client(t), fixture: f, router: router}
}

func (h *held) send(t *testing.T, method, path, contentType string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if h.token != "" && method != http.MethodGet {
		r.Header.Set("X-CSRF-Token", h.token)
	}
	w := h.do(r)
	route, parameters, err := h.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	in := openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	// CSV and NDJSON are no JSON: their rows have tests of their own.
	if kind := w.Header().Get("Content-Type"); strings.Contains(kind, "json") && !strings.Contains(kind, "ndjson") {
		if err := openapi3filter.ValidateResponse(t.Context(), &in); err != nil {
			t.Errorf("%s %s (%d) is not as described: %v\n%.800s", method, path, w.Code, err, w.Body)
		}
	}
	return w
}

// logIn goes on as that user, without the cookies of the one before.
func (h *held) logIn(t *testing.T, name string) {
	t.Helper()
	h.client, h.token = h.fixture.client(t), ""
	w := h.send(t, "POST", "/api/v1/session", "application/json", []byte(`{"name":"`+name+`","password":"`+password+`"}`))
	var answer struct {
		CSRFToken string `json:"csrf_token"`
	}
	decode(t, w, &answer)
	if w.Code != http.StatusOK || answer.CSRFToken == "" {
		t.Fatalf("log in as %s: %d %s", name, w.Code, w.Body)
	}
	h.token = answer.CSRFToken
}

// upload sends one file with fields.
func (h *held) upload(t *testing.T, name, content string, fields map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return h.send(t, "POST", "/api/v1/uploads", form.FormDataContentType(), body.Bytes())
}
