package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"html"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestDocumentIsAsReleased(t *testing.T) {
	w := newWorld(t)
	status, header, body := w.raw("", "GET /openapi.json", "")
	if status != http.StatusOK || header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", status, header.Get("Content-Type"))
	}
	var got bytes.Buffer
	if err := json.Indent(&got, []byte(body), "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the document differs from %s: run go test ./internal/api -update, and look at what clients will see", golden)
	}
}

// openAPI is as much of the document as the tests look at.
type openAPI struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		Summary string   `json:"summary"`
		Roles   []string `json:"x-takhti-roles"`
		Go      string   `json:"x-takhti-go"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

func (w *world) document() (doc openAPI) {
	w.t.Helper()
	_, _, body := w.raw("", "GET /openapi.json", "")
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		w.t.Fatal(err)
	}
	return doc
}

func TestEveryOperationIsDocumentedAndInTheClient(t *testing.T) {
	w := newWorld(t)
	doc := w.document()
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	client := reflect.TypeFor[*takhti.Client]()
	called := regexp.MustCompile(`\bc\.(\w+)\(`)
	for _, r := range w.routes {
		op, ok := doc.Paths["/api/v1"+r.Path][strings.ToLower(r.Method)]
		if !ok || op.Summary == "" || len(op.Roles) == 0 {
			t.Errorf("%s %s: not documented: %+v", r.Method, r.Path, op)
			continue
		}
		name := called.FindStringSubmatch(op.Go)
		if name == nil {
			t.Errorf("%s %s: no call of the client in %q", r.Method, r.Path, op.Go)
		} else if _, ok := client.MethodByName(name[1]); !ok {
			t.Errorf("%s %s: the client has no method %s", r.Method, r.Path, name[1])
		}
	}
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} {
		if _, ok := doc.Components.Schemas[unused]; ok {
			t.Errorf("the document has %s, which is never sent", unused)
		}
	}
}

var commands = regexp.MustCompile(`(?s)<pre>(curl .*?)</pre>`)

// Every curl command of the page is one that the API understands: it may be
// refused, as the devices of the examples are not there, but not as malformed.
func TestCommandsOfThePageAreWellFormed(t *testing.T) {
	w := newWorld(t)
	token := w.token("boss")
	status, _, page := w.raw("", "GET /docs", "")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	found := commands.FindAllStringSubmatch(page, -1)
	if len(found) != len(w.routes) {
		t.Errorf("%d commands for %d routes", len(found), len(w.routes))
	}
	for _, f := range found {
		command := html.UnescapeString(f[1])
		if strings.Contains(command, "-F file=") {
			continue // imports_test.go sends files
		}
		_, address, _ := strings.Cut(command, `"https://takhti.example.pk`)
		address, _, _ = strings.Cut(address, `"`)
		request, body := "GET "+address, ""
		if _, content, ok := strings.Cut(command, "--json '"); ok {
			request, body = "POST "+address, strings.TrimSuffix(content, "'")
		} else if strings.Contains(command, "-X POST") {
			request = "POST " + address
		}
		status, _, answer := w.raw(token, request, body)
		if status >= 500 || status == http.StatusBadRequest || strings.Contains(answer, `"request.`) || strings.Contains(answer, `"route.`) {
			t.Errorf("%s\n%s\n%d %s", command, body, status, answer)
		}
	}
}

func TestPageNeedsNothingFromElsewhere(t *testing.T) {
	w := newWorld(t)
	_, _, page := w.raw("", "GET /docs", "")
	for _, foreign := range []string{"<script", "style=", "<style", "onclick", `src="http`, `href="http`} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page has %s", foreign)
		}
	}
	if strings.Contains(page, "%!") {
		t.Error("the page has a format without its argument")
	}
	status, header, _ := w.raw("", "GET /docs/style.css", "")
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/css") {
		t.Errorf("style sheet: %d %s", status, header.Get("Content-Type"))
	}
}
