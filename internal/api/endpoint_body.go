package api

import (
	"errors"
	"io"
	"net"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// body is the JSON that an operation takes: a field named Body.
type body struct {
	index  []int // of the field
	schema *huma.Schema
	usual  []param // its own fields that have a default; those within them have none
}

// bodyOf finds the body of an input, and documents it.
func bodyOf(r huma.Registry, spec *huma.Operation, input reflect.Type) *body {
	f, ok := input.FieldByName("Body")
	if !ok {
		return nil
	}
	b := &body{index: f.Index, schema: huma.SchemaFromField(r, f, spec.OperationID+"Request")}
	for _, own := range reflect.VisibleFields(f.Type) {
		if text := own.Tag.Get("default"); text != "" {
			b.usual = append(b.usual, param{index: own.Index, usual: text})
		}
	}
	spec.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{jsonType: {Schema: b.schema}}}
	return b
}

const jsonType = "application/json"

// readBody sets the body's field. The code says what is wrong with all of it; what
// is wrong with its parts is noted.
func (e *endpoint) readBody(ctx huma.Context, in reflect.Value, found *mistakes) (code string) {
	data, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), maxJSON+1))
	if err != nil || len(data) == 0 || len(data) > maxJSON {
		return unread(err, len(data))
	}
	found.at("body", "")
	var parsed any
	kind := ctx.Header("Content-Type")
	if err := e.huma.Unmarshal(kind, data, &parsed); err != nil {
		found.Add(found.path, nil, err.Error())
		if errors.Is(err, huma.ErrUnknownContentType) {
			return "request.content_type"
		}
		return "request.malformed"
	}
	found.check(e.body.schema, parsed)
	field := in.FieldByIndex(e.body.index)
	if err := e.huma.Unmarshal(kind, data, field.Addr().Interface()); err != nil && len(found.Errors) == 0 {
		found.Add(found.path, nil, err.Error())
	}
	for _, p := range e.body.usual {
		if own := field.FieldByIndex(p.index); own.IsZero() {
			_, _ = fill(own, p.usual)
		}
	}
	return ""
}

// unread says why a body of n bytes was not taken.
func unread(err error, n int) (code string) {
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case n > maxJSON, errors.As(err, &large):
		return "body.too_large"
	case errors.As(err, &network) && network.Timeout():
		return "request.timeout"
	case err != nil:
		return "request.truncated"
	}
	return "request.malformed"
}
