// Package h2c stands in for golang.org/x/net's, with which gin can serve HTTP/2
// without TLS. Takhti does not.
package h2c

import (
	"net/http"

	"golang.org/x/net/http2"
)

// NewHandler is the handler as it is.
func NewHandler(h http.Handler, _ *http2.Server) http.Handler { return h }
