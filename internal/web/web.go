package web

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// Deps are what the pages stand on.
type Deps struct {
	Register *registry.Register
	Auth     *auth.Service
	Desk     *workbook.Desk
	Log      *slog.Logger // what goes wrong; nil: nowhere
	Now      func() time.Time

	// CommitWait is how long a page waits for an import to be carried out before it
	// shows how far that is; zero: 3 seconds.
	CommitWait time.Duration
}

// Site is the pages on an engine.
type Site struct {
	Deps
	texts *catalogue
	files *files
}

// Mount puts the pages on the engine. Whoever sits in front of them may have its
// own refusals worded by [Site.Refuse].
func Mount(engine *gin.Engine, d Deps) *Site {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.CommitWait = cmp.Or(d.CommitWait, 3*time.Second)
	s := &Site{Deps: d, texts: loadCatalogue("en"), files: loadFiles()}
	s.files.mount(engine)
	for _, r := range routes {
		engine.Handle(r.method, r.path, s.handle(r))
	}
	return s
}

// route is an address and who answers there.
type route struct {
	method, path string
	answer       func(*visit) (reply, error)
	open         bool // to those who have not signed in, too
}

// Serials, codes and shipment numbers may hold a slash, so they are the rest of
// an address and never a part of it.
var routes = []route{
	{http.MethodGet, "/", (*visit).home, false},
	{http.MethodGet, "/search", (*visit).search, false},

	{http.MethodGet, "/sign-in", (*visit).signIn, true},
	{http.MethodPost, "/sign-in", (*visit).startSession, true},
	{http.MethodPost, "/sign-out", (*visit).endSession, true},

	{http.MethodGet, "/devices", (*visit).listDevices, false},
	{http.MethodGet, "/devices/*serial", (*visit).showDevice, false},
	{http.MethodPost, "/devices/*serial", (*visit).changeDevice, false},

	{http.MethodGet, "/arrivals", (*visit).listArrivals, false},
	{http.MethodPost, "/arrivals", (*visit).acceptTicked, false},
	{http.MethodGet, "/send", (*visit).newSending, false},
	{http.MethodPost, "/send", (*visit).sendDevices, false},

	// Labels hold the address in capitals, which makes their QR code coarser.
	{http.MethodGet, "/D/*serial", (*visit).fromLabel, true},
	{http.MethodGet, "/d", (*visit).findDevice, false},
	{http.MethodGet, "/d/*serial", (*visit).newFault, false},
	{http.MethodPost, "/d/*serial", (*visit).reportFault, true},

	{http.MethodGet, "/faults", (*visit).listFaults, false},
	{http.MethodGet, "/faults/:ref", (*visit).showFault, false},
	{http.MethodPost, "/faults/:ref", (*visit).changeFault, false},
	{http.MethodGet, "/faults/:ref/ticket", (*visit).showTicket, false},

	{http.MethodGet, "/shipments", (*visit).listShipments, false},
	{http.MethodGet, "/shipments/*number", (*visit).showShipment, false},
	{http.MethodPost, "/shipments/*number", (*visit).changeShipment, false},

	{http.MethodGet, "/places", (*visit).homePlace, false},
	{http.MethodGet, "/places/*code", (*visit).showPlace, false},
	{http.MethodPost, "/places/*code", (*visit).countStock, false},

	{http.MethodGet, "/imports", (*visit).listImports, false},
	{http.MethodPost, importRoute, (*visit).takeFile, false},
	{http.MethodGet, "/imports/new", (*visit).newImport, false},
	{http.MethodGet, "/imports/:ref", (*visit).showImport, false},
	{http.MethodPost, "/imports/:ref", (*visit).commitImport, false},
	{http.MethodGet, "/imports/:ref/columns", (*visit).showColumns, false},
	{http.MethodPost, "/imports/:ref/columns", (*visit).chooseColumns, false},
	{http.MethodGet, "/imports/:ref/annotated.xlsx", (*visit).copyImport, false},
	{http.MethodGet, "/imports/:ref/left-out.xlsx", (*visit).copyImport, false},
	{http.MethodGet, "/templates/:name", (*visit).sendTemplate, false},
	{http.MethodGet, "/imports/:ref/rows", (*visit).listImportRows, false},
	{http.MethodGet, "/imports/:ref/events", (*visit).watchImport, false},
	{http.MethodGet, "/imports/:ref/undo", (*visit).showUndo, false},
	{http.MethodPost, "/imports/:ref/undo", (*visit).undoImport, false},

	{http.MethodGet, "/users", (*visit).listUsers, false},
	{http.MethodPost, "/users", (*visit).addUser, false},
	{http.MethodGet, "/users/:name", (*visit).showUser, false},
	{http.MethodPost, "/users/:name", (*visit).changeUser, false},

	{http.MethodGet, "/account", (*visit).showAccount, false},
	{http.MethodPost, "/account", (*visit).changePassword, false},
}
