package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// recover answers for a handler that panicked. The log gets all of it, the
// client only the ID to ask with.
func (s *Server) recover(c *gin.Context) {
	w := c.Writer
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p) // a handler's way to cut the connection
		}
		s.log.LogAttrs(c.Request.Context(), slog.LevelError, "panic",
			slog.String("route", c.FullPath()),
			slog.String("request", c.Request.Header.Get(requestID)),
			slog.String("panic", fmt.Sprint(p)),
			slog.String("stack", string(debug.Stack())))
		c.Writer = w
		if w.Written() {
			panic(http.ErrAbortHandler) // half an answer must not look like a whole one
		}
		id := c.Request.Header.Get(requestID)
		clear(w.Header()) // what the handler meant for another answer
		s.setProtective(w.Header(), c.Request)
		w.Header().Set(requestID, id)
		s.refuse(c, http.StatusInternalServerError, "internal",
			"something went wrong on our side: try again, and if it happens again tell your administrator the request's number, "+id)
	}()
	c.Next()
}
