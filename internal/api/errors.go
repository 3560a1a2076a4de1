package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// wire is the client's error type under a name that leaves room for a method Error.
type wire = takhti.Error

// problem is an answer that is not a success.
type problem struct {
	wire
	headers http.Header
}

const problemType = "application/problem+json"

// kinds says how each kind of error is answered.
var kinds = map[fleet.Kind]struct {
	status int
	help   string
}{
	fleet.Invalid:         {http.StatusUnprocessableEntity, "Put the input right and send the request again."},
	fleet.NotFound:        {http.StatusNotFound, "Check the spelling. What is outside your scope is answered like this, too; GET /api/v1/me tells your scope."},
	fleet.Conflict:        {http.StatusConflict, "Read it again: it is not in the state that this needs."},
	fleet.Forbidden:       {http.StatusForbidden, "GET /api/v1/me tells your roles. Ask whoever administers your account for another one."},
	fleet.Unauthenticated: {http.StatusUnauthorized, "Send a token: Authorization: Bearer takhti_… An administrator makes one with takhti token create."},
	fleet.TooMany:         {http.StatusTooManyRequests, "Wait as many seconds as Retry-After says, then repeat."},
	fleet.Unavailable:     {http.StatusServiceUnavailable, "Repeat in a few seconds, a write with the same Idempotency-Key."},
	fleet.Damaged:         {http.StatusInternalServerError, "Tell the operator of the register."},
}

// helps says what to do next where a kind's own advice does not fit.
var helps = map[string]string{
	"request.reused":    "An Idempotency-Key is for one write: make up a new one for another.",
	"token.made":        "Revoke it with POST /api/v1/tokens/{id}/revoke, and make another one under a new Idempotency-Key.",
	"request.truncated": "Send the whole of it again, a write with the same Idempotency-Key.",
	"upload.truncated":  "Send the whole of it again, with the same Idempotency-Key.",
	"upload.cut":        "HEAD tells how much has arrived. Go on from there.",
	"upload.offset":     "HEAD tells how much has arrived. Go on from there.",
	"upload.incomplete": "HEAD tells how much has arrived. Go on from there.",
	"upload.not_found":  "Begin another one with POST /api/v1/uploads.",
	"body.too_large":    "Send it in parts, each with its own Idempotency-Key.",
	"request.timeout":   "Send the whole of it again, with the same Idempotency-Key, over a faster connection or in parts.",
}

// retryAfter is how long a client is asked to wait when nobody knows better.
const retryAfter = 2 * time.Second

// statusClosed is for a client that has left before its answer.
const statusClosed = 499

// problem converts an error, once, into what the client is told. What is not in
// our vocabulary goes to the log.
func (a *api) problem(ctx context.Context, err error) *problem {
	var done *problem
	var known *fleet.Error
	switch {
	case errors.As(err, &done):
		return done
	case errors.As(registry.Explain(err), &known):
		if known.Kind >= fleet.Unavailable {
			a.Log.ErrorContext(ctx, "the register failed", "code", known.Code, "error", err)
		}
		return problemOf(known)
	case errors.Is(err, context.Canceled):
		return &problem{wire: wire{Status: statusClosed, Title: "Client Closed Request", Code: "request.cancelled", Detail: "the request was given up"}}
	}
	a.Log.ErrorContext(ctx, "an unexpected error", "error", err)
	return internalProblem()
}

func problemOf(e *fleet.Error) *problem {
	kind := kinds[e.Kind]
	p := clientProblem(kind.status, e.Code, e.Message)
	p.headers, p.Field, p.Help = http.Header{}, e.Field, cmp.Or(helps[e.Code], kind.help)
	if e.Kind == fleet.TooMany || e.Kind == fleet.Unavailable {
		p.headers.Set("Retry-After", strconv.Itoa(int(cmp.Or(e.Wait, retryAfter).Seconds())))
	}
	return p
}

// clientProblem is a refusal of what was sent.
func clientProblem(status int, code, detail string) *problem {
	return &problem{wire: wire{
		Title: http.StatusText(status), Status: status, Code: code, Detail: detail,
		Help: cmp.Or(helps[code], "See /docs for what it takes."),
	}}
}

func internalProblem() *problem {
	return &problem{wire: wire{
		Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError, Code: "internal",
		Detail: "something went wrong on the server", Help: "Tell its operator the request ID.",
	}}
}

// leave leaves the problem's code with the request, for the log.
func (p *problem) leave(c *gin.Context) { _ = c.Error(errors.New(p.Detail)).SetMeta(p.Code) }

// write answers with a problem.
func (a *api) write(ctx huma.Context, p *problem) {
	for name, values := range p.headers {
		ctx.SetHeader(name, values[0])
	}
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", auth.Challenge(ctx.Header))
	}
	p.RequestID = ctx.Header("X-Request-Id")
	p.leave(humagin.Unwrap(ctx))
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	_ = encode(ctx.BodyWriter(), p) // it fails when the client has left
}

// problemResponse documents that any operation may answer with a problem.
func (a *api) problemResponse() *huma.Response {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[takhti.Error](), true, "Error")
	return &huma.Response{
		Description: "A problem: what was wrong, and what to do next",
		Content:     map[string]*huma.MediaType{problemType: {Schema: schema}},
	}
}
