package api

import (
	"context"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Route is an address of the API and what it takes to use it.
type Route struct {
	Method string
	Path   string       // with parameters as {serial}
	Needs  fleet.Action // at some place at least; at which is up to the register
}

// operation is a route with what its documentation says.
type operation struct {
	Route
	id      string // in the OpenAPI document: assign-device
	summary string
	about   string // what is not plain from the summary
	status  int    // of success; 0: 200
	sdk     string // the same call through the Go client
}

// maxJSON is the most that an operation reads, in bytes.
const maxJSON = 1 << 20

// add registers an operation.
func add[I, O any](a *api, op operation, handle func(context.Context, *I) (*O, error)) *huma.Operation {
	return a.add(op, reflect.TypeFor[I](), reflect.TypeFor[O](), func(ctx context.Context, in any) (any, error) {
		return handle(ctx, in.(*I))
	})
}

func (a *api) add(op operation, in, out reflect.Type, handle func(context.Context, any) (any, error)) *huma.Operation {
	spec := &huma.Operation{
		OperationID: op.id, Method: op.Method, Path: prefix + op.Path, Summary: op.summary, Description: op.about,
		Tags: []string{tagOf(op.Path)}, DefaultStatus: op.status,
		Middlewares: huma.Middlewares{a.admit(op.onEngine())},
		Responses:   map[string]*huma.Response{"default": a.problemResponse()},
		Extensions:  map[string]any{"x-takhti-roles": rolesFor(op.Needs)},
	}
	if op.sdk != "" {
		spec.Extensions["x-takhti-go"] = op.sdk
	}
	a.register(spec, in, out, handle)
	a.routes = append(a.routes, op.Route)
	a.declared = append(a.declared, op.onEngine())
	return spec
}

// onEngine is the route as the engine knows it.
func (r Route) onEngine() auth.Route {
	return auth.Route{Method: r.Method, Path: prefix + strings.NewReplacer("{", ":", "}", "").Replace(r.Path), Needs: auth.Any(r.Needs)}
}

// admit turns away who is not signed in, and who may not do this anywhere.
func (a *api) admit(r auth.Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if err := admitted(ctx.Context(), r.Needs); err != nil {
			a.write(ctx, a.problem(ctx.Context(), err))
			return
		}
		next(ctx)
	}
}

// admitted says why whoever asks has not what a route needs; nil when they have it.
func admitted(ctx context.Context, needs auth.Need) error {
	switch actor, ok := auth.ActorOf(ctx); {
	case needs.Open():
		return nil
	case !ok:
		return errSignIn
	case !needs.Admits(actor):
		return errRole
	}
	return nil
}

// handle registers a route that is no operation, and turns away who may not use it.
// What is to be done for those as well comes before.
func (a *api) handle(engine *gin.Engine, r auth.Route, answer gin.HandlerFunc, before ...gin.HandlerFunc) {
	a.declared = append(a.declared, r)
	engine.Handle(r.Method, r.Path, append(before, func(c *gin.Context) {
		if err := admitted(c.Request.Context(), r.Needs); err != nil {
			a.refuse(c, err)
			return
		}
		answer(c)
	})...)
}

var (
	errSignIn = &fleet.Error{Kind: fleet.Unauthenticated, Code: "auth.missing", Message: "this needs a token or a session: send Authorization: Bearer and your token"}
	errRole   = &fleet.Error{Kind: fleet.Forbidden, Code: "forbidden", Message: "your role does not allow this anywhere"}
)

// rolesFor names the roles that allow an action.
func rolesFor(needs fleet.Action) []string {
	var names []string
	for _, r := range fleet.Roles() {
		if r.May(needs) {
			names = append(names, r.String())
		}
	}
	return names
}

// tagOf groups operations by the first part of their path.
func tagOf(path string) string {
	noun, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return noun
}

// Listed is what all lists take.
type Listed struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Items on one page"`
	Cursor string `query:"cursor" maxLength:"2000" doc:"next of the page before, with the same filter"`
}

// Keyed is what all writes take.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"Your own name for this write: repeated under it, with the same content, it happens once and is answered as the first time"`
}

// Worded is what writes take that hold somebody's own words.
type Worded struct {
	Keyed
	Confirmed bool `header:"Personal-Confirmed" doc:"true when a text is to stay that was refused with code text.personal, because it seems to hold a CNIC or a telephone number"`
}

func (w *Worded) request() registry.Request {
	return registry.Request{ID: w.Key, Confirmed: w.Confirmed}
}

// written is the answer to a write.
type written[T any] struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true when this is the answer to an earlier request with the same key"`
	Body     T
}

// answer is the answer to a read.
type answer[T any] struct{ Body T }

func replayed(again bool) string {
	if again {
		return "true"
	}
	return ""
}
