package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/gin-gonic/gin"
)

// spareHeap, in bytes, is set aside while serving and never touched, so that it
// takes no memory. What a server keeps is small and what requests use and drop is
// much; without it the collector would run every few megabytes.
const spareHeap = 32 << 20

// softLimit is the memory, in bytes, beyond which garbage is collected without delay.
// Nothing but the import of a long list comes near it.
const softLimit = 450 << 20

// LimitMemory has the program keep to the soft limit, unless its operator set another
// one in GOMEMLIMIT.
func LimitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
}

// Run listens and serves until ctx is done. It then takes no more requests, waits
// a while for those that run, and cuts off what is left, which it says as an error.
func (s *Server) Run(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.options.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.options.Addr, err)
	}
	return s.serve(ctx, l)
}

// serve is Run on a listener, which it closes.
func (s *Server) serve(ctx context.Context, l net.Listener) error {
	defer func() { _ = l.Close() }() // again, unless it never came to serving
	if err := cmp.Or(s.checkLimits(), s.checkNeeds()); err != nil {
		return err
	}
	LimitMemory()
	spare := make([]byte, spareHeap)
	defer runtime.KeepAlive(spare)
	running, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff() // after the connections, so that no half-done work is answered as done
	h, err := s.httpServer(running)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.accept(h, l) }()
	if s.options.Listening != nil {
		s.options.Listening(s.url(l.Addr()))
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	err = s.stop(h)
	<-ended
	return err
}

func (s *Server) httpServer(base context.Context) (*http.Server, error) {
	h := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	if s.tls() {
		cert, err := tls.LoadX509KeyPair(s.options.CertFile, s.options.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("cannot use the certificate %q with the key %q: %w", s.options.CertFile, s.options.KeyFile, err)
		}
		h.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	return h, nil
}

func (s *Server) tls() bool { return s.options.CertFile != "" || s.options.KeyFile != "" }

func (s *Server) accept(h *http.Server, l net.Listener) error {
	if s.tls() {
		return h.ServeTLS(l, "", "")
	}
	return h.Serve(l)
}

// stop waits for the requests that run, and ends them when they take too long.
func (s *Server) stop(h *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), graceOfStop)
	defer cancel()
	err := h.Shutdown(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return errors.Join(fmt.Errorf("requests that still ran after %s were cut off", graceOfStop), h.Close())
}

// url is the address as a browser on this machine would open it.
func (s *Server) url(addr net.Addr) string {
	scheme := "http"
	if s.tls() {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return scheme + "://" + addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// checkLimits finds limits for routes that are not there: such a limit would
// quietly not hold.
func (s *Server) checkLimits() error {
	routes := s.engine.Routes()
	for at := range s.options.BodyLimits {
		if !slices.ContainsFunc(routes, func(r gin.RouteInfo) bool { return r.Method+" "+r.Path == at }) {
			return fmt.Errorf("there is a body limit for %s, but no such route", at)
		}
	}
	return nil
}
