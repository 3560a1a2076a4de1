package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
)

// withProbes answers the addresses for those who run the server. They pass none
// of what people's requests pass, so that they tell of the server itself.
func (s *Server) withProbes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var probe http.HandlerFunc
		switch r.URL.Path {
		case "/livez":
			probe = live
		case "/readyz":
			probe = s.ready
		case "/metrics":
			probe = s.showMetrics
		}
		if probe == nil || !s.options.MetricsPublic && !fromThisMachine(r) {
			next.ServeHTTP(w, r)
			return
		}
		s.setProtective(w.Header(), r)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		probe(w, r)
	})
}

// fromThisMachine says whether a program on this machine asks for itself, and not
// as a proxy for somebody else.
func fromThisMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback() &&
		r.Header.Get("Forwarded") == "" && r.Header.Get("X-Forwarded-For") == ""
}

func live(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready says whether the register can be read.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := s.options.Ready(ctx); err != nil {
		s.log.LogAttrs(ctx, slog.LevelError, "not ready", slog.String("error", err.Error()))
		say(w, http.StatusServiceUnavailable, "the register cannot be read")
		return
	}
	say(w, http.StatusOK, "ready")
}

func (s *Server) showMetrics(w http.ResponseWriter, _ *http.Request) { s.metrics.write(w) }

func say(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the client has gone: nobody to tell
}
