package server

import (
	"maps"
	"net/http"

	"github.com/gin-gonic/gin"
)

// contentPolicy allows what this host itself serves and nothing else: no script
// or style within a page, no frame around it, no form to elsewhere.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// protectiveHeaders are set on every answer. Handlers whose answers may be kept,
// such as style sheets, set Cache-Control anew.
var protectiveHeaders = http.Header{
	"Content-Security-Policy":      {contentPolicy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"same-origin"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	"Cache-Control":                {"no-store"},
}

// onlyTLS has a browser that came over TLS once come over TLS for two years.
const onlyTLS = "max-age=63072000; includeSubDomains"

func (s *Server) protect(c *gin.Context) {
	s.setProtective(c.Writer.Header(), c.Request)
	c.Next()
}

func (s *Server) setProtective(h http.Header, r *http.Request) {
	maps.Copy(h, protectiveHeaders) // whoever sets or adds to one makes a new list of values
	if s.options.Auth.Secure(r) {
		h.Set("Strict-Transport-Security", onlyTLS)
	}
}
