package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/workbook"
)

const (
	lookupDevices = 500_000
	lookupClients = 16
	lookedUp      = 256   // different devices
	lookups       = 4_000 // in a round
)

// benchLookup asks for devices by their serials: from the API as it is served,
// with its log, its limits and the check of the token; and from a bare Gin
// handler that has the same bytes at hand.
func benchLookup(ctx context.Context, l *lab) error {
	file, err := l.register(ctx, lookupDevices)
	if err != nil {
		return err
	}
	reg, err := openRegister(ctx, file)
	if err != nil {
		return err
	}
	defer reg.Close()
	token, err := newToken(ctx, reg)
	if err != nil {
		return err
	}
	ours, stop, err := serveRegister(ctx, reg, l.path("imports"))
	if err != nil {
		return err
	}
	defer stop()
	us := newAsker(ours, token)
	for _, view := range []struct{ name, query string }{{"with its history", ""}, {"without its history", "?history=false"}} {
		if err := us.aim(view.query); err != nil {
			return err
		}
		peer := httptest.NewUnstartedServer(bareGin(us.bodies))
		peer.Start()
		them := &asker{base: peer.URL, token: token, paths: us.paths, bodies: us.bodies, client: us.client}
		us.took, us.work = nil, nil
		l.say("looking devices up, %s", view.name)
		const rounds = 7
		err := interleave(rounds, func() error { return us.run(ctx) }, func() error { return them.run(ctx) })
		us.client.CloseIdleConnections()
		peer.Close()
		if err != nil {
			return err
		}
		lookupLines(l, view.name, us, them)
	}
	return nil
}

func lookupLines(l *lab, view string, us, them *asker) {
	mine, yours := median(us.took), median(them.took)
	l.table.add(line{
		what: fmt.Sprintf("a device by its serial through HTTP, %s, %d clients, time for each; against a bare Gin handler", view, lookupClients),
		ours: inWords(mine), peer: inWords(yours), figure: ratioOf(mine, yours), unit: "×", goal: 2, bound: atMost,
	})
	mine, yours = median(us.work), median(them.work)
	l.table.add(line{
		what: "processor time of these two, that of the client included", ours: inWords(mine), peer: inWords(yours),
		figure: ratioOf(mine, yours), unit: "×", bound: shownOnly,
	})
}

func newToken(ctx context.Context, reg *registry.Register) (string, error) {
	service := auth.New(reg, auth.Options{})
	if _, _, err := service.EnsureAdmin(ctx); err != nil {
		return "", err
	}
	made, err := service.NewToken(ctx, reg.As(registry.Operator()), auth.TokenSpec{
		Name: "bench", User: "admin", Expires: time.Now().Add(24 * time.Hour),
		Grants: []registry.UserGrant{{Role: fleet.Admin, Place: atlas.CountryCode}},
	})
	return made.Secret, err
}

// serveRegister serves the API as the program does, its log going nowhere.
func serveRegister(ctx context.Context, reg *registry.Register, imports string) (url string, stop func(), err error) {
	service := auth.New(reg, auth.Options{})
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	listening := make(chan string, 1)
	s := server.New(server.Options{
		Addr: "127.0.0.1:0", Log: log, Auth: service, BodyLimits: api.BodyLimits(),
		Quota: server.Quota{Rate: 1e9, Burst: 1 << 30, AtOnce: 2000}, // looked at as in use, and never used up
		Ready: func(context.Context) error { return nil }, Listening: func(url string) { listening <- url },
	})
	_, served := api.Mount(s.Engine(), api.Deps{Register: reg, Auth: service, Desk: workbook.NewDesk(imports, workbook.Limits{}), Log: log})
	s.Serves(served)
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(running) }()
	select {
	case url = <-listening:
	case err = <-ended:
	}
	return url, func() { cancel(); <-ended }, err
}

func bareGin(bodies map[string][]byte) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET("/api/v1/devices/:serial", func(c *gin.Context) {
		c.Data(http.StatusOK, "application/json", bodies[c.Param("serial")])
	})
	return e
}
