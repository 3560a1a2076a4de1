package web

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// Deps are what the pages stand on.
type Deps struct {
	Register *registry.Register
	Auth     *auth.Service
	Desk     *workbook.Desk
	Audit    *audit.Log   // proves the journal; nil: nothing does
	Log      *slog.Logger // what goes wrong; nil: nowhere

	// PublicURL is the address that people know the register by, which cards are
	// printed with; empty: the one that they come to.
	PublicURL string
	Now       func() time.Time

	// CommitWait is how long a page waits for an import to be carried out before it
	// shows how far that is; zero: 3 seconds.
	CommitWait time.Duration
}

// Site is the pages on an engine.
type Site struct {
	Deps
	texts  *catalogue
	files  *files
	served []auth.Route
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
	s.files.mount(s, engine)
	for _, r := range routes {
		s.handle(engine, auth.Route{Method: r.method, Path: r.path, Needs: r.needs}, r.answer)
	}
	return s
}

// Routes are all that the site serves.
func (s *Site) Routes() []auth.Route { return s.served }

// route is an address and who answers there.
type route struct {
	method, path string
	answer       func(*visit) (reply, error)
	needs        auth.Need
}

// The needs that several pages share.
var (
	nothing  = auth.Nothing()
	signIn   = auth.SignedIn()
	read     = auth.Any(fleet.Read)
	imports  = auth.Any(fleet.RunImports)
	accounts = auth.Any(fleet.EditUsers)
	journal  = auth.Any(fleet.ReadJournal)
)

// Serials, codes and shipment numbers may hold a slash, so they are the rest of
// an address and never a part of it.
var routes = []route{
	{http.MethodGet, "/", (*visit).home, signIn},
	{http.MethodGet, "/search", (*visit).search, read},

	{http.MethodGet, "/sign-in", (*visit).signIn, nothing},
	{http.MethodPost, "/sign-in", (*visit).startSession, nothing},
	{http.MethodPost, "/sign-out", (*visit).endSession, nothing},
	{http.MethodGet, "/sign-in/code", (*visit).askCode, nothing},
	{http.MethodPost, "/sign-in/code", (*visit).enterCode, nothing},
	{http.MethodGet, "/sign-in/set-up", (*visit).askEnrol, nothing},
	{http.MethodPost, "/sign-in/set-up", (*visit).enrol, nothing},
	{http.MethodGet, auth.InvitationPath + ":secret", (*visit).showInvitation, nothing},
	{http.MethodPost, auth.InvitationPath + ":secret", (*visit).acceptInvitation, nothing},
	{http.MethodGet, auth.InvitationPath + ":secret" + acceptPath, (*visit).goToAccept, nothing},

	{http.MethodGet, auth.CardPath + ":secret", (*visit).showCard, nothing},
	{http.MethodPost, "/card", (*visit).useCard, nothing},

	{http.MethodGet, elsewherePath, (*visit).goElsewhere, nothing},
	{http.MethodGet, CallbackPath, (*visit).comeBack, nothing},
	{http.MethodGet, confirmPath, (*visit).confirmFound, nothing},
	{http.MethodPost, confirmPath, (*visit).linkFound, nothing},

	{http.MethodGet, "/devices", (*visit).listDevices, read},
	{http.MethodGet, "/devices/*serial", (*visit).showDevice, read},
	{http.MethodPost, "/devices/*serial", (*visit).changeDevice, auth.Any(fleet.AcceptGoods, fleet.HandOut, fleet.SendGoods, fleet.EditDevices)},

	{http.MethodGet, "/arrivals", (*visit).listArrivals, auth.Any(fleet.AcceptGoods)},
	{http.MethodPost, "/arrivals", (*visit).acceptTicked, auth.Any(fleet.AcceptGoods)},
	{http.MethodGet, "/send", (*visit).newSending, auth.Any(fleet.SendGoods)},
	{http.MethodPost, "/send", (*visit).sendDevices, auth.Any(fleet.SendGoods)},

	// Labels hold the address in capitals, which makes their QR code coarser.
	{http.MethodGet, "/D/*serial", (*visit).fromLabel, nothing},
	{http.MethodGet, "/d", (*visit).findDevice, read},
	{http.MethodGet, "/d/*serial", (*visit).newFault, read},
	{http.MethodPost, "/d/*serial", (*visit).reportFault, nothing},

	{http.MethodGet, "/faults", (*visit).listFaults, read},
	{http.MethodGet, "/faults/:ref", (*visit).showFault, read},
	{http.MethodPost, "/faults/:ref", (*visit).changeFault, auth.Any(fleet.ReportFaults, fleet.RepairFaults)},
	{http.MethodGet, "/faults/:ref/ticket", (*visit).showTicket, read},

	{http.MethodGet, "/shipments", (*visit).listShipments, read},
	{http.MethodGet, "/shipments/*number", (*visit).showShipment, read},
	{http.MethodPost, "/shipments/*number", (*visit).changeShipment, auth.Any(fleet.AcceptGoods, fleet.RunShipments)},

	{http.MethodGet, "/places", (*visit).homePlace, signIn},
	{http.MethodGet, "/places/*code", (*visit).showPlace, read},
	{http.MethodPost, "/places/*code", (*visit).changePlace, auth.Any(fleet.CountStock, fleet.IssueCards)},

	{http.MethodGet, "/imports", (*visit).listImports, imports},
	{http.MethodPost, importRoute, (*visit).takeFile, imports},
	{http.MethodGet, "/imports/new", (*visit).newImport, imports},
	{http.MethodGet, "/imports/:ref", (*visit).showImport, imports},
	{http.MethodPost, "/imports/:ref", (*visit).commitImport, imports},
	{http.MethodGet, "/imports/:ref/columns", (*visit).showColumns, imports},
	{http.MethodPost, "/imports/:ref/columns", (*visit).chooseColumns, imports},
	{http.MethodGet, "/imports/:ref/annotated.xlsx", (*visit).copyImport, imports},
	{http.MethodGet, "/imports/:ref/left-out.xlsx", (*visit).copyImport, imports},
	{http.MethodGet, "/templates/:name", (*visit).sendTemplate, imports},
	{http.MethodGet, "/imports/:ref/rows", (*visit).listImportRows, imports},
	{http.MethodGet, "/imports/:ref/events", (*visit).watchImport, imports},
	{http.MethodGet, "/imports/:ref/undo", (*visit).showUndo, imports},
	{http.MethodPost, "/imports/:ref/undo", (*visit).undoImport, imports},

	{http.MethodGet, "/users", (*visit).listUsers, accounts},
	{http.MethodPost, "/users", (*visit).addUser, accounts},
	{http.MethodGet, "/users/:name", (*visit).showUser, accounts},
	{http.MethodPost, "/users/:name", (*visit).changeUser, accounts},

	{http.MethodGet, "/invitations", (*visit).listInvitations, accounts},
	{http.MethodPost, "/invitations", (*visit).changeInvitations, accounts},

	{http.MethodGet, "/journal", (*visit).listJournal, journal},
	{http.MethodGet, "/journal/:seq", (*visit).showEntry, journal},
	{http.MethodGet, "/journal/:seq/proof.json", (*visit).proveEntry, journal},
	{http.MethodGet, "/journal-export/:format", (*visit).exportJournal, journal},

	{http.MethodGet, tokensAddress, (*visit).listTokens, signIn},
	{http.MethodPost, tokensAddress, (*visit).changeTokens, signIn},

	{http.MethodGet, "/account", (*visit).showAccount, signIn},
	{http.MethodPost, "/account", (*visit).changeAccount, signIn},
	{http.MethodGet, "/account/second-step", (*visit).setUpOwn, signIn},
	{http.MethodPost, "/account/second-step", (*visit).changeOwnStep, signIn},
	{http.MethodGet, "/account/school", (*visit).showSchoolAccount, signIn},
	{http.MethodPost, "/account/school", (*visit).changeSchoolAccount, signIn},

	{http.MethodGet, linkPath, (*visit).goToLink, signIn},
	{http.MethodPost, linkPath, (*visit).unlink, signIn},
}
