package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// operations are those of a tag, reads first, in the order of their paths.
func (w *pageWriter) operations(tag string) []*huma.Operation {
	var found []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(w.doc.Paths)) {
		item := w.doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Delete} {
			if op != nil && op.Tags[0] == tag {
				found = append(found, op)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *huma.Operation) int { return strings.Compare(a.Method, b.Method) })
	return found
}

func sortedNames(m map[string]*huma.Schema) []string { return slices.Sorted(maps.Keys(m)) }

// schemaName is the name of what a schema refers to; empty for one in place.
func schemaName(s *huma.Schema) string {
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

// requestSchema is what an operation takes as its content, nil for nothing.
func requestSchema(op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil {
		return nil
	}
	for _, media := range op.RequestBody.Content {
		return media.Schema
	}
	return nil
}

// answerSchema is what an operation gives as JSON, nil for something else.
func answerSchema(op *huma.Operation) *huma.Schema {
	for _, status := range []string{"200", "201"} {
		if r := op.Responses[status]; r != nil && r.Content["application/json"] != nil {
			return r.Content["application/json"].Schema
		}
	}
	return nil
}

// constraint says which values a schema allows.
func constraint(s *huma.Schema) string {
	var parts []string
	if len(s.Enum) > 0 {
		names := make([]string, 0, len(s.Enum))
		for _, e := range s.Enum {
			names = append(names, fmt.Sprint(e))
		}
		parts = append(parts, "One of "+strings.Join(names, ", ")+".")
	}
	if s.Maximum != nil {
		parts = append(parts, fmt.Sprintf("At most %v.", *s.Maximum))
	}
	if s.Default != nil {
		parts = append(parts, fmt.Sprintf("Otherwise %v.", s.Default))
	}
	return strings.Join(parts, " ")
}

// curl is the operation as a command, with the values that the document gives as
// examples.
func curl(doc *huma.OpenAPI, op *huma.Operation) string {
	path, query := op.Path, url.Values{}
	for _, p := range op.Parameters {
		value, ok := exampleOf(doc, p.Schema)
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(fmt.Sprint(value)))
		case p.In == "query" && ok:
			query.Set(p.Name, fmt.Sprint(value))
		}
	}
	if len(query) > 0 {
		path += "?" + strings.ReplaceAll(query.Encode(), "%2C", ",")
	}
	command := `curl -H "Authorization: Bearer $TAKHTI_TOKEN" "https://takhti.example.pk` + path + `"`
	switch body := requestSchema(op); {
	case op.Extensions["x-takhti-curl"] != nil:
		command += fmt.Sprint(" \\\n  ", op.Extensions["x-takhti-curl"])
	case op.Method != http.MethodPost:
	case body == nil:
		command += " \\\n  -X POST"
	case body.Ref == "":
		command += " \\\n  -F kind=shipment -F shipment=HP-2026-017 -F to=PK601-STORE -F file=@lot3.xlsx"
	default:
		example, _ := exampleOf(doc, body)
		content, err := json.Marshal(example)
		if err != nil {
			panic(err) // examples come from the document
		}
		command += " \\\n  --json '" + string(content) + "'"
	}
	return command
}

// exampleOf is a value that a schema allows, and whether the document gives it
// as an example. Of the fields of an object it takes those that are needed and
// those that have examples.
func exampleOf(doc *huma.OpenAPI, s *huma.Schema) (value any, given bool) {
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0], true
	case len(s.Enum) > 0:
		return s.Enum[0], false
	case s.Type == huma.TypeArray:
		item, given := exampleOf(doc, s.Items)
		return []any{item}, given
	case s.Type == huma.TypeObject:
		object := map[string]any{}
		for name, p := range s.Properties {
			if value, given := exampleOf(doc, p); given || slices.Contains(s.Required, name) {
				object[name] = value
			}
		}
		return object, false
	}
	return "…", false
}
