package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
)

// noteDenials has the journal tell what was refused: what somebody may not do, and
// changes of what is not there, since what lies outside of somebody's places is
// answered as if it were absent.
func (s *Server) noteDenials(c *gin.Context) {
	c.Next()
	status := c.Writer.Status()
	_, known := auth.ActorOf(c.Request.Context())
	if status == http.StatusForbidden || status == http.StatusNotFound && known && c.FullPath() != "" && !reads(c.Request.Method) {
		s.options.Auth.Denied(c.Request, c.FullPath(), c.Request.Header.Get(requestID), status)
	}
}

func reads(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
