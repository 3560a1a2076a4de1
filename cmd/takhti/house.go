package main

import (
	"context"
	"log/slog"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
)

// serving says how a register is served.
type serving struct {
	addr              string
	certFile, keyFile string
	metricsPublic     bool
	log               *slog.Logger // nil: none
	listening         func(url string)
}

// house is a register with all that stands on it.
type house struct {
	reg    *registry.Register
	auth   *auth.Service
	server *server.Server
}

// furnish puts the edges on a register.
func (c *cli) furnish(reg *registry.Register, o serving) *house {
	h := &house{reg: reg, auth: auth.New(reg, auth.Options{})}
	h.server = server.New(server.Options{
		Addr: o.addr, CertFile: o.certFile, KeyFile: o.keyFile, MetricsPublic: o.metricsPublic,
		Log: o.log, Auth: h.auth, Ready: h.ready, Listening: o.listening,
	})
	return h
}

// ready says whether the register can be read.
func (h *house) ready(ctx context.Context) error {
	_, _, err := h.reg.As(registry.Operator()).Home(ctx)
	return err
}
