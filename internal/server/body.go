package server

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
)

// removeUploads deletes the temporary files of an upload. net/http deletes those
// of its own request only, and every handler that puts a value into the context
// makes another one.
func removeUploads(c *gin.Context) {
	defer func() {
		if form := c.Request.MultipartForm; form != nil {
			_ = form.RemoveAll() // what is gone already is no loss
		}
	}()
	c.Next()
}

// limitBody refuses a body that is announced as too large, and ends one that
// turns out to be so with an [http.MaxBytesError].
func (s *Server) limitBody(c *gin.Context) {
	r := c.Request
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	limit, ok := s.options.BodyLimits[r.Method+" "+c.FullPath()]
	if !ok {
		limit = maxBody
	}
	if r.ContentLength > limit {
		s.refuse(c, http.StatusRequestEntityTooLarge, "body.too_large",
			fmt.Sprintf("what was sent is too large: at most %d MB are allowed here", limit/megabyte))
		return
	}
	r.Body = http.MaxBytesReader(c.Writer, r.Body, limit)
}
