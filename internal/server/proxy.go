package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// withProxied gives a request that a proxy on this machine passed on the address
// of whom it came from, so that not all the world counts as one network. It
// believes the last proxy alone: what stands before its word, anybody can write.
func withProxied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, ok := passedOnFor(r); ok {
			proxied := *r
			proxied.RemoteAddr = net.JoinHostPort(from.String(), "0")
			r = &proxied
		}
		next.ServeHTTP(w, r)
	})
}

// passedOnFor is whom a proxy on this machine passed the request on for.
func passedOnFor(r *http.Request) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() {
		return netip.Addr{}, false
	}
	all := r.Header.Values("X-Forwarded-For")
	if len(all) == 0 {
		return netip.Addr{}, false
	}
	last := all[len(all)-1]
	from, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndex(last, ",")+1:]))
	return from, err == nil
}
