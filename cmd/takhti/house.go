package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/web"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// serving says how a register is served.
type serving struct {
	addr              string
	certFile, keyFile string
	metricsPublic     bool
	publicURL         *choice[string]
	openID            *auth.OpenID // where people may sign in instead; nil: nowhere
	secondFactor      *choice[fleet.Role]
	rate              float64      // requests a second that one account may send; 0: any number
	keep              periods      // for how long personal data is kept; nil: for ever
	pages             bool         // for browsers, too, and not only the API
	scan              string       // the command that looks at each file that comes in; empty: none
	checkpointURL     string       // to which checkpoints are posted; empty: nowhere
	audit             *audit.Log   // makes checkpoints; nil: none are made
	log               *slog.Logger // nil: none
	listening         func(url string)
}

// house is a register with all that stands on it.
type house struct {
	reg    *registry.Register
	auth   *auth.Service
	desk   *workbook.Desk
	server *server.Server
	keep   periods
	log    *slog.Logger
	audit  *audit.Log
}

// furnish puts the edges on a register.
func (c *cli) furnish(reg *registry.Register, o serving) *house {
	limits := workbook.Limits{Part: c.part, Scan: scanner(o.scan)}
	if o.pages { // what a command reads is its own user's, and so is the process
		limits.Apart = apart(o.log)
	}
	h := &house{
		reg: reg, auth: auth.New(reg, o.auth(c.now)), desk: workbook.NewDesk(c.importsFolder(), limits),
		keep: o.keep, log: o.log, audit: o.audit,
	}
	h.server = server.New(server.Options{
		Addr: o.addr, PublicURL: o.public(), CertFile: o.certFile, KeyFile: o.keyFile, MetricsPublic: o.metricsPublic,
		Log: o.log, Auth: h.auth, Ready: h.ready, Listening: o.listening, BodyLimits: o.limits(), Gauges: c.database.gauges(),
		Quota: o.quota(), Now: c.now,
	})
	_, served := api.Mount(h.server.Engine(), api.Deps{Register: reg, Auth: h.auth, Desk: h.desk, Spool: c.data, Log: o.log, Now: c.now})
	h.server.Serves(served)
	h.server.Answer("/feeds/", server.Plain)
	if !o.pages {
		return h
	}
	site := web.Mount(h.server.Engine(), web.Deps{PublicURL: o.public(), Register: reg, Auth: h.auth, Desk: h.desk, Audit: o.audit, Log: o.log, Now: c.now})
	h.server.Serves(site.Routes())
	h.server.Answer("/", site.Refuse)
	h.server.Answer("/api/", server.Problem)
	return h
}

// auth says how people sign in.
func (o *serving) auth(now func() time.Time) auth.Options {
	return auth.Options{Now: now, BehindTLS: o.behindTLS(), SecondStep: o.stepped(), OpenID: o.openID, Log: o.log}
}

// quota is what an account may ask of a server: a rate, and what pages that load at
// once, or a program that catches up, need beyond it.
func (o serving) quota() server.Quota {
	const (
		burst  = 10 // seconds' worth
		atOnce = 2000
	)
	return server.Quota{Rate: o.rate, Burst: max(1, int(o.rate*burst)), AtOnce: atOnce}
}

// limits are the routes that take more than other requests.
func (o serving) limits() map[string]int64 {
	limits := api.BodyLimits()
	if o.pages {
		limits["POST /imports"] = maxUpload
	}
	return limits
}

// maxUpload is the most that a form with a workbook may have.
const maxUpload = 65 << 20

// ready says whether the register can be read.
func (h *house) ready(ctx context.Context) error {
	_, _, err := h.reg.As(registry.Operator()).Home(ctx)
	return err
}

// run serves until ctx is done, and goes on with the imports that were cut off. As
// it stops, so do they, between two of their parts.
func (h *house) run(ctx context.Context) error {
	if err := h.desk.Resume(ctx, h.reg.As(registry.Operator())); err != nil {
		return err
	}
	defer h.desk.Stop()
	defer context.AfterFunc(ctx, h.desk.Stop)() // requests wait for jobs
	if err := h.auth.RestoreLimits(ctx); err != nil {
		return err
	}
	defer h.makeCheckpoints(ctx)()
	kept := make(chan error, 1)
	serving, ended := context.WithCancel(ctx)
	go func() { kept <- h.keepLimits(serving) }()
	erased := make(chan struct{})
	go func() {
		defer close(erased)
		if h.keep != nil {
			h.retainDaily(serving)
		}
	}()
	err := h.server.Run(ctx)
	ended()
	<-erased
	return errors.Join(err, <-kept)
}

// keepLimits has what slows guessing down outlive the program: every few seconds, and
// once more at the end of ctx.
func (h *house) keepLimits(ctx context.Context) error {
	const often = 5 * time.Second
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = h.auth.KeepLimits(ctx) // the database has told what is wrong with it; it is tried again
		case <-ctx.Done():
			last := context.WithoutCancel(ctx)
			return errors.Join(h.auth.KeepLimits(last), h.auth.KeepSeen(last))
		}
	}
}

// makeCheckpoints begins to make checkpoints of the journal. What it returns makes
// the last one.
func (h *house) makeCheckpoints(ctx context.Context) (end func()) {
	if h.audit == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.audit.Run(ctx)
	}()
	return func() {
		stop()
		<-ended
	}
}
