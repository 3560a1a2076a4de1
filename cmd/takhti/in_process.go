package main

import (
	"io"
	"net/http"
	"sync"
)

// inProcess carries requests to a handler in this very process. Answers stream:
// an export of any size takes no more memory than its buffers.
type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	r := req.Clone(req.Context())
	r.RequestURI, r.Host, r.RemoteAddr = req.URL.RequestURI(), req.URL.Host, "127.0.0.1:0"
	if r.Body == nil {
		r.Body = http.NoBody
	}
	body, into := io.Pipe()
	a := &answer{header: http.Header{}, into: into, begun: make(chan struct{})}
	go func() {
		defer func() { _ = r.Body.Close() }()
		defer a.end()
		t.handler.ServeHTTP(a, r)
	}()
	select {
	case <-a.begun:
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: body, ContentLength: -1, Request: req,
	}, nil
}

// answer is the response writer of a request in process.
type answer struct {
	header http.Header
	into   *io.PipeWriter
	begun  chan struct{}
	once   sync.Once
	status int         // these two are read once begun is closed
	sent   http.Header // header as it was when the answer began
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	a.once.Do(func() {
		a.status, a.sent = status, a.header.Clone()
		close(a.begun)
	})
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.into.Write(b)
}

// Flush implements [http.Flusher]: nothing is held back.
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }

// end ends the answer, as cut off when its handler panicked.
func (a *answer) end() {
	if recover() != nil {
		a.WriteHeader(http.StatusInternalServerError)
		_ = a.into.CloseWithError(io.ErrUnexpectedEOF)
		return
	}
	a.WriteHeader(http.StatusOK)
	_ = a.into.Close()
}
