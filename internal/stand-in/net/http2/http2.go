// Package http2 stands in for golang.org/x/net's, which gin names to serve HTTP/2
// without TLS. Takhti does not; HTTP/2 over TLS is the standard library's.
package http2

// Server is not used.
type Server struct{}
