package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/table"
)

// schema is as much of a schema as is needed to draw values.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Enum       []any             `json:"enum"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
}

type drawnOperation struct {
	Parameters []struct {
		Name   string `json:"name"`
		In     string `json:"in"`
		Schema schema `json:"schema"`
	} `json:"parameters"`
	RequestBody struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

// texts are what people and others send, right and wrong.
var texts = []string{
	"", "PK601", "PK601-STORE", "PK6-35200001", "LAH0000001", "LAH0000003", "LAHORE-1", "F-00013", "F-00026", "I-1", "1", "-1", "99999999999999999999",
	"2026-05-31", "2026-13-01", "place,status", "Slate 11", "lahore.officer", "chak77", "%00", "\x00", "../..", "ا", "\u202e", "<script>", "';--", "1.23E+11",
	"AAAAAAAAAAAA", strings.Repeat("x", 300), "true", "null", "{}",
}

// likely are values that can be right where something of the name is asked for.
var likely = map[string][]string{
	"serial": {"LAH0000001", "LAH0000002", "LAH0000003"}, "ref": {"F-00026", "F-00036", "F-00049"}, "number": {"LAHORE-1", "LAHORE-2"},
	"to": {"PK601-STORE", "PK6-35200001", "PK6-35200002"}, "destination": {"PK601-STORE"}, "parent": {"PK601"}, "place": {"PK601"},
	"code": {"PK6-35200009"}, "emis": {"35200009"}, "category": {"screen", "hinge", "lost"}, "label": {"9-B"}, "kind": {"school", "cart"},
	"outcome": {"repaired", "no_fault_found", "recovered"}, "latitude": {"31.5"}, "longitude": {"74.3"}, "serials": {"LAH0000002"},
}

// drawer draws requests from the document.
type drawer struct {
	*rapid.T
	schemas map[string]schema
}

func (d drawer) text() string { return rapid.SampledFrom(texts).Draw(d.T, "text") }

// value draws something that a schema allows, often something that fits the name,
// and now and then nonsense.
func (d drawer) value(name string, s schema) any {
	if ref, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = d.schemas[ref]
	}
	if rapid.IntRange(0, 19).Draw(d.T, "odd") == 0 {
		return rapid.SampledFrom([]any{nil, 7, -1.5, "odd", true, []any{}, map[string]any{}}).Draw(d.T, "odd value")
	}
	fitting := likely[name]
	switch {
	case fitting != nil && s.Type == "string" && rapid.IntRange(0, 4).Draw(d.T, "fits") > 0:
		return rapid.SampledFrom(fitting).Draw(d.T, name)
	case fitting != nil && s.Type == "number":
		return json.Number(fitting[0])
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(d.T, "word")
	case s.Type == "object":
		object := map[string]any{}
		for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
			if likely[field] != nil || rapid.IntRange(0, 2).Draw(d.T, "has "+field) == 0 {
				object[field] = d.value(field, s.Properties[field])
			}
		}
		return object
	case s.Items != nil:
		return []any{d.value(name, *s.Items)}
	case s.Type == "integer" || s.Type == "number":
		return rapid.SampledFrom([]int{0, 1, 7, 1000, -5}).Draw(d.T, "number")
	case s.Type == "boolean":
		return rapid.Bool().Draw(d.T, "flag")
	}
	return d.text()
}

// request draws a request to an operation.
func (d drawer) request(method, path string, op drawnOperation) (request, body string) {
	query := url.Values{}
	for _, p := range op.Parameters {
		value := d.value(p.Name, p.Schema)
		text, ok := value.(string)
		if !ok {
			data, _ := json.Marshal(value)
			text = string(data)
		}
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case p.In == "query" && rapid.IntRange(0, 2).Draw(d.T, "gives "+p.Name) == 0:
			query.Set(p.Name, text)
		}
	}
	if content, ok := op.RequestBody.Content["application/json"]; ok {
		data, _ := json.Marshal(d.value("", content.Schema))
		body = string(data)
	}
	return strings.ToUpper(method) + " " + path + "?" + query.Encode(), body
}

// Whatever is sent, the server does not fail, refuses in the form of a problem,
// tells nothing of other districts, and keeps the register sound.
func TestAnyRequestIsAnswered(t *testing.T) {
	w := newWorld(t)
	w.token("analyst") // the first one, which will be revoked
	token := w.token("lahore.officer")
	_, _, text := w.raw("", "GET /openapi.json", "")
	var doc struct {
		Paths      map[string]map[string]drawnOperation `json:"paths"`
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	paths := slices.Sorted(maps.Keys(doc.Paths))
	rapid.Check(t, func(rt *rapid.T) {
		d := drawer{rt, doc.Components.Schemas}
		path := rapid.SampledFrom(paths).Draw(rt, "path")
		if strings.HasSuffix(path, "/retire") && rapid.IntRange(0, 19).Draw(rt, "really") > 0 {
			return // or soon nothing else could be done to any device
		}
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {

			request, body := d.request(method, path, doc.Paths[path][method])
			status, header, answer := w.raw(token, request, body)
			if status >= http.StatusInternalServerError {
				rt.Errorf("%s %s: %d %s", request, body, status, answer)
			}
			if status >= 400 && (header.Get("Content-Type") != "application/problem+json" || !strings.Contains(answer, `"code":`)) {
				rt.Errorf("%s %s: %d is not told as a problem: %s", request, body, status, answer)
			}
			if strings.Contains(answer, "KASUR") {
				rt.Errorf("%s %s: shows Kasur: %s", request, body, answer)
			}
		}
	})
	if err := w.reg.Verify(t.Context(), func(string) {}, func(f table.Finding) { t.Error(f) }); err != nil {
		t.Error(err)
	}
}
