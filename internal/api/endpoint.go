package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// endpoint is an operation as it is served. It learns its types as the server
// starts: code that is compiled for each pair of types costs the program 20 KB an
// operation.
type endpoint struct {
	*api
	input  reflect.Type
	params []param
	body   *body // nil: none is read
	output output
	handle func(ctx context.Context, in any) (out any, err error) // with pointers to the types
}

// register documents an operation, and serves it.
func (a *api) register(spec *huma.Operation, in, out reflect.Type, handle func(context.Context, any) (any, error)) {
	schemas := a.huma.OpenAPI().Components.Schemas
	e := &endpoint{
		api: a, input: in, handle: handle,
		params: paramsOf(schemas, spec, in), body: bodyOf(schemas, spec, in), output: outputOf(schemas, spec, out),
	}
	a.huma.OpenAPI().AddOperation(spec)
	a.huma.Adapter().Handle(spec, spec.Middlewares.Handler(e.serve))
}

func (e *endpoint) serve(ctx huma.Context) {
	in := reflect.New(e.input)
	if p := e.read(ctx, in.Elem()); p != nil {
		e.write(ctx, p)
		return
	}
	out, err := e.handle(ctx.Context(), in.Interface())
	if err != nil {
		e.write(ctx, e.problem(ctx.Context(), err))
		return
	}
	e.answer(ctx, reflect.ValueOf(out).Elem())
}

// read fills in what was asked, or tells all that is wrong with it.
func (e *endpoint) read(ctx huma.Context, in reflect.Value) *problem {
	address := ctx.URL()
	found := mistakes{schemas: e.huma.OpenAPI().Components.Schemas, path: huma.NewPathBuffer(nil, 0)}
	found.unknown(e.params, address.Query())
	if len(found.Errors) > 0 {
		return found.problem("request.invalid")
	}
	for i := range e.params {
		e.params[i].read(ctx, in, &found)
	}
	code := ""
	if e.body != nil {
		code = e.readBody(ctx, in, &found)
	}
	if own, ok := in.Addr().Interface().(huma.Resolver); ok {
		found.Errors = append(found.Errors, own.Resolve(ctx)...)
	}
	switch {
	case code != "":
		return found.problem(code)
	case len(found.Errors) > 0:
		return found.problem("request.invalid")
	}
	return nil
}

// mistakes are what is wrong with a request.
type mistakes struct {
	huma.ValidateResult
	schemas huma.Registry
	path    *huma.PathBuffer
}

// at begins a part of the request.
func (m *mistakes) at(part, name string) {
	m.path.Reset()
	m.path.Push(part)
	if name != "" {
		m.path.Push(name)
	}
}

// check notes what is wrong with the part's value.
func (m *mistakes) check(s *huma.Schema, value any) {
	huma.Validate(m.schemas, s, m.path, huma.ModeWriteToServer, value, &m.ValidateResult)
}

// malformed words what is wrong with requests that no handler sees.
var malformed = map[string]struct {
	status int
	detail string
}{
	"request.malformed":    {http.StatusBadRequest, "what was sent is not JSON, or nothing was sent"},
	"request.truncated":    {http.StatusBadRequest, "what was sent did not arrive whole"},
	"request.timeout":      {http.StatusRequestTimeout, "the request's body did not arrive in time"},
	"body.too_large":       {http.StatusRequestEntityTooLarge, "what was sent is too large: at most 1 MB are allowed here"},
	"request.content_type": {http.StatusUnsupportedMediaType, "send JSON, with Content-Type: application/json"},
	"request.invalid":      {http.StatusUnprocessableEntity, "the request is not what this address takes"},
}

// problem names each mistake, but not the values, which may be secrets.
func (m *mistakes) problem(code string) *problem {
	p := clientProblem(malformed[code].status, code, malformed[code].detail)
	for _, err := range m.Errors {
		if d, ok := err.(*huma.ErrorDetail); ok {
			p.Errors = append(p.Errors, takhti.FieldError{Field: d.Location, Message: d.Message})
		}
	}
	return p
}
