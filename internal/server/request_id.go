package server

import (
	"crypto/rand"
	"strings"

	"github.com/gin-gonic/gin"
)

const requestID = "X-Request-Id"

// nameRequest gives the request an ID, or keeps the one it came with. Handlers
// find it in the request's header, the client in the answer's.
func nameRequest(c *gin.Context) {
	id := c.Request.Header.Get(requestID)
	if !saneID(id) {
		id = strings.ToLower(rand.Text()[:16])
		c.Request.Header.Set(requestID, id)
	}
	c.Writer.Header().Set(requestID, id)
	c.Next()
}

// saneID says whether the ID can be shown, logged and searched for as it is.
func saneID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}
