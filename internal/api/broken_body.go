package api

import (
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// inner is huma's context under a name that leaves room for its method Context.
type inner huma.Context

// request notes whether the body broke off, which huma takes for a failure of the
// server, and answers that it was the client's.
type request struct {
	inner
	broken bool
}

// Unwrap gives huma's adapter what it made.
func (r *request) Unwrap() huma.Context { return r.inner }

// BodyReader implements [huma.Context].
func (r *request) BodyReader() io.Reader { return watchedBody{r.inner.BodyReader(), r} }

// SetStatus implements [huma.Context].
func (r *request) SetStatus(status int) {
	if r.broken && status == http.StatusInternalServerError {
		status = http.StatusBadRequest
	}
	r.inner.SetStatus(status)
}

type watchedBody struct {
	io.Reader
	request *request
}

func (b watchedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.request.broken = b.request.broken || err != nil && err != io.EOF
	return n, err
}

// brokenBody is the answer to a request whose body broke off, if ctx is of one.
func brokenBody(ctx huma.Context) (p *problem, ok bool) {
	r, ok := ctx.(*request)
	if !ok || !r.broken {
		return nil, false
	}
	return clientProblem(http.StatusBadRequest, "request.truncated", "what was sent did not arrive whole"), true
}
