package authz

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/api"
	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/web"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// spot is a place of the world. Its word is in all that is about it, and nowhere else.
type spot struct {
	code, parent, word string
	kind               fleet.PlaceKind
	path               fleet.Path
}

// spots are the world's places. The askers work in the district of Alfa, or in its
// school India.
//
//	Echo (country)
//	├ Delta (province)
//	│ ├ Alfa (district)
//	│ │ ├ India (school)
//	│ │ └ Hotel (school)
//	│ └ Bravo (district)
//	│   └ Juliett (school)
//	└ Golf (province)
//	  └ Charlie (district)
//	    └ Kilo (school)
func spots() map[string]*spot {
	all := map[string]*spot{}
	for _, s := range []spot{
		{"QXECHO", "", "QXECHO", fleet.Country, ""},
		{"QXDELTA", "QXECHO", "QXDELTA", fleet.Province, ""},
		{"QXGOLF", "QXECHO", "QXGOLF", fleet.Province, ""},
		{"QXALFA", "QXDELTA", "QXALFA", fleet.District, ""},
		{"QXBRAVO", "QXDELTA", "QXBRAVO", fleet.District, ""},
		{"QXCHARLIE", "QXGOLF", "QXCHARLIE", fleet.District, ""},
		{"QXINDIA", "QXALFA", "QXINDIA", fleet.School, ""},
		{"QXHOTEL", "QXALFA", "QXHOTEL", fleet.School, ""},
		{"QXJULIETT", "QXBRAVO", "QXJULIETT", fleet.School, ""},
		{"QXKILO", "QXCHARLIE", "QXKILO", fleet.School, ""},
	} {
		all[s.word] = &s
	}
	return all
}

// order is that in which the places are made.
var order = []string{"QXECHO", "QXDELTA", "QXGOLF", "QXALFA", "QXBRAVO", "QXCHARLIE", "QXINDIA", "QXHOTEL", "QXJULIETT", "QXKILO"}

// asker is who sends requests.
type asker struct {
	name       string
	role       string
	out        bool // is nobody, or is so no more
	everywhere bool
	home       string // the word of the place of its role
	at         map[relation]string
	user       string // the account's name
	spends     bool   // the request in hand is to be carried out
	cookie     string
	token      string
}

var (
	districts = map[relation]string{self: "QXALFA", above: "QXDELTA", below: "QXINDIA", sibling: "QXBRAVO", cousin: "QXCHARLIE"}
	schools   = map[relation]string{self: "QXINDIA", above: "QXALFA", sibling: "QXHOTEL", cousin: "QXKILO"}
)

const password = "mango tree by the canal"

// world is the program, as cmd/takhti puts it together, over the seeded places.
type world struct {
	testing.TB
	clock   time.Time
	shared  atomic.Pointer[time.Time] // the clock, as the register sees it
	reg     *registry.Register
	auth    *auth.Service
	desk    *workbook.Desk
	boss    registry.Session
	handler http.Handler
	routes  gin.RoutesInfo
	spots   map[string]*spot
	askers  []*asker
	count   int               // of what was made, for names
	kept    map[string]string // what was made once, by its maker and place
}

func newWorld(t testing.TB) *world {
	w := &world{TB: t, spots: spots(), kept: map[string]string{}}
	w.setClock(time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC))
	now := func() time.Time { return *w.shared.Load() }
	var err error
	if w.reg, err = registry.Open(t.Context(), memkv.New(), registry.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.reg.Close() })
	w.boss = w.reg.As(registry.Operator())
	w.auth = auth.New(w.reg, auth.Options{Now: now})
	w.desk = workbook.NewDesk(t.TempDir(), workbook.Limits{})
	t.Cleanup(w.desk.Stop)
	limits := api.BodyLimits()
	limits["POST /imports"] = 65 << 20
	s := server.New(server.Options{Auth: w.auth, Ready: func(context.Context) error { return nil }, BodyLimits: limits, Now: now})
	api.Mount(s.Engine(), api.Deps{Register: w.reg, Auth: w.auth, Desk: w.desk, Spool: t.TempDir(), Now: now, CommitWait: time.Minute})
	site := web.Mount(s.Engine(), web.Deps{Register: w.reg, Auth: w.auth, Desk: w.desk, Now: now, CommitWait: time.Minute})
	s.Answer("/", site.Refuse)
	s.Answer("/api/", server.Problem)
	s.Answer("/feeds/", server.Plain)
	w.handler, w.routes = s.Handler(), s.Engine().Routes()
	w.seed()
	w.hire()
	return w
}

// seed makes the places, each with one of everything.
func (w *world) seed() {
	for _, word := range order {
		s := w.spots[word]
		emis := ""
		if s.kind == fleet.School {
			emis = word + "1"
		}
		w.do(registry.SavePlace{Parent: fleet.PlaceCode(s.parent), Place: fleet.Place{
			EMIS: emis,
			Code: fleet.PlaceCode(s.code), Kind: s.kind, State: fleet.Active, Name: word + " name", NameUrdu: word + " اردو",
			Aliases: []string{word + " alias"}, Division: word + " division",
		}})
		s.path = w.pathOf(s.code)
	}
	for _, word := range order {
		for _, m := range []maker{aDevice, aFault, aShipment, anAccount, aToken, aCount, aTarget} {
			w.static(m, w.spots[word])
		}
	}
}

func (w *world) pathOf(code string) fleet.Path {
	w.Helper()
	p, err := w.boss.Place(context.Background(), fleet.PlaceCode(code))
	if err != nil {
		w.Fatal(err)
	}
	return p.Path
}

// do makes changes that must succeed.
func (w *world) do(changes ...registry.Change) registry.Receipt {
	w.Helper()
	return w.doAs(w.boss, changes...)
}

func (w *world) doAs(s registry.Session, changes ...registry.Change) registry.Receipt {
	w.Helper()
	receipt, err := s.Apply(context.Background(), registry.Request{}, changes...)
	if err != nil {
		w.Fatalf("%#v: %v", changes, err)
	}
	return receipt
}

// hire makes the askers: each role in the district, those of schools in a school, too,
// who is nobody in several ways, and one who runs everything.
func (w *world) hire() {
	w.askers = append(w.askers, &asker{name: "expired token", role: "officer", out: true, home: "QXALFA", at: districts})
	for _, role := range fleet.Roles() {
		w.askers = append(w.askers, &asker{name: role.String(), role: role.String(), home: "QXALFA", at: districts})
	}
	w.askers = append(w.askers,
		&asker{name: "school at school", role: "school", home: "QXINDIA", at: schools},
		&asker{name: "workshop at school", role: "workshop", home: "QXINDIA", at: schools},
		&asker{name: "everything", role: "admin", everywhere: true, at: districts},
		&asker{name: "read-only token", role: "read-only", home: "QXALFA", at: districts},
		&asker{name: "feed key", role: feeder, out: true, home: "QXALFA", at: districts},
		&asker{name: "disabled", role: "officer", out: true, home: "QXALFA", at: districts},
		&asker{name: "nobody", role: "nobody", out: true, home: "QXALFA", at: districts},
	)
	hash, err := w.auth.HashPassword(w.Context(), password)
	if err != nil {
		w.Fatal(err)
	}
	for _, a := range w.askers {
		w.equip(a, hash)
		if a.name == "expired token" {
			w.setClock(w.clock.Add(2 * time.Hour)) // its life is over
		}
	}
}

func (w *world) equip(a *asker, hash string) {
	if a.role == "nobody" {
		return
	}
	role := fleet.Officer // of whom the token reads only, and the feed key less
	if a.role != "read-only" && a.role != feeder {
		role, _ = fleet.ParseRole(a.role)
	}
	a.user = strings.ToLower(strings.ReplaceAll("ask."+a.name, " ", "."))
	at := fleet.PlaceCode(a.home)
	own := at
	if a.role == feeder {
		own = "QXDELTA" // who made the key sees more than it gives
	}
	w.do(registry.AddUser{User: a.user, Password: hash, Grants: []registry.UserGrant{{Role: role, Place: own}}})
	life := 300 * 24 * time.Hour
	switch a.name {
	case "read-only token", "feed key":
		role = fleet.Viewer
	case "expired token":
		life = time.Hour
	default:
		in, err := w.auth.SignIn(w.Context(), auth.Credentials{Name: a.user, Password: password, From: "192.0.2.1:1"})
		if err != nil || in.Next != auth.NextNothing {
			w.Fatalf("%s cannot sign in: %+v, %v", a.name, in, err)
		}
		a.cookie = in.Secret
	}
	made, err := w.auth.NewToken(w.Context(), w.boss, auth.TokenSpec{
		Feed: a.role == feeder, Name: "matrix", User: a.user, Expires: w.clock.Add(life), Grants: []registry.UserGrant{{Role: role, Place: at}},
	})
	if err != nil {
		w.Fatal(err)
	}
	a.token = made.Secret
	if a.name == "disabled" {
		w.do(registry.EnableUser{User: a.user})
	}
}

// next is a number that nothing else has.
func (w *world) next() string {
	w.count++
	return fmt.Sprintf("%05d", w.count)
}

// setClock moves the clock, which the register reads whenever it likes.
func (w *world) setClock(to time.Time) {
	w.clock = to
	w.shared.Store(&to)
}
