package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPingReachesAServerWithTLSAndOneWithout(t *testing.T) {
	alive := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/livez" {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	ill := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	for what, start := range map[string]func(http.Handler) *httptest.Server{
		"with TLS": httptest.NewTLSServer, "without": httptest.NewServer,
	} {
		well, bad := start(alive), start(ill)
		defer well.Close()
		defer bad.Close()
		if err := ping(t.Context(), well.Listener.Addr().String()); err != nil {
			t.Errorf("a server %s that is alive: %v", what, err)
		}
		if err := ping(t.Context(), bad.Listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "answers 503") {
			t.Errorf("a server %s that is not: %v", what, err)
		}
	}
}
