package api

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// output is where an answer has its parts: all but the body are optional fields.
type output struct {
	usual        int   // the status of an answer that has none
	status, body []int // fields named Status and Body
	headers      []header
}

type header struct {
	name  string
	index []int
}

// outputOf finds the parts of an answer, and documents them. An operation says itself
// what a Body is that is not a struct: bytes that are JSON already, or a function that
// writes them.
func outputOf(r huma.Registry, spec *huma.Operation, t reflect.Type) output {
	o := output{usual: spec.DefaultStatus}
	doc := &huma.Response{Headers: map[string]*huma.Header{}}
	for _, f := range reflect.VisibleFields(t) {
		switch {
		case f.Name == "Status":
			o.status = f.Index
		case f.Name == "Body":
			o.body = f.Index
			if f.Type.Kind() == reflect.Struct {
				schema := huma.SchemaFromField(r, f, spec.OperationID+"Response")
				doc.Content = map[string]*huma.MediaType{jsonType: {Schema: schema}}
			}
		default:
			h := header{f.Tag.Get("header"), f.Index}
			o.headers = append(o.headers, h)
			if f.Tag.Get("hidden") == "" {
				doc.Headers[h.name] = &huma.Header{Schema: huma.SchemaFromField(r, f, "")}
			}
		}
	}
	switch {
	case o.usual != 0:
	case o.body == nil:
		o.usual = http.StatusNoContent
	default:
		o.usual = http.StatusOK
	}
	doc.Description = http.StatusText(o.usual)
	spec.Responses[strconv.Itoa(o.usual)] = doc
	return o
}

// answer writes what a handler returned.
func (e *endpoint) answer(ctx huma.Context, out reflect.Value) {
	status := e.output.usual
	for _, h := range e.output.headers {
		if value := out.FieldByIndex(h.index).String(); value != "" {
			ctx.SetHeader(h.name, value)
		}
	}
	if e.output.status != nil {
		status = int(out.FieldByIndex(e.output.status).Int())
	}
	if e.output.body == nil {
		ctx.SetStatus(status)
		return
	}
	switch body := out.FieldByIndex(e.output.body).Interface().(type) {
	case func(huma.Context):
		body(ctx)
	case []byte:
		ctx.SetStatus(status)
		_, _ = ctx.BodyWriter().Write(body) // it fails when the client has left
	default:
		d := &download{ctx: ctx, kind: jsonType, status: status}
		e.finish(d, encode(d, body))
	}
}

// encode writes JSON, with <, > and & as they are: no answer is put into a page.
func encode(w io.Writer, v any) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	return lines.Encode(v)
}
