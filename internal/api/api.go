package api

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// Deps are what the API stands on.
type Deps struct {
	Register *registry.Register
	Auth     *auth.Service
	Desk     *workbook.Desk
	Spool    string           // the folder for backups being sent; empty: the system's for temporary files
	Log      *slog.Logger     // gets what clients are not told; nil: none
	Now      func() time.Time // nil: the computer's clock

	// CommitWait is how long a commit is waited for before the answer is that it goes
	// on; zero: 5 seconds.
	CommitWait time.Duration
}

const prefix = "/api/v1"

// api is the operations, which are its methods.
type api struct {
	Deps
	huma     huma.API
	routes   []Route
	declared []auth.Route
	counts   countBodies

	problems planProblems
	keeping  chan struct{} // holds a place for the one backup or verification
	spooled  chan struct{} // and one for each backup on the disk
}

// Mount serves the API on the engine. It returns its operations, and all that it
// serves as the engine knows it. Who is asking must be in the requests' contexts, see
// [auth.ActorOf].
func Mount(engine *gin.Engine, d Deps) (operations []Route, served []auth.Route) {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.CommitWait = cmp.Or(d.CommitWait, 5*time.Second)
	a := &api{Deps: d, keeping: make(chan struct{}, 1), spooled: make(chan struct{}, mostSpooled)}
	a.huma = humagin.New(engine, a.config())
	for _, noun := range []func(){
		a.me, a.places, a.stockTakes, a.models, a.devices, a.deviceActions, a.shipments, a.faults, a.faultActions,
		a.countRoutes, a.trends, a.imports, a.copies, a.readings, a.exports, a.users, a.passwords, a.signIns, a.tokens, a.journal, a.keep,
	} {
		noun()
	}
	a.uploads(engine)
	a.feeds(engine)
	a.document(engine)
	return a.routes, a.declared
}

// config leaves out of huma what it would serve by itself: schemas in every
// answer, and pages that load scripts from elsewhere.
func (a *api) config() huma.Config {
	c := huma.DefaultConfig("Takhti", "1")
	c.Info.Description = about
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token: Authorization: Bearer takhti_…"},
		"session": {Type: "apiKey", In: "cookie", Name: "takhti_session", Description: "What a browser holds after signing in"},
	}
	c.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	c.Tags = tags
	useVocabulary(c.Components.Schemas)
	return c
}

// session is the register as whoever asks sees it.
func (a *api) session(ctx context.Context) registry.Session {
	actor, _ := auth.ActorOf(ctx) // that there is one was checked on the way in
	return a.Register.As(actor)
}

// placeOr finds a place by its code; without one it is the highest place that
// the actor has a role at.
func placeOr(ctx context.Context, s registry.Session, code string) (fleet.Place, error) {
	if code != "" {
		return s.Place(ctx, fleet.PlaceCode(code))
	}
	home, ok, err := s.Home(ctx)
	if err == nil && !ok {
		err = fleet.NotFoundf("place.no_home", "you have no role at any place yet, or there is no place yet").In("place")
	}
	return home, err
}
