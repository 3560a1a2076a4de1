// Package http3 stands in for quic-go's, with which gin can serve. Takhti serves
// HTTP/1.1 and HTTP/2 by a server of its own.
package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC refuses.
func ListenAndServeQUIC(_, _, _ string, _ http.Handler) error {
	return errors.New("this program does not serve HTTP/3")
}
