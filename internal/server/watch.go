package server

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// watch logs and measures every request. It names the route, never the address,
// query, headers or body, which may hold secrets or whom a request is about.
func (s *Server) watch(c *gin.Context) {
	began := time.Now()
	w := c.Writer // what handlers put around it does not count what is sent
	s.metrics.inFlight.Add(1)
	defer func() {
		took := time.Since(began)
		s.metrics.inFlight.Add(-1)
		s.metrics.count(c.Request.Method, c.FullPath(), w.Status(), took)
		s.logRequest(c, w, took)
	}()
	c.Next()
}

func (s *Server) logRequest(c *gin.Context, w gin.ResponseWriter, took time.Duration) {
	level := slog.LevelInfo
	if w.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	ctx := c.Request.Context()
	if !s.log.Enabled(ctx, level) {
		return
	}
	actor, _ := auth.ActorOf(ctx)
	attrs := []slog.Attr{
		slog.String("method", knownMethod(c.Request.Method)),
		slog.String("route", c.FullPath()),
		slog.Int("status", w.Status()),
		slog.Int("bytes", max(w.Size(), 0)),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("request", c.Request.Header.Get(requestID)),
		slog.String("user", actor.Name),
	}
	if code := refusedAs(c); code != "" {
		attrs = append(attrs, slog.String("code", code))
	}
	s.log.LogAttrs(ctx, level, "request", attrs...)
}

// refusedAs is the code that an edge left with the request and its error (as Meta):
// which rule was broken, and nothing of what was sent.
func refusedAs(c *gin.Context) (code string) {
	if last := c.Errors.Last(); last != nil {
		code, _ = last.Meta.(string)
	}
	return code
}

// knownMethod is the method, unless the client made it up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return method
	}
	return "other"
}
